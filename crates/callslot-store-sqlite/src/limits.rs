//! The bounds of this crate, in one place. Those that every store keeps are in `callslot_store::limits`.

use std::time::Duration;

use callslot_store::limits::MAX_SHARDS;

/// How large the parts of a stored snapshot are, in bytes. An append waits for one part at most.
pub(crate) const SNAPSHOT_PART_BYTES: usize = 128 << 10;
/// How many bytes of records go into one transaction when several shards append at once, if there is more than one.
pub(crate) const COMMITTED_AT_ONCE_BYTES: usize = 16 << 20;
/// How many bytes of records are checked at a time when a backup is restored.
pub(crate) const CHECKED_AT_A_TIME_BYTES: usize = 4 << 20;
/// How many bytes of records are indexed at a time when an older version's log is opened.
pub(crate) const INDEXED_AT_A_TIME_BYTES: usize = 4 << 20;
/// How many reads of the log for those who follow it go on at once.
pub(crate) const LOG_READERS: usize = 4;
/// How much of the log each of them keeps in memory, in KiB.
pub(crate) const LOG_READER_CACHE_KIB: i64 = 2 << 10;
/// How long a statement waits for another connection's transaction, in milliseconds.
pub(crate) const BUSY_TIMEOUT_MS: u64 = 10_000;
/// How many prepared statements a connection keeps: those of all tables, and a few for each shard's log.
pub(crate) const CACHED_STATEMENTS: usize = 64 + 6 * MAX_SHARDS as usize;
/// How much of the log the connection that writes it and the one that reads all of it keep in memory, in KiB. Records are appended and
/// read in order, so more would hold what nobody reads again.
pub(crate) const LOG_CACHE_KIB: i64 = 4 << 10;
/// How much of the history each of its connections keeps in memory, in KiB: its index pages are written again and again.
pub(crate) const CACHE_KIB: i64 = 16 << 10;
/// A commit that leaves the write-ahead log with this many pages of 4 KiB moves it into the database. Most of the log's has been
/// moved by then; the history's large transactions write the same index pages again and again.
pub(crate) const WAL_PAGES: i64 = 8_000;
/// How long after a commit the log's write-ahead log is moved into the database, alongside the commits.
pub(crate) const CHECKPOINT_AFTER: Duration = Duration::from_millis(500);
/// After how many bytes of records it is moved at once.
pub(crate) const LOG_CHECKPOINT_BYTES: usize = 1 << 20;
/// The same for the history's, about: its transactions write the same index pages again and again, so it is moved less often.
pub(crate) const HISTORY_CHECKPOINT_BYTES: usize = 8 << 20;
/// How much is written beside the body of a block or of a row of the tail, about: a page.
pub(crate) const BESIDE_BODY_BYTES: usize = 4 << 10;
/// How many bytes of ended calls wait for their block. Every read of ended calls and every projection passes over them.
pub(crate) const TAIL_BYTES: usize = 1 << 20;
/// How many blocks that were read last stay unpacked, for clients that read page by page.
pub(crate) const UNPACKED_BLOCKS: usize = 8;
/// How many rows of an older version become blocks in one transaction.
pub(crate) const MOVED_AT_A_TIME: i64 = 20_000;
/// How much of the write-ahead log's file stays once it has been moved, in bytes.
pub(crate) const WAL_KEPT_BYTES: i64 = 64 << 20;
