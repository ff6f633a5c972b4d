//! The JSON of the Atoms platform, so that its clients need nothing but another address: camel case, in an envelope that says
//! whether it worked. It adds no meaning of its own: each type says what it is in Callslot's terms.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, Name};
use crate::pool::Reservation;
use crate::strict;
use crate::time::Date;

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomsAnswer<T> {
    /// Always true.
    #[schema(example = true)]
    pub success: bool,
    /// The result.
    pub data: T,
}

impl<T> AtomsAnswer<T> {
    /// The answer with this data.
    #[must_use]
    pub const fn new(data: T) -> Self {
        Self { success: true, data }
    }
}

/// A refusal or a failure. The status says which kind, as everywhere in the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomsErrors {
    /// Always false.
    #[schema(example = false)]
    pub success: bool,
    /// What went wrong, with the numbers, and the next step: the `detail` of a problem.
    #[schema(min_items = 1)]
    pub errors: Vec<String>,
}

/// The limit, and how much of it is reserved for which agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsConcurrency {
    /// How many calls may be active at once: the `limit` of the pool.
    pub org_limit: u32,
    /// The sum of all reservations.
    pub total_reserved: u32,
    /// The limit minus all reservations: the size of the shared pool, in use or not.
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
    /// How many agents were named, including those that already had these reservations.
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
    /// The highest number of calls active at once. Exact, even where figures are kept only by the hour.
    pub peak_concurrent: u64,
    /// The mean number of active calls from 00:00 up to now. Exact: it is not the mean of the points.
    #[schema(minimum = 0)]
    pub avg_concurrent: f64,
    /// How many points there are.
    #[schema(maximum = 1440)]
    pub total_minutes: usize,
    /// Each agent with figures on the day, by id; with `agentId`, only that one. Empty unless `includeAgents` is true.
    pub by_agent: Vec<AtomsAgentFigures>,
}

/// A minute of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsMinute {
    /// When it begins: hours and minutes in UTC.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:30")]
    pub minute: String,
    /// The highest number of calls active at once in it. On days for which only hours are kept (by default more than a week
    /// ago), the highest number in its hour.
    pub concurrent_calls: u64,
}

/// The figures of an agent on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtomsAgentFigures {
    /// The agent, which may have been deleted since.
    #[schema(value_type = AgentId)]
    pub agent_id: String,
    /// The highest number of its calls that were active at once.
    pub peak_concurrent: u64,
    /// The mean number of its active calls from 00:00 up to now.
    #[schema(minimum = 0)]
    pub avg_concurrent: f64,
    /// How often one of its calls took a slot on the day. A call that was taken back and started again counts again; one that
    /// was already active at 00:00 does not.
    pub total_calls: u64,
}
