//! What the core answers to a command that it carried out.

use alloc::vec::Vec;

use crate::id::{CallId, Version};
use crate::view::CallView;

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was done; nothing more to say (`ChangeOrg`, `DeleteOrg`, `DeleteAgent`, `EndLease`, `SetPlanLimit`, `CreateOrg`,
    /// `ExpireDue`).
    Done,
    /// `PutAgent`.
    Agent {
        /// Whether there was none with this id before.
        is_new: bool,
    },
    /// `SetReservations`.
    Reservations {
        /// The reservations' version now.
        version: Version,
    },
    /// `StartCall`, `ClaimCall`, `EndCall`.
    Call {
        /// The call as it stands once everything the command brought about has happened.
        call: CallView,
        /// Whether the command created it.
        is_new: bool,
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
        /// The calls named that are not live here, in the order named.
        unknown: Vec<CallId>,
    },
}
