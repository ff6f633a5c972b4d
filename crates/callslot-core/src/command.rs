//! The commands: what callers ask of the core. Which answer each has, and who decides it, is in `decide.rs`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{CallType, PerType};
use crate::id::{AgentId, CallId, LeaseId, OrgId, PlanId, Version};
use crate::settings::{OrgChange, OrgSettings};

/// Asks for a slot.
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

/// Claims a dispatched call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimCall {
    /// The call.
    pub call: CallId,
}

/// Ends a call, queued or active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndCall {
    /// The call.
    pub call: CallId,
    /// The client's remark about the end.
    pub note: Option<Arc<str>>,
}

/// Opens a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLease {
    /// Its id, new.
    pub lease: LeaseId,
    /// How long it lives without a renewal, in milliseconds.
    pub ttl_ms: u64,
}

/// Renews a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewLease {
    /// The lease.
    pub lease: LeaseId,
    /// The calls that the client believes are active, summed up.
    pub sum: Option<LeaseSum>,
}

/// Names every call that the engine has active under the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconcileLease {
    /// The lease.
    pub lease: LeaseId,
    /// The engine's active calls.
    pub active: Vec<CallId>,
}

/// Ends a lease and its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndLease {
    /// The lease.
    pub lease: LeaseId,
}

/// Replaces the reservations of the agents named, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetReservations {
    /// Each agent's reserved slots by type. An agent may be named once.
    pub reservations: Vec<(AgentId, PerType<u32>)>,
    /// Only if the reservations' version is still this one.
    pub if_version: Option<Version>,
}

/// Creates or replaces an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAgent {
    /// Its id.
    pub agent: AgentId,
    /// Its name, for people.
    pub name: Arc<str>,
    /// How many calls it may have active at once; none: no bound of its own.
    pub cap: Option<u32>,
}

/// Removes an agent, which must have no live calls and no reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAgent {
    /// Its id.
    pub agent: AgentId,
}

/// Creates an organisation with these settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOrg(pub OrgSettings);

/// Removes an organisation, which must have no live calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteOrg;

/// Gives a plan another limit, in every organisation that is on it, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPlanLimit {
    /// The plan.
    pub plan: PlanId,
    /// Its new limit.
    pub limit: u32,
}

/// Ends or takes back every lease and call that is due. The loop submits it when [`crate::Shard::next_deadline`] has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpireDue;

/// A command of any kind, as batches need it. It is answered with a [`crate::Reply`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To one organisation.
    Org(OrgId, OrgCommand),
    /// To all organisations on a plan.
    SetPlanLimit(SetPlanLimit),
    /// To all organisations.
    ExpireDue,
}

/// A command of any kind to one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the command of its name")]
pub enum OrgCommand {
    CreateOrg(OrgSettings),
    ChangeOrg(OrgChange),
    DeleteOrg,
    PutAgent(PutAgent),
    DeleteAgent(DeleteAgent),
    SetReservations(SetReservations),
    StartCall(StartCall),
    ClaimCall(ClaimCall),
    EndCall(EndCall),
    OpenLease(OpenLease),
    RenewLease(RenewLease),
    ReconcileLease(ReconcileLease),
    EndLease(EndLease),
}

/// A digest of a set of calls, so that two sides can compare what they believe cheaply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeaseSum {
    /// How many calls are active.
    pub count: u64,
    /// Exclusive or over the active calls of the first 8 bytes, big endian, of SHA-256 of the id.
    pub digest: u64,
}
