//! The bounds of this crate, in one place.

use std::time::Duration;

/// Every how many public events of an organisation their position is indexed.
pub(crate) const EVENTS_PER_INDEX_ENTRY: u64 = 1024;
/// How large the parts are in which a snapshot is kept, in bytes. An append waits for one part at most.
pub(crate) const SNAPSHOT_PART_BYTES: usize = 128 << 10;
/// How many records one call of `truncate` forgets at most.
pub(crate) const TRUNCATED_PER_CALL: u32 = 500;
/// How many ended calls one call of `prune` forgets at most.
pub(crate) const PRUNED_PER_CALL: u32 = 2_000;
/// How many ended calls one read looks at.
pub(crate) const EXAMINED_PER_READ: usize = 10_000;
/// How many minutes or hours of figures one call of `prune_figures` forgets at most.
pub(crate) const PRUNED_PARTS_PER_CALL: u32 = 5_000;
/// How many bytes of records are checked at a time when a backup is restored.
pub(crate) const CHECKED_AT_A_TIME_BYTES: usize = 4 << 20;
/// How long a statement waits for another connection's transaction, in milliseconds.
pub(crate) const BUSY_TIMEOUT_MS: u64 = 10_000;
/// How many prepared statements a connection keeps.
pub(crate) const CACHED_STATEMENTS: usize = 64;
/// How much of a database file a connection keeps in memory, in KiB.
pub(crate) const CACHE_KIB: i64 = 16 << 10;
/// From how many pages of 4 KiB on a commit moves the write-ahead log into the database. Of the log's most is moved by then,
/// and the history's transactions are large and come back to the same pages of its indexes.
pub(crate) const WAL_PAGES: i64 = 8_000;
/// How long after a commit the log's write-ahead log is moved beside the commits.
pub(crate) const CHECKPOINT_AFTER: Duration = Duration::from_millis(500);
/// How much of the write-ahead log's file stays once it was moved, in bytes.
pub(crate) const WAL_KEPT_BYTES: i64 = 64 << 20;
