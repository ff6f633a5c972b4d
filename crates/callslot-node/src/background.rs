//! What goes on beside the loop and never holds it up: projecting ended calls, keeping snapshots, removing what is old.

use std::sync::Arc;

use callslot_core::{Event, Timestamp};
use callslot_store::{Position, Record, Snapshot, Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::wall_now;
use crate::handle::NodeConfig;
use crate::limits::{
    EVENTS_PER_SNAPSHOT, LOOK_FOR_SNAPSHOT_EVERY, PROJECT_EVERY, PRUNE_EVERY,
    PRUNED_CHUNKS_PER_ROUND, READ_BYTES,
};
use crate::recover::recover;
use crate::shard_loop::Shared;

/// The tasks that run beside the loop.
#[derive(Debug)]
pub(crate) struct Background {
    store: Arc<dyn Store>,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(shared: &Shared, config: NodeConfig, stop: watch::Receiver<bool>) -> Self {
        let store = Arc::clone(&shared.store);
        let progress = shared.progress.subscribe();
        let tasks = vec![
            tokio::spawn(project_ended_calls(Arc::clone(&store), progress.clone(), stop.clone())),
            tokio::spawn(keep_snapshots(Arc::clone(&store), progress, stop.clone())),
            tokio::spawn(remove_what_is_old(Arc::clone(&store), config, stop)),
        ];
        Self { store, tasks }
    }

    /// Once the loop has ended: projects what is left and keeps a last snapshot, so that the next start is quick.
    pub(crate) async fn finish(self) {
        for task in self.tasks {
            task.await.expect("background tasks end by themselves");
        }
        run(&self.store, "projecting ended calls", |store| {
            while_more(usize::MAX, || project(store))
        })
        .await;
        run(&self.store, "keeping a snapshot", |store| keep_snapshot(store).map(|_| 0)).await;
    }
}

async fn project_ended_calls(
    store: Arc<dyn Store>,
    mut progress: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    // What an earlier run left to do is there before the first commit.
    progress.mark_changed();
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            changed = progress.changed() => if changed.is_err() { return },
        }
        run(&store, "projecting ended calls", |store| while_more(64, || project(store))).await;
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(PROJECT_EVERY) => {}
        }
    }
}

async fn keep_snapshots(
    store: Arc<dyn Store>,
    progress: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    let mut covered = 0;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK_FOR_SNAPSHOT_EVERY) => {}
        }
        let durable = *progress.borrow();
        if durable - covered >= EVENTS_PER_SNAPSHOT {
            covered = durable;
            run(&store, "keeping a snapshot", |store| keep_snapshot(store).map(|_| 0)).await;
        }
    }
}

async fn remove_what_is_old(
    store: Arc<dyn Store>,
    config: NodeConfig,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(PRUNE_EVERY) => {}
        }
        let now = wall_now().0;
        let records_before = Timestamp(now.saturating_sub(config.cursor_retention_ms));
        let calls_before = Timestamp(now.saturating_sub(config.ended_retention_ms));
        run(&store, "removing old records", move |store| truncate(store, records_before)).await;
        run(&store, "removing old ended calls", move |store| {
            while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune(calls_before))
        })
        .await;
    }
}

/// Projects the next part of the log; says how many records it was. The position is kept with the calls, so that a crash
/// neither loses nor doubles one.
fn project(store: &dyn Store) -> Result<u64, StoreError> {
    let from = store.projected()?.max(Position(store.start()?.0.saturating_sub(1)));
    let records = store.read_from(from, READ_BYTES)?;
    let Some(&(reached, _)) = records.last() else {
        return Ok(0);
    };
    let count = records.len() as u64;
    let ended: Vec<_> = records
        .into_iter()
        .flat_map(|(_, record)| record.events)
        .filter_map(|recorded| {
            let Event::CallEnded(call) = recorded.event else {
                return None;
            };
            let sequence = recorded.sequence.expect("the end of a call is public");
            Some((recorded.org, sequence, call))
        })
        .collect();
    store.project(&ended, reached)?;
    Ok(count)
}

/// Keeps a snapshot of what the log holds now, if the newest one does not cover it; says where it stands.
fn keep_snapshot(store: &dyn Store) -> Result<Position, StoreError> {
    let recovered = recover(store)?;
    let newest = store.latest_snapshot()?.map(|snapshot| snapshot.position);
    if newest.is_some_and(|position| position >= recovered.end) {
        return Ok(recovered.end);
    }
    let events = recovered.shard.snapshot(recovered.last.tick);
    let record = Record { now: recovered.last, events };
    store.save_snapshot(&Snapshot { position: recovered.end, record })?;
    Ok(recovered.end)
}

/// Forgets records that no cursor, no projection and no recovery needs.
fn truncate(store: &dyn Store, before: Timestamp) -> Result<u64, StoreError> {
    let up_to = store.position_at(before)?.min(store.projected()?);
    while_more(PRUNED_CHUNKS_PER_ROUND, || store.truncate(up_to))
}

/// Repeats a step that says how much it did, up to `most` times, until there was nothing to do.
fn while_more(
    most: usize,
    mut step: impl FnMut() -> Result<u64, StoreError>,
) -> Result<u64, StoreError> {
    let mut done = 0;
    for _ in 0..most {
        match step()? {
            0 => break,
            more => done += more,
        }
    }
    Ok(done)
}

/// Does something that blocks, on a thread for it. A store that fails is tried again the next time.
async fn run(
    store: &Arc<dyn Store>,
    what: &'static str,
    work: impl FnOnce(&dyn Store) -> Result<u64, StoreError> + Send + 'static,
) {
    let store = Arc::clone(store);
    let outcome = tokio::task::spawn_blocking(move || work(&*store)).await;
    match outcome.expect("background work does not panic") {
        Ok(0) => {}
        Ok(done) => tracing::debug!(done, "{what}"),
        Err(error) => tracing::warn!(%error, "{what} failed; it is tried again later"),
    }
}
