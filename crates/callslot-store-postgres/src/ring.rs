//! The log's tables: a ring of eight, written one after the other. What was forgotten goes with a whole table, since removing rows would
//! write as much again as adding them did.

use callslot_store::Position;

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::limits::{LEAST_RECORDS_PER_TABLE, RING, TABLES_KEPT};
use crate::owner::{Held, SHARD};
use crate::session::Session;

/// Which records are where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ring {
    /// Records up to here are forgotten.
    pub(crate) truncated: Position,
    /// The last record.
    pub(crate) end: Position,
    /// The tables that hold records, oldest first.
    pub(crate) tables: Vec<Table>,
}

/// A table of the ring that holds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its number.
    pub(crate) slot: usize,
    /// Its first record.
    pub(crate) first: Position,
}

impl Ring {
    /// Finds out what the tables hold.
    pub(crate) fn read(session: &mut Session, held: Held) -> Result<Self, Error> {
        let truncated = position(held.truncated);
        let mut ring = Self { truncated, end: truncated, tables: Vec::new() };
        for step in 1..=RING {
            let slot = (held.slot + step) % RING;
            let text =
                format!("SELECT min(position), max(position) FROM log_{slot} WHERE shard = $1");
            let Some(row) = session.row(&text, &[&SHARD])? else { continue };
            if let (Some(first), Some(last)) = (row.get::<_, Option<i64>>(0), row.get(1)) {
                ring.tables.push(Table { slot, first: position(first) });
                ring.end = ring.end.max(position(last));
            }
        }
        Ok(ring)
    }

    /// The first record that is kept, or the one after the end.
    pub(crate) fn start(&self) -> Position {
        self.truncated.next()
    }

    /// Notes that a record was appended to a table.
    pub(crate) fn append(&mut self, slot: usize, at: Position) {
        self.end = at;
        if self.tables.last().is_none_or(|last| last.slot != slot) {
            self.tables.push(Table { slot, first: at });
        }
    }

    /// The tables with records from `from` on, oldest first.
    pub(crate) fn tables_from(&self, from: Position) -> &[Table] {
        let later = self.tables.iter().rposition(|table| table.first <= from).unwrap_or(0);
        &self.tables[later..]
    }

    /// The table that the log goes on in, if it is time for another one.
    pub(crate) fn next_slot(&self, current: usize) -> Option<usize> {
        let last = self.tables.last().filter(|last| last.slot == current)?;
        let (here, kept) = (self.end.next().0 - last.first.0, self.end.0 - self.truncated.0);
        let next = (current + 1) % RING;
        let is_time = here >= LEAST_RECORDS_PER_TABLE.max(kept / TABLES_KEPT);
        (is_time && self.tables.iter().all(|table| table.slot != next)).then_some(next)
    }

    /// Takes away the oldest table, if all in it is forgotten. The newest always stays.
    pub(crate) fn forgotten_table(&mut self) -> Option<Table> {
        let [oldest, second, ..] = self.tables[..] else { return None };
        let is_forgotten = second.first.0 <= self.truncated.next().0;
        is_forgotten.then(|| {
            self.tables.remove(0);
            oldest
        })
    }
}

/// The stored form of records after `after` and up to `up_to` in one table, until `max_bytes` are read: at least one, if there is one.
pub(crate) fn stored_records(
    session: &mut Session,
    slot: usize,
    (after, up_to): (Position, Position),
    max_bytes: i64,
    most: i64,
) -> Result<Vec<(Position, Vec<u8>)>, Error> {
    let text = format!(
        "SELECT position, body FROM (SELECT position, body, sum(octet_length(body)) OVER (ORDER BY position) - octet_length(body) AS before
            FROM (SELECT position, body FROM log_{slot} WHERE shard = $1 AND position > $2 AND position <= $3
                  ORDER BY position LIMIT $5) AS looked_at) AS summed
         WHERE before < $4 ORDER BY position",
    );
    let bounds = (number_of(after), number_of(up_to));
    let rows = session.rows(&text, &[&SHARD, &bounds.0, &bounds.1, &max_bytes, &most])?;
    Ok(rows.iter().map(|row| (position(row.get(0)), row.get(1))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(truncated: u64, end: u64, tables: &[(usize, u64)]) -> Ring {
        let tables = tables.iter().map(|&(slot, first)| Table { slot, first: Position(first) });
        Ring { truncated: Position(truncated), end: Position(end), tables: tables.collect() }
    }

    #[test]
    fn the_log_goes_on_in_another_table_when_a_sixth_of_it_is_in_one_and_the_next_is_empty() {
        assert_eq!(ring(0, 1_023, &[(0, 1)]).next_slot(0), None);
        assert_eq!(ring(0, 1_024, &[(0, 1)]).next_slot(0), Some(1));
        assert_eq!(ring(0, 12_000, &[(6, 1), (7, 10_500)]).next_slot(7), None);
        assert_eq!(ring(0, 12_600, &[(6, 1), (7, 10_500)]).next_slot(7), Some(0));
        assert_eq!(ring(0, 12_600, &[(0, 1), (7, 10_500)]).next_slot(7), None);
        // It has gone on there already, and nothing was appended since.
        assert_eq!(ring(0, 12_600, &[(6, 1), (7, 10_500)]).next_slot(0), None);
    }

    #[test]
    fn a_table_goes_when_all_in_it_is_forgotten_and_it_is_not_the_newest() {
        assert_eq!(ring(9, 20, &[(0, 1), (1, 11)]).forgotten_table(), None);
        let mut passed = ring(10, 20, &[(0, 1), (1, 11)]);
        assert_eq!(passed.forgotten_table(), Some(Table { slot: 0, first: Position(1) }));
        assert_eq!(passed.tables, [Table { slot: 1, first: Position(11) }]);
        assert_eq!(ring(20, 20, &[(1, 11)]).forgotten_table(), None);
    }

    #[test]
    fn a_read_begins_in_the_table_that_holds_its_first_record() {
        let ring = ring(0, 30, &[(6, 1), (7, 11), (0, 21)]);
        let slots = |from| ring.tables_from(Position(from)).iter().map(|it| it.slot).collect();
        let all: Vec<usize> = slots(1);
        assert_eq!(all, [6, 7, 0]);
        assert_eq!(slots(20), [7, 0]);
        assert_eq!(slots(21), [0]);
        assert_eq!(slots(99), [0]);
    }
}
