//! What the core has decided: the facts that the log keeps.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, PerType};
use crate::id::{AgentId, LeaseId, OrgId, PlanId, Sequence, Ticket, Version};
use crate::settings::OrgSettings;
use crate::wait_estimate::WaitEstimator;

/// An event and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The organisation it happened in.
    pub org: OrgId,
    /// Its number among the organisation's public events; none for an event that is not public.
    pub sequence: Option<Sequence>,
    /// What happened.
    pub event: Event,
}

/// Something that happened in an organisation. Call events carry the call as it stands after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The organisation was founded.
    OrgCreated(Box<OrgSettings>),
    /// Its name or its bounds on time and queue changed; plan and limit are as before.
    OrgChanged(Box<OrgSettings>),
    /// The organisation was removed.
    OrgDeleted,
    /// The plan, the plan's limit or the override changed. Public.
    LimitChanged {
        /// The plan it is on now.
        plan: PlanId,
        /// The plan's limit.
        plan_limit: u32,
        /// The operator's own limit for the organisation.
        limit_override: Option<u32>,
    },
    /// An agent was created or replaced. Public.
    AgentPut {
        /// Its id.
        agent: AgentId,
        /// Its name.
        name: Arc<str>,
        /// How many calls it may have active at once.
        cap: Option<u32>,
    },
    /// An agent was removed. Public.
    AgentDeleted {
        /// Its id.
        agent: AgentId,
    },
    /// Reservations changed. Public.
    ReservationsChanged {
        /// The version from now on.
        version: Version,
        /// The new reservations of the agents whose reservations changed; the others' are as before.
        reservations: Vec<(AgentId, PerType<u32>)>,
    },
    /// A call came to wait in line: a new one, or one that was dispatched and not claimed. Public.
    CallQueued(Call),
    /// A call took a slot. Public.
    CallStarted(Call),
    /// A dispatched call was claimed.
    CallClaimed(Call),
    /// A call ended. Public.
    CallEnded(Call),
    /// A lease was opened.
    LeaseOpened {
        /// Its id.
        lease: LeaseId,
        /// How long it lives without a renewal, in milliseconds.
        ttl_ms: u64,
    },
    /// A lease ran out or was ended; the ends of its calls follow.
    LeaseEnded {
        /// Its id.
        lease: LeaseId,
    },
    /// Stands in snapshots only: where the organisation's counters are.
    CountersRestored(Box<Counters>),
}

impl Event {
    /// Whether event streams show it, so that it has a sequence number.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        match self {
            Self::LimitChanged { .. }
            | Self::AgentPut { .. }
            | Self::AgentDeleted { .. }
            | Self::ReservationsChanged { .. }
            | Self::CallQueued(_)
            | Self::CallStarted(_)
            | Self::CallEnded(_) => true,
            Self::OrgCreated(_)
            | Self::OrgChanged(_)
            | Self::OrgDeleted
            | Self::CallClaimed(_)
            | Self::LeaseOpened { .. }
            | Self::LeaseEnded { .. }
            | Self::CountersRestored(_) => false,
        }
    }
}

/// Where an organisation's counters are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counters {
    /// The last public event's number.
    pub sequence: Sequence,
    /// The last ticket given.
    pub ticket: Ticket,
    /// The reservations' version.
    pub version: Version,
    /// What wait estimates are made from.
    pub wait_estimator: WaitEstimator,
}
