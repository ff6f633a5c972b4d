//! The tables of both files, and the numbers in a file's header that say that it has them. It opens no file; start reading at
//! [`LOG_TABLES`].

use std::path::Path;

use callslot_store::{Damage, Position, StoreError, VersionKind};
use rusqlite::{Connection, TransactionBehavior};

use crate::errors::{Error, damaged, in_file};
use crate::org_index;
use crate::shard::Shard;

/// The tables of the file that holds the log. SQLite keeps the text of each statement in the file.
pub(crate) const LOG_TABLES: Tables = Tables {
    statements: include_str!("schema/log.sql"),
    row_of_shard: "INSERT OR IGNORE INTO truncated (id, position) VALUES (?, ?)",
    log_of_shard: Some(include_str!("schema/log_of_shard.sql")),
    upgrade: upgrade_log,
};
/// The tables of the file that holds the history.
pub(crate) const HISTORY_TABLES: Tables = Tables {
    statements: include_str!("schema/history.sql"),
    row_of_shard: "INSERT OR IGNORE INTO projected (id, position, minutes_from, hours_from) VALUES (?, ?, 0, 0)",
    log_of_shard: None,
    upgrade: upgrade_history,
};
/// The `PRAGMA application_id` of both files: "CSLT".
const APPLICATION_ID: i64 = 0x4353_4c54;
/// The newest layout of the tables, which is the one made: their `PRAGMA user_version`.
pub(crate) const LAYOUT: i64 = 11;
/// The oldest layout that is read: that of the first release.
const OLDEST_LAYOUT: i64 = 4;

/// The tables of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables {
    /// What makes them, and the rows that are always there.
    pub(crate) statements: &'static str,
    /// What makes the row of a shard, if it is not there: its number, and its position 0.
    row_of_shard: &'static str,
    /// What makes the table of a shard's records, if it is not there.
    log_of_shard: Option<&'static str>,
    /// Brings those of an older layout up to date.
    pub(crate) upgrade: fn(&Connection, i64) -> Result<(), Error>,
}

/// Whether a database holds nothing and belongs to no program.
pub(crate) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(tables == 0 && application == 0)
}

/// Makes `tables` in an empty database, for this many shards.
pub(crate) fn make(
    connection: &mut Connection,
    tables: Tables,
    shards: u16,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(tables.statements)?;
    make_shards(&transaction, tables, shards)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()
}

/// Makes what each shard has of its own in a file: its row, and the table of its records. What is there stays.
pub(crate) fn make_shards(
    connection: &Connection,
    tables: Tables,
    shards: u16,
) -> rusqlite::Result<()> {
    let mut row = connection.prepare_cached(tables.row_of_shard)?;
    for shard in (0..shards).map(Shard) {
        row.execute([shard.id(), shard.kept(Position(0))])?;
        if let Some(log) = tables.log_of_shard {
            connection.execute_batch(&shard.in_log(log))?;
        }
    }
    Ok(())
}

/// Brings the tables of an older layout up to date, all at once.
pub(crate) fn upgrade(connection: &mut Connection, tables: Tables) -> Result<(), Error> {
    let layout: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout == LAYOUT {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    (tables.upgrade)(&transaction, layout)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    Ok(transaction.commit()?)
}

/// From layout 4 to 5: the log is indexed by organisation. From layout 7 to 8: keys may expire and be rotated. From layout 8 to 9: it is
/// kept who changed what, and there are webhooks. From layout 10 to 11: there may be several shards.
fn upgrade_log(connection: &Connection, layout: i64) -> Result<(), Error> {
    if layout < 5 {
        connection.execute_batch(include_str!("schema/log_from_4_to_5.sql"))?;
        org_index::build(connection)?;
    }
    if layout < 8 {
        connection.execute_batch(include_str!("schema/log_from_7_to_8.sql"))?;
    }
    if layout < 9 {
        connection.execute_batch(include_str!("schema/log_from_8_to_9.sql"))?;
    }
    if layout < 11 {
        connection.execute_batch(include_str!("schema/log_from_10_to_11.sql"))?;
    }
    Ok(())
}

/// From layout 5 to 6: the time is kept that the server has seen. From layout 6 to 7: it is known where ends are not in the order of
/// their times. From layout 8 to 9: changes of settings are found by their organisation and time, and it is known how far webhooks have come. From layout 9
/// to 10: ended calls are in blocks; `ended_migration.rs` moves them there. From layout 10 to 11: there may be several shards.
fn upgrade_history(connection: &Connection, layout: i64) -> Result<(), Error> {
    if layout < 6 {
        connection.execute_batch(include_str!("schema/history_from_5_to_6.sql"))?;
    }
    if layout < 7 {
        connection.execute_batch(include_str!("schema/history_from_6_to_7.sql"))?;
    }
    if layout < 9 {
        connection.execute_batch(include_str!("schema/history_from_8_to_9.sql"))?;
    }
    if layout < 10 {
        connection.execute_batch(include_str!("schema/history_from_9_to_10.sql"))?;
    }
    if layout < 11 {
        connection.execute_batch(include_str!("schema/history_from_10_to_11.sql"))?;
    }
    Ok(())
}

/// Refuses a file of another program, or with a layout that this version does not know.
pub(crate) fn check_layout(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let number = |name| pragma_number(connection, path, name);
    if number("application_id")? != APPLICATION_ID {
        return Err(damaged(path, Damage::Foreign));
    }
    check_known(number("user_version")?, path)
}

/// Refuses a file with a layout that this version does not know.
pub(crate) fn check_known(layout: i64, path: &Path) -> Result<(), StoreError> {
    let place = || path.display().to_string();
    let (kind, found) = (VersionKind::Layout, layout.cast_unsigned());
    if layout > LAYOUT {
        let newest = LAYOUT.cast_unsigned();
        return Err(StoreError::TooNew { place: place(), kind, found, newest });
    }
    if layout < OLDEST_LAYOUT {
        return Err(StoreError::TooOld { place: place(), kind, found });
    }
    Ok(())
}

/// A number in the header of a database file.
pub(crate) fn pragma_number(
    connection: &Connection,
    path: &Path,
    name: &str,
) -> Result<i64, StoreError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|error| in_file(path, error))
}
