//! `callslot audit`: who changed what, and putting a change of reservations back.

use callslot_api::{AuditEntry, AuditState};
use clap::{Args, Subcommand};

use crate::commands::watch::alert;
use crate::failure::Failure;
use crate::output::{or_dash, show, show_list, word};
use crate::remote::{Remote, all_pages, given};

/// Shows who changed what.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List changes, newest first
    #[command(
        after_help = "Examples:\n  callslot audit list\n  callslot audit list --action reservations.changed --from 2026-01-31T00:00:00Z\n  \
        callslot audit list --actor key_6b86b273ff34fce1 --json"
    )]
    List {
        /// Only this kind of change, such as reservations.changed
        #[arg(long)]
        action: Option<String>,
        /// Only changes by this key, also in browsers
        #[arg(long, value_name = "KEY")]
        actor: Option<String>,
        /// Only what people and programs did, and not the server itself
        #[arg(long)]
        no_system: bool,
        /// Only changes of this agent, gate, key, plan, webhook, organisation or call type
        #[arg(long, value_name = "ID")]
        object: Option<String>,
        /// Only changes at this time or later, such as 2026-01-31T12:00:00Z
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Only changes before this time
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// How many to show
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
    /// Put a change of reservations back, as a new change
    #[command(after_help = "Example:\n  callslot audit revert 17")]
    Revert {
        /// The number of the change, from the list
        seq: u64,
    },
}

impl Audit {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List { action, actor, no_system, object, from, to, limit } => {
                let asked = given(&[
                    ("action", action.as_deref()),
                    ("actor", actor.as_deref()),
                    ("system", no_system.then_some("false")),
                    ("object", object.as_deref()),
                    ("from", from.as_deref()),
                    ("to", to.as_deref()),
                ]);
                let mut entries = all_pages(
                    |cursor| {
                        let mut asked = asked.clone();
                        asked.extend(cursor.map(|cursor| ("cursor", cursor)));
                        client.audit(&asked)
                    },
                    *limit,
                )?;
                entries.truncate(*limit);
                let heading = ["number", "time", "who", "action", "object", "before", "after"];
                show_list(json, &entries, &heading, row);
            }
            Action::Revert { seq } => {
                let pool = client.revert(*seq)?;
                let line =
                    format!("change {seq} is put back: {} slots are reserved", pool.reserved);
                show(json, &pool, &line);
            }
        }
        Ok(())
    }
}

fn row(entry: &AuditEntry) -> Vec<String> {
    let who = format!("{} ({})", entry.actor.name, word(&entry.actor.kind));
    vec![
        entry.seq.to_string(),
        entry.at.to_string(),
        who,
        word(&entry.action),
        or_dash(entry.object.as_ref()),
        or_dash(entry.before.as_ref().map(short)),
        or_dash(entry.after.as_ref().map(short)),
    ]
}

/// Settings in a few words.
fn short(state: &AuditState) -> String {
    let bound = |cap: &Option<u32>| or_dash(cap.as_ref());
    match state {
        AuditState::Reservations { reservations, .. } => {
            let each = reservations.iter().map(|of| {
                format!("{} {}/{}/{}/{}", of.agent, of.webcall, of.chat, of.outbound, of.inbound)
            });
            each.collect::<Vec<_>>().join(", ")
        }
        AuditState::Limit { plan, limit, .. } => format!("{limit} ({plan})"),
        AuditState::Agent { name, cap, .. } => format!("{name}, cap {}", bound(cap)),
        AuditState::Type { cap, .. } => format!("cap {}", bound(cap)),
        AuditState::Alert { rule } => alert::rule_line(rule),
        AuditState::Gate { settings } => {
            let paused = if settings.paused { ", paused" } else { "" };
            format!("{}, cap {}{paused}", settings.name, bound(&settings.cap))
        }
        AuditState::Hours { within_hours: true } => "within its hours".to_owned(),
        AuditState::Hours { within_hours: false } => "outside its hours".to_owned(),
        AuditState::Org { name, max_queued, .. } => format!("{name}, queue {max_queued}"),
        AuditState::Key { name, role, .. } => format!("{name} ({})", word(role)),
        AuditState::Plan { name, limit } => format!("{name}, {limit}"),
        AuditState::Webhook { url, events, disabled_because, .. } => {
            let disabled = disabled_because.as_ref().map(|why| format!(", disabled: {why}"));
            format!("{url} gets {}{}", events.join(", "), disabled.unwrap_or_default())
        }
    }
}
