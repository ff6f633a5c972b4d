//! What a data directory holds, for checks before a start. It creates nothing where there is no store.

use std::path::Path;

use callslot_store::{Log, Position, StoreError};

use crate::data_directory::LOG_FILE;
use crate::store::SqliteStore;

/// What a data directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspection {
    /// No store yet.
    Nothing,
    /// A store that another process has open.
    InUse,
    /// A store whose log keeps the records from `start` to `end`.
    Records {
        /// The first record.
        start: Position,
        /// The last record.
        end: Position,
    },
}

/// Finds out what a server would find in `data`.
///
/// # Errors
/// [`StoreError`] when a server could not use what is there.
pub fn inspect(data: &Path) -> Result<Inspection, StoreError> {
    if !data.join(LOG_FILE).exists() {
        return Ok(Inspection::Nothing);
    }
    match SqliteStore::open(data) {
        Ok(store) => {
            store.latest_snapshot()?;
            Ok(Inspection::Records { start: store.start()?, end: store.end()? })
        }
        Err(StoreError::InUse { .. }) => Ok(Inspection::InUse),
        Err(error) => Err(error),
    }
}
