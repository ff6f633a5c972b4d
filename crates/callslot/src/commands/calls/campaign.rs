//! `callslot campaign`: calls a list of numbers through a gate of its own, and steers it.
//!
//! A campaign is a gate of that kind and the calls that name it. `run` feeds the list into the server's queue and may go then: the
//! server starts the calls. Start reading at [`run::Run`].

mod cancel;
mod feed;
mod progress;
mod rows;
mod run;
mod status;

use clap::{Args, Subcommand};

use crate::commands::calls::campaign::cancel::Cancel;
use crate::commands::calls::campaign::run::Run;
use crate::commands::calls::campaign::status::Status;
use crate::commands::settings::gate::{Pause, paused_line, resumed_line, set_paused};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::show;
use crate::remote::{Remote, id};

/// Calls a list of numbers, and steers it.
#[derive(Debug, Args)]
pub struct Campaign {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Feed a list of numbers into the queue, behind a gate of its own
    Run(Box<Run>),
    /// Show how far a campaign is, and what holds it now
    Status(Status),
    /// Let no further call of a campaign start; active calls go on
    #[command(after_help = "Example:\n  callslot campaign pause spring")]
    Pause {
        /// The campaign's gate
        #[arg(value_parser = id)]
        gate: String,
    },
    /// Let the calls of a campaign start again
    #[command(after_help = "Example:\n  callslot campaign resume spring")]
    Resume {
        /// The campaign's gate
        #[arg(value_parser = id)]
        gate: String,
    },
    /// End a campaign's waiting calls, and its active ones if asked
    Cancel(Cancel),
}

impl Campaign {
    pub fn run(&self) -> Result<Exit, Failure> {
        let (client, json) = (self.remote.client()?, self.remote.json);
        match &self.action {
            Action::Run(run) => return run.run(&self.remote),
            Action::Status(status) => status.run(&client, json)?,
            Action::Pause { gate } => {
                let gate = set_paused(&client, gate, Pause::Paused)?;
                show(json, &gate, &paused_line(&gate));
            }
            Action::Resume { gate } => {
                let gate = set_paused(&client, gate, Pause::GoesOn)?;
                show(json, &gate, &resumed_line(&gate));
            }
            Action::Cancel(cancel) => cancel.run(&client, json)?,
        }
        Ok(Exit::Done)
    }
}
