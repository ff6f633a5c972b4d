//! Decides when the log is projected into the history: soon after each commit, at low priority as long as the history is not
//! far behind. The projection itself is in `history/project_log.rs`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{Semaphore, watch};

use crate::background::steps::{run, while_more};
use crate::history::project_log::{behind_ms, project};
use crate::limits::{
    MAX_LOW_PRIORITY_LAG_MS, PROJECT_EVERY, PROJECTED_CHUNKS_PER_ROUND, RETRY_STORE,
};
use crate::shared_state::ShardState;
use crate::threads::with_low_priority;
use crate::time::system_clock::instant_now;

/// Projects the log of a shard until the node stops, whenever it has one of the `turns`.
pub(super) async fn project_history(
    shard: ShardState,
    turns: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let ShardState { store, gauges, utc, refusals, progress, .. } = shard;
    let mut progress = progress.subscribe();
    // An earlier run may have left something to project.
    let mut is_behind = true;
    let mut pause = PROJECT_EVERY;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            changed = progress.changed(), if !is_behind => if changed.is_err() { return },
            () = refusals.noted(), if !is_behind => {}
            () = tokio::time::sleep(pause), if is_behind => {}
        }
        let _turn = turns.acquire().await.expect("it is never closed");
        let (counted, gauges) = (refusals.clone(), Arc::clone(&gauges));
        let now = utc.at(instant_now());
        let projected = run(&store, "projecting the history", move |store| {
            let behind_ms = behind_ms(store, now)?;
            gauges.history_lag_ms.store(behind_ms, Ordering::Relaxed);
            let round = || while_more(PROJECTED_CHUNKS_PER_ROUND, || project(store, &counted));
            // An ended call must be in the history before the core forgets it.
            if behind_ms < MAX_LOW_PRIORITY_LAG_MS { with_low_priority(round) } else { round() }
        })
        .await;
        // Another round after a pause picks up later commits and retries failures.
        is_behind = projected != Some(0);
        let (_, longest) = RETRY_STORE;
        pause = projected.map_or((pause * 2).min(longest), |_| PROJECT_EVERY);
    }
}
