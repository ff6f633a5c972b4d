//! `callslot campaign status`: how far a campaign is.

use std::fmt::Write as _;

use callslot_api::{BlockedBy, BlockedOn, Call, Client, ClientError, Gate};
use clap::Args;
use serde::Serialize;

use crate::commands::settings::gate::state;
use crate::failure::Failure;
use crate::notation::{hours, pace};
use crate::output::{Printed, grouped, or_dash, print_json, span, why, word};
use crate::remote::id;
use crate::watch;

/// On how many pages of the queue the campaign's first call is looked for.
const MOST_PAGES: usize = 20;

/// Shows a campaign.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot campaign status spring\n  \
    callslot campaign status spring --watch\n  callslot campaign status spring --json | jq .gate.queued")]
pub struct Status {
    /// The campaign's gate
    #[arg(value_parser = id)]
    gate: String,
    /// Refresh every second until interrupted
    #[arg(long)]
    watch: bool,
}

/// How far a campaign is.
#[derive(Debug, Serialize)]
struct Progress {
    gate: Gate,
    /// Its calls: waiting, active and done.
    total: u64,
    /// What holds the first of those that wait.
    held_by: Option<Held>,
}

/// What holds a queued call.
#[derive(Debug, Serialize)]
struct Held {
    blocked_on: BlockedOn,
    blocked_by: Option<BlockedBy>,
    retry_in_ms: Option<u64>,
}

impl Status {
    pub fn run(&self, client: &Client, json: bool) -> Result<(), Failure> {
        watch::look(self.watch, || self.look(client, json))
    }

    /// Prints how things stand.
    fn look(&self, client: &Client, json: bool) -> Result<Printed, ClientError> {
        let gate = client.gate(&self.gate)?;
        let total = u64::from(gate.active) + u64::from(gate.queued) + gate.ended;
        let first = if gate.queued > 0 { first_waiting(client, &self.gate)? } else { None };
        let held_by = first.and_then(|call| {
            let (blocked_by, retry_in_ms) = (call.blocked_by, call.retry_in_ms);
            Some(Held { blocked_on: call.blocked_on?, blocked_by, retry_in_ms })
        });
        let progress = Progress { gate, total, held_by };
        if json {
            return Ok(print_json(&progress));
        }
        Ok(watch::show(self.watch, &progress.drawn()))
    }
}

/// The first of the campaign's calls in the queue. Pages can be empty while others follow.
fn first_waiting(client: &Client, gate: &str) -> Result<Option<Call>, ClientError> {
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut filters = vec![("state", "queued"), ("gate", gate), ("limit", "1")];
        filters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = client.calls(&filters)?;
        if let Some(call) = page.items.into_iter().next() {
            return Ok(Some(call));
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(None)
}

impl Progress {
    fn drawn(&self) -> String {
        let Self { gate, total, held_by } = self;
        let settings = &gate.settings;
        let mut text = String::new();
        let _ = writeln!(text, "{} · {} · {}", gate.id, settings.name, state(gate));
        let done = (gate.ended * 100).checked_div(*total);
        let percent = done.map_or_else(String::new, |percent| format!(" · {percent} %"));
        let _ = writeln!(
            text,
            "total {} · waiting {} · active {} · done {}{percent}",
            grouped(*total),
            grouped(gate.queued.into()),
            gate.active,
            grouped(gate.ended)
        );
        let _ = writeln!(
            text,
            "pace {} · cap {} · hours {}",
            or_dash(settings.pace.as_ref().map(pace::shown)),
            or_dash(settings.cap),
            settings.hours.as_ref().map_or_else(|| "always".to_owned(), hours::shown)
        );
        if let Some(held) = held_by {
            let _ = writeln!(text, "held by: {}", held.drawn());
        }
        if gate.queued > 0 || gate.active > 0 {
            let done_in = gate.done_in_ms.map(|ms| format!("in about {}", span(ms)));
            let _ = writeln!(text, "ends: {}", done_in.unwrap_or_else(|| "unknown".to_owned()));
        }
        text
    }
}

impl Held {
    fn drawn(&self) -> String {
        let by = match &self.blocked_by {
            Some(BlockedBy::Agent(id)) => format!(" (agent {id})"),
            Some(BlockedBy::Type(call_type)) => format!(" (type {})", word(call_type)),
            Some(BlockedBy::Gate(id)) => format!(" (gate {id})"),
            None => String::new(),
        };
        let next = self.retry_in_ms.map(|ms| format!(", the next start in {}", span(ms)));
        format!("{}{by}{}", why(self.blocked_on), next.unwrap_or_default())
    }
}
