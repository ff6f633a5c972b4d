//! The answers to commands that were carried out.

use alloc::vec::Vec;

use crate::command::RestToReconcile;
use crate::id::CallId;
use crate::view::{CallView, OrgView, PoolView};

/// The answer to [`crate::StartCall`] and [`crate::AdoptCall`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The call as it is now.
    pub call: CallView,
    /// Whether the command created it, or moved it to the lease.
    pub is_new: bool,
}

/// The answer to [`crate::EndCalls`]: the event [`crate::SweepEvent::Done`] of this number says how many calls it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepBegun {
    /// Which of the organisation's sweeps it is.
    pub number: u64,
}

/// The answer to [`crate::OpenLease`] and [`crate::RenewLease`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTime {
    /// How long the lease lives from now, in milliseconds.
    pub expires_in_ms: u64,
    /// Whether the two sides' beliefs differ, so that the client should reconcile.
    pub reconcile: bool,
}

/// What a reconciliation found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// The calls that were ended because the engine does not know them, oldest first.
    pub ended: Vec<CallId>,
    /// The calls named that the engine must not run, in the order named. Of a reconciliation in several steps each answer has some.
    pub unknown: Vec<UnknownCall>,
    /// Set if there is more to look at or to end than one step may: ask the same again, with this.
    pub rest: Option<RestToReconcile>,
}

/// The answer to [`crate::ReconcileLease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciling {
    /// It was decided.
    Decided(Reconciled),
    /// The page is kept until the last one comes. The next page has this cursor.
    Kept {
        /// Follows from all pages so far.
        cursor: u64,
    },
    /// Nothing was decided: the pages before this one are not there. All of them must be sent again.
    Lost,
}

/// A call that an engine believes is active under its lease, and that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCall {
    /// Its id.
    pub id: CallId,
    /// What is known of it.
    pub why: WhyUnknown,
}

/// Why a call is not one that the engine has active under its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyUnknown {
    /// No call has the id, or it ended so long ago that it is forgotten.
    NeverKnown,
    /// It has ended, or was ended before it came.
    Ended,
    /// It is live under another lease, or under none.
    OtherLease,
    /// It is of this lease and queued.
    Queued,
}

impl WhyUnknown {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NeverKnown, Self::Ended, Self::OtherLease, Self::Queued];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeverKnown => "never_known",
            Self::Ended => "ended",
            Self::OtherLease => "other_lease",
            Self::Queued => "queued",
        }
    }
}

/// The answer to [`crate::PutAgent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentWritten {
    /// Whether there was none with this id before.
    pub is_new: bool,
}

/// The answer to [`crate::PutGate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateWritten {
    /// Whether there was none with this id before.
    pub is_new: bool,
}

/// The answer to [`crate::PutAlert`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertWritten {
    /// Whether there was none with this id before.
    pub is_new: bool,
}

/// An answer of any kind, to a [`crate::Command`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was done; there is nothing more to say.
    Done,
    /// `CreateOrg`, `ChangeOrg`: the organisation as the command left it.
    Org(OrgView),
    /// `PutAgent`.
    Agent {
        /// Whether there was none with this id before.
        is_new: bool,
    },
    /// `PutGate`.
    Gate {
        /// Whether there was none with this id before.
        is_new: bool,
    },
    /// `PutAlert`.
    Alert {
        /// Whether there was none with this id before.
        is_new: bool,
    },
    /// `SetReservations`: the pool as the command left it.
    Reservations(PoolView),
    /// `StartCall`, `ClaimCall`, `DeclineCall`, `EndCall`, `AdoptCall`.
    Call {
        /// The call as the command left it.
        call: CallView,
        /// Whether the command created it, or moved it to the lease.
        is_new: bool,
    },
    /// `EndCall`: no call has the id, and a start of it that comes late finds it ended.
    EndRemembered,
    /// `EndCalls`.
    Sweep {
        /// Which of the organisation's sweeps it is.
        number: u64,
    },
    /// `OpenLease`, `RenewLease`.
    Lease {
        /// How long the lease lives from now, in milliseconds.
        expires_in_ms: u64,
        /// Whether the two sides' beliefs differ, so that the client should reconcile.
        reconcile: bool,
    },
    /// `ReconcileLease`.
    Reconciled {
        /// The calls that were ended because the engine does not know them, oldest first.
        ended: Vec<CallId>,
        /// The calls named that the engine must not run, in the order named. Of a reconciliation in several steps, the first
        /// answer has them.
        unknown: Vec<UnknownCall>,
        /// Set if more calls are to be ended than one step may: ask the same again, with this.
        rest: Option<RestToReconcile>,
    },
    /// `ReconcileLease`: the page is kept until the last one comes.
    PageKept {
        /// What the next page has as its cursor.
        cursor: u64,
    },
    /// `ReconcileLease`: the pages before this one are not there.
    PagesLost,
}

impl From<()> for Reply {
    fn from((): ()) -> Self {
        Self::Done
    }
}

impl From<OrgView> for Reply {
    fn from(org: OrgView) -> Self {
        Self::Org(org)
    }
}

impl From<AgentWritten> for Reply {
    fn from(AgentWritten { is_new }: AgentWritten) -> Self {
        Self::Agent { is_new }
    }
}

impl From<GateWritten> for Reply {
    fn from(GateWritten { is_new }: GateWritten) -> Self {
        Self::Gate { is_new }
    }
}

impl From<AlertWritten> for Reply {
    fn from(AlertWritten { is_new }: AlertWritten) -> Self {
        Self::Alert { is_new }
    }
}

impl From<PoolView> for Reply {
    fn from(pool: PoolView) -> Self {
        Self::Reservations(pool)
    }
}

impl From<Started> for Reply {
    fn from(Started { call, is_new }: Started) -> Self {
        Self::Call { call, is_new }
    }
}

impl From<CallView> for Reply {
    fn from(call: CallView) -> Self {
        Self::Call { call, is_new: false }
    }
}

impl From<Option<CallView>> for Reply {
    fn from(call: Option<CallView>) -> Self {
        call.map_or(Self::EndRemembered, Self::from)
    }
}

impl From<SweepBegun> for Reply {
    fn from(SweepBegun { number }: SweepBegun) -> Self {
        Self::Sweep { number }
    }
}

impl From<LeaseTime> for Reply {
    fn from(LeaseTime { expires_in_ms, reconcile }: LeaseTime) -> Self {
        Self::Lease { expires_in_ms, reconcile }
    }
}

impl From<Reconciling> for Reply {
    fn from(reconciling: Reconciling) -> Self {
        match reconciling {
            Reconciling::Decided(Reconciled { ended, unknown, rest }) => {
                Self::Reconciled { ended, unknown, rest }
            }
            Reconciling::Kept { cursor } => Self::PageKept { cursor },
            Reconciling::Lost => Self::PagesLost,
        }
    }
}
