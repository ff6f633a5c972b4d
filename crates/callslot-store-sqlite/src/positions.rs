//! How far the log and the history reach. It changes nothing.

use callslot_store::Position;
use rusqlite::Connection;

use crate::integers::position;

/// The position of the last record, kept or not.
pub(crate) fn end(connection: &Connection) -> rusqlite::Result<Position> {
    let end: i64 = connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(position) FROM log), 0), (SELECT position FROM truncated))",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(position(end))
}

/// The position of the first record that is kept.
pub(crate) fn start(connection: &Connection) -> rusqlite::Result<Position> {
    let start: i64 = connection
        .prepare_cached(
            "SELECT coalesce((SELECT min(position) FROM log), (SELECT position + 1 FROM truncated))",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(position(start))
}

/// The last record that is in the history.
pub(crate) fn projected(connection: &Connection) -> rusqlite::Result<Position> {
    let reached: i64 = connection
        .prepare_cached("SELECT position FROM projected")?
        .query_row([], |row| row.get(0))?;
    Ok(position(reached))
}
