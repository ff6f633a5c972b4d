//! Saves snapshots of the shards, so that a start need not replay the whole log.

use std::sync::atomic::Ordering;

use callslot_store::{Record, Snapshot, Store, StoreError};
use tokio::sync::watch;

use crate::background::steps::run;
use crate::limits::{EVENTS_PER_SNAPSHOT, LOOK_FOR_SNAPSHOT_EVERY};
use crate::shard::recover::{Recovered, recover};
use crate::shared_state::ShardState;

/// What the last snapshot of a shard covers, and how many events it has.
#[derive(Debug, Clone, Copy, Default)]
struct Covered {
    durable: u64,
    held: u64,
}

/// Saves snapshots of the shards until the node stops, one at a time since each takes memory: when a shard has many new events, and when
/// one is wanted.
pub(super) async fn keep_snapshots(shards: Vec<ShardState>, mut stop: watch::Receiver<bool>) {
    let mut covered = vec![Covered::default(); shards.len()];
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK_FOR_SNAPSHOT_EVERY) => {}
        }
        for (shard, covered) in shards.iter().zip(&mut covered) {
            let durable = *shard.progress.borrow();
            let is_wanted = shard.is_snapshot_wanted.load(Ordering::Relaxed);
            // A large snapshot costs more to save, so a start may replay more events after it.
            if (is_wanted || durable - covered.durable >= EVENTS_PER_SNAPSHOT.max(covered.held))
                && !*stop.borrow()
                && let Some(held) = run(&shard.store, "saving a snapshot", keep_snapshot).await
            {
                *covered = Covered { durable, held };
                shard.is_snapshot_wanted.store(false, Ordering::Relaxed);
            }
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
