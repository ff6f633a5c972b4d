//! What every store promises, checked from each shard of the one in memory while the others are written to.

use std::sync::Arc;

use callslot_store::conformance::Check;
use callslot_store::conformance::shards::beside_writers;
use callslot_store::{MemoryStore, Store};

callslot_store::test_each_promise!(from_each_shard);

/// Runs one promise on an empty store for each shard.
fn from_each_shard(promise: Check) {
    for number in 0..2 {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::with_shards(2));
        beside_writers(&store.shard(number), promise);
    }
}
