//! Recovers shards from a store: loads the latest snapshot of each and replays the records after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;

use callslot_core::{Now, Shard};
use callslot_store::{Damage, Position, Store, StoreError};

use crate::limits::READ_BYTES;
use crate::threads::cores;

/// A shard and its position in the log.
#[derive(Debug)]
pub struct Recovered {
    pub shard: Shard,
    /// The position of the last record.
    pub end: Position,
    /// The time of the last record.
    pub last: Now,
    /// The position of the snapshot, if there was one.
    pub snapshot: Option<Position>,
    /// How many events were replayed after the snapshot.
    pub replayed: u64,
}

/// Recovers all shards, by their numbers: as many at a time as there are cores. Blocks.
///
/// # Errors
/// [`StoreError`] when one of them cannot be recovered.
pub fn recover_all(store: &Arc<dyn Store>) -> Result<Vec<Recovered>, StoreError> {
    let shards = store.shards();
    let next = AtomicU16::new(0);
    let recover_some = || {
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < shards);
        let of = |number| Ok((number, recover(&*Arc::clone(store).shard(number))?));
        std::iter::from_fn(take).map(of).collect::<Result<Vec<_>, StoreError>>()
    };
    let threads = cores().min(usize::from(shards));
    let mut recovered = Vec::new();
    thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(recover_some)).collect();
        recovered.extend(recover_some()?);
        for thread in running {
            let some = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            recovered.extend(some?);
        }
        Ok(())
    })?;
    recovered.sort_unstable_by_key(|(number, _)| *number);
    Ok(recovered.into_iter().map(|(_, shard)| shard).collect())
}

/// Recovers the shard that the store is seen from. Blocks.
///
/// # Errors
/// [`StoreError`] when the store cannot be read, or the log has a gap.
pub fn recover(store: &dyn Store) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered {
        shard: Shard::new(),
        end: Position(0),
        last: Now::default(),
        snapshot: None,
        replayed: 0,
    };
    if let Some(snapshot) = store.latest_snapshot()? {
        recovered.snapshot = Some(snapshot.position);
        recovered.apply(snapshot.position, &snapshot.record);
    }
    loop {
        let records = store.read_from(recovered.end, READ_BYTES)?;
        if records.is_empty() {
            return Ok(recovered);
        }
        for (position, record) in &records {
            if *position != recovered.end.next() {
                let damage = Damage::Gap { after: recovered.end, found: *position };
                return Err(StoreError::Damaged { place: "the log".into(), damage });
            }
            recovered.apply(*position, record);
            recovered.replayed += record.events.len() as u64;
        }
    }
}

impl Recovered {
    fn apply(&mut self, position: Position, record: &callslot_store::Record) {
        for recorded in &record.events {
            self.shard.apply(record.now, recorded);
        }
        self.end = position;
        self.last = record.now;
    }
}
