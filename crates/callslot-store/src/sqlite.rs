//! The embedded store: two SQLite files in one directory, for one process.
//!
//! `callslot.db` holds the log, snapshots, plans and keys; `history.db` holds ended calls, in a file and on a connection of
//! its own, so that its transactions never hold up a commit of the log. Both are in WAL mode with `synchronous=FULL`: a
//! transaction that has returned survives a crash of the machine. Start reading at [`SqliteStore::open`].

pub(crate) mod ended;
mod log;
mod tables;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode};

use crate::log::StoreError;

/// What `PRAGMA application_id` says of our files: "CSLT".
pub(crate) const APPLICATION_ID: i64 = 0x4353_4c54;
/// The newest layout of the tables, which is the one made.
pub(crate) const LAYOUT: i64 = 1;
pub(crate) const LOG_FILE: &str = "callslot.db";
pub(crate) const HISTORY_FILE: &str = "history.db";
/// How long a statement waits for another connection's transaction, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 10_000;

pub(crate) const LOG_TABLES: &str = "
    CREATE TABLE log (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE sequences (org TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot (position INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (position, part)) STRICT;
    CREATE TABLE truncated (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL) STRICT;
    CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 0), times INTEGER NOT NULL) STRICT;
    CREATE TABLE plan (id TEXT PRIMARY KEY, name TEXT NOT NULL, slots INTEGER NOT NULL) STRICT;
    CREATE TABLE key (id TEXT PRIMARY KEY, org TEXT, name TEXT NOT NULL, role TEXT NOT NULL,
        secret_sha256 BLOB NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
    INSERT INTO truncated VALUES (0, 0);
    INSERT INTO probe VALUES (0, 0);
";

pub(crate) const HISTORY_TABLES: &str = "
    CREATE TABLE ended (org TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, agent TEXT NOT NULL,
        type TEXT NOT NULL, ended_at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
    CREATE INDEX ended_by_id ON ended (org, id, sequence);
    CREATE INDEX ended_by_time ON ended (ended_at);
    CREATE TABLE projected (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL) STRICT;
    INSERT INTO projected VALUES (0, 0);
";

/// The embedded store.
#[derive(Debug)]
pub struct SqliteStore {
    /// Appends, snapshots, plans and keys.
    writer: Mutex<Connection>,
    /// Reads the log beside the writer.
    reader: Mutex<Connection>,
    history: Mutex<Connection>,
    history_reader: Mutex<Connection>,
    /// Locked for as long as the store is open.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `directory`, making both if they are not there.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::TooNew`] when a newer version made it,
    /// [`StoreError::Damaged`] when it is not a store any more, [`StoreError::Engine`] when it cannot be read or written.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        make_private_directory(directory).map_err(|error| cannot_use(directory, &error))?;
        let lock = lock(directory)?;
        let log = directory.join(LOG_FILE);
        let history = directory.join(HISTORY_FILE);
        Ok(Self {
            writer: Mutex::new(open_file(&log, LOG_TABLES)?),
            reader: Mutex::new(open_file(&log, LOG_TABLES)?),
            history: Mutex::new(open_file(&history, HISTORY_TABLES)?),
            history_reader: Mutex::new(open_file(&history, HISTORY_TABLES)?),
            _lock: lock,
        })
    }
}

/// A connection, whatever became of the thread that used it last: an open transaction was rolled back with its guard.
fn use_connection(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| cannot_use(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(format!(
            "{} is open in another process; stop that one, or choose another directory with --data",
            directory.display()
        ))),
        Err(TryLockError::Error(error)) => Err(cannot_use(&path, &error)),
    }
}

/// Opens a database file of ours, making it with `tables` if it is new.
pub(crate) fn open_file(path: &Path, tables: &str) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path).map_err(|error| in_file(path, &error))?;
    set_up(&mut connection, tables).map_err(|error| in_file(path, &error))?;
    check_layout(&connection, path)?;
    Ok(connection)
}

fn set_up(connection: &mut Connection, tables: &str) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let layout: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout == 0 {
        transaction.execute_batch(tables)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", LAYOUT)?;
    }
    transaction.commit()
}

/// Refuses a file that is not ours or that a newer version made.
pub(crate) fn check_layout(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let pragma = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| in_file(path, &error))
    };
    let layout = pragma("user_version")?;
    if pragma("application_id")? != APPLICATION_ID {
        return Err(StoreError::Damaged(format!(
            "{} is not a store of Callslot; choose another directory with --data",
            path.display()
        )));
    }
    if layout > LAYOUT {
        return Err(StoreError::TooNew(format!(
            "{} has layout {layout}, and this version of Callslot knows layouts up to {LAYOUT}; \
             use the newer version that made it",
            path.display()
        )));
    }
    Ok(())
}

fn make_private_directory(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

fn cannot_use(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Engine(format!("{} cannot be used: {error}", path.display()))
}

/// An error of SQLite, with the file it is about.
pub(crate) fn in_file(path: &Path, error: &rusqlite::Error) -> StoreError {
    let place = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(format!(
            "{place} is damaged ({error}); restore the data directory from a backup with `callslot restore FILE`"
        )),
        _ => StoreError::Engine(format!("{place}: {error}")),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        in_file(&PathBuf::from("the data directory"), &error)
    }
}
