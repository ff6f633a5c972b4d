//! What errors of SQLite and of the operating system mean for the store. It decides nothing.

use std::path::Path;

use callslot_store::{Cause, Damage, Failure, StoreError};
use rusqlite::ErrorCode;

/// Why work on a connection failed, before it is known which store it was for.
#[derive(Debug)]
pub(crate) enum Error {
    /// SQLite failed.
    Sqlite(rusqlite::Error),
    /// What was read is not what was written.
    Store(StoreError),
}

impl Error {
    /// The error, with the file it is about.
    pub(crate) fn in_file(self, path: &Path) -> StoreError {
        match self {
            Self::Sqlite(error) => in_file(path, error),
            Self::Store(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        error.in_file(Path::new("the data directory"))
    }
}

/// An error of the operating system, with the file it is about.
pub(crate) fn cannot_use(path: &Path, error: std::io::Error) -> StoreError {
    failed(path, Failure::Other, Some(error.into()))
}

/// An error of SQLite, with the file it is about.
pub(crate) fn in_file(path: &Path, error: rusqlite::Error) -> StoreError {
    let failure = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            return damaged(path, Damage::Database(error.into()));
        }
        Some(ErrorCode::DiskFull) => Failure::Full,
        Some(ErrorCode::ReadOnly) => Failure::ReadOnly,
        Some(ErrorCode::DatabaseBusy) => Failure::Busy,
        _ => Failure::Other,
    };
    failed(path, failure, Some(error.into()))
}

/// A file or directory that cannot be used.
pub(crate) fn failed(path: &Path, failure: Failure, cause: Option<Cause>) -> StoreError {
    StoreError::Failed { place: path.display().to_string(), failure, cause }
}

/// A file or directory that holds something else than was written.
pub(crate) fn damaged(path: &Path, damage: Damage) -> StoreError {
    StoreError::Damaged { place: path.display().to_string(), damage }
}
