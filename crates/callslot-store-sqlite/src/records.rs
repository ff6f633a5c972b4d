//! The rows of the log: records in stored form, by position. It decides nothing.

use callslot_core::Now;
use callslot_store::Position;
use rusqlite::{Connection, params};

use crate::integers::{number_of, position};

/// Adds a record to the log.
pub(crate) fn insert(
    transaction: &Connection,
    at: Position,
    now: Now,
    body: &[u8],
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO log (position, at, body) VALUES (?, ?, ?)")?
        .execute(params![number_of(at), now.at.0.cast_signed(), body])?;
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
