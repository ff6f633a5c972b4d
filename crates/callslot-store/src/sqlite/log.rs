//! The log in SQLite: one row a record, and a sparse index from event numbers to positions.

use callslot_core::{Now, OrgId, Recorded, Sequence, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::limits::{EVENTS_PER_INDEX_ENTRY, SNAPSHOT_PART_BYTES, TRUNCATED_PER_CALL};
use crate::log::{AppendError, Log, Position, Record, Snapshot, StoreError};
use crate::record;
use crate::sqlite::{SqliteStore, use_connection};

impl Log for SqliteStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = record::encode(record);
        let mut writer = use_connection(&self.writer);
        append(&mut writer, after, record, &body)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let reader = use_connection(&self.reader);
        let mut statement = reader.prepare_cached(
            "SELECT position, body FROM log WHERE position > ? ORDER BY position",
        )?;
        let mut rows = statement.query([number(after)])?;
        let mut records = Vec::new();
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let position = position(row.get(0)?);
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            bytes += body.len();
            records.push((position, record::decode(body, &place_of(position))?));
            if bytes >= max_bytes {
                break;
            }
        }
        Ok(records)
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(end(&use_connection(&self.reader))?)
    }

    fn start(&self) -> Result<Position, StoreError> {
        let reader = use_connection(&self.reader);
        let first: Option<i64> =
            reader.query_row("SELECT min(position) FROM log", [], |row| row.get(0))?;
        Ok(match first {
            Some(first) => position(first),
            None => end(&reader)?.next(),
        })
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let start = Log::start(self)?;
        let reader = use_connection(&self.reader);
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
        // Records are in the order of their times, so the first one at or after `at` is found from the front.
        let first: Option<i64> = reader
            .prepare_cached("SELECT position FROM log WHERE at >= ? ORDER BY position LIMIT 1")?
            .query_row([at.0.cast_signed()], |row| row.get(0))
            .optional()?;
        Ok(match first {
            Some(first) => Position(position(first).0 - 1),
            None => end(&reader)?,
        })
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let body = record::encode(&snapshot.record);
        let mut writer = use_connection(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM snapshot", [])?;
        for (part, bytes) in body.chunks(SNAPSHOT_PART_BYTES).enumerate() {
            let part = i64::try_from(part).expect("a snapshot has fewer than 2^63 parts");
            transaction.execute(
                "INSERT INTO snapshot (position, part, body) VALUES (?, ?, ?)",
                params![number(snapshot.position), part, bytes],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let reader = use_connection(&self.reader);
        let mut statement = reader.prepare("SELECT position, body FROM snapshot ORDER BY part")?;
        let mut rows = statement.query([])?;
        let mut found = None;
        let mut body = Vec::new();
        while let Some(row) = rows.next()? {
            found = Some(position(row.get(0)?));
            body.extend_from_slice(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        let Some(position) = found else {
            return Ok(None);
        };
        let record = record::decode(&body, &format!("the snapshot at position {}", position.0))?;
        Ok(Some(Snapshot { position, record }))
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        let mut writer = use_connection(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let covered: Option<i64> =
            transaction.query_row("SELECT max(position) FROM snapshot", [], |row| row.get(0))?;
        let up_to = number(up_to).min(covered.unwrap_or(0));
        let removed = transaction.execute(
            "DELETE FROM log WHERE position IN (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ?)",
            params![up_to, TRUNCATED_PER_CALL],
        )?;
        transaction.execute(
            "UPDATE truncated SET position = max(position, coalesce((SELECT min(position) - 1 FROM log), ?))",
            [up_to],
        )?;
        transaction.execute(
            "DELETE FROM sequences WHERE position <= (SELECT position FROM truncated)",
            [],
        )?;
        transaction.commit()?;
        Ok(removed as u64)
    }

    fn probe(&self) -> Result<(), StoreError> {
        let writer = use_connection(&self.writer);
        writer.execute("UPDATE probe SET times = times + 1", [])?;
        Ok(())
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

fn end(connection: &Connection) -> rusqlite::Result<Position> {
    let end: i64 = connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(position) FROM log), 0), (SELECT position FROM truncated))",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(position(end))
}

fn place_of(position: Position) -> String {
    format!("the record at position {}", position.0)
}

/// SQLite's integers are signed; no log reaches 2^63 records.
fn number(position: Position) -> i64 {
    position.0.cast_signed()
}

fn position(number: i64) -> Position {
    Position(number.cast_unsigned())
}
