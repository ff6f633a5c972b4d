//! `callslot campaign cancel`: ends the waiting calls of a campaign.

use std::io::{self, BufRead, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use callslot_api::{CallsEnd, CallsEnded, Client, Gate, LiveCallState};
use clap::Args;

use crate::commands::calls::campaign::progress::put;
use crate::failure::Failure;
use crate::output::{grouped, show};
use crate::remote::{id, may_pass};

/// How often it is shown how far it is.
const DRAW_EVERY: Duration = Duration::from_secs(1);

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
        let ended = self.end_all(client, &end, &gate)?;
        let line = format!("{} calls of {} have ended", grouped(ended.ended), self.gate);
        show(json, &ended, &line);
        Ok(())
    }

    /// Ends them, however long it takes: an answer that does not come while calls go on ending is asked for again.
    fn end_all(
        &self,
        client: &Client,
        end: &CallsEnd,
        before: &Gate,
    ) -> Result<CallsEnded, Failure> {
        let is_watched = io::stderr().is_terminal();
        let mut known = before.ended;
        std::thread::scope(|scope| {
            let own = client.clone();
            // Dropping it wakes the one who waits at the other end.
            let (stop, stopped) = mpsc::channel::<()>();
            let watch = move || {
                while stopped.recv_timeout(DRAW_EVERY) == Err(RecvTimeoutError::Timeout) {
                    if let Ok(now) = own.gate(&before.id).map(|gate| gate.ended) {
                        put(&format!("{} calls have ended", grouped(now - before.ended)));
                    }
                }
                put("");
            };
            if is_watched {
                scope.spawn(watch);
            }
            let outcome = loop {
                let error = match client.end_calls(end) {
                    Ok(ended) if known == before.ended => break Ok(ended),
                    Ok(_) => {
                        let now = client.gate(&self.gate)?.ended;
                        break Ok(CallsEnded { ended: now - before.ended });
                    }
                    Err(error) => error,
                };
                let now = client.gate(&self.gate).map_or(known, |gate| gate.ended);
                if !may_pass(&error) || now == known {
                    break Err(error.into());
                }
                known = now;
            };
            drop(stop);
            outcome
        })
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
