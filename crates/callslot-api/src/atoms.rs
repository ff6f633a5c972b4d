//! The JSON of the Atoms platform, so that its clients need nothing but another address: camel case, in an envelope that says
//! whether it worked. It adds no meaning of its own: each type says what it is in Callslot's terms.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, Name};
use crate::pool::Reservation;
use crate::strict;
use crate::time::Date;

/// What worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomsAnswer<T> {
    /// Always true.
    #[schema(example = true)]
    pub success: bool,
    /// What came of it.
    pub data: T,
}

impl<T> AtomsAnswer<T> {
    /// The answer with this data.
    #[must_use]
    pub const fn new(data: T) -> Self {
        Self { success: true, data }
    }
}

/// What did not work. The status tells programs what kind of problem it is, as everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomsErrors {
    /// Always false.
    #[schema(example = false)]
    pub success: bool,
    /// What went wrong, with the numbers, and the next step: the `detail` of a problem.
    #[schema(min_items = 1)]
    pub errors: Vec<String>,
}

/// The limit, what is reserved of it, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsConcurrency {
    /// How many calls may be active at once: the `limit` of the pool.
    pub org_limit: u32,
    /// The sum of all reservations.
    pub total_reserved: u32,
    /// The limit less all reservations: the size of the shared pool, in use or not.
    pub unreserved_pool: u32,
    /// The agents that have a reservation, by id.
    pub agents: Vec<AtomsAgent>,
}

/// An agent and its reserved slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsAgent {
    /// Its id.
    #[schema(value_type = AgentId)]
    pub agent_id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub agent_name: String,
    /// Always null: Callslot keeps no pictures.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// Slots for voice in a browser.
    pub webcall: u32,
    /// Slots for telephony the agent dials.
    pub outbound: u32,
    /// Slots for telephony the agent answers.
    pub inbound: u32,
    /// Slots for text.
    pub chat: u32,
}

/// New reservations for the agents named, all or nothing. Other agents keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AtomsReservationsPut {
    /// Each agent once.
    #[serde(deserialize_with = "strict::objects")]
    #[schema(max_items = 10_000)]
    pub reservations: Vec<AtomsReservation>,
}

/// An agent's reservations. A type that is not named gets 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtomsReservation {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent_id: String,
    /// Slots for voice in a browser.
    #[serde(default)]
    #[schema(maximum = 10_000_000)]
    pub webcall: u32,
    /// Slots for telephony the agent dials.
    #[serde(default)]
    #[schema(maximum = 10_000_000)]
    pub outbound: u32,
    /// Slots for telephony the agent answers.
    #[serde(default)]
    #[schema(maximum = 10_000_000, example = 3)]
    pub inbound: u32,
    /// Slots for text.
    #[serde(default)]
    #[schema(maximum = 10_000_000, example = 2)]
    pub chat: u32,
}

impl From<AtomsReservation> for Reservation {
    fn from(wanted: AtomsReservation) -> Self {
        let AtomsReservation { agent_id, webcall, outbound, inbound, chat } = wanted;
        Self { agent: agent_id, webcall, chat, outbound, inbound }
    }
}

/// How many agents' reservations were replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomsUpdated {
    /// How many agents were named, also those that already had these reservations.
    pub updated: usize,
}

/// The figures of a day in UTC, up to now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsAnalytics {
    /// The day.
    pub date: Date,
    /// A point for each minute that has begun, from 00:00 on.
    #[schema(max_items = 1440)]
    pub data_points: Vec<AtomsMinute>,
    /// The most calls that were active at once. Exact, also where figures are kept by the hour only.
    pub peak_concurrent: u64,
    /// How many calls were active in the mean over the time from 00:00 up to now. Exact, and not the mean of the points.
    #[schema(minimum = 0)]
    pub avg_concurrent: f64,
    /// How many points there are.
    #[schema(maximum = 1440)]
    pub total_minutes: usize,
    /// Each agent in which anything was on the day, by id; with `agentId` that one alone. Empty unless `includeAgents` is true.
    pub by_agent: Vec<AtomsAgentFigures>,
}

/// A minute of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsMinute {
    /// When it begins: hours and minutes in UTC.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:30")]
    pub minute: String,
    /// The most calls that were active at once in it. On days of which only hours are kept (more than a week ago, unless the
    /// server is set up differently), the most in the hour it belongs to.
    pub concurrent_calls: u64,
}

/// The figures of an agent on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsAgentFigures {
    /// The agent, which may have been deleted since.
    #[schema(value_type = AgentId)]
    pub agent_id: String,
    /// The most of its calls that were active at once.
    pub peak_concurrent: u64,
    /// How many of its calls were active in the mean over the time from 00:00 up to now.
    #[schema(minimum = 0)]
    pub avg_concurrent: f64,
    /// How often one of its calls took a slot on the day. A call that was taken back and started again counts again; one that
    /// was already active at 00:00 does not.
    pub total_calls: u64,
}
