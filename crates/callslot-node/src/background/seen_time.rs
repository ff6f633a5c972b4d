//! Looks at how much time has passed, and keeps that in the store. What it comes to is decided in `time/seen_clock.rs`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::Timestamp;
use callslot_store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::advice::with_advice;
use crate::background::steps::run;
use crate::config::NodeConfig;
use crate::limits::{KEEP_SEEN_TIME_EVERY, LOOK_AT_SEEN_TIME_EVERY};
use crate::metrics::NodeMetrics;
use crate::time::counted_clock::Utc;
use crate::time::seen_clock::{SeenClock, SeenStart};
use crate::time::system_clock::{Stopwatch, instant_now};

/// The clock of a node. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct SharedSeenClock(Arc<Mutex<SeenClock>>);

impl SharedSeenClock {
    /// Goes on from what the store has, and keeps what the start has led to. A store that cannot be written now, as on a full
    /// disk, does not keep the node from starting. Blocks.
    pub(crate) fn start(
        store: &dyn Store,
        config: &NodeConfig,
        last: Timestamp,
        moment: Instant,
        wall: Timestamp,
    ) -> Result<Self, StoreError> {
        let kept = store.seen_time()?;
        let is_confirmed = config.confirms_clock;
        let start = SeenStart { kept, last, moment, wall, is_confirmed };
        let clock = SeenClock::start(start, config.retention());
        if let Some(ahead_ms) = clock.doubted_ms() {
            tracing::warn!(
                ahead_hours = ahead_ms / 3_600_000,
                "the system's clock is more than a day ahead of the log's last time, so nothing is removed; correct the clock, \
                 or if it is right, start once with `callslot serve --confirm-clock`"
            );
        }
        let clock = Self(Arc::new(Mutex::new(clock)));
        if let Err(error) = clock.keep(store) {
            tracing::warn!(error = with_advice(&error), "keeping the time seen failed; will retry");
        }
        Ok(clock)
    }

    pub(crate) fn read(&self) -> MutexGuard<'_, SeenClock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the time seen. Blocks.
    pub(crate) fn keep(&self, store: &dyn Store) -> Result<(), StoreError> {
        let (time, changed) = self.read().to_keep();
        let kept = store.keep_seen_time(&time, &changed);
        if kept.is_err() {
            self.read().not_kept(changed);
        }
        kept
    }
}

/// Lets time pass until the node stops.
pub(super) async fn keep_seen_time(
    store: Arc<dyn Store>,
    clock: SharedSeenClock,
    metrics: NodeMetrics,
    utc: Utc,
    mut stop: watch::Receiver<bool>,
) {
    let mut kept = Stopwatch::start();
    loop {
        let doubted_ms = {
            let mut clock = clock.read();
            let moment = instant_now();
            clock.look(moment, utc.at(moment));
            clock.doubted_ms().unwrap_or(0)
        };
        metrics.clock_doubted_ms.set(i64::try_from(doubted_ms).unwrap_or(i64::MAX));
        if kept.elapsed() >= KEEP_SEEN_TIME_EVERY {
            keep(&store, &clock).await;
            kept = Stopwatch::start();
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK_AT_SEEN_TIME_EVERY) => {}
        }
    }
}

/// Keeps the time seen on a blocking thread.
pub(super) async fn keep(store: &Arc<dyn Store>, clock: &SharedSeenClock) {
    let clock = clock.clone();
    run(store, "keeping the time seen", move |store| clock.keep(store).map(|()| 0)).await;
}
