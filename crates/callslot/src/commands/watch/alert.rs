//! `callslot alert`: lists and shows alerts, their rules and what closed; puts and deletes rules.

use callslot_api::{self as api, AlertFigure, AlertPut, AlertWhen};
use clap::{Args, Subcommand, ValueEnum};

use crate::commands::calls::call::CallType;
use crate::failure::Failure;
use crate::output::{or_dash, show, show_gone, show_list, span, word};
use crate::remote::{Remote, all_pages, id};

/// Lists and shows alerts; puts and deletes their rules.
#[derive(Debug, Args)]
pub struct Alert {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all rules with their figures, and what is open
    List,
    /// Show one alert: its rule, the figure now, and since when it is open
    #[command(after_help = "Example:\n  callslot alert show busy")]
    Show {
        /// The alert's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// List the alerts that closed, newest first
    History {
        /// How many at most
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Create or replace the rule of an alert
    Put(Put),
    /// Delete the rule of an alert
    #[command(after_help = "Example:\n  callslot alert delete busy")]
    Delete {
        /// The alert's id
        #[arg(value_parser = id)]
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot alert put busy --when utilization --above 85 --for 300\n  \
    callslot alert put slow --when oldest-wait --type inbound --above 30\n  \
    callslot alert put full --when reservation-full --agent support --above 99 --json\n\n\
The alert opens once the figure is above the threshold for that long, and closes below nine tenths of it."
)]
struct Put {
    /// The alert's id
    #[arg(value_parser = id)]
    id: String,
    /// What it looks at
    #[arg(long, value_enum)]
    when: When,
    /// Only calls of this agent
    #[arg(long, value_parser = id)]
    agent: Option<String>,
    /// Only calls of this type
    #[arg(long = "type", value_enum)]
    call_type: Option<CallType>,
    /// Only calls that pass this gate
    #[arg(long, value_parser = id, conflicts_with_all = ["agent", "call_type"])]
    gate: Option<String>,
    /// The threshold: per cent, seconds or calls
    #[arg(long, value_parser = threshold)]
    above: f64,
    /// For how many seconds the figure must be above it
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 0)]
    for_s: u64,
}

/// A figure on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// Slots in use, in per cent of the limit or the cap
    Utilization,
    /// The longest wait, in seconds
    OldestWait,
    /// Calls that wait
    Queued,
    /// Reserved slots in use, in per cent
    ReservationFull,
    /// Starts refused in the last minute
    Refused,
}

/// A threshold, which JSON can say. Whether it is in range is the server's to say.
fn threshold(text: &str) -> Result<f64, &'static str> {
    let threshold = text.parse().ok().filter(|threshold: &f64| threshold.is_finite());
    threshold.ok_or("it must be a number, such as 85 or 0.5")
}

impl Alert {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let alerts = all_pages(|cursor| client.alerts(cursor), usize::MAX)?;
                let heading = ["id", "when", "of", "above", "for", "figure", "open since"];
                show_list(json, &alerts, &heading, row);
            }
            Action::Show { id } => {
                let alert = client.alert(id)?;
                show(json, &alert, &line(&alert));
            }
            Action::History { limit } => {
                let mut past = all_pages(|cursor| client.past_alerts(cursor), *limit)?;
                past.truncate(*limit);
                let heading =
                    ["id", "when", "of", "above", "opened", "figure", "closed", "figure", "why"];
                show_list(json, &past, &heading, past_row);
            }
            Action::Put(put) => {
                let alert = client.put_alert(&put.id, &put.request())?;
                show(json, &alert, &line(&alert));
            }
            Action::Delete { id } => {
                client.delete_alert(id)?;
                show_gone(json, "alert", id);
            }
        }
        Ok(())
    }
}

impl Put {
    fn request(&self) -> AlertPut {
        AlertPut {
            when: self.when.into(),
            agent: self.agent.clone(),
            call_type: self.call_type.map(Into::into),
            gate: self.gate.clone(),
            above: self.above,
            for_s: self.for_s,
        }
    }
}

/// A rule in words.
pub fn rule_line(rule: &api::AlertRule) -> String {
    let above = measured(rule.when, rule.above);
    format!("{} of {} above {above}{}", word(&rule.when), of(rule), for_how_long(rule))
}

/// What is said of an alert: its rule, the figure, and since when it is open.
pub fn line(alert: &api::Alert) -> String {
    let figure = measured(alert.rule.when, alert.figure);
    let open = alert.open.as_ref();
    let state =
        open.map_or_else(|| "not open".to_owned(), |it| format!("open since {}", it.opened_at));
    match &alert.rule.webhook {
        Some(webhook) => format!("alert {}: webhook {webhook} is disabled, {state}", alert.id),
        None => {
            format!("alert {}: {}, now {figure}, {state}", alert.id, rule_line(&alert.rule))
        }
    }
}

/// A figure with its unit.
fn measured(when: AlertWhen, figure: f64) -> String {
    match when {
        AlertWhen::Utilization | AlertWhen::ReservationFull => format!("{figure} %"),
        AlertWhen::OldestWait => format!("{figure} s"),
        AlertWhen::Queued | AlertWhen::Refused => figure.to_string(),
        AlertWhen::WebhookDisabled => "-".to_owned(),
    }
}

/// Whose calls a rule is about.
fn of(rule: &api::AlertRule) -> String {
    let parts = [
        rule.agent.as_ref().map(|agent| format!("agent {agent}")),
        rule.call_type.map(|call_type| word(&call_type)),
        rule.gate.as_ref().map(|gate| format!("gate {gate}")),
        rule.webhook.as_ref().map(|webhook| format!("webhook {webhook}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "all calls".to_owned() } else { parts.join(", ") }
}

fn for_how_long(rule: &api::AlertRule) -> String {
    if rule.for_s == 0 { String::new() } else { format!(" for {}", span(rule.for_s * 1_000)) }
}

fn row(alert: &api::Alert) -> Vec<String> {
    let rule = &alert.rule;
    vec![
        alert.id.clone(),
        word(&rule.when),
        of(rule),
        measured(rule.when, rule.above),
        or_dash((rule.for_s > 0).then(|| span(rule.for_s * 1_000))),
        measured(rule.when, alert.figure),
        or_dash(alert.open.as_ref().map(|open| open.opened_at)),
    ]
}

fn past_row(past: &api::PastAlert) -> Vec<String> {
    let rule = &past.rule;
    vec![
        past.id.clone(),
        word(&rule.when),
        of(rule),
        measured(rule.when, rule.above),
        past.opened_at.to_string(),
        measured(rule.when, past.figure),
        past.closed_at.to_string(),
        or_dash(past.closed_figure.map(|figure| measured(rule.when, figure))),
        word(&past.why),
    ]
}

impl From<When> for AlertFigure {
    fn from(when: When) -> Self {
        match when {
            When::Utilization => Self::Utilization,
            When::OldestWait => Self::OldestWait,
            When::Queued => Self::Queued,
            When::ReservationFull => Self::ReservationFull,
            When::Refused => Self::Refused,
        }
    }
}
