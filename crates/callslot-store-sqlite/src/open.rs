//! Connections to the database files, and how each is set up. It reads and writes no rows.

use std::path::Path;
use std::time::Duration;

use callslot_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::data_directory::private_file;
use crate::errors::in_file;
use crate::limits::{BUSY_TIMEOUT_MS, CACHE_KIB, CACHED_STATEMENTS, WAL_KEPT_BYTES, WAL_PAGES};
use crate::schema::{Tables, check_layout, is_empty, make, upgrade};

/// Opens a database file for writing, in WAL mode, or makes it with `tables` for this many shards. An older layout is brought up to date.
pub(crate) fn open_to_write(
    path: &Path,
    tables: Tables,
    shards: u16,
) -> Result<Connection, StoreError> {
    let mut connection = create_or_open(path, tables, shards)?;
    set_up(&connection).map_err(|error| in_file(path, error))?;
    upgrade(&mut connection, tables).map_err(|error| error.in_file(path))?;
    Ok(connection)
}

/// Opens a database file, or makes it with `tables` for this many shards. Nothing is written to another program's file.
pub(crate) fn create_or_open(
    path: &Path,
    tables: Tables,
    shards: u16,
) -> Result<Connection, StoreError> {
    private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| in_file(path, error))?;
    let in_file = |error| in_file(path, error);
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(in_file)?;
    if is_empty(&connection).map_err(in_file)? {
        make(&mut connection, tables, shards).map_err(in_file)?;
    }
    check_layout(&connection, path)?;
    Ok(connection)
}

/// Opens a database file that exists, for reading.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(connection)
    };
    open().map_err(|error| in_file(path, error))
}

/// The same connection, with this many KiB of its file in memory at most.
pub(crate) fn with_cache(
    connection: Connection,
    kib: i64,
    path: &Path,
) -> Result<Connection, StoreError> {
    let set = connection.pragma_update(None, "cache_size", -kib);
    set.map_err(|error| in_file(path, error))?;
    Ok(connection)
}

/// Has whatever this connection removes overwritten with zeros. Free pages are then written too; but most that ended calls leave, later ones
/// take in the same transaction.
pub(crate) fn overwrite_what_is_removed(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)
}
