//! The promises of a store, checked from each shard of SQLite's while the others are written to.

use std::sync::Arc;

use callslot_store::Store;
use callslot_store::conformance::Check;
use callslot_store::conformance::shards::beside_writers;
use callslot_store_sqlite::SqliteStore;

callslot_store::test_each_promise!(from_each_shard);

/// Runs one promise on a new store for each shard.
fn from_each_shard(promise: Check) {
    for number in 0..2 {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open_or_make(directory.path(), 2).expect("a new store opens"));
        beside_writers(&store.shard(number), promise);
    }
}
