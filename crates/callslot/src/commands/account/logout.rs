//! `callslot logout`: forgets a key that `callslot login` has kept.

use clap::Args;

use crate::failure::Failure;
use crate::output::show_gone;
use crate::profiles::{Profiles, unknown};

/// Forgets a server and its key.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot logout\n  callslot logout work\n\n\
    The key itself stays valid; `callslot key revoke` revokes it.")]
pub struct Logout {
    /// The profile to forget (default: the one in use)
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Logout {
    pub fn run(&self) -> Result<(), Failure> {
        let mut kept = Profiles::read()?;
        let name = self.name.clone().or_else(|| kept.current.clone());
        let name = name.ok_or_else(|| Failure::said("nobody is logged in"))?;
        if kept.profiles.remove(&name).is_none() {
            return Err(unknown(&name));
        }
        if kept.current.as_ref() == Some(&name) {
            kept.current = None;
        }
        kept.write()?;
        show_gone(self.json, "profile", &name);
        Ok(())
    }
}
