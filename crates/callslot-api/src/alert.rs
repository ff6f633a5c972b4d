//! The JSON of alerts: rules, and what they found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::CallType;
use crate::id::{AgentId, AlertId, GateId};
use crate::strict;
use crate::time::Time;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertWhen {
    /// Active calls, in per cent of the limit; of an agent, a type or a gate, of its cap.
    Utilization,
    /// How long the call that has waited longest has been queued, in seconds.
    OldestWait,
    /// How many calls are queued.
    Queued,
    /// Active calls in per cent of the slots reserved, of an agent or a type.
    ReservationFull,
    /// How many starts were refused for lack of room in the last minute.
    Refused,
}

/// A rule to create or replace. With several of `agent`, `type` and `gate` it is refused: a rule looks at one of them, or at all of
/// the organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertPut {
    /// What it looks at.
    #[serde(deserialize_with = "strict::name")]
    pub when: AlertWhen,
    /// Only this agent's calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AgentId>)]
    pub agent: Option<String>,
    /// Only calls of this type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub call_type: Option<CallType>,
    /// Only calls that name this gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<GateId>)]
    pub gate: Option<String>,
    /// The threshold. The alert opens above it, and closes below 90 % of it.
    #[schema(minimum = 0, maximum = 10_000_000, example = 85)]
    pub above: f64,
    /// For how long it must be above it at a stretch, in seconds. By default 0: at once.
    #[serde(default)]
    #[schema(maximum = 86_400, example = 300)]
    pub for_s: u64,
}

/// An alert that is open, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertSpan {
    /// When it opened.
    pub opened_at: Time,
    /// When it closed; null while it is open.
    #[schema(required)]
    pub closed_at: Option<Time>,
    /// The figure with which it opened.
    pub value: f64,
    /// The number of the event that opened it.
    pub event: u64,
}

/// A rule with what it found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    #[schema(value_type = AlertId)]
    pub id: String,
    /// The rule.
    pub rule: AlertPut,
    /// The open alert; null if none is. A rule has one at a time.
    #[schema(required)]
    pub open: Option<AlertSpan>,
    /// Alerts of it that have closed, newest first; the newest 20.
    #[schema(max_items = 20)]
    pub past: Vec<AlertSpan>,
}
