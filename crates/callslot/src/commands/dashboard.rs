//! `callslot dashboard`: prints a link that signs a browser in.

use clap::Args;

use crate::failure::Failure;
use crate::output::{print_json, print_line};
use crate::remote::Remote;
use crate::web_app::sign_in_link;

/// Prints a link that signs a browser in.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot dashboard\n  callslot dashboard --url https://calls.example.com\n\n\
    The link signs in with the key that asks. It works once, and for an hour."
)]
pub struct Dashboard {
    #[command(flatten)]
    remote: Remote,
}

impl Dashboard {
    pub fn run(&self) -> Result<(), Failure> {
        let made = self.remote.client().create_code()?;
        if self.remote.json {
            print_json(&made);
            return Ok(());
        }
        print_line(&format!("This link signs a browser in, once and until {}:", made.expires_at));
        print_line(&sign_in_link(&self.remote.url, &made.code));
        Ok(())
    }
}
