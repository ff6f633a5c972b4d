//! `callslot type`: shows and sets the caps of call types.

use callslot_api::TypePut;
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::{or_dash, show, show_list, word};
use crate::remote::Remote;

const TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];

/// Shows and sets the caps of call types.
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
    /// Give a type a cap, or none
    #[command(
        after_help = "Examples:\n  callslot type put outbound --cap 8\n  callslot type put outbound"
    )]
    Put {
        /// The type
        #[arg(value_parser = TYPES)]
        name: String,
        /// Maximum number of active calls over all agents (default: no limit of its own)
        #[arg(long)]
        cap: Option<u32>,
    },
}

impl CallType {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client();
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let types = TYPES.iter().map(|name| client.type_settings(name));
                let types: Vec<_> = types.collect::<Result<_, _>>()?;
                show_list(json, &types, &["type", "cap"], |settings| {
                    vec![word(&settings.call_type), or_dash(settings.cap)]
                });
            }
            Action::Put { name, cap } => {
                let put = client.put_type(name, &TypePut { cap: *cap, pace: None })?;
                show(json, &put, &format!("type {name}, cap {}", or_dash(put.cap)));
            }
        }
        Ok(())
    }
}
