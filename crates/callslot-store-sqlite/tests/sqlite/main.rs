//! The promises of a store, checked on SQLite's, and what only a store with files must do.

mod backup;
mod ended_blocks;
mod ended_erasure;
mod ended_migration;
mod files;
mod names;
mod org_index;
mod plans;

use callslot_store::conformance::Check;
use callslot_store_sqlite::SqliteStore;

callslot_store::test_each_promise!(on_a_new_store);

/// Runs one promise on a new store.
fn on_a_new_store(promise: Check) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    promise(&SqliteStore::open(directory.path()).expect("a new store opens"));
}
