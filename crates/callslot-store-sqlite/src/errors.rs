//! What errors of SQLite and of the operating system mean for the store. It decides nothing.

use std::path::Path;

use callslot_store::StoreError;
use rusqlite::ErrorCode;

/// Why work on a connection failed, before it is known which store it was for.
#[derive(Debug)]
pub(crate) enum Error {
    /// SQLite failed.
    Sqlite(rusqlite::Error),
    /// What was read is not what was written.
    Store(StoreError),
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
        match error {
            Error::Sqlite(error) => in_file(Path::new("the data directory"), &error),
            Error::Store(error) => error,
        }
    }
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
