//! Saves snapshots of the shard, so that a start need not replay the whole log.

use std::sync::Arc;

use callslot_store::{Record, Snapshot, Store, StoreError};
use tokio::sync::{Notify, watch};

use crate::background::steps::run;
use crate::limits::{EVENTS_PER_SNAPSHOT, LOOK_FOR_SNAPSHOT_EVERY};
use crate::shard::recover::{Recovered, recover};

/// Saves snapshots until the node stops: when there are many new events, and when one is `wanted`.
pub(super) async fn keep_snapshots(
    store: Arc<dyn Store>,
    progress: watch::Receiver<u64>,
    wanted: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    let (mut covered, mut held) = (0, 0);
    let mut is_wanted = false;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = wanted.notified() => is_wanted = true,
            () = tokio::time::sleep(LOOK_FOR_SNAPSHOT_EVERY) => {}
        }
        let durable = *progress.borrow();
        // A large snapshot costs more to save, so a start may replay more events after it.
        if (is_wanted || durable - covered >= EVENTS_PER_SNAPSHOT.max(held))
            && let Some(events) = run(&store, "saving a snapshot", keep_snapshot).await
        {
            (covered, held) = (durable, events);
            is_wanted = false;
        }
    }
}

/// Saves a snapshot of the current state of the log, unless the latest one covers it. Returns the number of events in it.
pub fn keep_snapshot(store: &dyn Store) -> Result<u64, StoreError> {
    let Recovered { shard, end, last, snapshot, .. } = recover(store)?;
    if snapshot.is_some_and(|position| position >= end) {
        return Ok(0);
    }
    let events = shard.snapshot(last.tick);
    // Free the state first: it may be large, and saving needs memory too.
    drop(shard);
    let count = events.len() as u64;
    let record = Record { now: last, events };
    store.save_snapshot(&Snapshot { position: end, record })?;
    Ok(count)
}
