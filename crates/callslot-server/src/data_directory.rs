//! Maintenance of a data directory, with or without a server running on it: backup, restore and check.

use std::path::Path;

use callslot_store::{Log, StoreError};
use callslot_store_sqlite::SqliteStore;

use crate::serve_error::ServeError;

/// Copies the store in `data` to the new file `file`. Safe while a server is using it.
///
/// # Errors
/// [`ServeError::Store`] says what failed and what to do.
pub fn backup(data: &Path, file: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::backup(data, file)?;
    Ok(())
}

/// Creates the data directory `data` from a backup.
///
/// # Errors
/// [`ServeError::Store`] says what failed and what to do.
pub fn restore(file: &Path, data: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::restore(file, data)?;
    Ok(())
}

/// Describes what a server would find in `data`, without changing it.
///
/// # Errors
/// [`ServeError::Store`] says what would prevent a server from starting.
pub fn check_store(data: &Path) -> Result<String, ServeError> {
    if !data.join("callslot.db").exists() {
        return Ok(format!("{} does not exist yet; the first start creates it", data.display()));
    }
    match SqliteStore::open(data) {
        Ok(store) => {
            store.latest_snapshot()?;
            let (start, end) = (store.start()?, store.end()?);
            Ok(format!("{} holds records {} to {}", data.display(), start.0, end.0))
        }
        Err(StoreError::InUse(_)) => Ok(format!("{} is open in a running server", data.display())),
        Err(error) => Err(error.into()),
    }
}
