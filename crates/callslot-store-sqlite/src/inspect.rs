//! What a data directory holds, for checks before a start. It creates nothing where there is no store.

use std::path::Path;

use std::sync::Arc;

use callslot_store::{Position, Store, StoreError};

use crate::data_directory::LOG_FILE;
use crate::store::SqliteStore;

/// What a data directory holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inspection {
    /// No store yet.
    Nothing,
    /// A store that another process has open.
    InUse,
    /// A store.
    Records {
        /// The first and the last record that each shard's log keeps. The first comes after the last where none is kept.
        of_shards: Vec<(Position, Position)>,
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
            let store: Arc<dyn Store> = Arc::new(store);
            let of_shard = |number| {
                let shard = Arc::clone(&store).shard(number);
                shard.latest_snapshot()?;
                Ok((shard.start()?, shard.end()?))
            };
            let of_shards = (0..store.shards()).map(of_shard).collect::<Result<_, StoreError>>()?;
            Ok(Inspection::Records { of_shards })
        }
        Err(StoreError::InUse { .. }) => Ok(Inspection::InUse),
        Err(error) => Err(error),
    }
}
