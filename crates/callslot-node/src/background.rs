//! What goes on beside the loop and never holds it up: projecting the history, keeping snapshots, removing what is old.

use std::sync::Arc;

use callslot_core::Timestamp;
use callslot_store::{Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::NodeConfig;
use crate::history::project::{
    behind_ms, keep_snapshot, project, prune_figures, truncate, while_more,
};
use crate::history::refusals::Refusals;
use crate::limits::{
    EVENTS_PER_SNAPSHOT, GIVE_WAY_UP_TO_MS, LOOK_FOR_SNAPSHOT_EVERY, PROJECT_EVERY,
    PROJECTED_CHUNKS_AT_THE_END, PROJECTED_CHUNKS_PER_ROUND, PRUNE_EVERY, PRUNE_ON_AFTER,
    PRUNED_CHUNKS_PER_ROUND, RETRY_STORE,
};
use crate::metrics::NodeMetrics;
use crate::shared::Shared;
use crate::threads::{giving_way, spawn_vital, with_store};
use crate::time::counted_clock::Utc;
use crate::time::system_clock::instant_now;

/// The tasks that run beside the loop.
#[derive(Debug)]
pub(crate) struct Background {
    store: Arc<dyn Store>,
    refusals: Refusals,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(
        shared: &Shared,
        config: NodeConfig,
        utc: Utc,
        refusals: Refusals,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        let store = || Arc::clone(&shared.store);
        let progress = || shared.progress.subscribe();
        let metrics = shared.metrics.clone();
        let projecting =
            project_history(store(), metrics, utc, refusals.clone(), progress(), stop.clone());
        let keeping = keep_snapshots(store(), progress(), stop.clone());
        let removing = remove_what_is_old(store(), config, utc, stop.clone());
        let tasks = vec![
            spawn_vital("the projection of the history", projecting),
            spawn_vital("the keeping of snapshots", keeping),
            spawn_vital("the removal of what is old", removing),
        ];
        Self { store: store(), refusals, tasks }
    }

    /// Once the loop has ended: projects what is left and keeps a last snapshot, so that the next start is quick.
    pub(crate) async fn finish(self) {
        for task in self.tasks {
            task.await.expect("background tasks end by themselves");
        }
        let refusals = self.refusals;
        run(&self.store, "projecting the history", move |store| {
            while_more(PROJECTED_CHUNKS_AT_THE_END, || project(store, &refusals))
        })
        .await;
        run(&self.store, "keeping a snapshot", keep_snapshot).await;
    }
}

async fn project_history(
    store: Arc<dyn Store>,
    metrics: NodeMetrics,
    utc: Utc,
    refusals: Refusals,
    mut progress: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    // What an earlier run left to do is there before the first commit.
    let mut is_behind = true;
    let mut pause = PROJECT_EVERY;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            changed = progress.changed(), if !is_behind => if changed.is_err() { return },
            () = refusals.noted(), if !is_behind => {}
            () = tokio::time::sleep(pause), if is_behind => {}
        }
        let (counted, lag_ms) = (refusals.clone(), metrics.history_lag_ms.clone());
        let now = utc.at(instant_now());
        let projected = run(&store, "projecting the history", move |store| {
            let behind_ms = behind_ms(store, now)?;
            lag_ms.set(i64::try_from(behind_ms).unwrap_or(i64::MAX));
            let round = || while_more(PROJECTED_CHUNKS_PER_ROUND, || project(store, &counted));
            // An ended call must be found here before the core forgets it.
            if behind_ms < GIVE_WAY_UP_TO_MS { giving_way(round) } else { round() }
        })
        .await;
        // One more look after a pause finds what was committed meanwhile, and tries again what failed.
        is_behind = projected != Some(0);
        let (_, longest) = RETRY_STORE;
        pause = projected.map_or((pause * 2).min(longest), |_| PROJECT_EVERY);
    }
}

async fn keep_snapshots(
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

async fn remove_what_is_old(
    store: Arc<dyn Store>,
    config: NodeConfig,
    utc: Utc,
    mut stop: watch::Receiver<bool>,
) {
    let mut pause = PRUNE_EVERY;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let now = utc.at(instant_now()).0;
        let older_than = |age_ms| Timestamp(now.saturating_sub(age_ms));
        let records_before = older_than(config.cursor_retention_ms);
        let calls_before = older_than(config.ended_retention_ms);
        let minutes_before = older_than(config.minute_retention_ms);
        let hours_before = older_than(config.history_retention_ms);
        let records =
            run(&store, "removing old records", move |store| truncate(store, records_before)).await;
        let calls = run(&store, "removing old ended calls", move |store| {
            while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune(calls_before))
        })
        .await;
        let figures = run(&store, "removing old figures", move |store| {
            prune_figures(store, minutes_before, hours_before)
        })
        .await;
        let has_more = [records, calls, figures].into_iter().flatten().any(|removed| removed > 0);
        pause = if has_more { PRUNE_ON_AFTER } else { PRUNE_EVERY };
    }
}

/// Does something that blocks, on a thread for it; says how much was done, or nothing when it failed.
async fn run(
    store: &Arc<dyn Store>,
    what: &'static str,
    work: impl FnOnce(&dyn Store) -> Result<u64, StoreError> + Send + 'static,
) -> Option<u64> {
    match with_store(store, work).await {
        Ok(Ok(done)) => {
            if done > 0 {
                tracing::debug!(done, "{what}");
            }
            Some(done)
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "{what} failed; it is tried again later");
            None
        }
        // The runtime is going, and this task with it.
        Err(_) => None,
    }
}
