//! What readers see of an organisation: the pool, its agents, its calls.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallType, PerType};
use crate::id::{AgentId, CallId, KeyId, LeaseId, PlanId, Sequence, Version};
use crate::settings::OrgSettings;

/// A call and, while it is queued, its wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallView {
    /// The call.
    pub call: Call,
    /// Present exactly while it is queued.
    pub wait: Option<Wait>,
}

/// A queued call's wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// 1 for the call with the lowest ticket in the organisation's queue.
    pub position: u64,
    /// 1 for the call with the lowest ticket in its class's queue.
    pub position_in_class: u64,
    /// Why it is not started.
    pub blocked_on: BlockedOn,
    /// Whose cap that is; none when it is not one.
    pub blocked_by: Option<BlockedBy>,
    /// In milliseconds; none when unknown.
    pub estimated_ms: Option<u64>,
}

/// Why a queued call is not started: the first of these that holds it, in the order of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockedOn {
    /// Its class has no reservation, and either there is no shared slot at all or a cap is 0: it cannot start before
    /// somebody changes settings.
    NothingShared,
    /// As many calls are active as the limit allows.
    Limit,
    /// More is promised or in use than the limit allows, since settings changed under load.
    Settling,
    /// What the agent's cap leaves is in use or reserved for its other types.
    AgentCap,
    /// What the type's cap leaves is in use or reserved for other agents.
    TypeCap,
    /// The shared pool is in use, and the class has no idle reserved slot.
    SharedFull,
}

/// Whose cap a queued call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockedBy {
    /// Its agent's.
    Agent,
    /// Its type's.
    Type,
}

impl BlockedOn {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NothingShared => "nothing_shared",
            Self::Limit => "limit",
            Self::Settling => "settling",
            Self::AgentCap => "agent_cap",
            Self::TypeCap => "type_cap",
            Self::SharedFull => "shared_full",
        }
    }
}

/// An organisation now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgView {
    /// Its settings.
    pub settings: OrgSettings,
    /// Its calls that have not ended.
    pub live_calls: u64,
    /// Those of them that are queued.
    pub queued: u64,
}

/// The pool now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolView {
    /// The plan the organisation is on.
    pub plan: PlanId,
    /// How many calls may be active at once.
    pub limit: u32,
    /// The sum of all reservations.
    pub reserved: u32,
    /// Slots that any class may use: the limit less all reservations.
    pub shared_size: u32,
    /// Shared slots in use; beyond the size while settling.
    pub shared_in_use: u32,
    /// Calls that hold a slot.
    pub active: u32,
    /// Queued calls.
    pub queued: u32,
    /// How long the earliest queued call has waited; none when none waits.
    pub oldest_wait_ms: Option<u64>,
    /// By how many calls more is in use or promised than the limit allows; 0 when not settling.
    pub settling: u32,
    /// The reservations' version.
    pub version: Version,
    /// The last public event this view has seen.
    pub as_of: Sequence,
    /// How many calls of each type may be active at once, over all agents.
    pub type_caps: PerType<Option<u32>>,
    /// All agents, by id.
    pub agents: Vec<AgentView>,
}

/// An agent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentView {
    /// Its id.
    pub id: AgentId,
    /// Its name.
    pub name: Arc<str>,
    /// How many calls it may have active at once.
    pub cap: Option<u32>,
    /// Its reserved slots over all types.
    pub reserved: u32,
    /// Its active calls over all types.
    pub active: u32,
    /// Its queued calls over all types.
    pub queued: u32,
    /// Each of its classes.
    pub types: PerType<ClassView>,
}

/// A class now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClassView {
    /// Slots guaranteed to the class.
    pub reserved: u32,
    /// Its calls that hold a slot.
    pub active: u32,
    /// `min(active, reserved)`.
    pub reserved_in_use: u32,
    /// `max(0, active − reserved)`.
    pub shared_in_use: u32,
    /// Its queued calls.
    pub queued: u32,
}

/// What replacing reservations would lead to at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservationsPreview {
    /// The version of the reservations that would be replaced.
    pub version: Version,
    /// The queued calls that would start, by class; by agent.
    pub starts: Vec<StartsOfClass>,
    /// The first of them, in the order in which they would start.
    pub first_starts: Vec<CallId>,
    /// The classes with calls that would still wait, for fewer slots than they may have now, or with fewer of their own; by agent.
    pub waits_longer: Vec<MayWaitLonger>,
    /// By how many calls more would be in use or promised than the limit allows.
    pub settling: u32,
    /// If the pool would settle: who has calls beyond its reservations, the ends of which settle it; by agent.
    pub over_reservation: Vec<OverReservation>,
    /// The size of the shared pool.
    pub shared_after: u32,
}

/// How many queued calls of a class would start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartsOfClass {
    /// The agent.
    pub agent: AgentId,
    /// The type.
    pub call_type: CallType,
    /// How many.
    pub count: u32,
}

/// A class whose queued calls may wait longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayWaitLonger {
    /// The agent.
    pub agent: AgentId,
    /// The type.
    pub call_type: CallType,
    /// How many calls would still wait.
    pub queued: u32,
    /// How many slots its calls can have now at most, if nobody else uses any.
    pub slots_now: u32,
    /// How many they could have then.
    pub slots_after: u32,
}

/// An agent with calls beyond what would be reserved for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverReservation {
    /// The agent.
    pub agent: AgentId,
    /// How many calls, over all types.
    pub calls: u32,
}

/// An open lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseView {
    /// Its id.
    pub id: LeaseId,
    /// The key with which it was opened, if that is known.
    pub key: Option<KeyId>,
    /// How long it lives without a renewal, in milliseconds.
    pub ttl_ms: u64,
    /// How long it lives from now, in milliseconds.
    pub expires_in_ms: u64,
    /// How many of its calls hold a slot.
    pub active: u64,
    /// How many of its calls are queued.
    pub queued: u64,
}

/// Which live calls to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Only queued calls, or only active ones; none: both.
    pub state: Option<StateFilter>,
    /// Only this agent's.
    pub agent: Option<AgentId>,
    /// Only of this type.
    pub call_type: Option<CallType>,
}

/// Which states of live calls to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Only queued calls.
    Queued,
    /// Only calls that hold a slot.
    Active,
}

/// Where a listing of live calls goes on. Queued calls come first, in ticket order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallCursor {
    /// After the queued call with this ticket.
    Queued(u64),
    /// From this place among the active calls.
    Active(u32),
}

/// A part of a listing of live calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPage {
    /// The calls. May be fewer than asked for, even none, while `next` is there: a listing looks at a bounded number of
    /// calls at a time.
    pub calls: Vec<CallView>,
    /// Where to go on; none at the end.
    pub next: Option<CallCursor>,
}
