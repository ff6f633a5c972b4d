//! What is done with a data directory while no server may be running on it: backup, restore, and a look at what is in it.

use std::path::Path;

use callslot_store::{Log, StoreError};
use callslot_store_sqlite::SqliteStore;

use crate::serve_error::ServeError;

/// Copies the store in `data` to the new file `file`, while a server may be using it.
///
/// # Errors
/// [`ServeError::Store`] says why not and what to do.
pub fn backup(data: &Path, file: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::backup(data, file)?;
    Ok(())
}

/// Makes the new data directory `data` from a backup.
///
/// # Errors
/// [`ServeError::Store`] says why not and what to do.
pub fn restore(file: &Path, data: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::restore(file, data)?;
    Ok(())
}

/// Says what a server would find in `data`, without changing it.
///
/// # Errors
/// [`ServeError::Store`] says what would keep a server from starting.
pub fn check_store(data: &Path) -> Result<String, ServeError> {
    if !data.join("callslot.db").exists() {
        return Ok(format!("{} is not there yet; the first start makes it", data.display()));
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
