//! The contract of the log: what every store promises, whatever it is made of. It decides nothing.

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

/// What one batch of commands led to: the unit of durability. May hold no events (a mark of the time).
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

/// Why an append did not happen, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended: the log does not end where the writer believes. Nothing was written.
    #[error("the log ends at {end:?}, not at {after:?}")]
    NotAtEnd {
        /// Where the writer believed it ends.
        after: Position,
        /// Where it ends.
        end: Position,
    },
    /// The store failed; the record may or may not have been written. Re-read the end before deciding anything more.
    #[error("the record was not confirmed")]
    Store(#[source] StoreError),
}

/// The store failed, or holds what this version cannot use.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine below failed (disk full, read-only, I/O error).
    #[error("the store failed: {0}")]
    Engine(String),
    /// A record or snapshot does not match its checksum or cannot be read. Says where and what to do.
    #[error("{0}")]
    Damaged(String),
    /// Another process has the store open.
    #[error("{0}")]
    InUse(String),
    /// A newer version of Callslot wrote the store.
    #[error("{0}")]
    TooNew(String),
    /// A version of Callslot that was never released wrote the store.
    #[error("{0}")]
    TooOld(String),
}

/// The log of a shard: records in one order, durable once appended.
///
/// All methods block; callers on an async runtime use a blocking thread.
pub trait Log: Send + Sync {
    /// Appends `record` right after `after`. When it returns, the record survives a crash of process and machine.
    ///
    /// # Errors
    /// [`AppendError::NotAtEnd`] when the log ends elsewhere; [`AppendError::Store`] when the outcome is unknown.
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError>;

    /// Records after `after`, in order, until `max_bytes` of stored form are read (at least one, if there is one).
    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError>;

    /// The position of the last record; 0 when there never was one. Holds even when all records were truncated.
    fn end(&self) -> Result<Position, StoreError>;

    /// The position of the earliest record still kept, or the one after the end when none is.
    fn start(&self) -> Result<Position, StoreError>;

    /// A position from which reading forward reaches every kept event of `org` with a number of `sequence` or more:
    /// the answer is the position *before* the first record worth reading.
    fn position_before(
        &self,
        org: &callslot_core::OrgId,
        sequence: callslot_core::Sequence,
    ) -> Result<Position, StoreError>;

    /// The last position whose record was decided before `at`; 0 if there is none.
    fn position_at(&self, at: callslot_core::Timestamp) -> Result<Position, StoreError>;

    /// Keeps a snapshot durably and forgets older ones.
    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError>;

    /// The newest snapshot.
    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError>;

    /// Forgets records up to and including `up_to`, a bounded number at a time; says how many went. Never forgets a
    /// record that the newest snapshot does not cover.
    fn truncate(&self, up_to: Position) -> Result<u64, StoreError>;

    /// Writes and syncs something small, to learn whether appends would succeed.
    fn probe(&self) -> Result<(), StoreError>;
}
