//! The store that the server uses: SQLite's, in the data directory, or PostgreSQL's. The commands choose it here; the server takes any.

use std::path::Path;
use std::sync::Arc;

use callslot_store::{Store, StoreError};
use callslot_store_sqlite::SqliteStore;

/// Opens the store in `data`, or creates it: with one shard, if it is not said how many it must have.
///
/// # Errors
/// [`StoreError`] when it cannot be opened, or has another number of shards.
pub fn open(data: &Path, shards: Option<u16>) -> Result<Arc<dyn Store>, StoreError> {
    let store = SqliteStore::open_or_make(data, shards.unwrap_or(1))?;
    with_shards(Arc::new(store), shards, &data.display().to_string())
}

/// The store, if it has as many shards as it must have.
fn with_shards(
    store: Arc<dyn Store>,
    wanted: Option<u16>,
    place: &str,
) -> Result<Arc<dyn Store>, StoreError> {
    let made_with = store.shards();
    if wanted.is_none_or(|wanted| wanted == made_with) {
        return Ok(store);
    }
    let cause = format!(
        "it was made with {made_with} {}, which cannot be changed; leave --shards out, or start with new data",
        if made_with == 1 { "shard" } else { "shards" }
    );
    Err(StoreError::Failed {
        place: place.to_owned(),
        failure: callslot_store::Failure::Other,
        cause: Some(cause.into()),
    })
}

/// Opens the store in the PostgreSQL database at `url`, or creates it. The process ends if another server takes the database over: what it
/// would go on showing is outdated.
#[cfg(feature = "postgres")]
pub fn open_database(url: &str, shards: Option<u16>) -> Result<Arc<dyn Store>, StoreError> {
    let deposed = || {
        tracing::error!(
            "another server has taken the database over, as this one could not be heard for two seconds; it ends"
        );
        std::process::exit(1);
    };
    let store = callslot_store_postgres::PostgresStore::open(url, deposed)?;
    with_shards(Arc::new(store), shards, "the database")
}

/// Says that this binary has no way to PostgreSQL.
#[cfg(not(feature = "postgres"))]
pub fn open_database(_: &str, _: Option<u16>) -> Result<Arc<dyn Store>, StoreError> {
    Err(StoreError::Failed {
        place: "PostgreSQL".into(),
        failure: callslot_store::Failure::Other,
        cause: Some("this binary was built without the feature `postgres`".into()),
    })
}

#[cfg(test)]
mod tests {
    use callslot_server::with_advice;

    use super::*;

    #[test]
    fn data_keep_the_number_of_shards_that_they_were_made_with() {
        let directory = tempfile::tempdir().expect("a directory");
        let data = directory.path().join("data");
        let opened = |shards| open(&data, shards).map(|store| store.shards());
        assert_eq!(opened(Some(4)).expect("a new store"), 4);
        assert_eq!(opened(None).expect("it keeps its shards"), 4);
        let refused = with_advice(&opened(Some(2)).expect_err("it has others"));
        assert_eq!(
            refused,
            format!(
                "the store failed: {} cannot be used (it was made with 4 shards, which cannot be changed; leave --shards out, \
                 or start with new data)",
                data.display()
            )
        );
    }
}
