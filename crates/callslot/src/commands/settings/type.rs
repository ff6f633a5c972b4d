//! `callslot type`: shows and sets the caps and paces of call types.

use callslot_api::{TypePut, TypeSettings};
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::notation::pace::{self, PaceFlags};
use crate::output::{or_dash, show, show_list, word};
use crate::remote::Remote;

const TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];

/// Shows and sets the caps and paces of call types.
#[derive(Debug, Args)]
pub struct CallType {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all types
    List,
    /// Show one type
    #[command(after_help = "Example:\n  callslot type show outbound --json")]
    Show {
        /// The type
        #[arg(value_parser = TYPES)]
        name: String,
    },
    /// Give a type a cap and a pace, or none
    #[command(
        after_help = "Examples:\n  callslot type put outbound --cap 8 --pace 5/s\n  callslot type put outbound"
    )]
    Put {
        /// The type
        #[arg(value_parser = TYPES)]
        name: String,
        /// Maximum number of active calls over all agents (default: no limit of its own)
        #[arg(long)]
        cap: Option<u32>,
        #[command(flatten)]
        pace: PaceFlags,
    },
}

impl CallType {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let types = TYPES.iter().map(|name| client.type_settings(name));
                let types: Vec<_> = types.collect::<Result<_, _>>()?;
                show_list(json, &types, &["type", "cap", "pace"], |settings| {
                    let pace = settings.pace.as_ref().map(pace::shown);
                    vec![word(&settings.call_type), or_dash(settings.cap), or_dash(pace)]
                });
            }
            Action::Show { name } => show_type(json, &client.type_settings(name)?),
            Action::Put { name, cap, pace } => {
                let put = TypePut { cap: *cap, pace: pace.pace() };
                show_type(json, &client.put_type(name, &put)?);
            }
        }
        Ok(())
    }
}

fn show_type(json: bool, settings: &TypeSettings) {
    let (name, cap) = (word(&settings.call_type), or_dash(settings.cap));
    let pace = or_dash(settings.pace.as_ref().map(pace::shown));
    show(json, settings, &format!("type {name}, cap {cap}, pace {pace}"));
}
