//! What callers ask of the core.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{CallType, PerType};
use crate::id::{AgentId, CallId, LeaseId, OrgId, PlanId, Version};
use crate::settings::{OrgChange, OrgSettings};

/// Something asked of a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Asked of one organisation.
    Org(OrgId, OrgCommand),
    /// Gives a plan another limit, in every organisation that is on it, or in none.
    SetPlanLimit {
        /// The plan.
        plan: PlanId,
        /// Its new limit.
        limit: u32,
    },
    /// Ends or takes back what is due. The loop submits it when [`crate::Shard::next_deadline`] has come.
    ExpireDue,
}

/// Something asked of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrgCommand {
    /// Founds the organisation.
    CreateOrg(OrgSettings),
    /// Changes what it names and leaves the rest.
    ChangeOrg(OrgChange),
    /// Removes the organisation, which must have no live calls.
    DeleteOrg,
    /// Creates or replaces an agent.
    PutAgent {
        /// Its id.
        agent: AgentId,
        /// Its name, for people.
        name: Arc<str>,
        /// How many calls it may have active at once; none: no bound of its own.
        cap: Option<u32>,
    },
    /// Removes an agent, which must have no live calls and no reservation.
    DeleteAgent {
        /// Its id.
        agent: AgentId,
    },
    /// Replaces the reservations of the agents named, all or nothing.
    SetReservations {
        /// Each agent's reserved slots by type. An agent may stand here once.
        reservations: Vec<(AgentId, PerType<u32>)>,
        /// Only if the reservations' version is still this one.
        if_version: Option<Version>,
    },
    /// Asks for a slot.
    StartCall(StartCall),
    /// Claims a dispatched call.
    ClaimCall {
        /// The call.
        call: CallId,
    },
    /// Ends a call, queued or active.
    EndCall {
        /// The call.
        call: CallId,
        /// What the client says of it.
        note: Option<Arc<str>>,
    },
    /// Opens a lease.
    OpenLease {
        /// Its id, new.
        lease: LeaseId,
        /// How long it lives without a renewal, in milliseconds.
        ttl_ms: u64,
    },
    /// Renews a lease.
    RenewLease {
        /// The lease.
        lease: LeaseId,
        /// What the client believes is active.
        sum: Option<LeaseSum>,
    },
    /// Names every call that the engine has active under the lease.
    ReconcileLease {
        /// The lease.
        lease: LeaseId,
        /// The engine's active calls.
        active: Vec<CallId>,
    },
    /// Ends a lease and its calls.
    EndLease {
        /// The lease.
        lease: LeaseId,
    },
}

/// A call asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCall {
    /// The call's id; repeating it takes no second slot.
    pub id: CallId,
    /// The agent that is to handle it.
    pub agent: AgentId,
    /// Its type.
    pub call_type: CallType,
    /// The lease that vouches for it.
    pub lease: Option<LeaseId>,
    /// How long it may be queued, in milliseconds; none: the organisation's default for the type.
    pub max_wait_ms: Option<u64>,
    /// In which time it must be claimed once dispatched, in milliseconds.
    pub claim_within_ms: Option<u64>,
    /// The client's own JSON object, as text.
    pub metadata: Option<Arc<str>>,
}

/// A digest of a set of calls, to compare two sides' beliefs cheaply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeaseSum {
    /// How many calls are active.
    pub count: u64,
    /// Exclusive or over the active calls of the first 8 bytes, big endian, of SHA-256 of the id.
    pub digest: u64,
}
