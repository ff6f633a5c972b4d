//! An end of all calls that match, as long as it is not done.

use callslot_core::{Sweep, Ticket};

/// A sweep that is not done.
#[derive(Debug)]
pub(super) struct PendingSweep {
    pub(super) sweep: Sweep,
    pub(super) ended: u64,
    /// The calls up to this ticket have had their turn.
    pub(super) judged: Ticket,
}
