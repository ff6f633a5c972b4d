//! `callslot events`: follows the events of an organisation, a line each.

use clap::Args;

use crate::failure::Failure;
use crate::output::{Printed, print_line};
use crate::remote::{Remote, given};

/// Follows events.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot events\n  callslot events --after 0 --json\n  callslot events --types call.queued,call.started --agents support"
)]
pub struct Events {
    #[command(flatten)]
    remote: Remote,
    /// Start after this event (default: now)
    #[arg(long)]
    after: Option<u64>,
    /// Only these types of events, comma-separated
    #[arg(long)]
    types: Option<String>,
    /// Only events of these agents, comma-separated
    #[arg(long)]
    agents: Option<String>,
}

impl Events {
    pub fn run(&self) -> Result<(), Failure> {
        let after = self.after.map(|after| after.to_string());
        let filters =
            given(&[("types", self.types.as_deref()), ("agents", self.agents.as_deref())]);
        self.remote.client().follow(after.as_deref(), &filters, |event| {
            let line = if self.remote.json {
                format!(
                    "{{\"id\":{},\"event\":\"{}\",\"data\":{}}}",
                    event.id, event.name, event.data
                )
            } else {
                format!("{:>8} {:<20} {}", event.id, event.name, event.data)
            };
            print_line(&line) == Printed::Whole
        })?;
        Ok(())
    }
}
