//! The time that the server has seen: one row, and one for each part of time that its clock has shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use callslot_core::Timestamp;
use callslot_store::{Doubt, Seen, SeenTime, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::data_directory::HISTORY_FILE;
use crate::errors::in_file;
use crate::integers::number;
use crate::open::open_to_read;
use crate::schema::{LAYOUT, pragma_number};

/// What was last kept of it in a data directory, whether a server has it open or not; none if there is nothing yet.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn seen_time_in(data: &Path) -> Result<Option<SeenTime>, StoreError> {
    let path = data.join(HISTORY_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let history = open_to_read(&path)?;
    if pragma_number(&history, &path, "user_version")? != LAYOUT {
        return Ok(None);
    }
    read(&history).map_err(|error| in_file(&path, error))
}

/// What was last kept.
pub(crate) fn read(connection: &Connection) -> rusqlite::Result<Option<SeenTime>> {
    let time = connection
        .prepare_cached(
            "SELECT lived, down, shown, doubt_since, doubt_last, records, ended, minutes, hours FROM seen",
        )?
        .query_row([], whole)
        .optional()?;
    let Some(time) = time else { return Ok(None) };
    let mut statement = connection.prepare_cached("SELECT at, seen FROM shown")?;
    let parts = statement.query_map([], |row| Ok((moment(row, 0)?, seen(row, 1)?)))?;
    let parts = parts.collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
    Ok(Some(SeenTime { parts, ..time }))
}

/// Keeps it, with the parts that have changed.
pub(crate) fn keep(
    connection: &mut Connection,
    time: &SeenTime,
    changed: &BTreeSet<Timestamp>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let [records, ended, minutes, hours] = time.removed.map(|it| number(it.0));
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO seen
             (id, lived, down, shown, doubt_since, doubt_last, records, ended, minutes, hours)
             VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            number(time.lived.0),
            number(time.down_ms),
            number(time.shown.0),
            time.doubt.map(|doubt| number(doubt.since.0)),
            time.doubt.map(|doubt| number(doubt.last.0)),
            records,
            ended,
            minutes,
            hours,
        ])?;
    for at in changed {
        match time.parts.get(at) {
            Some(seen) => transaction
                .prepare_cached("INSERT OR REPLACE INTO shown (at, seen) VALUES (?, ?)")?
                .execute([number(at.0), number(seen.0)])?,
            None => transaction
                .prepare_cached("DELETE FROM shown WHERE at = ?")?
                .execute([number(at.0)])?,
        };
    }
    transaction.commit()
}

fn whole(row: &Row<'_>) -> rusqlite::Result<SeenTime> {
    let is_in_doubt = row.get::<_, Option<i64>>(3)?.is_some();
    let doubt = || Ok::<_, rusqlite::Error>(Doubt { since: seen(row, 3)?, last: moment(row, 4)? });
    Ok(SeenTime {
        lived: seen(row, 0)?,
        down_ms: seen(row, 1)?.0,
        shown: moment(row, 2)?,
        doubt: is_in_doubt.then(doubt).transpose()?,
        removed: [seen(row, 5)?, seen(row, 6)?, seen(row, 7)?, seen(row, 8)?],
        parts: BTreeMap::new(),
    })
}

fn seen(row: &Row<'_>, column: usize) -> rusqlite::Result<Seen> {
    Ok(Seen(row.get::<_, i64>(column)?.cast_unsigned()))
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp(row.get::<_, i64>(column)?.cast_unsigned()))
}
