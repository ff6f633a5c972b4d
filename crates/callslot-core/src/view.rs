//! What readers see of an organisation: the pool, its agents, its calls.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::alert::{AlertOpening, AlertRule};
use crate::call::{Call, CallType, PerType};
use crate::gate::{GateSettings, Pace};
use crate::id::{AgentId, AlertId, CallId, GateId, KeyId, LeaseId, PlanId, Sequence, Version};
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
    /// Whose cap, pace, pause or hours that is; none when it is nobody's.
    pub blocked_by: Option<BlockedBy>,
    /// In how long the pace that holds it has a start to give, in milliseconds; none when no pace does.
    pub retry_in_ms: Option<u64>,
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
    /// As many calls are active through one of its gates as the gate's cap allows.
    GateCap,
    /// One of its gates is paused.
    GatePaused,
    /// One of its gates is outside its hours.
    GateHours,
    /// A pace on its way has no start to give now.
    Paced,
    /// The shared pool is in use, and the class has no idle reserved slot.
    SharedFull,
}

/// Whose cap, pace, pause or hours a queued call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockedBy {
    /// Its agent's.
    Agent,
    /// Its type's.
    Type,
    /// That of the gate at this place among the call's gates.
    Gate(u8),
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
            Self::GateCap => "gate_cap",
            Self::GatePaused => "gate_paused",
            Self::GateHours => "gate_hours",
            Self::Paced => "paced",
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
    /// How often calls of each type may start, over all agents.
    pub type_paces: PerType<Option<Pace>>,
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
    /// How often its calls may start.
    pub pace: Option<Pace>,
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

/// A gate now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateView {
    /// Its id.
    pub id: GateId,
    /// Its settings.
    pub settings: GateSettings,
    /// Whether it is within its hours; true if it has none.
    pub is_within_hours: bool,
    /// Its calls that hold a slot.
    pub active: u32,
    /// Its queued calls.
    pub queued: u32,
    /// Its calls that have ended since it was created.
    pub ended: u64,
    /// How long the earliest of its queued calls has waited; none when none waits.
    pub oldest_wait_ms: Option<u64>,
    /// In how long its pace has a start to give; none without a pace.
    pub next_start_in_ms: Option<u64>,
    /// In how long its last call is likely to have ended, if no other comes; none when nothing supports a number.
    pub done_in_ms: Option<u64>,
}

/// An alert now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertView {
    /// Its id.
    pub id: AlertId,
    /// Its rule.
    pub rule: AlertRule,
    /// The figure that the rule looks at, in thousandths; none if the core does not count it.
    pub figure_milli: Option<u64>,
    /// How it opened; none if it is not open.
    pub open: Option<AlertOpening>,
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
    /// Only those that pass this gate.
    pub gate: Option<GateId>,
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
