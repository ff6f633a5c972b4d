//! What the parts of a node share: those of each shard, and those of all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use callslot_store::Store;
use tokio::sync::{Semaphore, watch};

use crate::alerts::book::AlertBook;
use crate::background::seen_time::SharedSeenClock;
use crate::follow::event_feed::Feeds;
use crate::follow::lease_watch::LeaseWatches;
use crate::gate_hours::shared_timetable::SharedTimetable;
use crate::history::refusals::Refusals;
use crate::metrics::{NodeMetrics, ShardGauges};
use crate::time::counted_clock::Utc;

/// What all shards of a node share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    /// As seen from any of its shards.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) metrics: NodeMetrics,
    pub(crate) seen_clock: SharedSeenClock,
    pub(crate) utc: Utc,
    /// Feeds that read a log at once: however many shards there are, the disk is one.
    pub(crate) log_reads: Arc<Semaphore>,
}

/// What the parts of one shard share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ShardState {
    /// As seen from this shard.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) metrics: NodeMetrics,
    pub(crate) gauges: Arc<ShardGauges>,
    pub(crate) utc: Utc,
    pub(crate) refusals: Refusals,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) lease_watches: Arc<LeaseWatches>,
    pub(crate) timetable: SharedTimetable,
    pub(crate) alert_book: AlertBook,
    pub(crate) is_writable: Arc<AtomicBool>,
    /// How many events are durable since the snapshot that the node started from. Changes after each commit.
    pub(crate) progress: watch::Sender<u64>,
    /// Old records stay until there is a snapshot that covers them.
    pub(crate) is_snapshot_wanted: Arc<AtomicBool>,
}

impl Shared {
    /// What the parts of a shard share. `replayed`: how many events it has after its snapshot.
    pub(crate) fn of_shard(&self, number: u16, replayed: u64, refusals: Refusals) -> ShardState {
        ShardState {
            store: Arc::clone(&self.store).shard(number),
            metrics: self.metrics.clone(),
            gauges: self.metrics.gauges_of(number),
            utc: self.utc.clone(),
            refusals,
            feeds: Arc::new(Feeds::reading_in_turn(Arc::clone(&self.log_reads))),
            lease_watches: Arc::default(),
            timetable: SharedTimetable::default(),
            alert_book: AlertBook::default(),
            is_writable: Arc::new(AtomicBool::new(true)),
            progress: watch::Sender::new(replayed),
            is_snapshot_wanted: Arc::default(),
        }
    }
}
