//! The limits of this crate, in one place.

use std::time::Duration;

use crate::shard::fair_queue::Room;

/// How many commands may wait to be decided, in all shards together; callers beyond that get `Overloaded` at once. And how many of one organisation are
/// decided in one turn.
pub(crate) const ORDER_ROOM: Room =
    Room { per_org: 16_384, in_all: 32_768, always: 256, per_turn: 32 };
/// How many ids of calls to look up count as one command.
pub(crate) const IDS_PER_COMMAND: usize = 32;
/// How many commands may go into one record. All in it are answered together, so more would make each wait longer.
pub(crate) const MAX_COMMANDS_PER_BATCH: usize = 512;
/// How many events a record has at most.
pub const MAX_EVENTS_PER_RECORD: usize = 4_096;
/// Once a record has this many events, further orders go into the next record. The last order may bring 1,000 commands with two
/// events each, and one step.
pub(crate) const EVENTS_PER_BATCH: usize = 1_536;
/// Once orders have brought a record this many bytes of metadata, notes and reservations, further ones go into the next record. With
/// the last order and a step, each call with all the metadata that it may have, a record stays below what a store takes.
pub(crate) const TEXT_BYTES_PER_BATCH: usize = 1 << 20;
/// How often the loop looks at the clock while no commit is in progress, if no deadline is nearer …
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(100);
/// … and if one is: what is due within this time is done at once, with one commit. A pace forgives 50 ms.
pub(crate) const MIN_LOOK_EVERY: Duration = Duration::from_millis(5);
/// How much of the time between two looks counts toward deadlines; the rest was a stall.
pub(crate) const MAX_COUNTED_STEP: Duration = Duration::from_millis(200);
/// How long overdue something may be before it expires ahead of waiting orders, in milliseconds.
pub(crate) const MAX_OVERDUE_MS: u64 = 1_000;
/// How much counted time may pass without a record while something has a deadline, in milliseconds.
pub(crate) const MARK_TIME_EVERY_MS: u64 = 60_000;
/// How many events a feed may lag behind before it goes back to the log.
pub(crate) const FEED_EVENTS: usize = 1_024;
/// How many events a feed returns at a time, and how many bytes of records it reads for them. Who does not read them has as many
/// in memory.
pub(crate) const FEED_EVENTS_AT_A_TIME: usize = 256;
pub(crate) const FEED_READ_BYTES: usize = 128 << 10;
/// How many feeds read the log at once, of all organisations and of each one. The others wait in the order of asking.
pub(crate) const LOG_READS: usize = 4;
pub(crate) const LOG_READS_PER_ORG: usize = 2;
/// How many events may wait for a watcher of a lease before it has fallen behind. The events of one record always fit, since
/// raising a limit may start all queued calls of a lease at once.
pub(crate) const LEASE_EVENTS: usize = 4_096;
/// How many gates are told at a time that their hours have begun or ended.
pub(crate) const HOURS_TOLD_AT_A_TIME: usize = 256;
/// How soon the core is told again that could not be told.
pub(crate) const TELL_HOURS_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often the figures are looked at that the rules of alerts are about.
pub(crate) const LOOK_AT_ALERTS_EVERY: Duration = Duration::from_secs(1);
/// How many organisations are looked at between two other orders at most …
pub(crate) const ORGS_LOOKED_AT_FOR_ALERTS: usize = 16;
/// … and after how many agents, lanes and rules no other organisation is begun.
pub(crate) const ALERT_COST_OF_A_LOOK: usize = 4_096;
/// Over how long refused starts are counted for the rules of alerts, in milliseconds.
pub(crate) const COUNT_REFUSALS_FOR_MS: u64 = 60_000;
/// How many bytes of records are read at a time.
pub(crate) const READ_BYTES: usize = 1 << 20;
/// How many bytes of records are projected at a time. Larger parts rewrite fewer index pages.
pub(crate) const PROJECT_BYTES: usize = 4 << 20;
/// How many changes to plans and organisations may wait.
pub(crate) const MAX_WAITING_CHANGES: usize = 256;
/// How many calls are erased in the history in one transaction, if they are not in one record.
pub(crate) const ERASURES_PER_PROJECTION: usize = 50;
/// How soon the limits of plans are applied again when that failed in a shard.
pub(crate) const APPLY_LIMITS_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// How long the creation of an organisation waits until the history of a deleted one with its id is erased, and a reader until it has come
/// to a call's end; and how often they look.
pub(crate) const MAX_WAIT_FOR_HISTORY: Duration = Duration::from_secs(10);
pub(crate) const LOOK_FOR_HISTORY_EVERY: Duration = Duration::from_millis(50);
/// The first and the longest pause before retrying a store that failed.
pub(crate) const RETRY_STORE: (Duration, Duration) =
    (Duration::from_millis(250), Duration::from_secs(5));
/// How many outcomes the commit thread may be ahead of the loop. One record has no more than this.
pub(crate) const MAX_OUTCOMES: usize = 4;
/// The shortest time between two projections.
pub(crate) const PROJECT_EVERY: Duration = Duration::from_millis(500);
/// How often to check whether a snapshot is due.
pub(crate) const LOOK_FOR_SNAPSHOT_EVERY: Duration = Duration::from_secs(10);
/// A snapshot is due after this many events, or after as many as the last snapshot has, whichever is more.
pub(crate) const EVENTS_PER_SNAPSHOT: u64 = 200_000;
/// How many points a history answer may have, over all series.
pub(crate) const MAX_HISTORY_POINTS: u64 = 50_000;
/// How many minutes or hours may be read for one history answer, over all series.
pub(crate) const MAX_HISTORY_ROWS: u64 = 600_000;
/// How many changes of settings a history answer may have.
pub(crate) const MAX_MARKERS: usize = 1_000;
/// How many counts of refusals may wait to be stored.
pub(crate) const MAX_PENDING_REFUSALS: usize = 30_000;
/// By how much the system's clock must differ from the time that is shown before that follows it, in milliseconds.
pub(crate) const MIN_CORRECTION_MS: u64 = 1_000;
/// How long reading both clocks may take. If it takes longer, they do not belong together.
pub(crate) const MAX_READING_OF_CLOCKS: Duration = Duration::from_millis(50);
/// How often the server looks at how much time has passed, for retention and sessions, and how often it keeps that.
pub(crate) const LOOK_AT_SEEN_TIME_EVERY: Duration = Duration::from_secs(1);
pub(crate) const KEEP_SEEN_TIME_EVERY: Duration = Duration::from_mins(1);
/// How much of the time between two such looks counts; the rest was a stall.
pub(crate) const MAX_SEEN_STEP: Duration = Duration::from_mins(1);
/// How far the clock may be ahead of the log's last time at a start, in milliseconds. Beyond that somebody must confirm it.
pub(crate) const MAX_BELIEVED_MS: u64 = 24 * 3_600_000;
/// How many days' worth of data are removed in a day at most: one an hour.
pub(crate) const DAYS_REMOVED_PER_DAY: u64 = 24;
/// How long the parts of time are by which data are removed, in milliseconds.
pub(crate) const RETENTION_PART_MS: u64 = 3_600_000;
/// How often old records and old history are removed.
pub(crate) const PRUNE_EVERY: Duration = Duration::from_mins(1);
/// How soon after a start old records and old history are removed first.
pub(crate) const PRUNE_FIRST_AFTER: Duration = Duration::from_secs(5);
/// How many chunks of each kind are removed at a time.
pub(crate) const PRUNED_CHUNKS_PER_ROUND: usize = 10;
/// The pause before the next round when there is more to remove, so that commits get their turn.
pub(crate) const PRUNE_ON_AFTER: Duration = Duration::from_millis(100);
/// The niceness of the projection's thread. A thread that serves calls gets three times its share, so on a fully busy machine
/// the projection takes a tenth of the time and catches up later.
pub(crate) const PROJECTION_NICENESS: i32 = 5;
/// How far behind the history may be before its projection runs at normal priority, in milliseconds. The core forgets an
/// ended call after ten minutes; by then it must be in the history.
pub(crate) const MAX_LOW_PRIORITY_LAG_MS: u64 = 120_000;
/// How many parts of the log are projected at shutdown. The next start projects the rest.
pub(crate) const PROJECTED_CHUNKS_AT_THE_END: usize = 16;
/// How many parts of the log are projected before checking whether to stop.
pub(crate) const PROJECTED_CHUNKS_PER_ROUND: usize = 4;
