//! A store in memory. It keeps every promise except the one that needs a disk.

mod audit;
mod audit_entries;
mod catalogue;
mod history;
mod kept_log;
mod kept_webhooks;
mod log;
mod past;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::PlanId;

use crate::contract::catalogue::{ApiKey, Plan, Session};
use crate::contract::store::Store;
use crate::memory::kept_log::KeptLog;
use crate::memory::kept_webhooks::KeptWebhooks;
use crate::memory::past::Past;
use crate::shards::is_number_of_shards;

/// A store that lasts as long as its process, seen from one of its shards. Like the others, it keeps everything in stored form.
#[derive(Debug)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
    shards: u16,
    number: u16,
}

#[derive(Debug, Default)]
struct Kept {
    logs: Vec<KeptLog>,
    plans: BTreeMap<PlanId, Plan>,
    keys: BTreeMap<String, ApiKey>,
    sessions: BTreeMap<[u8; 32], Session>,
    audit: audit_entries::Entries,
    past: Past,
    webhooks: KeptWebhooks,
}

impl Kept {
    fn log_of(&mut self, shard: u16) -> &mut KeptLog {
        &mut self.logs[usize::from(shard)]
    }
}

impl MemoryStore {
    /// An empty store of one shard.
    #[must_use]
    pub fn new() -> Self {
        Self::with_shards(1)
    }

    /// An empty store, seen from shard 0.
    ///
    /// # Panics
    /// When no store may have that many `shards`.
    #[must_use]
    pub fn with_shards(shards: u16) -> Self {
        assert!(is_number_of_shards(shards), "a store never has {shards} shards");
        let logs = (0..shards).map(|_| KeptLog::default()).collect();
        let kept = Arc::new(Mutex::new(Kept { logs, ..Kept::default() }));
        Self { kept, shards, number: 0 }
    }

    /// The same store, seen from another shard.
    ///
    /// # Panics
    /// When there is no such shard.
    #[must_use]
    pub fn seen_from(&self, number: u16) -> Self {
        assert!(number < self.shards, "there is no shard {number} of {}", self.shards);
        Self { kept: Arc::clone(&self.kept), shards: self.shards, number }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    fn shards(&self) -> u16 {
        self.shards
    }

    fn number(&self) -> u16 {
        self.number
    }

    fn shard(self: Arc<Self>, number: u16) -> Arc<dyn Store> {
        Arc::new(self.seen_from(number))
    }
}
