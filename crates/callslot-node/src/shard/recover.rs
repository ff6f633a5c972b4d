//! Recovers a shard from a store: loads the latest snapshot and replays the records after it.

use callslot_core::{Now, Shard};
use callslot_store::{Damage, Position, Store, StoreError};

use crate::limits::READ_BYTES;

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

/// Recovers the shard. Blocks.
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
