//! What every store promises, checked on the one in memory, and the stored form.

mod any_record;
mod documented_record;
mod one_of_several_shards;
mod stored_form;

use std::sync::Arc;

use callslot_store::conformance::{Check, ShardsCheck};
use callslot_store::{MemoryStore, Store};

callslot_store::test_each_promise!(on_the_store_in_memory);
callslot_store::test_each_promise_of_shards!(on_four_shards_in_memory);

/// Runs one promise on an empty store.
fn on_the_store_in_memory(promise: Check) {
    promise(&MemoryStore::new());
}

/// Runs one promise on an empty store.
fn on_four_shards_in_memory(promise: ShardsCheck) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::with_shards(4));
    promise(&store);
}
