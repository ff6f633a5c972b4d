//! The store that the server uses: SQLite's, in the data directory, or PostgreSQL's. The commands choose it here; the server takes any.

use std::path::Path;
use std::sync::Arc;

use callslot_store::{Store, StoreError};
use callslot_store_sqlite::SqliteStore;

/// Opens the store in `data`, or creates it.
pub fn open(data: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqliteStore::open(data)?))
}

/// Opens the store in the PostgreSQL database at `url`, or creates it. The process ends if another server takes the database over: what it
/// would go on showing is outdated.
#[cfg(feature = "postgres")]
pub fn open_database(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let deposed = || {
        tracing::error!(
            "another server has taken the database over, as this one could not be heard for two seconds; it ends"
        );
        std::process::exit(1);
    };
    Ok(Arc::new(callslot_store_postgres::PostgresStore::open(url, deposed)?))
}

/// Says that this binary has no way to PostgreSQL.
#[cfg(not(feature = "postgres"))]
pub fn open_database(_: &str) -> Result<Arc<dyn Store>, StoreError> {
    Err(StoreError::Failed {
        place: "PostgreSQL".into(),
        failure: callslot_store::Failure::Other,
        cause: Some("this binary was built without the feature `postgres`".into()),
    })
}
