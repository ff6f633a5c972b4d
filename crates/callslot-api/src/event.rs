//! The data of server-sent events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::agent::Agent;
use crate::call::{Call, CallType};
use crate::gate::GateSettings;
use crate::id::{AgentId, GateId, PlanId};
use crate::pace::Pace;
use crate::pool::Reservation;
use crate::strict;
use crate::time::Time;

/// `call.queued`, `call.started`, `call.ended`: the call right after the event, without the fields that depend on the
/// queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallChanged {
    /// The event's number in the organisation: 1, 2, 3, … without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The call.
    pub call: Call,
}

/// `reservations.changed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReservationsChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The reservations' version from then on.
    pub version: u64,
    /// The new reservations of the agents whose reservations changed.
    pub reservations: Vec<Reservation>,
}

/// `limit.changed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LimitChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The plan.
    #[schema(value_type = PlanId)]
    pub plan: String,
    /// The limit in force.
    pub limit: u32,
    /// The operator's own limit.
    #[schema(required)]
    pub limit_override: Option<u32>,
}

/// `agent.changed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The agent's id.
    #[schema(value_type = AgentId)]
    pub id: String,
    /// The agent as it is now; null when it was deleted.
    #[schema(required)]
    pub agent: Option<Agent>,
}

/// `type.changed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypeChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// How many calls of the type may be active at once from then on, over all agents; null: no bound of its own.
    #[schema(required)]
    pub cap: Option<u32>,
    /// How often calls of the type may start from then on, over all agents; null: no bound of its own.
    #[schema(required)]
    pub pace: Option<Pace>,
}

/// `gate.changed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateChanged {
    /// The event's number in the organisation.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// The gate's id.
    #[schema(value_type = GateId)]
    pub id: String,
    /// Its settings from then on; null when it was deleted; absent when only its hours began or ended.
    #[serde(
        default,
        deserialize_with = "strict::not_absent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<GateSettings>, required = false)]
    pub gate: Option<Option<GateSettings>>,
    /// Whether it is within its hours from then on, true if it has none; null when it was deleted.
    #[schema(required)]
    pub within_hours: Option<bool>,
}

/// One event of a stream, by its lines. Skip lines that are none of these. An `id` without `event` and `data` is no event: it says
/// how far the stream has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerSentEvent {
    /// The event's number in its organisation, for `last-event-id` and `after`.
    #[schema(pattern = "^[0-9]+$", example = "7")]
    pub id: String,
    /// What happened.
    #[schema(
        pattern = "^(call[.](queued|started|ended)|(reservations|limit|agent|type|gate|alert)[.]changed|alert[.](opened|closed))$",
        example = "call.started"
    )]
    pub event: String,
    /// JSON: a `CallChanged`, `ReservationsChanged`, `LimitChanged`, `AgentChanged`, `TypeChanged`, `GateChanged`, `AlertChanged`,
    /// `AlertHasOpened` or `AlertHasClosed`.
    #[schema(content_media_type = "application/json")]
    pub data: String,
}
