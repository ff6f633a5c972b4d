//! `callslot events`: follows the events of an organisation, a line each.

use callslot_api::{Client, ClientError, StreamedEvent};
use clap::Args;

use crate::commands::watch::top::ticker::{Happening, happening};
use crate::commands::watch::top::time::time_of_day;
use crate::failure::Failure;
use crate::output::{Printed, print_line, word};
use crate::remote::{Remote, given};

/// Follows events.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot events\n  callslot events --after 0 --json\n  callslot events --types call.queued,call.started --agents support"
)]
pub struct Events {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    followed: Followed,
}

/// Which events are followed.
#[derive(Debug, Args)]
pub struct Followed {
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

impl Followed {
    /// Follows them until `take` wants no more, or the stream ends.
    pub fn follow(
        &self,
        client: &Client,
        take: impl FnMut(&StreamedEvent) -> bool,
    ) -> Result<(), ClientError> {
        let after = self.after.map(|after| after.to_string());
        let filters =
            given(&[("types", self.types.as_deref()), ("agents", self.agents.as_deref())]);
        client.follow(after.as_deref(), &filters, take)
    }
}

/// An event as people read it: its number, when it was (UTC), what, and of which agent, type and call. One that this version does not know is
/// shown as it came.
fn in_words(event: &StreamedEvent) -> String {
    let Some(happened) = happening(event) else {
        return format!("{:>8} {:<20} {}", event.id, event.name, event.data);
    };
    let Happening { number, at, name, call, agent, call_type, text } = happened;
    let call_type = call_type.map(|it| word(&it));
    let about = match &call {
        Some(call) => [agent.as_deref(), call_type.as_deref(), Some(call.as_str())],
        // Its text names what else it is about.
        None => [None, None, None],
    };
    let words = about.into_iter().flatten().chain(Some(text.as_str()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{number:>8}  {}  {name:<20}  {}", time_of_day(at), words.join("  "))
}

impl Events {
    pub fn run(&self) -> Result<(), Failure> {
        self.followed.follow(&self.remote.client()?, |event| {
            let line = if self.remote.json {
                format!(
                    "{{\"id\":{},\"event\":\"{}\",\"data\":{}}}",
                    event.id, event.name, event.data
                )
            } else {
                in_words(event)
            };
            print_line(&line) == Printed::Whole
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> StreamedEvent {
        StreamedEvent { id: "7".into(), name: name.into(), data: data.into() }
    }

    #[test]
    fn an_event_is_a_short_line_and_one_of_a_later_version_is_shown_as_it_came() {
        let changed = event(
            "limit.changed",
            r#"{"seq":7,"at":"2026-01-31T12:03:07.000Z","plan":"standard","limit":20,"limit_override":null}"#,
        );
        assert_eq!(
            in_words(&changed),
            "       7  12:03:07  limit.changed         limit 20, plan standard"
        );
        assert_eq!(
            in_words(&event("moon.rose", r#"{"seq":7}"#)),
            r#"       7 moon.rose            {"seq":7}"#
        );
    }
}
