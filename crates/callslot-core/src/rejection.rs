//! Why a command was refused. A refused command has changed nothing.

use crate::call::CallType;
use crate::id::{AgentId, CallId, OrgId, Version};

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
    /// An agent's reservations would exceed its own cap.
    #[error("{asked} reserved slots for agent {agent} do not fit under its cap of {cap}")]
    ReservationsExceedCap {
        /// The agent.
        agent: AgentId,
        /// The sum over its types.
        asked: u64,
        /// Its cap.
        cap: u32,
    },
    /// A cap below the agent's own reservations.
    #[error("a cap of {cap} is below the {reserved} slots reserved for agent {agent}")]
    CapBelowReservations {
        /// The agent.
        agent: AgentId,
        /// The cap asked for.
        cap: u32,
        /// What is reserved for the agent.
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
    /// The id belongs to a call of another class.
    #[error("call {call} is one of agent {agent}, type {}", call_type.as_str())]
    CallIdTaken {
        /// The id.
        call: CallId,
        /// The agent of the call that has it.
        agent: AgentId,
        /// The type of the call that has it.
        call_type: CallType,
    },
    /// A claim of a call that is queued.
    #[error("call {call} is queued and cannot be claimed yet")]
    CallNotDispatched {
        /// The call.
        call: CallId,
    },
    /// A claim of a call that is over.
    #[error("call {call} has ended")]
    CallHasEnded {
        /// The call.
        call: CallId,
    },
    /// The queue is full.
    #[error("the queue is full ({max_queued} calls)")]
    QueueFull {
        /// The bound.
        max_queued: u32,
    },
    /// The lease has expired, was ended, or does not exist.
    #[error("the lease has expired or does not exist")]
    UnknownLease,
    /// A lease with this id exists already.
    #[error("a lease with this id exists already")]
    LeaseExists,
    /// The lease vouches for as many calls as one lease may have.
    #[error("the lease is full ({max_calls} live calls)")]
    LeaseFull {
        /// The bound.
        max_calls: u32,
    },
}
