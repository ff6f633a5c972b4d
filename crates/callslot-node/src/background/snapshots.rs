//! Snapshots of a shard: how one is made of what the log holds, and when.

use std::sync::Arc;

use callslot_store::{Record, Snapshot, Store, StoreError};
use tokio::sync::watch;

use crate::background::tasks::run;
use crate::limits::{EVENTS_PER_SNAPSHOT, LOOK_FOR_SNAPSHOT_EVERY};
use crate::shard::recover::{Recovered, recover};

/// Keeps snapshots until the node stops.
pub(super) async fn keep_snapshots(
    store: Arc<dyn Store>,
    progress: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    let (mut covered, mut held) = (0, 0);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK_FOR_SNAPSHOT_EVERY) => {}
        }
        let durable = *progress.borrow();
        // The more a snapshot holds, the more it costs, and the more may be read after it at a start.
        if durable - covered >= EVENTS_PER_SNAPSHOT.max(held)
            && let Some(events) = run(&store, "keeping a snapshot", keep_snapshot).await
        {
            (covered, held) = (durable, events);
        }
    }
}

/// Keeps a snapshot of what the log holds now, if the newest one does not cover it; says how many events it holds.
pub fn keep_snapshot(store: &dyn Store) -> Result<u64, StoreError> {
    let Recovered { shard, end, last, snapshot, .. } = recover(store)?;
    if snapshot.is_some_and(|position| position >= end) {
        return Ok(0);
    }
    let events = shard.snapshot(last.tick);
    // It may be large, and what follows needs memory of its own.
    drop(shard);
    let count = events.len() as u64;
    let record = Record { now: last, events };
    store.save_snapshot(&Snapshot { position: end, record })?;
    Ok(count)
}
