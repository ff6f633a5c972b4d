//! Looks at how much time has passed, and keeps that in the store. What it comes to is decided in `time/seen_clock.rs`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::Timestamp;
use callslot_store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::advice::with_advice;
use crate::background::steps::run;
use crate::config::NodeConfig;
use crate::gate_hours::shared_timetable::SharedTimetable;
use crate::limits::{KEEP_SEEN_TIME_EVERY, LOOK_AT_SEEN_TIME_EVERY};
use crate::metrics::NodeMetrics;
use crate::time::counted_clock::Utc;
use crate::time::seen_clock::{SeenClock, SeenStart};
use crate::time::system_clock::{Stopwatch, both_clocks, instant_now};

/// The clock of a node. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct SharedSeenClock {
    clock: Arc<Mutex<SeenClock>>,
    /// Held while what is old is removed, and while the time that is shown is corrected.
    removal: Arc<tokio::sync::Mutex<()>>,
}

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
        let clock = Self { clock: Arc::new(Mutex::new(clock)), removal: Arc::default() };
        if let Err(error) = clock.keep(store) {
            tracing::warn!(error = with_advice(&error), "keeping the time seen failed; will retry");
        }
        Ok(clock)
    }

    pub(crate) fn read(&self) -> MutexGuard<'_, SeenClock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As long as this is held, times that are not old do not come to be shown again, so nothing has one that looks old.
    pub(crate) async fn before_removal(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.removal.lock().await
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
    (utc, timetables): (Utc, Vec<SharedTimetable>),
    mut stop: watch::Receiver<bool>,
) {
    let mut kept = Stopwatch::start();
    loop {
        if follow_corrections(&store, &clock, &metrics, &utc).await {
            timetables.iter().for_each(SharedTimetable::look_again);
        }
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

/// Lets the time that is shown follow the system's clock, if that has been set, and says so. Returns whether it has been.
async fn follow_corrections(
    store: &Arc<dyn Store>,
    clock: &SharedSeenClock,
    metrics: &NodeMetrics,
    utc: &Utc,
) -> bool {
    let corrected = both_clocks().is_some_and(|(at, wall)| utc.correction(at, wall).is_some());
    if !corrected {
        return false;
    }
    let _none_is_removed = clock.before_removal().await;
    let Some((moment, wall)) = both_clocks() else { return false };
    let Some(ms) = utc.correction(moment, wall) else { return false };
    // The time is known to be shown again before anything is dated by it, also to the next process.
    clock.read().look(moment, wall);
    keep(store, clock).await;
    utc.correct(moment, wall);
    metrics.note_correction(ms);
    let direction = if ms < 0 { "back" } else { "forward" };
    tracing::warn!(
        by_ms = ms.unsigned_abs(),
        direction,
        "the system's clock was set; times that are shown follow it from now on, and no deadline does"
    );
    true
}

/// Says so if a start shows a time before that of the last record: a clock was wrong when that was written, or is now.
pub(crate) fn say_if_ahead(last: Timestamp, shown: Timestamp, metrics: &NodeMetrics) {
    let ahead_ms = last.ms_since(shown);
    if ahead_ms > 0 {
        metrics.note_correction(ahead_ms.cast_signed().saturating_neg());
        tracing::warn!(
            by_ms = ahead_ms,
            "the log's last time is ahead of the system's clock; times that are shown follow the clock from now on, and no deadline does"
        );
    }
}

/// Keeps the time seen on a blocking thread.
pub(super) async fn keep(store: &Arc<dyn Store>, clock: &SharedSeenClock) {
    let clock = clock.clone();
    run(store, "keeping the time seen", move |store| clock.keep(store).map(|()| 0)).await;
}
