//! The promises of a store, checked on SQLite's, and what only a store with files must do.

mod backup;
mod ended_blocks;
mod ended_erasure;
mod ended_migration;
mod files;
mod names;
mod one_of_several_shards;
mod org_index;
mod plans;
mod shards;

use std::sync::Arc;

use callslot_store::Store;
use callslot_store::conformance::{Check, ShardsCheck};
use callslot_store_sqlite::SqliteStore;

callslot_store::test_each_promise!(on_a_new_store);
callslot_store::test_each_promise_of_shards!(on_a_new_store_of_four_shards);

/// Runs one promise on a new store.
fn on_a_new_store(promise: Check) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    promise(&SqliteStore::open(directory.path()).expect("a new store opens"));
}

/// Runs one promise on a new store.
fn on_a_new_store_of_four_shards(promise: ShardsCheck) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open_or_make(directory.path(), 4).expect("a new store opens"));
    promise(&store);
}
