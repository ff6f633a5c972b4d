//! The bounds of this crate, in one place. Those that every store keeps are in `callslot_store::limits`.

use std::time::Duration;

/// How long a connection may take to be made.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long what was sent may stay without an acknowledgement by the database's machine, before the connection counts as lost.
pub(crate) const UNACKNOWLEDGED: Duration = Duration::from_secs(5);
/// After how much silence the database's machine is asked whether it is still there, and how often after that.
pub(crate) const SILENCE: Duration = Duration::from_secs(5);
/// How often it is asked before the connection counts as lost.
pub(crate) const SILENCES: u32 = 3;
/// How many statements a connection keeps prepared; the texts are few, and only a mistake makes them more.
pub(crate) const PREPARED: usize = 256;
/// How many connections read beside those that write.
pub(crate) const READERS: usize = 3;
/// How often a server shows that it lives.
pub(crate) const BEAT: Duration = Duration::from_millis(500);
/// A server whose beat has not changed for this long is dead.
pub(crate) const DEAD_AFTER: Duration = Duration::from_secs(2);
/// How often a start tries to take the data before it gives up, since others try as well.
pub(crate) const TAKES: u32 = 5;
/// How large the parts of a stored snapshot are, in bytes.
pub(crate) const SNAPSHOT_PART_BYTES: usize = 1 << 20;
/// How many tables the log's ring has.
pub(crate) const RING: usize = 8;
/// Each table of the ring holds at least this many records before the next is begun.
pub(crate) const LEAST_RECORDS_PER_TABLE: u64 = 1_024;
/// Each table of the ring holds about one of this many parts of what is kept.
pub(crate) const TABLES_KEPT: u64 = 6;
/// How many records one statement reads at most.
pub(crate) const RECORDS_PER_STATEMENT: i64 = 1_024;
/// How many bytes of ended calls wait for their block.
pub(crate) const TAIL_BYTES: usize = 1 << 20;
/// How many pieces of filters one statement reads at most.
pub(crate) const FILTERS_PER_STATEMENT: i64 = 2_000;
/// How many summaries of blocks one statement reads at most.
pub(crate) const SUMMARIES_PER_STATEMENT: i64 = 100;
/// How many rows of layout 1 become blocks in one transaction.
pub(crate) const MOVED_AT_A_TIME: i64 = 20_000;
