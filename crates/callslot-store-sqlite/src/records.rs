//! The rows of the log: records in stored form, by position. It decides nothing.

use callslot_core::Now;
use callslot_store::Position;
use rusqlite::{Connection, params};

use crate::shard::{Shard, position_in};

/// Adds a record to the log of a shard.
pub(crate) fn insert(
    transaction: &Connection,
    shard: Shard,
    at: Position,
    now: Now,
    body: &[u8],
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(&shard.in_log("INSERT INTO log (position, at, body) VALUES (?, ?, ?)"))?
        .execute(params![shard.kept(at), now.at.0.cast_signed(), body])?;
    Ok(())
}

/// The stored form of records of a shard after `after`, until `max_bytes` are read.
pub(crate) fn stored_records(
    connection: &Connection,
    shard: Shard,
    after: Position,
    max_bytes: usize,
) -> rusqlite::Result<Vec<(Position, Vec<u8>)>> {
    let text = "SELECT position, body FROM log WHERE position > ? ORDER BY position";
    let mut statement = connection.prepare_cached(&shard.in_log(text))?;
    let mut rows = statement.query([shard.kept(after)])?;
    let mut records = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(1)?;
        bytes += body.len();
        records.push((position_in(row.get(0)?), body));
        if bytes >= max_bytes {
            break;
        }
    }
    Ok(records)
}

/// What errors call a record.
pub(crate) fn place_of(shard: Shard, position: Position) -> String {
    format!("the record at position {}{}", position.0, of_shard(shard))
}

/// The shard, unless it is the one that every store has.
pub(crate) fn of_shard(shard: Shard) -> String {
    if shard == Shard::FIRST { String::new() } else { format!(" of shard {}", shard.0) }
}
