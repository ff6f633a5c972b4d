//! Removes old records, ended calls and figures, in small chunks so that commits are not held up. What is old, the time that the
//! server has seen says, and no clock.

use std::sync::atomic::Ordering;

use callslot_store::{Aging, Grain, OldTimes, Store, StoreError};
use tokio::sync::watch;

use crate::background::steps::{run, while_more};
use crate::limits::{PRUNE_EVERY, PRUNE_FIRST_AFTER, PRUNE_ON_AFTER, PRUNED_CHUNKS_PER_ROUND};
use crate::shared_state::{ShardState, Shared};

/// Removes old data until the node stops. Each shard has a log; the rest is in the store once. Asks for a snapshot where old records
/// stay because none covers them.
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
                    for shard in &shards {
                        removed += remove_old_records(shard, &old).await.unwrap_or(0);
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

/// Removes old records of a shard, and asks for a snapshot where there are more that none covers. Returns how many it removed.
async fn remove_old_records(shard: &ShardState, old: &OldTimes) -> Option<u64> {
    let of_log = old.clone();
    let truncate = move |store: &dyn Store| truncate(store, &of_log);
    let removed = run(&shard.store, "removing old records", truncate).await?;
    if removed == 0 {
        let old = old.clone();
        let count = move |store: &dyn Store| old_and_not_covered(store, &old);
        let left = run(&shard.store, "counting old records that no snapshot covers", count).await?;
        if left > 0 {
            shard.is_snapshot_wanted.store(true, Ordering::Relaxed);
        }
    }
    Some(removed)
}

/// Removes old records that the projection and recovery no longer need. Returns how many.
pub fn truncate(store: &dyn Store, old: &OldTimes) -> Result<u64, StoreError> {
    let up_to = store.position_of_old(old)?.min(store.projected()?);
    while_more(PRUNED_CHUNKS_PER_ROUND, || store.truncate(up_to))
}

/// How many old records stay when [`truncate`] removes no more, because no snapshot covers them. On a quiet server that could be for long, and
/// what was erased is in them.
pub fn old_and_not_covered(store: &dyn Store, old: &OldTimes) -> Result<u64, StoreError> {
    let up_to = store.position_of_old(old)?.min(store.projected()?);
    Ok((up_to.0 + 1).saturating_sub(store.start()?.0))
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

#[cfg(test)]
mod tests {
    use callslot_core::{Now, Tick, Timestamp};
    use callslot_store::{Log as _, MemoryStore, Position, Record};

    use super::*;
    use crate::background::snapshots::keep_snapshot;
    use crate::history::project_log::project;
    use crate::history::refusals::Refusals;

    #[test]
    fn old_records_that_no_snapshot_covers_are_counted_until_one_does() {
        let store = MemoryStore::default();
        let mut end = Position(0);
        for at in [1, 2, 50] {
            let now = Now { at: Timestamp(at), tick: Tick(at) };
            end = store.append(end, &Record { now, events: Vec::new() }).expect("it takes writes");
        }
        project(&store, &Refusals::default()).expect("it takes writes");
        let old = OldTimes::before(Timestamp(10));
        let left = || old_and_not_covered(&store, &old).expect("a read");
        assert_eq!((truncate(&store, &old).expect("a truncation"), left()), (0, 2));
        keep_snapshot(&store).expect("a snapshot");
        assert_eq!((truncate(&store, &old).expect("a truncation"), left()), (2, 0));
        assert_eq!(truncate(&store, &old).expect("a truncation"), 0);
    }
}
