//! How far the log and the history reach. It changes nothing.

use callslot_store::Position;
use rusqlite::Connection;

use crate::shard::{Shard, position_in};

/// The position of the last record of a shard, kept or not.
pub(crate) fn end(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let (first, last) = shard.all();
    let end: i64 = connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT position FROM log WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT 1), 0),
             (SELECT position FROM truncated WHERE id = ?))",
        )?
        .query_row([first, last, shard.id()], |row| row.get(0))?;
    Ok(position_in(end))
}

/// The position of the first record of a shard that is kept.
pub(crate) fn start(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let (first, last) = shard.all();
    let start: i64 = connection
        .prepare_cached(
            "SELECT coalesce((SELECT position FROM log WHERE position BETWEEN ? AND ? ORDER BY position LIMIT 1),
             (SELECT position + 1 FROM truncated WHERE id = ?))",
        )?
        .query_row([first, last, shard.id()], |row| row.get(0))?;
    Ok(position_in(start))
}

/// The last record of a shard that is in the history.
pub(crate) fn projected(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let reached: i64 = connection
        .prepare_cached("SELECT position FROM projected WHERE id = ?")?
        .query_row([shard.id()], |row| row.get(0))?;
    Ok(position_in(reached))
}
