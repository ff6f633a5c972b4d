//! The JSON of the last minutes: what the pool's page shows beside the pool.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::CallType;
use crate::history::HistoryWaits;
use crate::id::AgentId;
use crate::time::Time;

/// The last minutes of an organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recent {
    /// Where the first minute begins.
    pub from: Time,
    /// Where the last one ends: now.
    pub to: Time,
    /// The organisation by the minute. Where figures are kept only by the hour, a point is an hour.
    pub points: Vec<RecentPoint>,
    /// All of it together.
    pub whole: RecentFigures,
    /// Each agent that was not idle, by id. Null if there are too many to read them all at once: then read
    /// `/v1/history?by=agent` with a `step_s` of an hour.
    #[schema(required)]
    pub agents: Option<Vec<RecentAgent>>,
    /// Each type that was not idle.
    pub types: Vec<RecentType>,
}

/// One minute of the organisation; the last one is not over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecentPoint {
    /// When it begins.
    pub at: Time,
    /// How long it is, in milliseconds.
    #[schema(minimum = 1, example = 60_000)]
    pub span_ms: u64,
    /// What happened in it.
    #[serde(flatten)]
    pub figures: RecentFigures,
}

/// An agent's figures over all of the minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecentAgent {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// What happened.
    #[serde(flatten)]
    pub figures: RecentFigures,
}

/// A call type's figures over all of the minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecentType {
    /// The type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// What happened.
    #[serde(flatten)]
    pub figures: RecentFigures,
}

/// What happened in a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecentFigures {
    /// The highest number of calls active at once.
    pub peak_active: u64,
    /// The mean number of active calls.
    #[schema(minimum = 0)]
    pub mean_active: f64,
    /// The highest number of calls queued at once.
    pub peak_queued: u64,
    /// How often a call took a slot.
    pub starts: u64,
    /// How long the calls that took a slot had waited for it; 0 for those that started at once. Null without starts. Percentiles may be up
    /// to 0.8 % too high.
    #[schema(required)]
    pub wait_ms: Option<HistoryWaits>,
}
