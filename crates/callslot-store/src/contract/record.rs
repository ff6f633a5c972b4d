//! What the log holds: records by their positions, and snapshots that stand in for the records before them. Plain values.

use callslot_core::{Now, Recorded};

/// A record's place in the log: 1, 2, 3, … 0 is "before the first".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl Position {
    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The outcome of one batch of commands: the unit of durability. A record without events only marks the time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// When it was decided.
    pub now: Now,
    /// What happened, in order.
    pub events: Vec<Recorded>,
}

/// A snapshot: a state in the fewest events, and the last record it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last record whose events are in it.
    pub position: Position,
    /// The time of that record, and the events that rebuild the state.
    pub record: Record,
}
