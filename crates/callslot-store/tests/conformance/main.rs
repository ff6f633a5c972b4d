//! What every store promises, checked on each of them, and what only the embedded store must do.

mod backup;
mod embedded;
mod stored_form;

use callslot_store::conformance::Check;
use callslot_store::{MemoryStore, SqliteStore};

callslot_store::test_each_promise!(on_every_store);

/// Runs one promise on every store.
fn on_every_store(promise: Check) {
    promise(&MemoryStore::new());
    let directory = tempfile::tempdir().expect("a temporary directory");
    promise(&SqliteStore::open(directory.path()).expect("a new store opens"));
}
