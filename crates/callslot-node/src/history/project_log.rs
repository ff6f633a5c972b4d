//! Projects the log into the history, one part at a time. `background/history_updates.rs` decides when.

use callslot_core::{Event, Recorded, Timestamp};
use callslot_store::{Position, Projection, Record, Store, StoreError};

use crate::history::minutes_and_hours::{Turn, earliest_if_back, tally};
use crate::history::refusals::Refusals;
use crate::limits::{ERASURES_PER_PROJECTION, PROJECT_BYTES};

/// Projects the next part of the log and the refusals counted so far, and erases the organisations that were deleted in it.
/// Returns how many records and refusals that were; 0 means there was nothing to do. The position is stored in the same transaction as the results, so a crash
/// neither loses nor doubles anything.
pub fn project(store: &dyn Store, refusals: &Refusals) -> Result<u64, StoreError> {
    let after = store.projected()?;
    let mut records = store.read_from(skip_removed(store, after)?, PROJECT_BYTES)?;
    records.truncate(records_with_few_erasures(&records));
    let mut refused = refusals.pending();
    let done = records.len() + refused.len();
    if done == 0 {
        return Ok(0);
    }
    let reached = records.last().map_or(after, |&(last, _)| last);
    let turn = turn_in(store, after, &records)?;
    let (part, deleted) = tally(records, turn, |named| store.open_parts(named))?;
    // If this is cut off, the same part is projected again.
    for org in &deleted {
        while store.erase(org)? > 0 {}
        while store.erase_audit(org)? > 0 {}
    }
    store.keep_audited(&part.audited)?;
    let of_deleted: Vec<_> = refused.extract_if(.., |it| deleted.contains(&it.org)).collect();
    refusals.forget(&of_deleted);
    let projection = Projection { after, reached, refused, ..part };
    if store.project(&projection)? {
        refusals.forget(&projection.refused);
    }
    Ok(done as u64)
}

/// How many of these records have at most [`ERASURES_PER_PROJECTION`] erasures together; but at least one. Each looks through the filters of an
/// organisation.
fn records_with_few_erasures(records: &[(Position, Record)]) -> usize {
    let mut erasures = 0;
    let fits = |(_, record): &&(Position, Record)| {
        let is_erasure = |it: &&Recorded| matches!(it.event, Event::CallErased(_));
        erasures += record.events.iter().filter(is_erasure).count();
        erasures <= ERASURES_PER_PROJECTION
    };
    records.iter().take_while(fits).count().max(1)
}

/// Whether times go back in the part of the log after `after`.
fn turn_in(
    store: &dyn Store,
    after: Position,
    records: &[(Position, Record)],
) -> Result<Option<Turn>, StoreError> {
    let before = store.read_from(Position(after.0.saturating_sub(1)), 1)?;
    let last = before.first().filter(|(position, _)| *position == after);
    let last = last.map_or(Timestamp(0), |(_, record)| record.now.at);
    let Some(earliest) = earliest_if_back(last, records) else { return Ok(None) };
    Ok(Some(Turn { last, ahead: store.series_after(earliest)? }))
}

/// How far the history is behind: the age of the first record that is not projected yet.
pub(crate) fn behind_ms(store: &dyn Store, now: Timestamp) -> Result<u64, StoreError> {
    let next = store.read_from(skip_removed(store, store.projected()?)?, 1)?;
    Ok(next.first().map_or(0, |(_, record)| now.ms_since(record.now.at)))
}

/// The position to read on from: `after`, or the start of the log when the records after `after` have been removed.
fn skip_removed(store: &dyn Store, after: Position) -> Result<Position, StoreError> {
    Ok(after.max(Position(store.start()?.0.saturating_sub(1))))
}

#[cfg(test)]
mod tests {
    use callslot_core::{Now, Tick};
    use callslot_store::{MemoryStore, Record};

    use super::*;

    #[test]
    fn many_erasures_are_projected_some_at_a_time() {
        let id = callslot_core::CallId::parse("call-1").expect("a call id");
        let org = callslot_core::OrgId::parse("acme").expect("an organisation id");
        let record = |erasures: usize| {
            let event = Event::CallErased(id.clone());
            let recorded = Recorded { org: org.clone(), sequence: None, event };
            let now = Now { at: Timestamp(1), tick: Tick(1) };
            (Position(1), Record { now, events: vec![recorded; erasures] })
        };
        let most = ERASURES_PER_PROJECTION;
        assert_eq!(records_with_few_erasures(&[record(0), record(most), record(0)]), 3);
        assert_eq!(records_with_few_erasures(&[record(most), record(0), record(1), record(0)]), 2);
        assert_eq!(records_with_few_erasures(&[record(most + 1), record(0)]), 1);
    }

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
