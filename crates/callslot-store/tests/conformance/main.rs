//! What every store promises, checked on each of them, and what only the embedded store must do.

mod backup;
mod embedded;
mod facts;
mod promises;

use callslot_store::{MemoryStore, SqliteStore, Store};

/// Runs one promise on every store.
fn on_every_store(promise: fn(&dyn Store)) {
    promise(&MemoryStore::new());
    let directory = tempfile::tempdir().expect("a temporary directory");
    promise(&SqliteStore::open(directory.path()).expect("a new store opens"));
}
