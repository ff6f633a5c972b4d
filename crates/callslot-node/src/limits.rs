//! The bounds of this crate, in one place.

use std::time::Duration;

/// How many orders may wait to be decided; beyond it callers are told at once that the node is overloaded.
pub(crate) const MAX_WAITING_ORDERS: usize = 16_384;
/// How many commands one record may come from.
pub(crate) const MAX_COMMANDS_PER_BATCH: usize = 4_096;
/// How many events a record may hold before the next commands wait for the next record.
pub(crate) const MAX_EVENTS_PER_BATCH: usize = 65_536;
/// How often the loop looks at the clock while it can decide.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How much of the time between two looks counts toward deadlines; the rest was a stall.
pub(crate) const MAX_COUNTED_STEP: Duration = Duration::from_millis(200);
/// By how much something may be overdue before it expires ahead of what still waits to be decided, in milliseconds.
pub(crate) const MAX_OVERDUE_MS: u64 = 1_000;
/// How much counted time may pass without a record while something has a deadline, in milliseconds.
pub(crate) const MARK_TIME_EVERY_MS: u64 = 60_000;
/// How many events a feed may lag behind before it goes on from the log.
pub(crate) const FEED_EVENTS: usize = 1_024;
/// How many events a feed hands on at a time.
pub(crate) const FEED_EVENTS_AT_A_TIME: usize = 256;
/// How many events may wait for whoever watches a lease before it has fallen behind. Those of one record always fit: a limit
/// that is raised may start all queued calls of a lease at once.
pub(crate) const LEASE_EVENTS: usize = 4_096;
/// How many bytes of records are read at a time.
pub(crate) const READ_BYTES: usize = 1 << 20;
/// How many bytes of records are projected at a time. The more there are, the fewer pages of indexes are written anew.
pub(crate) const PROJECT_BYTES: usize = 4 << 20;
/// How many changes to plans and organisations may wait.
pub(crate) const MAX_WAITING_CHANGES: usize = 256;
/// The first pause before a store that failed is tried again, and the longest.
pub(crate) const RETRY_STORE: (Duration, Duration) =
    (Duration::from_millis(250), Duration::from_secs(5));
/// How many outcomes the committer may be ahead of the loop; one record has no more.
pub(crate) const MAX_OUTCOMES: usize = 4;
/// How often the log is projected, at the most.
pub(crate) const PROJECT_EVERY: Duration = Duration::from_millis(500);
/// How often the log is looked at for a snapshot.
pub(crate) const LOOK_FOR_SNAPSHOT_EVERY: Duration = Duration::from_secs(10);
/// After how many events a new snapshot is kept, at the least; otherwise after as many as the last one holds.
pub(crate) const EVENTS_PER_SNAPSHOT: u64 = 200_000;
/// How many points an answer about the history may have, over all series.
pub(crate) const MAX_HISTORY_POINTS: u64 = 50_000;
/// How many minutes or hours may be read for it, over all series.
pub(crate) const MAX_HISTORY_ROWS: u64 = 600_000;
/// How many changes of settings it has.
pub(crate) const MAX_MARKERS: usize = 1_000;
/// How many counts of refusals wait to be kept.
pub(crate) const MAX_PENDING_REFUSALS: usize = 30_000;
/// How often old records and what is old in the history are removed.
pub(crate) const PRUNE_EVERY: Duration = Duration::from_mins(1);
/// How many chunks of each are removed at a time.
pub(crate) const PRUNED_CHUNKS_PER_ROUND: usize = 10;
/// The pause after a round that left something to remove, so that commits have their turn.
pub(crate) const PRUNE_ON_AFTER: Duration = Duration::from_millis(100);
/// By how much the projection is nicer than what serves calls. Each busy thread of those has three times its share, so that
/// on a machine that is busy throughout it takes a tenth, and catches up later.
pub(crate) const PROJECTION_NICENESS: i32 = 5;
/// How far behind the history may be while its projection gives way, in milliseconds. The core forgets an ended call after ten
/// minutes; whoever asks for it later is answered from the history.
pub(crate) const MAX_LOW_PRIORITY_LAG_MS: u64 = 120_000;
/// How many parts of the log are projected before the node stops; the next start goes on with the rest.
pub(crate) const PROJECTED_CHUNKS_AT_THE_END: usize = 16;
/// How many parts of the log are projected before the projector looks whether it is to stop.
pub(crate) const PROJECTED_CHUNKS_PER_ROUND: usize = 4;
