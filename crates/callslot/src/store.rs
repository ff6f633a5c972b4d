//! The store that the server uses: SQLite's, in the data directory. The commands choose it here; the server takes any.

use std::path::Path;
use std::sync::Arc;

use callslot_store::{Store, StoreError};
use callslot_store_sqlite::SqliteStore;

/// Opens the store in `data`, or creates it.
pub fn open(data: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqliteStore::open(data)?))
}
