//! `callslot campaign cancel`: ends the waiting calls of a campaign.

use std::io::{self, BufRead, IsTerminal};

use callslot_api::{CallsEnd, Client, Gate, LiveCallState};
use clap::Args;

use crate::failure::Failure;
use crate::output::{grouped, show};
use crate::remote::id;

/// Ends the calls of a campaign.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot campaign cancel spring\n  \
    callslot campaign cancel spring --active --yes")]
pub struct Cancel {
    /// The campaign's gate
    #[arg(value_parser = id)]
    gate: String,
    /// End the active calls too
    #[arg(long)]
    active: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// A note to keep with the calls
    #[arg(long)]
    note: Option<String>,
}

impl Cancel {
    pub fn run(&self, client: &Client, json: bool) -> Result<(), Failure> {
        let gate = client.gate(&self.gate)?;
        if !self.yes && !self.is_meant(&gate)? {
            return Err(Failure::said("nothing was ended"));
        }
        let end = CallsEnd {
            gate: Some(self.gate.clone()),
            state: (!self.active).then_some(LiveCallState::Queued),
            note: self.note.clone(),
            ..CallsEnd::default()
        };
        let ended = client.end_calls(&end)?;
        let line = format!("{} calls of {} have ended", grouped(ended.ended), self.gate);
        show(json, &ended, &line);
        Ok(())
    }

    /// Asks the person at the terminal.
    fn is_meant(&self, gate: &Gate) -> Result<bool, Failure> {
        let calls = if self.active {
            format!("{} waiting and {} active calls", grouped(gate.queued.into()), gate.active)
        } else {
            format!("{} waiting calls", grouped(gate.queued.into()))
        };
        if !io::stdin().is_terminal() {
            return Err(Failure::said(format!(
                "this ends {calls} of {}; add --yes to go ahead",
                gate.id
            )));
        }
        eprint!("End {calls} of {}? [y/N] ", gate.id);
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        read.map_err(|error| Failure::said(format!("the answer cannot be read: {error}")))?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}
