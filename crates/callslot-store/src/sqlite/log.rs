//! The log in SQLite: one row a record, and a sparse index from event numbers to positions.

use std::sync::PoisonError;

use callslot_core::{Now, OrgId, Recorded, Sequence, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::contract::log::{AppendError, Log, Position, Record, Snapshot, StoreError};
use crate::limits::{EVENTS_PER_INDEX_ENTRY, SNAPSHOT_PART_BYTES, TRUNCATED_PER_CALL};
use crate::sqlite::{SqliteStore, use_connection};
use crate::stored_form;

impl Log for SqliteStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = stored_form::encode(record);
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
        let stored = stored_records(&use_connection(&self.reader), after, max_bytes)?;
        stored
            .into_iter()
            .map(|(position, body)| {
                Ok((position, stored_form::decode(&body, &place_of(position))?))
            })
            .collect()
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(end(&use_connection(&self.reader))?)
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(start(&use_connection(&self.reader))?)
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let reader = use_connection(&self.reader);
        let start = start(&reader)?;
        let indexed: Option<i64> = reader
            .prepare_cached(
                "SELECT position FROM sequences WHERE org = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1",
            )?
            .query_row(params![org.as_str(), sequence.0.cast_signed()], |row| row.get(0))
            .optional()?;
        let from = indexed.map_or(start, position).max(start);
        Ok(Position(from.0.saturating_sub(1)))
    }

    fn position_at(&self, at: Timestamp) -> Result<Position, StoreError> {
        let reader = use_connection(&self.reader);
        let mut statement = reader.prepare_cached("SELECT at FROM log WHERE position = ?")?;
        let (mut before, mut beyond) =
            (start(&reader)?.0.saturating_sub(1), end(&reader)?.next().0);
        // Times never go back from record to record, and positions have no gaps, so halving finds the place.
        while beyond - before > 1 {
            let middle = Position(before + (beyond - before) / 2);
            let decided: Option<i64> =
                statement.query_row([number(middle)], |row| row.get(0)).optional()?;
            // A record that is gone was truncated since the search began.
            if decided.is_none_or(|decided| decided.cast_unsigned() < at.0) {
                before = middle.0;
            } else {
                beyond = middle.0;
            }
        }
        Ok(Position(before))
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let body = stored_form::encode(&snapshot.record);
        let _saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: i64 = use_connection(&self.reader).query_row(
            "SELECT coalesce(max(save), 0) FROM snapshot",
            [],
            |row| row.get(0),
        )?;
        self.forget_parts_except(kept)?;
        let save = kept + 1;
        // Each part is a transaction of its own, so that appends go on in between; the last one makes the parts count.
        for (part, bytes) in body.chunks(SNAPSHOT_PART_BYTES).enumerate() {
            let part = i64::try_from(part).expect("a snapshot has fewer than 2^63 parts");
            self.writer()?
                .prepare_cached("INSERT INTO snapshot_part (save, part, body) VALUES (?, ?, ?)")?
                .execute(params![save, part, bytes])?;
        }
        self.writer()?.execute(
            "INSERT OR REPLACE INTO snapshot (id, position, save) VALUES (0, ?, ?)",
            params![number(snapshot.position), save],
        )?;
        self.forget_parts_except(save)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let stored = stored_snapshot(&use_connection(&self.reader))?;
        let Some((position, body)) = stored else {
            return Ok(None);
        };
        let record = stored_form::decode(&body, &place_of_snapshot(position))?;
        Ok(Some(Snapshot { position, record }))
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        let mut writer = self.writer()?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let covered: i64 = transaction.query_row(
            "SELECT coalesce(max(position), 0) FROM snapshot",
            [],
            |row| row.get(0),
        )?;
        let up_to = number(up_to).min(covered).min(number(end(&transaction)?));
        let removed = transaction.execute(
            "DELETE FROM log WHERE position IN (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ?)",
            params![up_to, TRUNCATED_PER_CALL],
        )?;
        transaction.execute(
            "UPDATE truncated SET position = max(position, coalesce((SELECT min(position) - 1 FROM log), ?))",
            [up_to],
        )?;
        // Entries for records that are gone lead nobody astray, and finding them means reading all, so the last step does.
        if removed < TRUNCATED_PER_CALL as usize {
            transaction.execute(
                "DELETE FROM sequences WHERE position <= (SELECT position FROM truncated)",
                [],
            )?;
        }
        transaction.commit()?;
        Ok(removed as u64)
    }

    fn probe(&self) -> Result<(), StoreError> {
        let writer = self.writer()?;
        writer.execute("UPDATE probe SET times = times + 1", [])?;
        Ok(())
    }
}

impl SqliteStore {
    /// Forgets the parts of all saves but one, a part at a time, so that appends go on in between.
    fn forget_parts_except(&self, save: i64) -> Result<(), StoreError> {
        loop {
            let removed = self.writer()?.execute(
                "DELETE FROM snapshot_part WHERE rowid =
                 (SELECT rowid FROM snapshot_part WHERE save != ? LIMIT 1)",
                [save],
            )?;
            if removed == 0 {
                return Ok(());
            }
        }
    }
}

fn append(
    writer: &mut Connection,
    after: Position,
    record: &Record,
    body: &[u8],
) -> Result<Position, AppendError> {
    let store = |error: rusqlite::Error| AppendError::Store(error.into());
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
        .execute(params![number(at), now.at.0.cast_signed(), body])?;
    Ok(())
}

/// Notes where every so-many-th event of an organisation is.
fn index(transaction: &Transaction<'_>, at: Position, events: &[Recorded]) -> rusqlite::Result<()> {
    for recorded in events {
        let Some(sequence) = recorded.sequence else { continue };
        if sequence.0 % EVENTS_PER_INDEX_ENTRY == 1 {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO sequences (org, sequence, position) VALUES (?, ?, ?)",
                )?
                .execute(params![recorded.org.as_str(), sequence.0.cast_signed(), number(at)])?;
        }
    }
    Ok(())
}

/// The stored form of records after `after`, until `max_bytes` are read.
pub(crate) fn stored_records(
    connection: &Connection,
    after: Position,
    max_bytes: usize,
) -> rusqlite::Result<Vec<(Position, Vec<u8>)>> {
    let mut statement = connection
        .prepare_cached("SELECT position, body FROM log WHERE position > ? ORDER BY position")?;
    let mut rows = statement.query([number(after)])?;
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

/// The newest snapshot's position and stored form.
pub(crate) fn stored_snapshot(
    connection: &Connection,
) -> rusqlite::Result<Option<(Position, Vec<u8>)>> {
    let mut statement = connection.prepare(
        "SELECT snapshot.position, snapshot_part.body FROM snapshot JOIN snapshot_part USING (save) ORDER BY part",
    )?;
    let mut rows = statement.query([])?;
    let mut found = None;
    let mut body = Vec::new();
    while let Some(row) = rows.next()? {
        found = Some(position(row.get(0)?));
        body.extend_from_slice(row.get_ref(1)?.as_blob()?);
    }
    Ok(found.map(|position| (position, body)))
}

pub(crate) fn end(connection: &Connection) -> rusqlite::Result<Position> {
    let end: i64 = connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(position) FROM log), 0), (SELECT position FROM truncated))",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(position(end))
}

fn start(connection: &Connection) -> rusqlite::Result<Position> {
    let start: i64 = connection
        .prepare_cached(
            "SELECT coalesce((SELECT min(position) FROM log), (SELECT position + 1 FROM truncated))",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(position(start))
}

pub(crate) fn place_of(position: Position) -> String {
    format!("the record at position {}", position.0)
}

pub(crate) fn place_of_snapshot(position: Position) -> String {
    format!("the snapshot at position {}", position.0)
}

/// SQLite's integers are signed; no log reaches 2^63 records.
fn number(position: Position) -> i64 {
    position.0.cast_signed()
}

fn position(number: i64) -> Position {
    Position(number.cast_unsigned())
}
