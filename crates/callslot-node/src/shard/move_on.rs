//! After a restore: moves the numbers of all organisations on. What the store gave out between the backup and its loss is not in
//! the backup, so the same numbers would be given again, and a cursor, a ticket or an entity tag from then would name something else.

use callslot_core::{Event, OrgEvent, Recorded, Sequence, Ticket, Version};
use callslot_store::{AppendError, Record, Store, StoreError};

use crate::limits::MAX_EVENTS_PER_RECORD;
use crate::shard::recover::{Recovered, recover};

/// How far numbers move on at least, and half of what they do at most: more than an organisation gives between a backup and a restore, and few enough that thousands of
/// restores stay below 2^53, up to which JSON numbers are exact everywhere.
const NUMBERS_PER_RESTORE: u64 = 1 << 40;

/// Moves the event numbers, tickets and versions of all organisations on, deleted ones included. Nobody else may use the store.
///
/// How far is drawn by the caller: where one backup is restored twice, the numbers of the first life mean nothing in the second.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written.
pub fn move_numbers_on(store: &dyn Store, drawn: u64) -> Result<(), StoreError> {
    let step = NUMBERS_PER_RESTORE + drawn % NUMBERS_PER_RESTORE;
    let Recovered { shard, end, last, .. } = recover(store)?;
    // A snapshot has the counters of every organisation once.
    let counters = shard.snapshot(last.tick).into_iter();
    let events: Vec<_> = counters.filter_map(|recorded| moved_on(recorded, step)).collect();
    let mut end = end;
    // An interrupted restore is begun again, so a crash between two records does no harm.
    for events in events.chunks(MAX_EVENTS_PER_RECORD) {
        let record = Record { now: last, events: events.to_vec() };
        end = store.append(end, &record).map_err(|error| match error {
            AppendError::Store(error) => error,
            AppendError::NotAtEnd { .. } => StoreError::InUse { place: "the log".into() },
            AppendError::TooLarge { .. } => panic!("a record is bounded: {error}"),
        })?;
    }
    Ok(())
}

fn moved_on(recorded: Recorded, step: u64) -> Option<Recorded> {
    let Event::Org(OrgEvent::CountersRestored(mut counters)) = recorded.event else {
        return None;
    };
    counters.sequence = Sequence(counters.sequence.0 + step);
    counters.ticket = Ticket(counters.ticket.0 + step);
    counters.version = Version(counters.version.0 + step);
    Some(Recorded { event: OrgEvent::CountersRestored(counters).into(), ..recorded })
}
