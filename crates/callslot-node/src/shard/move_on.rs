//! After a restore: moves the numbers of all organisations on. What the store gave out between the backup and its loss is not in
//! the backup, so the same numbers would be given again, and a cursor, a ticket or an entity tag from then would name something else.

use callslot_core::{Event, OrgEvent, Recorded, Sequence, Ticket, Version};
use callslot_store::{AppendError, Record, Store, StoreError};

use crate::limits::MAX_EVENTS_PER_RECORD;
use crate::shard::recover::{Recovered, recover};

/// How far numbers move on: more than an organisation gives between a backup and a restore, and few enough that thousands of
/// restores stay below 2^53, up to which JSON numbers are exact everywhere.
const NUMBERS_PER_RESTORE: u64 = 1 << 40;

/// Moves the event numbers, tickets and versions of all organisations on, deleted ones included. Nobody else may use the store.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written.
pub fn move_numbers_on(store: &dyn Store) -> Result<(), StoreError> {
    let Recovered { shard, end, last, .. } = recover(store)?;
    // A snapshot has the counters of every organisation once.
    let events: Vec<_> = shard.snapshot(last.tick).into_iter().filter_map(moved_on).collect();
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

fn moved_on(recorded: Recorded) -> Option<Recorded> {
    let Event::Org(OrgEvent::CountersRestored(mut counters)) = recorded.event else {
        return None;
    };
    counters.sequence = Sequence(counters.sequence.0 + NUMBERS_PER_RESTORE);
    counters.ticket = Ticket(counters.ticket.0 + NUMBERS_PER_RESTORE);
    counters.version = Version(counters.version.0 + NUMBERS_PER_RESTORE);
    Some(Recorded { event: OrgEvent::CountersRestored(counters).into(), ..recorded })
}
