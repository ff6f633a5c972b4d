//! Backups: one SQLite file with everything in it, made while the server runs. How it is restored is in `restore.rs`.
//!
//! A backup takes no lock and never blocks the server: it reads one state of each file while the server writes the next.
//! The history is copied first, so that it never reaches further than the log.

use std::fs::{self, File, Metadata, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use callslot_store::{Position, StoreError};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, TransactionBehavior};

use crate::data_directory::{HISTORY_FILE, LOG_FILE, UNFINISHED, private_file, with_suffix};
use crate::errors::{Error, cannot_use, in_file};
use crate::open::open_to_read;
use crate::org_index;
use crate::positions::{ends_in, shards_in};
use crate::schema::{HISTORY_TABLES, LAYOUT, LOG_TABLES, check_layout, make_shards, pragma_number};
use crate::shard::Shard;

/// The `PRAGMA application_id` of a backup: "CSLB". So neither is mistaken for the other.
pub(crate) const BACKUP_ID: i64 = 0x4353_4c42;
/// All but the sessions: a browser that has signed out since then stays signed out after a restore.
const LOG_TABLE_NAMES: &[&str] = &[
    "snapshot",
    "snapshot_part",
    "truncated",
    "probe",
    "plan",
    "key",
    "audit",
    "webhook",
    "org_block",
    "org_deleted",
];
/// The tables that the first release did not have, and the layouts that they came with.
const LATER_TABLES: [(&str, i64); 13] = [
    ("org_block", 5),
    ("org_deleted", 5),
    ("seen", 6),
    ("shown", 6),
    ("audit", 9),
    ("webhook", 9),
    ("webhook_place", 9),
    ("webhook_pending", 9),
    ("webhook_attempt", 9),
    ("ended_block", 10),
    ("ended_body", 10),
    ("ended_filter", 10),
    ("ended_tail", 10),
];
/// What is copied of the file of the log, with the records of each shard.
pub(crate) fn log_table_names(shards: u16) -> Vec<String> {
    let logs = (0..shards).map(|number| Shard(number).log());
    logs.chain(LOG_TABLE_NAMES.iter().map(|&name| name.to_owned())).collect()
}

pub(crate) const HISTORY_TABLE_NAMES: &[&str] = &[
    "name",
    "ended",
    "ended_block",
    "ended_body",
    "ended_filter",
    "ended_tail",
    "projected",
    "series",
    "minute",
    "hour",
    "marker",
    "seen",
    "shown",
    "webhook_place",
    "webhook_pending",
    "webhook_attempt",
];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The last record of each shard in it.
    pub ends: Vec<Position>,
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
    /// A backup is to be there when the data directory is not.
    #[error("{} is in the data directory {}", file.display(), data.display())]
    InData {
        /// The file that was to be made.
        file: PathBuf,
        /// The data directory.
        data: PathBuf,
    },
    /// A backup overwrites nothing.
    #[error("{} exists already", file.display())]
    FileExists {
        /// The file that was to be made.
        file: PathBuf,
    },
    /// Another backup to the same file goes on, or has ended just now.
    #[error("another backup to {} is being made", file.display())]
    UnderWay {
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
    /// Nobody knows which keys were revoked since the backup.
    #[error("the keys that were revoked since the backup are not known")]
    RevokedKeysUnknown,
    /// The data directory to compare with is of another store, or from before the backup.
    #[error("{} does not go on where the backup ends", data.display())]
    NotLater {
        /// The data directory.
        data: PathBuf,
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
/// [`BackupError`] when there is no store or one of a newer version, the file exists already, is being made, or would be in `data`,
/// or either cannot be read or written.
pub fn backup(data: &Path, file: &Path) -> Result<BackupReport, BackupError> {
    let (log, history) = (data.join(LOG_FILE), data.join(HISTORY_FILE));
    if !log.exists() || !history.exists() {
        return Err(BackupError::NoStore { data: data.to_owned() });
    }
    if is_within(file, data) {
        return Err(BackupError::InData { file: file.to_owned(), data: data.to_owned() });
    }
    if file.exists() {
        return Err(BackupError::FileExists { file: file.to_owned() });
    }
    let unfinished = with_suffix(file, UNFINISHED);
    let _turn = take_turn(&unfinished, file)?;
    let copied = copy(&log, &history, &unfinished).and_then(|ends| {
        let bytes = keep(&unfinished, file)?;
        Ok(BackupReport { ends, bytes })
    });
    if copied.is_err() {
        // The first error is the one to report; an error from cleaning up would hide it.
        let _ = remove(&unfinished);
    }
    copied
}

/// Makes the unfinished file, empty, and locks it, so that no other backup to the same file writes there. One that was cut off leaves it
/// unlocked.
fn take_turn(unfinished: &Path, file: &Path) -> Result<File, BackupError> {
    let under_way = || BackupError::UnderWay { file: file.to_owned() };
    let turn = private_file(unfinished)?;
    turn.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => under_way(),
        TryLockError::Error(error) => cannot_use(unfinished, error).into(),
    })?;
    let id = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let locked = turn.metadata().map(id).map_err(|error| cannot_use(unfinished, error))?;
    // The one before may have finished in between: then this is its file, or nobody's.
    if fs::metadata(unfinished).map(id).ok() != Some(locked) {
        return Err(under_way());
    }
    if file.exists() {
        remove(unfinished)?;
        return Err(BackupError::FileExists { file: file.to_owned() });
    }
    turn.set_len(0).map_err(|error| cannot_use(unfinished, error))?;
    remove_journal(unfinished)?;
    Ok(turn)
}

/// Whether a file is, or would be, in a directory or below it, or is the directory itself.
fn is_within(file: &Path, directory: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path);
    let place = real(file).or_else(|_| real(folder_of(file)));
    place.is_ok_and(|place| real(directory).is_ok_and(|directory| place.starts_with(directory)))
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn copy(log: &Path, history: &Path, to: &Path) -> Result<Vec<Position>, BackupError> {
    private_file(to)?;
    let source = open_to_read(history)?;
    check_layout(&source, history)?;
    let layout_of_history = pragma_number(&source, history, "user_version")?;
    let source_of_log = open_to_read(log)?;
    check_layout(&source_of_log, log)?;
    let layout = pragma_number(&source_of_log, log, "user_version")?;
    let shards = shards_in(&source_of_log).map_err(|error| error.in_file(log))?;
    drop(source_of_log);
    let mut target = Connection::open(to).map_err(|error| in_file(to, error))?;
    copy_whole(&source, &mut target).map_err(|error| in_file(history, error))?;
    drop(source);
    (HISTORY_TABLES.upgrade)(&target, layout_of_history).map_err(|error| error.in_file(to))?;

    target.pragma_update(None, "journal_mode", "DELETE").map_err(|error| in_file(to, error))?;
    target
        .execute_batch(LOG_TABLES.statements)
        .and_then(|()| make_shards(&target, LOG_TABLES, shards))
        .map_err(|error| in_file(to, error))?;
    attach(&target, log)?;
    copy_tables(&mut target, &log_table_names(shards), layout)
        .map_err(|error| error.in_file(to))?;
    let finished = target
        .execute_batch(
            "DETACH source; DELETE FROM snapshot_part WHERE save NOT IN (SELECT save FROM snapshot)",
        )
        .and_then(|()| target.pragma_update(None, "application_id", BACKUP_ID))
        .and_then(|()| target.pragma_update(None, "user_version", LAYOUT));
    finished.map_err(|error| in_file(to, error))?;
    let ends = ends_in(&target).map_err(|error| error.in_file(to))?;
    target.close().map_err(|(_, error)| in_file(to, error))?;
    Ok(ends)
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
pub(crate) fn attach(connection: &Connection, path: &Path) -> Result<(), BackupError> {
    let Some(text) = path.to_str() else {
        return Err(BackupError::NotUtf8 { path: path.to_owned() });
    };
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    connection
        .execute("ATTACH ? AS source", [format!("file:{escaped}?mode=ro")])
        .map_err(|error| in_file(path, error))?;
    Ok(())
}

/// Copies tables of `source`, which has this layout, all as of one moment. The index that the oldest layout lacks is made, and columns
/// that it lacks are empty.
pub(crate) fn copy_tables(
    target: &mut Connection,
    names: &[impl AsRef<str>],
    layout: i64,
) -> Result<(), Error> {
    let transaction = target.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let is_there =
        |name: &str| LATER_TABLES.iter().all(|(later, since)| *later != name || layout >= *since);
    for name in names.iter().map(AsRef::as_ref).filter(|name| is_there(name)) {
        let columns: String = transaction.query_row(
            "SELECT group_concat(name) FROM pragma_table_info(?, 'source')",
            [name],
            |row| row.get(0),
        )?;
        transaction.execute_batch(&format!(
            "DELETE FROM main.{name}; INSERT INTO main.{name} ({columns}) SELECT {columns} FROM source.{name};"
        ))?;
    }
    if !is_there("org_block") && names.iter().any(|name| name.as_ref() == "log") {
        org_index::build(&transaction)?;
    }
    Ok(transaction.commit()?)
}

/// Renames a finished file durably; returns its size in bytes.
pub(crate) fn keep(unfinished: &Path, path: &Path) -> Result<u64, StoreError> {
    let kept = || {
        let finished = File::open(unfinished)?;
        finished.sync_all()?;
        fs::rename(unfinished, path)?;
        File::open(folder_of(path))?.sync_all()?;
        Ok(finished.metadata()?.len())
    };
    kept().map_err(|error| cannot_use(path, error))
}

/// Removes a file and its journal, if they exist.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    remove_file(path)?;
    remove_journal(path)
}

fn remove_journal(path: &Path) -> Result<(), StoreError> {
    remove_file(&with_suffix(path, "-journal"))
}

fn remove_file(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot_use(path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
