//! Removes old records, ended calls and figures, in small chunks so that commits are not held up. What is old, the time that the
//! server has seen says, and no clock.

use callslot_store::{Aging, Grain, OldTimes, Store, StoreError};
use tokio::sync::watch;

use crate::background::steps::{run, while_more};
use crate::limits::{PRUNE_EVERY, PRUNE_FIRST_AFTER, PRUNE_ON_AFTER, PRUNED_CHUNKS_PER_ROUND};
use crate::shared_state::{ShardState, Shared};

/// Removes old data until the node stops. Each shard has a log; the rest is in the store once.
pub(super) async fn remove_what_is_old(
    shared: Shared,
    shards: Vec<ShardState>,
    mut stop: watch::Receiver<bool>,
) {
    let Shared { store, seen_clock: clock, .. } = shared;
    let mut pause = PRUNE_FIRST_AFTER;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let mut has_more = false;
        for kind in Aging::ALL {
            let _no_time_is_corrected = clock.before_removal().await;
            let old = clock.read().old(kind);
            let removed = match kind {
                Aging::Records => {
                    let mut removed = 0;
                    for ShardState { store, .. } in &shards {
                        let old = old.clone();
                        let truncate = move |store: &dyn Store| truncate(store, &old);
                        removed += run(store, "removing old records", truncate).await.unwrap_or(0);
                    }
                    Some(removed)
                }
                Aging::EndedCalls => {
                    run(&store, "removing old ended calls", move |store| {
                        while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune(&old))
                    })
                    .await
                }
                Aging::Minutes | Aging::Hours => {
                    let grain = if kind == Aging::Minutes { Grain::Minute } else { Grain::Hour };
                    run(&store, "removing old figures", move |store| {
                        prune_figures(store, grain, &old)
                    })
                    .await
                }
            };
            has_more |= removed.is_some_and(|removed| removed > 0);
        }
        pause = if has_more { PRUNE_ON_AFTER } else { PRUNE_EVERY };
    }
}

/// Removes old records that the projection and recovery no longer need. Returns how many.
pub fn truncate(store: &dyn Store, old: &OldTimes) -> Result<u64, StoreError> {
    let up_to = store.position_of_old(old)?.min(store.projected()?);
    while_more(PRUNED_CHUNKS_PER_ROUND, || store.truncate(up_to))
}

/// Removes old minutes or hours of figures, and with the hours old entries of the audit. Returns how many.
pub fn prune_figures(store: &dyn Store, grain: Grain, old: &OldTimes) -> Result<u64, StoreError> {
    let figures = while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune_figures(grain, old))?;
    let audit = match grain {
        Grain::Minute => 0,
        Grain::Hour => while_more(PRUNED_CHUNKS_PER_ROUND, || store.prune_audit(old))?,
    };
    Ok(figures + audit)
}
