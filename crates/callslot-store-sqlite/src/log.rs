//! The log: one row a record, and a sparse index from event numbers to positions.
//!
//! How snapshots are kept is in `snapshots.rs`.

use callslot_core::{Now, OrgId, Recorded, Sequence, Timestamp};
use callslot_store::limits::{EVENTS_PER_INDEX_ENTRY, TRUNCATED_PER_CALL};
use callslot_store::stored_form::{decode, encode};
use callslot_store::{AppendError, Log, Position, Record, Snapshot, StoreError};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::positions::{end, start};
use crate::snapshots;
use crate::store::{SqliteStore, use_connection};

impl Log for SqliteStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode(record);
        let mut writer = self.writer().map_err(AppendError::Store)?;
        let appended = append(&mut writer, after, record, &body)?;
        self.checkpoints.ask();
        Ok(appended)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let stored =
            stored_records(&use_connection(&self.reader), after, max_bytes).map_err(Error::from)?;
        stored
            .into_iter()
            .map(|(position, body)| Ok((position, decode(&body, &place_of(position))?)))
            .collect()
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(end(&use_connection(&self.reader)).map_err(Error::from)?)
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(start(&use_connection(&self.reader)).map_err(Error::from)?)
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let reader = use_connection(&self.reader);
        Ok(position_before(&reader, org, sequence).map_err(Error::from)?)
    }

    fn position_at(&self, at: Timestamp) -> Result<Position, StoreError> {
        Ok(position_at(&use_connection(&self.reader), at).map_err(Error::from)?)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        Ok(snapshots::save(self, snapshot)?)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(snapshots::latest(&use_connection(&self.reader))?)
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        Ok(truncate(&mut *self.writer()?, up_to).map_err(Error::from)?)
    }

    fn probe(&self) -> Result<(), StoreError> {
        let writer = self.writer()?;
        writer.execute("UPDATE probe SET times = times + 1", []).map_err(Error::from)?;
        Ok(())
    }
}

fn append(
    writer: &mut Connection,
    after: Position,
    record: &Record,
    body: &[u8],
) -> Result<Position, AppendError> {
    let store = |error: rusqlite::Error| AppendError::Store(Error::from(error).into());
    let transaction =
        writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
    let end = end(&transaction).map_err(store)?;
    if end != after {
        return Err(AppendError::NotAtEnd { after, end });
    }
    let position = after.next();
    insert(&transaction, position, record.now, body).map_err(store)?;
    index(&transaction, position, &record.events).map_err(store)?;
    transaction.commit().map_err(store)?;
    Ok(position)
}

fn insert(
    transaction: &Transaction<'_>,
    at: Position,
    now: Now,
    body: &[u8],
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO log (position, at, body) VALUES (?, ?, ?)")?
        .execute(params![number_of(at), now.at.0.cast_signed(), body])?;
    Ok(())
}

/// Indexes the position of every 1024th event of an organisation.
fn index(transaction: &Transaction<'_>, at: Position, events: &[Recorded]) -> rusqlite::Result<()> {
    for recorded in events {
        let Some(sequence) = recorded.sequence else { continue };
        if sequence.0 % EVENTS_PER_INDEX_ENTRY == 1 {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO sequences (org, sequence, position) VALUES (?, ?, ?)",
                )?
                .execute(params![recorded.org.as_str(), sequence.0.cast_signed(), number_of(at)])?;
        }
    }
    Ok(())
}

fn position_before(
    reader: &Connection,
    org: &OrgId,
    sequence: Sequence,
) -> rusqlite::Result<Position> {
    let start = start(reader)?;
    let indexed: Option<i64> = reader
        .prepare_cached(
            "SELECT position FROM sequences WHERE org = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1",
        )?
        .query_row(params![org.as_str(), sequence.0.cast_signed()], |row| row.get(0))
        .optional()?;
    let from = indexed.map_or(start, position).max(start);
    Ok(Position(from.0.saturating_sub(1)))
}

fn position_at(reader: &Connection, at: Timestamp) -> rusqlite::Result<Position> {
    let mut statement = reader.prepare_cached("SELECT at FROM log WHERE position = ?")?;
    let (mut before, mut beyond) = (start(reader)?.0.saturating_sub(1), end(reader)?.next().0);
    // Times never go back from record to record, and positions have no gaps, so halving finds the place.
    while beyond - before > 1 {
        let middle = Position(before + (beyond - before) / 2);
        let decided: Option<i64> =
            statement.query_row([number_of(middle)], |row| row.get(0)).optional()?;
        // A missing record was truncated after the search began.
        if decided.is_none_or(|decided| decided.cast_unsigned() < at.0) {
            before = middle.0;
        } else {
            beyond = middle.0;
        }
    }
    Ok(Position(before))
}

fn truncate(writer: &mut Connection, up_to: Position) -> rusqlite::Result<u64> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let covered: i64 =
        transaction
            .query_row("SELECT coalesce(max(position), 0) FROM snapshot", [], |row| row.get(0))?;
    let up_to = number_of(up_to).min(covered).min(number_of(end(&transaction)?));
    let removed = transaction.execute(
        "DELETE FROM log WHERE position IN (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ?)",
        params![up_to, TRUNCATED_PER_CALL],
    )?;
    transaction.execute(
        "UPDATE truncated SET position = max(position, coalesce((SELECT min(position) - 1 FROM log), ?))",
        [up_to],
    )?;
    // Entries for removed records do no harm, and finding them means reading the whole index, so only the last step does.
    if removed < TRUNCATED_PER_CALL as usize {
        transaction.execute(
            "DELETE FROM sequences WHERE position <= (SELECT position FROM truncated)",
            [],
        )?;
    }
    transaction.commit()?;
    Ok(removed as u64)
}

/// The stored form of records after `after`, until `max_bytes` are read.
pub(crate) fn stored_records(
    connection: &Connection,
    after: Position,
    max_bytes: usize,
) -> rusqlite::Result<Vec<(Position, Vec<u8>)>> {
    let mut statement = connection
        .prepare_cached("SELECT position, body FROM log WHERE position > ? ORDER BY position")?;
    let mut rows = statement.query([number_of(after)])?;
    let mut records = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(1)?;
        bytes += body.len();
        records.push((position(row.get(0)?), body));
        if bytes >= max_bytes {
            break;
        }
    }
    Ok(records)
}

/// What errors call a record.
pub(crate) fn place_of(position: Position) -> String {
    format!("the record at position {}", position.0)
}
