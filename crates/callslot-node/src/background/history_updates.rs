//! Decides when the log is projected into the history: soon after each commit, at low priority as long as the history is not
//! far behind. The projection itself is in `history/project_log.rs`.

use std::sync::Arc;

use callslot_store::Store;
use tokio::sync::watch;

use crate::background::steps::{run, while_more};
use crate::history::project_log::{behind_ms, project};
use crate::history::refusals::Refusals;
use crate::limits::{
    MAX_LOW_PRIORITY_LAG_MS, PROJECT_EVERY, PROJECTED_CHUNKS_PER_ROUND, RETRY_STORE,
};
use crate::metrics::NodeMetrics;
use crate::threads::with_low_priority;
use crate::time::counted_clock::Utc;
use crate::time::system_clock::instant_now;

/// Projects the log until the node stops.
pub(super) async fn project_history(
    store: Arc<dyn Store>,
    metrics: NodeMetrics,
    utc: Utc,
    refusals: Refusals,
    mut progress: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
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
        let (counted, lag_ms) = (refusals.clone(), metrics.history_lag_ms.clone());
        let now = utc.at(instant_now());
        let projected = run(&store, "projecting the history", move |store| {
            let behind_ms = behind_ms(store, now)?;
            lag_ms.set(i64::try_from(behind_ms).unwrap_or(i64::MAX));
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
