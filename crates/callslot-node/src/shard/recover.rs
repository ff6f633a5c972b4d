//! The state that a store holds: its newest snapshot and the records after it.

use callslot_core::{Now, Shard};
use callslot_store::{Position, Store, StoreError};

use crate::limits::READ_BYTES;

/// A state and where in the log it stands.
#[derive(Debug)]
pub struct Recovered {
    /// The state.
    pub shard: Shard,
    /// The last record that is in it.
    pub end: Position,
    /// The time of the last record.
    pub last: Now,
    /// Where the snapshot stands from which it was read; none when there was none.
    pub snapshot: Option<Position>,
    /// How many events were read after the snapshot.
    pub replayed: u64,
}

/// Reads the state. Blocks.
///
/// # Errors
/// [`StoreError`] when the store cannot be read, or holds what cannot be a log.
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
                return Err(StoreError::Damaged(format!(
                    "the log goes from position {} to {}; restore the data directory from a backup with \
                     `callslot restore FILE`",
                    recovered.end.0, position.0
                )));
            }
            recovered.apply(*position, record);
            recovered.replayed += record.events.len() as u64;
        }
    }
}

impl Recovered {
    fn apply(&mut self, position: Position, record: &callslot_store::Record) {
        for recorded in &record.events {
            self.shard.apply(record.now.tick, recorded);
        }
        self.end = position;
        self.last = record.now;
    }
}
