//! What keeps a store small and quick to read: the projection of ended calls, snapshots, and the removal of what is old.
//! When each is done is in `background.rs`.

use callslot_core::{Event, Timestamp};
use callslot_store::{Position, Record, Snapshot, Store, StoreError};

use crate::limits::{PRUNED_CHUNKS_PER_ROUND, READ_BYTES};
use crate::recover::recover;

/// Projects the next part of the log; says how many records it was. The position is kept with the calls, so that a crash
/// neither loses nor doubles one.
pub fn project(store: &dyn Store) -> Result<u64, StoreError> {
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

/// Keeps a snapshot of what the log holds now, if the newest one does not cover it; says how many events it holds.
pub fn keep_snapshot(store: &dyn Store) -> Result<u64, StoreError> {
    let recovered = recover(store)?;
    let newest = store.latest_snapshot()?.map(|snapshot| snapshot.position);
    if newest.is_some_and(|position| position >= recovered.end) {
        return Ok(0);
    }
    let events = recovered.shard.snapshot(recovered.last.tick);
    let count = events.len() as u64;
    let record = Record { now: recovered.last, events };
    store.save_snapshot(&Snapshot { position: recovered.end, record })?;
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
