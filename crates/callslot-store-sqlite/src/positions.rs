//! How many shards there are, and how far the log and the history of each reach. It changes nothing.

use callslot_store::{Position, StoreError, is_number_of_shards};
use rusqlite::Connection;

use crate::errors::Error;
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

/// How many shards there are in the file of a log, or in a backup.
pub(crate) fn shards_in(log: &Connection) -> Result<u16, Error> {
    let rows: i64 = log.query_row("SELECT count(*) FROM truncated", [], |row| row.get(0))?;
    let shards = u16::try_from(rows).ok().filter(|shards| is_number_of_shards(*shards));
    shards.ok_or_else(|| StoreError::damaged("the log", "no store has that many shards").into())
}

/// Where the log of each shard ends.
pub(crate) fn ends_in(log: &Connection) -> Result<Vec<Position>, Error> {
    let ends = (0..shards_in(log)?).map(|number| end(log, Shard(number)));
    Ok(ends.collect::<rusqlite::Result<_>>()?)
}
