//! The JSON of a preview: what replacing reservations would lead to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::CallType;
use crate::id::{AgentId, CallId};
use crate::problem::Problem;

/// What saving reservations would lead to at once. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReservationsPreview {
    /// Whether they fit under the limit and the caps. If not, they would be refused and nothing would follow.
    pub fits: bool,
    /// What they would be refused with if they do not fit.
    #[schema(required)]
    pub problem: Option<Problem>,
    /// The queued calls that would start, by class; by agent.
    pub starts: Vec<StartsOfClass>,
    /// The ids of the first of them, up to 10, in the order in which they would start.
    #[schema(value_type = Vec<CallId>, max_items = 10)]
    pub first_starts: Vec<String>,
    /// The classes whose queued calls would still wait, and may wait longer than now: they could have fewer slots, or have fewer
    /// of their own; by agent.
    pub waits_longer: Vec<MayWaitLonger>,
    /// How many more slots would be in use or reserved than the limit allows; 0: the pool would not settle.
    pub settling: u32,
    /// If the pool would settle: the agents with calls beyond what would be reserved for them; by agent. It is settled when
    /// `settling` of these calls have ended.
    pub over_reservation: Vec<OverReservation>,
    /// How many slots any call could use; as it is if they do not fit.
    pub shared_after: u32,
}

/// How many queued calls of an agent and type would start at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StartsOfClass {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// The type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// How many.
    pub count: u32,
}

/// An agent and type whose queued calls may wait longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MayWaitLonger {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// The type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// How many calls would still wait.
    pub queued: u32,
    /// How many slots its calls can have now at most, if nobody else uses any.
    pub slots_now: u32,
    /// How many they could have then.
    pub slots_after: u32,
}

/// An agent with calls beyond what would be reserved for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OverReservation {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// How many calls, over all types.
    pub calls: u32,
}
