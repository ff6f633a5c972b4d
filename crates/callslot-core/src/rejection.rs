//! Why a command was refused. A refused command has changed nothing.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::call::CallType;
use crate::gate::CallGates;
use crate::id::{AgentId, AlertId, CallId, Claimant, GateId, LeaseId, OrgId, Version};

/// What a cap is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capped {
    /// An agent, over its types.
    Agent(AgentId),
    /// A call type, over all agents.
    Type(CallType),
}

impl fmt::Display for Capped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(agent) => write!(f, "agent {agent}"),
            Self::Type(call_type) => write!(f, "type {}", call_type.as_str()),
        }
    }
}

/// Why a command was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No organisation has this id.
    #[error("no organisation has the id {org}")]
    UnknownOrg {
        /// The id.
        org: OrgId,
    },
    /// The organisation exists already.
    #[error("an organisation with the id {org} exists already")]
    OrgExists {
        /// The id.
        org: OrgId,
    },
    /// The organisation has live calls.
    #[error("the organisation has {live} live calls")]
    OrgInUse {
        /// Calls queued or active.
        live: u64,
    },
    /// The organisation has no such agent.
    #[error("no agent has the id {agent}")]
    UnknownAgent {
        /// The id.
        agent: AgentId,
    },
    /// The agent has live calls or reservations.
    #[error("agent {agent} has {live} live calls and {reserved} reserved slots")]
    AgentInUse {
        /// The agent.
        agent: AgentId,
        /// Calls queued or active.
        live: u64,
        /// Its reserved slots over all types.
        reserved: u64,
    },
    /// The organisation has as many agents as one may have.
    #[error("the organisation has {max_agents} agents, which is the most that one may have")]
    TooManyAgents {
        /// The bound.
        max_agents: usize,
    },
    /// The organisation has no such gate.
    #[error("no gate has the id {gate}")]
    UnknownGate {
        /// The id.
        gate: GateId,
    },
    /// The gate has live calls.
    #[error("gate {gate} has {live} live calls")]
    GateInUse {
        /// The gate.
        gate: GateId,
        /// Calls queued or active.
        live: u64,
    },
    /// The organisation has as many gates as one may have.
    #[error("the organisation has {max_gates} gates, which is the most that one may have")]
    TooManyGates {
        /// The bound.
        max_gates: usize,
    },
    /// The organisation has no such alert.
    #[error("no alert has the id {alert}")]
    UnknownAlert {
        /// The id.
        alert: AlertId,
    },
    /// The server opens and closes this alert by itself, without a rule.
    #[error("alert {alert} is the server's own and has no rule")]
    BuiltInAlert {
        /// The id.
        alert: AlertId,
    },
    /// The organisation has as many rules for alerts as one may have.
    #[error(
        "the organisation has {max_alerts} rules for alerts, which is the most that one may have"
    )]
    TooManyAlerts {
        /// The bound.
        max_alerts: usize,
    },
    /// The live calls of the organisation name as many different sets of gates, each with an agent and a type, as they may.
    #[error(
        "the live calls have {max_lanes} different agents, types and sets of gates, which is the most"
    )]
    TooManyLanes {
        /// The bound.
        max_lanes: usize,
    },
    /// An agent is named twice in one batch of reservations.
    #[error("agent {agent} is named twice")]
    AgentNamedTwice {
        /// The agent.
        agent: AgentId,
    },
    /// The reservations asked for do not fit under the limit.
    #[error("{asked} reserved slots do not fit under the limit of {limit}")]
    ReservationsExceedLimit {
        /// The sum over all agents that the batch would lead to.
        asked: u64,
        /// The organisation's limit.
        limit: u32,
        /// How much the agents named in the batch could have in all: the limit less the others' reservations.
        left: u64,
    },
    /// The reservations of an agent or a type would exceed its cap.
    #[error("{asked} reserved slots for {of} do not fit under its cap of {cap}")]
    ReservationsExceedCap {
        /// What has the cap.
        of: Capped,
        /// The sum over its classes that the batch would lead to.
        asked: u64,
        /// Its cap.
        cap: u32,
        /// How much of it the agents named in the batch could have in all: the cap less the others' reservations.
        left: u64,
    },
    /// A cap below the reservations that it holds.
    #[error("a cap of {cap} is below the {reserved} slots reserved for {of}")]
    CapBelowReservations {
        /// What is to have the cap.
        of: Capped,
        /// The cap asked for.
        cap: u32,
        /// What is reserved for it.
        reserved: u64,
    },
    /// A limit or plan below the reservations.
    #[error("a limit of {limit} is below the {reserved} slots reserved in organisation {org}")]
    LimitBelowReservations {
        /// The organisation.
        org: OrgId,
        /// The limit asked for.
        limit: u32,
        /// What is reserved.
        reserved: u64,
    },
    /// The reservations were changed by someone else since.
    #[error("the reservations are at version {current}, not {given}")]
    VersionMismatch {
        /// The version the caller expected.
        given: Version,
        /// The version now.
        current: Version,
    },
    /// No call has this id, or it ended too long ago.
    #[error("no call has the id {call}")]
    UnknownCall {
        /// The id.
        call: CallId,
    },
    /// The id belongs to a call of another class, or with other gates.
    #[error("call {call} is one of agent {agent}, type {}, {}", call_type.as_str(), passing(gates))]
    CallIdTaken {
        /// The id.
        call: CallId,
        /// The agent of the call that has it.
        agent: AgentId,
        /// The type of the call that has it.
        call_type: CallType,
        /// The gates of the call that has it.
        gates: CallGates,
    },
    /// The id belongs to a live call that another lease holds, or no lease.
    #[error("call {call} is held by {}", holder(lease.as_ref()))]
    HeldByOtherLease {
        /// The id.
        call: CallId,
        /// The lease that holds it; none: the call has no lease.
        lease: Option<LeaseId>,
    },
    /// A claim of a call that another has claimed.
    #[error("call {call} is claimed by {claimant}")]
    ClaimedByOther {
        /// The call.
        call: CallId,
        /// Who has claimed it.
        claimant: Claimant,
    },
    /// An active call is declined that is claimed, or asked for no claim.
    #[error("call {call} is active and waits for no claim")]
    NoClaimDue {
        /// The call.
        call: CallId,
    },
    /// A claim of a call that is queued, or an attempt to decline it.
    #[error("call {call} is queued and cannot be claimed or declined yet")]
    CallNotDispatched {
        /// The call.
        call: CallId,
    },
    /// A claim of a call that is over, or an attempt to decline or adopt it.
    #[error("call {call} has ended")]
    CallHasEnded {
        /// The call.
        call: CallId,
    },
    /// An attempt to erase a call that is not over.
    #[error("call {call} has not ended")]
    CallIsLive {
        /// The call.
        call: CallId,
    },
    /// The queue is full.
    #[error("the queue is full ({max_queued} calls)")]
    QueueFull {
        /// The bound.
        max_queued: u32,
    },
    /// The queue has room for the call, but not for its metadata.
    #[error(
        "the metadata of the queued calls has {queued_bytes} bytes, and with this call's {bytes} it would exceed {max_bytes}"
    )]
    QueuedMetadataFull {
        /// How many bytes the call brings.
        bytes: u64,
        /// How many the queued calls have.
        queued_bytes: u64,
        /// The bound.
        max_bytes: u64,
    },
    /// The lease has expired, was ended, or does not exist.
    #[error("the lease has expired or does not exist")]
    UnknownLease,
    /// A lease with this id exists already.
    #[error("a lease with this id exists already")]
    LeaseExists,
    /// The organisation has as many leases as one may have.
    #[error("the organisation has {max_leases} leases, which is the most that one may have")]
    TooManyLeases {
        /// The bound.
        max_leases: usize,
    },
    /// As many of the organisation's leases as one key may have were opened with this one.
    #[error("the key has {max_leases} leases, which is the most that one may have")]
    TooManyLeasesOfKey {
        /// The bound.
        max_leases: usize,
    },
    /// The lease vouches for as many calls as one lease may have.
    #[error("the lease is full ({max_calls} live calls)")]
    LeaseFull {
        /// The bound.
        max_calls: u32,
    },
    /// The pages of a reconciliation name more calls than a lease may have, or there are too many of them.
    #[error(
        "the pages name {calls} calls in {pages} pages; a list has up to {max_calls} calls in up to {max_pages} pages"
    )]
    ListTooLong {
        /// How many calls, with this page.
        calls: usize,
        /// How many pages, with this one.
        pages: usize,
        /// The bound.
        max_calls: usize,
        /// The bound.
        max_pages: usize,
    },
    /// The pages of the organisation's reconciliations take as much memory as they may.
    #[error(
        "the lists that the organisation's leases have begun to send would take more than {max_bytes} bytes"
    )]
    TooManyPages {
        /// The bound.
        max_bytes: u64,
    },
    /// The organisation has as many ends of many calls under way as it may.
    #[error("{max_sweeps} requests to end calls are under way")]
    TooManySweeps {
        /// How many there may be.
        max_sweeps: usize,
    },
}

fn passing(gates: &CallGates) -> String {
    let ids: Vec<&str> = gates.ids().iter().map(GateId::as_str).collect();
    if ids.is_empty() { "without gates".into() } else { format!("gates {}", ids.join(", ")) }
}

fn holder(lease: Option<&LeaseId>) -> String {
    lease.map_or_else(|| "no lease".into(), |lease| format!("lease {lease}"))
}
