//! What every store promises, checked on the one in memory, and the stored form.

mod any_record;
mod documented_record;
mod stored_form;

use callslot_store::MemoryStore;
use callslot_store::conformance::Check;

callslot_store::test_each_promise!(on_the_store_in_memory);

/// Runs one promise on an empty store.
fn on_the_store_in_memory(promise: Check) {
    promise(&MemoryStore::new());
}
