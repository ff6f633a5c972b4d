//! The embedded store: two SQLite files in one directory, for one process.
//!
//! `callslot.db` holds the log, snapshots, plans, keys and sessions; `history.db` holds ended calls and figures, in a file and on connections
//! of its own, so that its transactions never hold up a commit of the log. Both are in WAL mode with `synchronous=FULL`: a
//! transaction that has returned survives a crash of the machine. Start reading at [`SqliteStore::open`].

mod catalogue;
mod checkpoints;
pub(crate) mod ended_calls;
mod history;
pub(crate) mod log;
pub(crate) mod minutes_and_hours;
mod replaced_files;

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::contract::log::StoreError;
use crate::limits::{BUSY_TIMEOUT_MS, CACHE_KIB, CACHED_STATEMENTS, WAL_KEPT_BYTES, WAL_PAGES};
use crate::sqlite::checkpoints::Checkpoints;
use crate::sqlite::replaced_files::Files;

/// What `PRAGMA application_id` says of our files: "CSLT".
pub(crate) const APPLICATION_ID: i64 = 0x4353_4c54;
/// The newest layout of the tables, which is the one made.
pub(crate) const LAYOUT: i64 = 4;
/// The oldest layout that is read: that of the first release.
const OLDEST_LAYOUT: i64 = 4;
pub(crate) const LOG_FILE: &str = "callslot.db";
pub(crate) const HISTORY_FILE: &str = "history.db";
/// What is added to a file's name until all of it is there.
pub(crate) const UNFINISHED: &str = ".unfinished";

/// `snapshot` names the save whose parts make up the newest snapshot; parts of other saves are unfinished or outdated.
pub(crate) const LOG_TABLES: &str = "
    CREATE TABLE log (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE sequences (org TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL,
        save INTEGER NOT NULL) STRICT;
    CREATE TABLE snapshot_part (save INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (save, part)) STRICT;
    CREATE TABLE truncated (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL) STRICT;
    CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 0), times INTEGER NOT NULL) STRICT;
    CREATE TABLE plan (id TEXT PRIMARY KEY, name TEXT NOT NULL, slots INTEGER NOT NULL) STRICT;
    CREATE TABLE key (id TEXT PRIMARY KEY, org TEXT, name TEXT NOT NULL, role TEXT NOT NULL,
        secret_sha256 BLOB NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
    CREATE TABLE session (token_sha256 BLOB PRIMARY KEY, key TEXT NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX session_by_key ON session (key);
    INSERT INTO truncated VALUES (0, 0);
    INSERT INTO probe VALUES (0, 0);
";

/// `ended` has organisations and agents by their number in `name`. `minute` and `hour` number their parts from the Unix epoch on; the parts that are still open are in `series`, whose `live`
/// is how many calls are live in it.
pub(crate) const HISTORY_TABLES: &str = "
    CREATE TABLE name (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE ended (org INTEGER NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, agent INTEGER NOT NULL,
        ended_at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
    CREATE INDEX ended_by_id ON ended (org, id, sequence);
    CREATE INDEX ended_by_agent ON ended (org, agent, sequence);
    CREATE TABLE series (id INTEGER PRIMARY KEY, org TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
        live INTEGER NOT NULL, minute INTEGER, minute_body BLOB, hour INTEGER, hour_body BLOB,
        UNIQUE (org, kind, name)) STRICT;
    CREATE TABLE minute (series INTEGER NOT NULL, part INTEGER NOT NULL, refused INTEGER NOT NULL, body BLOB,
        PRIMARY KEY (series, part)) STRICT, WITHOUT ROWID;
    CREATE INDEX minute_by_time ON minute (part);
    CREATE TABLE hour (series INTEGER NOT NULL, part INTEGER NOT NULL, refused INTEGER NOT NULL, body BLOB,
        PRIMARY KEY (series, part)) STRICT, WITHOUT ROWID;
    CREATE INDEX hour_by_time ON hour (part);
    CREATE TABLE marker (org TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
    CREATE INDEX marker_by_time ON marker (at);
    CREATE TABLE projected (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL,
        minutes_from INTEGER NOT NULL, hours_from INTEGER NOT NULL) STRICT;
    INSERT INTO projected VALUES (0, 0, 0, 0);
";

/// The embedded store.
#[derive(Debug)]
pub struct SqliteStore {
    /// Held by whoever waits for the writer next. A mutex alone would let a thread that has just given the writer back take
    /// it again ahead of those who wait, so that a long save could keep an append out.
    turn: Mutex<()>,
    /// Appends, snapshots, plans, keys and sessions.
    writer: Mutex<Connection>,
    /// Reads the log beside the writer.
    reader: Mutex<Connection>,
    history: Mutex<Connection>,
    history_reader: Mutex<Connection>,
    /// Reads figures, which takes longer than looking for a call.
    figures_reader: Mutex<Connection>,
    /// Held while a snapshot is saved, which takes many transactions.
    saving: Mutex<()>,
    checkpoints: Checkpoints,
    /// What the connections have open.
    files: Files,
    /// Locked for as long as the store is open.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `directory`, making both if they are not there.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::TooNew`] or [`StoreError::TooOld`] when this
    /// version does not know its layout, [`StoreError::Damaged`] when it is not a store any more, [`StoreError::Engine`] when it
    /// cannot be read or written.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        make_private_directory(directory)?;
        let lock = lock(directory)?;
        for name in [LOG_FILE, HISTORY_FILE] {
            refuse_unfinished(&directory.join(format!("{name}{UNFINISHED}")))?;
        }
        let log = directory.join(LOG_FILE);
        let history = directory.join(HISTORY_FILE);
        let store = Self {
            turn: Mutex::new(()),
            writer: Mutex::new(open_to_write(&log, LOG_TABLES)?),
            reader: Mutex::new(open_to_read(&log)?),
            history: Mutex::new(open_to_write(&history, HISTORY_TABLES)?),
            history_reader: Mutex::new(open_to_read(&history)?),
            figures_reader: Mutex::new(open_to_read(&history)?),
            saving: Mutex::new(()),
            checkpoints: Checkpoints::start(&log)?,
            files: Files::of(&[&log, &history])?,
            _lock: lock,
        };
        store.check_that_history_follows_the_log(directory)?;
        Ok(store)
    }

    /// The writer, in the order of asking. Refuses to write to files that a restart would not find.
    fn writer(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = use_connection(&self.writer);
        self.files.check_in_place()?;
        Ok(writer)
    }

    /// What is projected was in the log first, so a history that reaches further belongs to another log.
    fn check_that_history_follows_the_log(&self, directory: &Path) -> Result<(), StoreError> {
        let projected = history::projected(&use_connection(&self.history_reader))?;
        let end = log::end(&use_connection(&self.reader))?;
        if projected <= end {
            return Ok(());
        }
        Err(StoreError::Damaged(format!(
            "in {}, {HISTORY_FILE} reaches position {} and {LOG_FILE} only {}, so one of them was lost or replaced; \
             restore the data directory from a backup with `callslot restore FILE`",
            directory.display(),
            projected.0,
            end.0
        )))
    }
}

/// A connection, whatever became of the thread that used it last: an open transaction was rolled back with its guard.
fn use_connection(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks a data directory for this process.
pub(crate) fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join("lock");
    let file = private_file(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(format!(
            "{} is open in another process; stop that one, or choose another directory with --data",
            directory.display()
        ))),
        Err(TryLockError::Error(error)) => Err(cannot_use(&path, &error)),
    }
}

fn refuse_unfinished(path: &Path) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    Err(StoreError::Damaged(format!(
        "{} was left by a restore that was cut off; empty the directory and run `callslot restore FILE` again",
        path.display()
    )))
}

/// Opens a database file of ours, making it with `tables` if it is new.
fn open_to_write(path: &Path, tables: &str) -> Result<Connection, StoreError> {
    let connection = create_or_open(path, tables)?;
    set_up(&connection).map_err(|error| in_file(path, &error))?;
    Ok(connection)
}

/// Opens a database file, or makes it with `tables`. Nothing is written to a file that is not ours.
pub(crate) fn create_or_open(path: &Path, tables: &str) -> Result<Connection, StoreError> {
    private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| in_file(path, &error))?;
    let in_file = |error| in_file(path, &error);
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(in_file)?;
    if is_empty(&connection).map_err(in_file)? {
        make(&mut connection, tables).map_err(in_file)?;
    }
    check_layout(&connection, path)?;
    Ok(connection)
}

/// Opens a database file of ours that is there.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(connection)
    };
    open().map_err(|error| in_file(path, &error))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(tables == 0 && application == 0)
}

fn make(connection: &mut Connection, tables: &str) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(tables)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)
}

/// Refuses a file that is not ours or has a layout that this version does not know.
pub(crate) fn check_layout(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let number = |name| pragma_number(connection, path, name);
    if number("application_id")? != APPLICATION_ID {
        return Err(StoreError::Damaged(format!(
            "{} is not a store of Callslot; choose another directory with --data",
            path.display()
        )));
    }
    check_known(number("user_version")?, path)
}

/// Refuses a file with a layout that this version does not know.
pub(crate) fn check_known(layout: i64, path: &Path) -> Result<(), StoreError> {
    if layout > LAYOUT {
        return Err(StoreError::TooNew(format!(
            "{} has layout {layout}, and this version of Callslot knows layouts up to {LAYOUT}; \
             use the newer version that made it",
            path.display()
        )));
    }
    if layout < OLDEST_LAYOUT {
        return Err(StoreError::TooOld(format!(
            "{} has layout {layout}, which was in use before the first release and is read no more; \
             start with a new data directory, or use the version that made it",
            path.display()
        )));
    }
    Ok(())
}

/// A number that the header of a database file holds.
pub(crate) fn pragma_number(
    connection: &Connection,
    path: &Path,
    name: &str,
) -> Result<i64, StoreError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|error| in_file(path, &error))
}

/// Makes a directory that only this user can look into, if it is not there.
pub(crate) fn make_private_directory(directory: &Path) -> Result<(), StoreError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| cannot_use(directory, &error))
}

/// Makes a file that only this user can read, if it is not there. SQLite gives the files beside it the same mode.
pub(crate) fn private_file(path: &Path) -> Result<File, StoreError> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot_use(path, &error))
}

/// An error of the operating system, with the file it is about.
pub(crate) fn cannot_use(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Engine(format!("{} cannot be used: {error}", path.display()))
}

/// An error of SQLite, with the file it is about.
pub(crate) fn in_file(path: &Path, error: &rusqlite::Error) -> StoreError {
    let place = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(format!(
            "{place} is damaged ({error}); restore the data directory from a backup with `callslot restore FILE`"
        )),
        Some(ErrorCode::DiskFull) => StoreError::Engine(format!(
            "{place} cannot grow ({error}); free some space on its disk"
        )),
        Some(ErrorCode::ReadOnly) => StoreError::Engine(format!(
            "{place} cannot be written ({error}); check its permissions and how its file system is mounted"
        )),
        Some(ErrorCode::DatabaseBusy) => StoreError::Engine(format!(
            "{place} is held by another program ({error}); close what else has it open"
        )),
        _ => StoreError::Engine(format!("{place}: {error}")),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        in_file(&PathBuf::from("the data directory"), &error)
    }
}
