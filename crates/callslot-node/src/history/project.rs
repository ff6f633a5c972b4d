//! What keeps a store small and quick to read: the projection of the history, snapshots, and the removal of what is old.
//! When each is done is in `background.rs`.

use callslot_core::Timestamp;
use callslot_store::{Grain, Position, Projection, Record, Snapshot, Store, StoreError};

use crate::history::minutes_and_hours::tally;
use crate::history::refusals::Refusals;
use crate::limits::{PROJECT_BYTES, PRUNED_CHUNKS_PER_ROUND};
use crate::shard::recover::{Recovered, recover};

/// Projects the next part of the log, and the refusals counted so far; says how much it was. The position is kept with what
/// the part comes to, so that a crash neither loses nor doubles anything.
pub fn project(store: &dyn Store, refusals: &Refusals) -> Result<u64, StoreError> {
    let after = store.projected()?;
    let records = store.read_from(kept_from(store, after)?, PROJECT_BYTES)?;
    let refused = refusals.pending();
    let done = records.len() + refused.len();
    if done == 0 {
        return Ok(0);
    }
    let reached = records.last().map_or(after, |&(last, _)| last);
    let part = tally(records, |named| store.open_parts(named))?;
    let projection = Projection { after, reached, refused, ..part };
    if store.project(&projection)? {
        refusals.forget(&projection.refused);
    }
    Ok(done as u64)
}

/// By how much the history is behind: how old the first record is that is not projected.
pub(crate) fn behind_ms(store: &dyn Store, now: Timestamp) -> Result<u64, StoreError> {
    let next = store.read_from(kept_from(store, store.projected()?)?, 1)?;
    Ok(next.first().map_or(0, |(_, record)| now.ms_since(record.now.at)))
}

/// After which position the log is read on from `after`: records that are gone are passed over.
fn kept_from(store: &dyn Store, after: Position) -> Result<Position, StoreError> {
    Ok(after.max(Position(store.start()?.0.saturating_sub(1))))
}

/// Forgets minutes and hours of figures that are old; says how much went.
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

/// Forgets records that no cursor, no projection and no recovery needs.
pub fn truncate(store: &dyn Store, before: Timestamp) -> Result<u64, StoreError> {
    let up_to = store.position_at(before)?.min(store.projected()?);
    while_more(PRUNED_CHUNKS_PER_ROUND, || store.truncate(up_to))
}

/// Repeats a step that says how much it did, up to `most` times, until there was nothing to do.
pub(crate) fn while_more(
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

#[cfg(test)]
mod tests {
    use callslot_core::{Now, Tick};
    use callslot_store::MemoryStore;

    use super::*;

    #[test]
    fn the_history_is_as_far_behind_as_the_first_record_that_is_not_in_it() {
        let store = MemoryStore::default();
        let now = Timestamp(100_000);
        assert_eq!(behind_ms(&store, now).expect("a store in memory"), 0);
        let mut end = Position(0);
        for at in [40_000, 90_000] {
            let now = Now { at: Timestamp(at), tick: Tick(at) };
            let record = Record { now, events: Vec::new() };
            end = callslot_store::Log::append(&store, end, &record).expect("it takes writes");
        }
        assert_eq!(behind_ms(&store, now).expect("a store in memory"), 60_000);
        project(&store, &Refusals::default()).expect("it takes writes");
        assert_eq!(behind_ms(&store, now).expect("a store in memory"), 0);
    }
}
