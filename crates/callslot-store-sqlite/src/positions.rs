//! How far the log and the history reach. It changes nothing.

use callslot_store::Position;
use rusqlite::Connection;

use crate::shard::{Shard, position_in};

/// The position of the last record of a shard, kept or not.
pub(crate) fn end(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let end: i64 = connection
        .prepare_cached(&shard.in_log(
            "SELECT max(coalesce((SELECT max(position) FROM log), 0), (SELECT position FROM truncated WHERE id = ?))",
        ))?
        .query_row([shard.id()], |row| row.get(0))?;
    Ok(position_in(end))
}

/// The position of the first record of a shard that is kept.
pub(crate) fn start(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let start: i64 = connection
        .prepare_cached(&shard.in_log(
            "SELECT coalesce((SELECT min(position) FROM log), (SELECT position + 1 FROM truncated WHERE id = ?))",
        ))?
        .query_row([shard.id()], |row| row.get(0))?;
    Ok(position_in(start))
}

/// The last record of a shard that is in the history.
pub(crate) fn projected(connection: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    let reached: i64 = connection
        .prepare_cached("SELECT position FROM projected WHERE id = ?")?
        .query_row([shard.id()], |row| row.get(0))?;
    Ok(position_in(reached))
}
