//! `callslot gate`: lists, shows, sets, pauses and deletes gates.

use callslot_api::{self as api, Client, GatePut};
use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::notation::hours::{self, HoursFlags};
use crate::notation::pace::{self, PaceFlags};
use crate::output::{or_dash, show, show_gone, show_list, span, word};
use crate::remote::{Remote, all_pages, id};

/// Lists, shows, sets, pauses and deletes gates: trunks, campaigns, customers and numbers.
#[derive(Debug, Args)]
pub struct Gate {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all gates
    List,
    /// Show one gate: its settings, its calls, and whether it is open
    #[command(after_help = "Example:\n  callslot gate show trunk-east --json")]
    Show {
        /// The gate's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Create or replace a gate
    Put(Put),
    /// Let no call start through a gate until it is resumed; active calls go on
    #[command(after_help = "Example:\n  callslot gate pause trunk-east")]
    Pause {
        /// The gate's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Let calls start through a gate again
    #[command(after_help = "Example:\n  callslot gate resume trunk-east")]
    Resume {
        /// The gate's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Delete a gate that has no live calls
    #[command(after_help = "Example:\n  callslot gate delete trunk-east")]
    Delete {
        /// The gate's id
        #[arg(value_parser = id)]
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot gate put trunk-east --kind trunk --cap 60 --pace 10/s\n  \
    callslot gate put acme --kind customer --cap 5\n  \
    callslot gate put us-east --hours 'mon-fri 08:00-21:00; sat 10:00-14:00' --tz America/New_York\n\n\
What is not given is not kept: a gate put without --cap has none."
)]
struct Put {
    /// The gate's id
    #[arg(value_parser = id)]
    id: String,
    /// Its name (default: its id)
    #[arg(long)]
    name: Option<String>,
    /// What it stands for; it decides nothing
    #[arg(long, value_enum, default_value_t = Kind::Other)]
    kind: Kind,
    /// Maximum number of active calls (default: no limit of its own)
    #[arg(long)]
    cap: Option<u32>,
    #[command(flatten)]
    pace: PaceFlags,
    #[command(flatten)]
    hours: HoursFlags,
    /// Let no call start through it until `gate resume`
    #[arg(long)]
    paused: bool,
}

/// A gate's kind on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Campaign,
    Trunk,
    Customer,
    Number,
    Other,
}

impl Gate {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let gates = all_pages(|cursor| client.gates(cursor), usize::MAX)?;
                let heading = ["id", "kind", "cap", "pace", "active", "queued", "ended", "state"];
                show_list(json, &gates, &heading, row);
            }
            Action::Show { id } => {
                let gate = client.gate(id)?;
                show(json, &gate, &described(&gate));
            }
            Action::Put(put) => {
                let gate = client.put_gate(&put.id, &put.request())?;
                show(json, &gate, &summary(&gate));
            }
            Action::Pause { id } => {
                let gate = set_paused(&client, id, Pause::Paused)?;
                show(json, &gate, &paused_line(&gate));
            }
            Action::Resume { id } => {
                let gate = set_paused(&client, id, Pause::GoesOn)?;
                show(json, &gate, &resumed_line(&gate));
            }
            Action::Delete { id } => {
                client.delete_gate(id)?;
                show_gone(json, "gate", id);
            }
        }
        Ok(())
    }
}

impl Put {
    fn request(&self) -> GatePut {
        GatePut {
            name: self.name.clone().unwrap_or_else(|| self.id.clone()),
            kind: self.kind.into(),
            cap: self.cap,
            pace: self.pace.pace(),
            paused: self.paused,
            hours: self.hours.hours(),
        }
    }
}

/// Whether calls start through a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// None starts.
    Paused,
    /// They start as its cap, pace and hours allow.
    GoesOn,
}

/// Pauses a gate or lets it go on; everything else of it stays.
pub fn set_paused(client: &Client, id: &str, pause: Pause) -> Result<api::Gate, Failure> {
    let settings = client.gate(id)?.settings;
    let put = GatePut { paused: pause == Pause::Paused, ..settings.into() };
    Ok(client.put_gate(id, &put)?)
}

/// What is said of a gate that was paused.
pub fn paused_line(gate: &api::Gate) -> String {
    format!(
        "{} is paused: {} calls wait, {} are active and go on",
        gate.id, gate.queued, gate.active
    )
}

/// What is said of a gate that was resumed.
pub fn resumed_line(gate: &api::Gate) -> String {
    format!(
        "{} is {}: {} calls wait, {} are active",
        gate.id,
        state(gate),
        gate.queued,
        gate.active
    )
}

/// Whether a gate lets calls through, in words.
pub fn state(gate: &api::Gate) -> String {
    match (gate.settings.paused, gate.within_hours, gate.opens_in_ms) {
        (true, _, _) => "paused".to_owned(),
        (false, true, _) => "open".to_owned(),
        (false, false, Some(ms)) => format!("closed, opens in {}", span(ms)),
        (false, false, None) => "closed, has no opening hours".to_owned(),
    }
}

fn row(gate: &api::Gate) -> Vec<String> {
    vec![
        gate.id.clone(),
        word(&gate.settings.kind),
        or_dash(gate.settings.cap),
        or_dash(gate.settings.pace.as_ref().map(pace::shown)),
        gate.active.to_string(),
        gate.queued.to_string(),
        gate.ended.to_string(),
        state(gate),
    ]
}

fn summary(gate: &api::Gate) -> String {
    let settings = &gate.settings;
    format!(
        "gate {} is \"{}\" ({}), cap {}, pace {}, hours {}, {}",
        gate.id,
        settings.name,
        word(&settings.kind),
        or_dash(settings.cap),
        or_dash(settings.pace.as_ref().map(pace::shown)),
        settings.hours.as_ref().map_or_else(|| "always".to_owned(), hours::shown),
        state(gate)
    )
}

fn described(gate: &api::Gate) -> String {
    let oldest = gate.oldest_wait_ms.map(|ms| format!(", the oldest for {}", span(ms)));
    let done = gate.done_in_ms.map(|ms| format!("\nthe last would end in about {}", span(ms)));
    format!(
        "{}\n{} active, {} queued{}, {} ended{}",
        summary(gate),
        gate.active,
        gate.queued,
        oldest.unwrap_or_default(),
        gate.ended,
        done.unwrap_or_default()
    )
}

impl From<Kind> for api::GateKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Campaign => Self::Campaign,
            Kind::Trunk => Self::Trunk,
            Kind::Customer => Self::Customer,
            Kind::Number => Self::Number,
            Kind::Other => Self::Other,
        }
    }
}
