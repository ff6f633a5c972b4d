//! The JSON of the pool and its reservations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, Name, OrgId, PlanId};
use crate::pace::Pace;
use crate::strict;

/// The pool now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pool {
    /// The organisation.
    #[schema(value_type = OrgId)]
    pub org: String,
    /// The plan it is on.
    #[schema(value_type = PlanId)]
    pub plan: String,
    /// How many calls may be active at once.
    pub limit: u32,
    /// The sum of all reservations.
    pub reserved: u32,
    /// The shared pool.
    pub shared: Shared,
    /// Calls that hold a slot.
    pub active: u32,
    /// Queued calls.
    pub queued: u32,
    /// How long the earliest queued call has waited, in milliseconds.
    #[schema(required)]
    pub oldest_wait_ms: Option<u64>,
    /// How many more slots are in use or reserved than the limit allows; 0 when not settling.
    pub settling: u32,
    /// The reservations' version, which is also the `ETag`.
    pub version: u64,
    /// The number of the last event that this answer includes.
    pub as_of: u64,
    /// How many calls of each type may be active at once, over all agents.
    pub type_caps: TypeCaps,
    /// How often calls of each type may start, over all agents.
    pub type_paces: TypePaces,
    /// All agents, by id.
    pub agents: Vec<PoolAgent>,
}

/// The caps of the call types; null: no bound of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypeCaps {
    /// Of voice in a browser.
    #[schema(required)]
    pub webcall: Option<u32>,
    /// Of text.
    #[schema(required)]
    pub chat: Option<u32>,
    /// Of telephony the agent dials.
    #[schema(required)]
    pub outbound: Option<u32>,
    /// Of telephony the agent answers.
    #[schema(required)]
    pub inbound: Option<u32>,
}

/// The paces of the call types; null: no bound of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypePaces {
    /// Of voice in a browser.
    #[schema(required)]
    pub webcall: Option<Pace>,
    /// Of text.
    #[schema(required)]
    pub chat: Option<Pace>,
    /// Of telephony the agent dials.
    #[schema(required)]
    pub outbound: Option<Pace>,
    /// Of telephony the agent answers.
    #[schema(required)]
    pub inbound: Option<Pace>,
}

/// The slots that any call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shared {
    /// The limit minus all reservations.
    pub size: u32,
    /// In use; more than the size while settling.
    pub in_use: u32,
    /// Free.
    pub free: u32,
}

/// An agent's part of the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolAgent {
    /// Its id.
    #[schema(value_type = AgentId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// How many calls it may have active at once; null: no cap.
    #[schema(required)]
    pub cap: Option<u32>,
    /// How often its calls may start; null: no pace.
    #[schema(required)]
    pub pace: Option<Pace>,
    /// Its reserved slots over all types.
    pub reserved: u32,
    /// Its active calls over all types.
    pub active: u32,
    /// Its queued calls over all types.
    pub queued: u32,
    /// Each type.
    pub types: PoolTypes,
}

/// An agent's calls and slots by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolTypes {
    /// Voice in a browser.
    pub webcall: ClassUse,
    /// Text.
    pub chat: ClassUse,
    /// Telephony the agent dials.
    pub outbound: ClassUse,
    /// Telephony the agent answers.
    pub inbound: ClassUse,
}

/// An agent's calls and slots of one type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClassUse {
    /// Slots guaranteed.
    pub reserved: u32,
    /// Calls that hold a slot.
    pub active: u32,
    /// Of the active calls, those on reserved slots.
    pub reserved_in_use: u32,
    /// Of the active calls, those on shared slots.
    pub shared_in_use: u32,
    /// Queued calls.
    pub queued: u32,
}

/// An agent's reservations. A type that is not named gets 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The agent.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// Slots for voice in a browser.
    #[serde(default)]
    #[schema(maximum = 10_000_000)]
    pub webcall: u32,
    /// Slots for text.
    #[serde(default)]
    #[schema(maximum = 10_000_000, example = 2)]
    pub chat: u32,
    /// Slots for telephony the agent dials.
    #[serde(default)]
    #[schema(maximum = 10_000_000)]
    pub outbound: u32,
    /// Slots for telephony the agent answers.
    #[serde(default)]
    #[schema(maximum = 10_000_000, example = 3)]
    pub inbound: u32,
}

/// New reservations for the agents named, all or nothing. Other agents keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationsPut {
    /// Each agent once.
    #[serde(deserialize_with = "strict::objects")]
    #[schema(max_items = 10_000)]
    pub reservations: Vec<Reservation>,
}
