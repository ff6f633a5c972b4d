//! `callslot profile`: lists the profiles that `callslot login` has kept, and chooses one.

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{show, show_list};
use crate::profiles::{Profiles, unknown};

/// Lists and chooses profiles: servers and keys that `callslot login` has kept.
#[derive(Debug, Args)]
pub struct Profile {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all profiles
    List,
    /// Use this profile from now on
    #[command(
        after_help = "Example:\n  callslot profile use work\n\n--profile and CALLSLOT_PROFILE use another once."
    )]
    Use {
        /// The profile
        name: String,
    },
}

/// A profile without its key.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    url: &'a str,
    org: Option<&'a str>,
    is_used: bool,
}

impl Profile {
    pub fn run(&self) -> Result<(), Failure> {
        let mut kept = Profiles::read()?;
        match &self.action {
            Action::List => {
                let listed: Vec<_> = kept
                    .profiles
                    .iter()
                    .map(|(name, profile)| Listed {
                        name,
                        url: &profile.url,
                        org: profile.org.as_deref(),
                        is_used: kept.current.as_ref() == Some(name),
                    })
                    .collect();
                show_list(self.json, &listed, &["profile", "url", "org", "used"], |listed| {
                    let used = if listed.is_used { "yes" } else { "" };
                    [listed.name, listed.url, listed.org.unwrap_or("-"), used]
                        .map(str::to_owned)
                        .to_vec()
                });
            }
            Action::Use { name } => {
                if !kept.profiles.contains_key(name) {
                    return Err(unknown(name));
                }
                kept.current = Some(name.clone());
                kept.write()?;
                let shown = serde_json::json!({ "profile": name });
                show(self.json, &shown, &format!("commands use the profile {name}"));
            }
        }
        Ok(())
    }
}
