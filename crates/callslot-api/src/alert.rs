//! The JSON of alerts: their rules, what is open, and what closed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::CallType;
use crate::id::{AgentId, AlertId, GateId, WebhookId};
use crate::strict;
use crate::time::Time;

/// What the rule of an alert looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertFigure {
    /// How many slots are in use, in per cent of the limit or, if that is lower, of the cap.
    Utilization,
    /// How long the earliest queued call has waited, in seconds.
    OldestWait,
    /// How many calls are queued.
    Queued,
    /// How many of the reserved slots are in use, in per cent.
    ReservationFull,
    /// How many starts were refused for lack of room in the last 60 seconds.
    Refused,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertWhen {
    /// How many slots are in use, in per cent of the limit or, if that is lower, of the cap.
    Utilization,
    /// How long the earliest queued call has waited, in seconds.
    OldestWait,
    /// How many calls are queued.
    Queued,
    /// How many of the reserved slots are in use, in per cent.
    ReservationFull,
    /// How many starts were refused for lack of room in the last 60 seconds.
    Refused,
    /// A webhook was disabled, and not by an admin. The server opens and closes this alert without a rule.
    WebhookDisabled,
}

/// The rule of an alert to create or replace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "when": "utilization", "agent": "support", "above": 85, "for_s": 300 }))]
pub struct AlertPut {
    /// What it looks at.
    #[serde(deserialize_with = "strict::name")]
    pub when: AlertFigure,
    /// Only of this agent's calls. Absent or null: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AgentId>)]
    pub agent: Option<String>,
    /// Only of calls of this type. Absent or null: of all.
    #[serde(
        default,
        rename = "type",
        deserialize_with = "strict::name_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub call_type: Option<CallType>,
    /// Only of calls that pass this gate, of all agents and types. Absent or null: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<GateId>)]
    pub gate: Option<String>,
    /// The alert opens once the figure is above this, and closes once it is below nine tenths of it, or nothing. In steps of 0.001; of
    /// `reservation_full` below 100.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub above: f64,
    /// For how many seconds the figure must be above it all the time; 0: at once.
    #[serde(default)]
    #[schema(maximum = 86_400)]
    pub for_s: u64,
}

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertRule {
    /// What it looks at.
    pub when: AlertWhen,
    /// Only of this agent's calls; null: of all.
    #[schema(required, value_type = Option<AgentId>)]
    pub agent: Option<String>,
    /// Only of calls of this type; null: of all.
    #[serde(rename = "type")]
    #[schema(required)]
    pub call_type: Option<CallType>,
    /// Only of calls that pass this gate; null: of all.
    #[schema(required, value_type = Option<GateId>)]
    pub gate: Option<String>,
    /// The webhook, if it is about one.
    #[schema(required, value_type = Option<WebhookId>)]
    pub webhook: Option<String>,
    /// It opens once the figure is above this.
    pub above: f64,
    /// For how many seconds the figure must be above it all the time.
    pub for_s: u64,
}

/// An alert now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id. That of an alert without a rule begins with `webhook:`.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// Its rule.
    #[serde(flatten)]
    pub rule: AlertRule,
    /// The figure now.
    pub figure: f64,
    /// Since when it is open, and the figure then; null if it is not open.
    #[schema(required)]
    pub open: Option<AlertOpening>,
}

/// How an alert opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertOpening {
    /// When.
    pub opened_at: Time,
    /// The figure then.
    pub figure: f64,
}

/// Why an alert closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertClosed {
    /// The figure is low enough again, or the webhook is no longer disabled.
    Recovered,
    /// Its rule is another one now.
    RuleChanged,
    /// Its rule was deleted.
    RuleDeleted,
}

/// An alert that was open and has closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PastAlert {
    /// Its id.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// Its rule then.
    #[serde(flatten)]
    pub rule: AlertRule,
    /// When it opened.
    pub opened_at: Time,
    /// The figure then.
    pub figure: f64,
    /// When it closed.
    pub closed_at: Time,
    /// The figure then; null if it closed as its rule was changed or deleted.
    #[schema(required)]
    pub closed_figure: Option<f64>,
    /// Why it closed.
    pub why: AlertClosed,
}

/// `alert.changed`: the rule of an alert was created, replaced or deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The alert's id.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// Its rule from then on; null when it was deleted.
    #[schema(required)]
    pub rule: Option<AlertRule>,
}

/// `alert.opened`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertHasOpened {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The alert's id.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// Its rule.
    #[serde(flatten)]
    pub rule: AlertRule,
    /// The figure.
    pub figure: f64,
}

/// `alert.closed`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertHasClosed {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The alert's id.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// Its rule while it was open.
    #[serde(flatten)]
    pub rule: AlertRule,
    /// When it opened.
    pub opened_at: Time,
    /// The figure then.
    pub figure: f64,
    /// The figure now; null if it closed as its rule was changed or deleted.
    #[schema(required)]
    pub closed_figure: Option<f64>,
    /// Why it closed.
    pub why: AlertClosed,
}
