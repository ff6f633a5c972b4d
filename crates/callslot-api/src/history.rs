//! The history: figures over time, and when settings changed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alert::AlertChanged;
use crate::audit::Actor;
use crate::call::CallType;
use crate::event::{AgentChanged, GateChanged, LimitChanged, ReservationsChanged, TypeChanged};
use crate::id::{AgentId, GateId};
use crate::time::Time;

/// What figures are grouped by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HistoryBy {
    /// By nothing: one series for all of the organisation.
    #[default]
    None,
    /// One series for each agent.
    Agent,
    /// One series for each call type.
    Type,
    /// One series for each gate. A call counts for each gate that it names.
    Gate,
}

/// Figures over a span of time. Points begin at whole steps since the Unix epoch, so points of an hour or a day begin on
/// the hour or at midnight (UTC); the span is widened to whole steps, and ends now at the latest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// Where the first point begins.
    pub from: Time,
    /// Where the last point ends.
    pub to: Time,
    /// How long points are, in seconds.
    #[schema(minimum = 60, maximum = 86_400)]
    pub step_s: u64,
    /// What the series are grouped by.
    pub by: HistoryBy,
    /// The series with figures in the span, by name. Without `by` there is always exactly one.
    pub series: Vec<HistorySeries>,
    /// Changes of settings in the span, in order; the newest 1,000 if there are more.
    #[schema(max_items = 1000)]
    pub markers: Vec<HistoryMarker>,
}

/// The figures of an agent, of a call type, of a gate, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistorySeries {
    /// The agent, if series are grouped by agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AgentId)]
    pub agent: Option<String>,
    /// The type, if series are grouped by type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = CallType)]
    pub call_type: Option<CallType>,
    /// The gate, if series are grouped by gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GateId)]
    pub gate: Option<String>,
    /// Its points, one after another without gaps.
    pub points: Vec<HistoryPoint>,
}

/// The figures from one moment to another. All are exact except percentiles, which may be up to 0.8 % too high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryPoint {
    /// When it begins.
    pub at: Time,
    /// How long it is, in milliseconds. Most are one step long; the last ends now, and where figures are kept only by the
    /// hour, points are whole hours.
    #[schema(minimum = 1, maximum = 86_400_000, example = 60_000)]
    pub span_ms: u64,
    /// The highest number of calls active at once.
    pub peak_active: u64,
    /// The mean number of active calls.
    #[schema(minimum = 0)]
    pub mean_active: f64,
    /// The highest number of calls queued at once.
    pub peak_queued: u64,
    /// How often a call took a slot. A call that was taken back and started again counts again.
    pub starts: u64,
    /// How many calls ended, including queued ones.
    pub ends: u64,
    /// Why they ended: how many for each reason. Absent if none ended, or if that was before reasons were counted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ended: HistoryEnds,
    /// How many starts were refused for lack of room (`queue_full`, `lease_full`). They are counted beside the log: a crash
    /// of the server loses the latest.
    pub refused: u64,
    /// How long calls waited for their slots; 0 for those that started at once. Null without starts.
    #[schema(required)]
    pub wait_ms: Option<HistoryWaits>,
}

/// How many calls ended, by reason. Reasons without any are absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEnds {
    /// The client ended an active call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub completed: u64,
    /// The client ended a queued call, or ended it before it came.
    #[serde(default, skip_serializing_if = "is_default")]
    pub canceled: u64,
    /// Its lease ran out or was ended.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lease_expired: u64,
    /// Its engine did not know it when asked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reconciled: u64,
    /// It was active for as long as it may be.
    #[serde(default, skip_serializing_if = "is_default")]
    pub max_duration: u64,
    /// It was queued for as long as it may be, or could not start at once and may not wait.
    #[serde(default, skip_serializing_if = "is_default")]
    pub max_wait: u64,
    /// It was dispatched three times and never claimed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unclaimed: u64,
    /// The one who was to take it up declined it for good.
    #[serde(default, skip_serializing_if = "is_default")]
    pub declined: u64,
}

/// Percentiles of waits, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryWaits {
    /// Half of all were no longer.
    pub p50: u64,
    /// 95 of 100 were no longer.
    pub p95: u64,
    /// 99 of 100 were no longer.
    pub p99: u64,
    /// The longest.
    pub max: u64,
}

/// A change of settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryMarker {
    /// When.
    pub at: Time,
    /// Who changed it; absent if that was before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// What changed.
    #[serde(flatten)]
    pub change: SettingsChange,
}

/// What changed, as the event stream says it: the event's name and its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "detail")]
pub enum SettingsChange {
    /// Reservations.
    #[serde(rename = "reservations.changed")]
    Reservations(ReservationsChanged),
    /// The plan or the limit.
    #[serde(rename = "limit.changed")]
    Limit(LimitChanged),
    /// An agent.
    #[serde(rename = "agent.changed")]
    Agent(AgentChanged),
    /// A call type.
    #[serde(rename = "type.changed")]
    Type(TypeChanged),
    /// A gate.
    #[serde(rename = "gate.changed")]
    Gate(GateChanged),
    /// The rule of an alert.
    #[serde(rename = "alert.changed")]
    Alert(AlertChanged),
}

impl SettingsChange {
    /// The name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Reservations(_) => "reservations.changed",
            Self::Limit(_) => "limit.changed",
            Self::Agent(_) => "agent.changed",
            Self::Type(_) => "type.changed",
            Self::Gate(_) => "gate.changed",
            Self::Alert(_) => "alert.changed",
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
