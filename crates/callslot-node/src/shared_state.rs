//! What the parts of a node share: the store, the feeds and watches, and the metrics.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use callslot_store::Store;
use tokio::sync::watch;

use crate::alerts::book::AlertBook;
use crate::background::seen_time::SharedSeenClock;
use crate::follow::event_feed::Feeds;
use crate::follow::lease_watch::LeaseWatches;
use crate::gate_hours::shared_timetable::SharedTimetable;
use crate::metrics::NodeMetrics;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) lease_watches: Arc<LeaseWatches>,
    pub(crate) metrics: NodeMetrics,
    pub(crate) seen_clock: SharedSeenClock,
    pub(crate) timetable: SharedTimetable,
    pub(crate) alert_book: AlertBook,
    pub(crate) is_writable: Arc<AtomicBool>,
    /// How many events are durable since the snapshot that the node started from. Changes after each commit.
    pub(crate) progress: watch::Sender<u64>,
}
