//! `callslot export`: prints the pool's settings as a file for `callslot apply`.

use clap::Args;

use crate::commands::settings::apply::live;
use crate::failure::Failure;
use crate::output::{print, print_json};
use crate::remote::Remote;

/// Prints the pool's settings as a file for apply.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot export > pool.yaml\n  callslot export --json\n\n\
    It has agents with their reservations, caps and paces, types, gates and webhooks, without any secret.")]
pub struct Export {
    #[command(flatten)]
    remote: Remote,
}

impl Export {
    pub fn run(&self) -> Result<(), Failure> {
        let document = live::read(&self.remote.client()?)?.document;
        if self.remote.json {
            print_json(&document);
        } else {
            print(&document.to_yaml().map_err(Failure::said)?);
        }
        Ok(())
    }
}
