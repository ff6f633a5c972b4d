//! Backups: one SQLite file with everything in it, made while the server runs, and a data directory made from it.
//!
//! A backup takes no lock and never blocks the server: it reads one state of each file while the server writes the next.
//! The history is copied first, so that it never reaches further than the log.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use callslot_store::stored_form::{decode, decode_ended_call, decode_figures, decode_marker};
use callslot_store::{Position, StoreError};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, TransactionBehavior};

use crate::data_directory::{
    HISTORY_FILE, LOCK_FILE, LOG_FILE, UNFINISHED, lock, make_private_directory, private_file,
    with_suffix,
};
use crate::errors::{cannot_use, in_file};
use crate::limits::CHECKED_AT_A_TIME_BYTES;
use crate::log::{place_of, stored_records};
use crate::open::{create_or_open, open_to_read};
use crate::positions::end;
use crate::schema::{HISTORY_TABLES, LOG_TABLES, check_known, check_layout, pragma_number};
use crate::snapshots::{place_of_snapshot, stored_snapshot};

/// The `PRAGMA application_id` of a backup: "CSLB". So neither is mistaken for the other.
const BACKUP_ID: i64 = 0x4353_4c42;
/// All but the sessions: a browser that has signed out since then stays signed out after a restore.
const LOG_TABLE_NAMES: &[&str] =
    &["log", "sequences", "snapshot", "snapshot_part", "truncated", "probe", "plan", "key"];
const HISTORY_TABLE_NAMES: &[&str] =
    &["name", "ended", "projected", "series", "minute", "hour", "marker"];

/// All figures that a history has in stored form.
const STORED_FIGURES: &str = "
    SELECT body FROM minute WHERE body IS NOT NULL UNION ALL SELECT body FROM hour WHERE body IS NOT NULL
    UNION ALL SELECT minute_body FROM series WHERE minute_body IS NOT NULL
    UNION ALL SELECT hour_body FROM series WHERE hour_body IS NOT NULL";

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupReport {
    /// The last record in it.
    pub end: Position,
    /// The file's size in bytes.
    pub bytes: u64,
}

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("{} holds no store", data.display())]
    NoStore {
        /// The data directory.
        data: PathBuf,
    },
    /// A backup overwrites nothing.
    #[error("{} exists already", file.display())]
    FileExists {
        /// The file that was to be made.
        file: PathBuf,
    },
    /// There is nothing to restore.
    #[error("there is no file {}", file.display())]
    NoFile {
        /// The file that was to be restored.
        file: PathBuf,
    },
    /// A restore overwrites nothing.
    #[error("{} is not empty", data.display())]
    NotEmpty {
        /// The data directory that was to be made.
        data: PathBuf,
    },
    /// SQLite takes no other names.
    #[error("the name {} is not valid UTF-8", path.display())]
    NotUtf8 {
        /// The path.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} cannot be restored: it is not a backup of Callslot", file.display())]
    NotABackup {
        /// The file that was to be restored.
        file: PathBuf,
    },
    /// Something in the backup cannot be read. Nothing was restored.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// The backup.
        file: PathBuf,
        /// What is wrong with which part of it.
        error: StoreError,
    },
    /// The store to back up, or a file on the way, cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies the store in `data` to the new file `file`, while a server may be using it.
///
/// # Errors
/// [`BackupError`] when there is no store or one of a newer version, the file exists already, or either cannot be read or
/// written.
pub fn backup(data: &Path, file: &Path) -> Result<BackupReport, BackupError> {
    let (log, history) = (data.join(LOG_FILE), data.join(HISTORY_FILE));
    if !log.exists() || !history.exists() {
        return Err(BackupError::NoStore { data: data.to_owned() });
    }
    if file.exists() {
        return Err(BackupError::FileExists { file: file.to_owned() });
    }
    let unfinished = with_suffix(file, UNFINISHED);
    remove(&unfinished)?;
    let copied = copy(&log, &history, &unfinished).and_then(|end| {
        let bytes = keep(&unfinished, file)?;
        Ok(BackupReport { end, bytes })
    });
    if copied.is_err() {
        // The first error is the one to report; an error from cleaning up would hide it.
        let _ = remove(&unfinished);
    }
    copied
}

/// Makes the new data directory `data` from a backup, once every record, snapshot and ended call in it has been checked. Returns
/// the end of its log.
///
/// # Errors
/// [`BackupError`] when `data` is not empty, `file` is not a backup or from a newer version, or something in it is damaged.
pub fn restore(file: &Path, data: &Path) -> Result<Position, BackupError> {
    if !file.is_file() {
        return Err(BackupError::NoFile { file: file.to_owned() });
    }
    let is_filled = data.exists()
        && fs::read_dir(data).map_err(|error| cannot_use(data, error))?.next().is_some();
    if is_filled {
        return Err(BackupError::NotEmpty { data: data.to_owned() });
    }
    let end = check(file)?;
    make_private_directory(data)?;
    let _lock = lock(data)?;
    let files = [
        (data.join(HISTORY_FILE), HISTORY_TABLES, HISTORY_TABLE_NAMES),
        (data.join(LOG_FILE), LOG_TABLES, LOG_TABLE_NAMES),
    ];
    let made = files.iter().try_for_each(|(path, tables, names)| {
        make_from(file, &with_suffix(path, UNFINISHED), tables, names)
    });
    if let Err(error) = made {
        for (path, ..) in &files {
            let _ = remove(&with_suffix(path, UNFINISHED));
        }
        let _ = remove(&data.join(LOCK_FILE));
        return Err(error);
    }
    // A store with an unfinished file is not opened, so a crash between the two renames is not taken for an empty history.
    for (path, ..) in &files {
        keep(&with_suffix(path, UNFINISHED), path)?;
    }
    Ok(end)
}

fn copy(log: &Path, history: &Path, to: &Path) -> Result<Position, BackupError> {
    private_file(to)?;
    let source = open_to_read(history)?;
    check_layout(&source, history)?;
    check_layout(&open_to_read(log)?, log)?;
    let mut target = Connection::open(to).map_err(|error| in_file(to, error))?;
    copy_whole(&source, &mut target).map_err(|error| in_file(history, error))?;
    drop(source);

    target.pragma_update(None, "journal_mode", "DELETE").map_err(|error| in_file(to, error))?;
    target.execute_batch(LOG_TABLES).map_err(|error| in_file(to, error))?;
    attach(&target, log)?;
    let copied = copy_tables(&mut target, LOG_TABLE_NAMES).and_then(|()| {
        target.execute_batch(
            "DETACH source; DELETE FROM snapshot_part WHERE save NOT IN (SELECT save FROM snapshot)",
        )?;
        target.pragma_update(None, "application_id", BACKUP_ID)?;
        end(&target)
    });
    let end = copied.map_err(|error| in_file(to, error))?;
    target.close().map_err(|(_, error)| in_file(to, error))?;
    Ok(end)
}

/// Copies a database in one step, which reads one state of it. With several steps, each commit in between would restart it.
fn copy_whole(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    const ALL_PAGES: i32 = -1;
    if Backup::new(source, target)?.step(ALL_PAGES)? == StepResult::Done {
        return Ok(());
    }
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    Err(rusqlite::Error::SqliteFailure(busy, None))
}

/// Lets statements on `connection` read the tables of another database file as those of `source`.
fn attach(connection: &Connection, path: &Path) -> Result<(), BackupError> {
    let Some(text) = path.to_str() else {
        return Err(BackupError::NotUtf8 { path: path.to_owned() });
    };
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    connection
        .execute("ATTACH ? AS source", [format!("file:{escaped}?mode=ro")])
        .map_err(|error| in_file(path, error))?;
    Ok(())
}

/// Copies tables of `source`, all as of one moment.
fn copy_tables(target: &mut Connection, names: &[&str]) -> rusqlite::Result<()> {
    let transaction = target.transaction_with_behavior(TransactionBehavior::Deferred)?;
    for name in names {
        transaction.execute_batch(&format!(
            "DELETE FROM main.{name}; INSERT INTO main.{name} SELECT * FROM source.{name};"
        ))?;
    }
    transaction.commit()
}

/// Checks that `file` is a backup and that everything in it can be read. Returns the end of its log.
fn check(file: &Path) -> Result<Position, BackupError> {
    let backup = open_backup(file)?;
    let in_backup = |error| BackupError::Unreadable { file: file.to_owned(), error };
    let unreadable = |error| in_backup(in_file(Path::new("the database"), error));
    if let Some((position, body)) = stored_snapshot(&backup).map_err(unreadable)? {
        decode(&body, &place_of_snapshot(position)).map_err(in_backup)?;
    }
    let mut checked = Position(0);
    loop {
        let records =
            stored_records(&backup, checked, CHECKED_AT_A_TIME_BYTES).map_err(unreadable)?;
        let Some(&(last, _)) = records.last() else { break };
        checked = last;
        for (position, body) in records {
            decode(&body, &place_of(position)).map_err(in_backup)?;
        }
    }
    let each = |statement: &str, check: &dyn Fn(&[u8]) -> Result<(), StoreError>| {
        let mut found = backup.prepare(statement).map_err(unreadable)?;
        let mut rows = found.query([]).map_err(unreadable)?;
        while let Some(row) = rows.next().map_err(unreadable)? {
            let body: Vec<u8> = row.get(0).map_err(unreadable)?;
            check(&body).map_err(in_backup)?;
        }
        Ok::<_, BackupError>(())
    };
    each("SELECT body FROM ended", &|body| decode_ended_call(body).map(drop))?;
    each("SELECT body FROM marker", &|body| decode_marker(body).map(drop))?;
    each(STORED_FIGURES, &|body| decode_figures(body).map(drop))?;
    end(&backup).map_err(unreadable)
}

fn open_backup(file: &Path) -> Result<Connection, BackupError> {
    let open = || {
        let backup = open_to_read(file)?;
        let id = pragma_number(&backup, file, "application_id")?;
        let layout = pragma_number(&backup, file, "user_version")?;
        Ok((backup, id, layout))
    };
    match open() {
        Ok((backup, BACKUP_ID, layout)) => {
            check_known(layout, file)?;
            Ok(backup)
        }
        Ok(_) | Err(StoreError::Damaged { .. }) => {
            Err(BackupError::NotABackup { file: file.to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}

fn make_from(backup: &Path, path: &Path, tables: &str, names: &[&str]) -> Result<(), BackupError> {
    let mut database = create_or_open(path, tables)?;
    attach(&database, backup)?;
    copy_tables(&mut database, names).map_err(|error| in_file(path, error))?;
    database.close().map_err(|(_, error)| in_file(path, error))?;
    Ok(())
}

/// Renames a finished file durably; returns its size in bytes.
fn keep(unfinished: &Path, path: &Path) -> Result<u64, StoreError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let kept = || {
        let finished = File::open(unfinished)?;
        finished.sync_all()?;
        fs::rename(unfinished, path)?;
        File::open(directory)?.sync_all()?;
        Ok(finished.metadata()?.len())
    };
    kept().map_err(|error| cannot_use(path, error))
}

/// Removes a file and its journal, if they exist.
fn remove(path: &Path) -> Result<(), StoreError> {
    for path in [path, &with_suffix(path, "-journal")] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(cannot_use(path, error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
