//! Removes old records, ended calls and figures, in small chunks so that commits are not held up.

use std::sync::Arc;

use callslot_core::Timestamp;
use callslot_store::{Grain, Store, StoreError};
use tokio::sync::watch;

use crate::background::steps::{run, while_more};
use crate::config::NodeConfig;
use crate::limits::{PRUNE_EVERY, PRUNE_ON_AFTER, PRUNED_CHUNKS_PER_ROUND};
use crate::time::counted_clock::Utc;
use crate::time::system_clock::instant_now;

/// Removes old data until the node stops.
pub(super) async fn remove_what_is_old(
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

/// Removes records older than `before` that the projection and recovery no longer need. Returns how many.
pub fn truncate(store: &dyn Store, before: Timestamp) -> Result<u64, StoreError> {
    let up_to = store.position_at(before)?.min(store.projected()?);
    while_more(PRUNED_CHUNKS_PER_ROUND, || store.truncate(up_to))
}

/// Removes old minutes and hours of figures. Returns how many.
pub fn prune_figures(
    store: &dyn Store,
    minutes_before: Timestamp,
    hours_before: Timestamp,
) -> Result<u64, StoreError> {
    let mut removed = 0;
    for (grain, before) in [(Grain::Minute, minutes_before), (Grain::Hour, hours_before)] {
        removed += while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune_figures(grain, before))?;
    }
    Ok(removed)
}
