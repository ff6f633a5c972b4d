//! The data directory: the names of its files, their permissions, and the lock that keeps other processes out.
//!
//! It never looks into a database.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use callslot_store::{Damage, StoreError};

use crate::errors::{cannot_use, damaged};

/// The log, the snapshot and the catalogue.
pub(crate) const LOG_FILE: &str = "callslot.db";
/// The history.
pub(crate) const HISTORY_FILE: &str = "history.db";
/// The file that a process holds locked for as long as it has the directory open.
pub(crate) const LOCK_FILE: &str = "lock";
/// The file that is there until a restore is finished.
pub(crate) const RESTORE_MARK: &str = "restore.unfinished";
/// The suffix of a file that is not complete yet.
pub(crate) const UNFINISHED: &str = ".unfinished";

/// Locks a data directory for this process.
pub(crate) fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join(LOCK_FILE);
    let file = private_file(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::InUse { place: directory.display().to_string() })
        }
        Err(TryLockError::Error(error)) => Err(cannot_use(&path, error)),
    }
}

/// Refuses a directory in which a restore was interrupted.
pub(crate) fn refuse_unfinished(directory: &Path) -> Result<(), StoreError> {
    let of = |name| with_suffix(&directory.join(name), UNFINISHED);
    for path in [of(LOG_FILE), of(HISTORY_FILE), directory.join(RESTORE_MARK)] {
        if path.exists() {
            return Err(damaged(&path, Damage::Unfinished));
        }
    }
    Ok(())
}

/// Makes a directory that only this user can look into, if it does not exist.
pub(crate) fn make_private_directory(directory: &Path) -> Result<(), StoreError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| cannot_use(directory, error))
}

/// Makes a file that only this user can read, if it does not exist. SQLite gives its `-wal` and `-shm` files the same mode.
pub(crate) fn private_file(path: &Path) -> Result<File, StoreError> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot_use(path, error))
}

/// A path with something added to its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
