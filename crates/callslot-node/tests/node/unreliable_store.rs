//! A store in memory that fails, delays, or loses the acknowledgement of appends when told to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::testing::Around;
use callslot_store::{
    AppendError, History, Log, MemoryStore, Position, Projection, Record, Snapshot, StoreError,
};

/// What happens to appends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// They succeed.
    Fair,
    /// They wait until the weather changes.
    Stuck,
    /// They fail and write nothing.
    Failing,
    /// They fail, and so does every reading of the log.
    Dark,
    /// They succeed, but reading the log waits until the weather changes.
    Foggy,
    /// They succeed, but ended calls cannot be kept.
    NoHistory,
    /// They write, but say that they failed. Once; then the weather is fair.
    Forgetful,
}

#[derive(Debug)]
pub struct UnreliableStore {
    inner: MemoryStore,
    weather: Mutex<Weather>,
    changed: Condvar,
    failed_projections: AtomicU64,
}

impl UnreliableStore {
    pub fn new() -> Self {
        Self {
            inner: MemoryStore::new(),
            weather: Mutex::new(Weather::Fair),
            changed: Condvar::new(),
            failed_projections: AtomicU64::new(0),
        }
    }

    pub fn set_weather(&self, weather: Weather) {
        *self.weather.lock().expect("nobody panicked") = weather;
        self.changed.notify_all();
    }

    fn weather(&self) -> Weather {
        *self.weather.lock().expect("nobody panicked")
    }

    pub fn failed_projections(&self) -> u64 {
        self.failed_projections.load(Ordering::Relaxed)
    }

    /// Appends what this node did not decide.
    pub fn append_by_somebody_else(&self, record: &Record) {
        let end = self.inner.end().expect("an end");
        self.inner.append(end, record).expect("an append");
    }

    /// All records, whatever the weather.
    pub fn records(&self) -> Vec<Record> {
        let records = self.inner.read_from(Position(0), usize::MAX).expect("the log");
        records.into_iter().map(|(_, record)| record).collect()
    }

    fn failed() -> StoreError {
        StoreError::Engine("the disk is full".into())
    }
}

impl Log for UnreliableStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let mut weather = self.weather.lock().expect("nobody panicked");
        while *weather == Weather::Stuck {
            weather = self.changed.wait(weather).expect("nobody panicked");
        }
        match *weather {
            Weather::Fair | Weather::Stuck | Weather::Foggy | Weather::NoHistory => {
                self.inner.append(after, record)
            }
            Weather::Failing | Weather::Dark => Err(AppendError::Store(Self::failed())),
            Weather::Forgetful => {
                *weather = Weather::Fair;
                self.inner.append(after, record)?;
                Err(AppendError::Store(Self::failed()))
            }
        }
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let mut weather = self.weather.lock().expect("nobody panicked");
        while *weather == Weather::Foggy {
            weather = self.changed.wait(weather).expect("nobody panicked");
        }
        if *weather == Weather::Dark {
            return Err(Self::failed());
        }
        drop(weather);
        self.inner.read_from(after, max_bytes)
    }

    fn end(&self) -> Result<Position, StoreError> {
        self.inner.end()
    }

    fn start(&self) -> Result<Position, StoreError> {
        self.inner.start()
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        self.inner.position_before(org, sequence)
    }

    fn position_at(&self, at: Timestamp) -> Result<Position, StoreError> {
        self.inner.position_at(at)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.inner.save_snapshot(snapshot)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.inner.latest_snapshot()
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        self.inner.truncate(up_to)
    }

    fn probe(&self) -> Result<(), StoreError> {
        match self.weather() {
            Weather::Fair | Weather::Foggy | Weather::NoHistory | Weather::Forgetful => Ok(()),
            Weather::Stuck | Weather::Failing | Weather::Dark => Err(Self::failed()),
        }
    }
}

impl Around for UnreliableStore {
    type Inner = MemoryStore;

    fn inner(&self) -> &MemoryStore {
        &self.inner
    }

    fn project_inside(&self, projection: &Projection) -> Result<bool, StoreError> {
        if self.weather() == Weather::NoHistory {
            self.failed_projections.fetch_add(1, Ordering::Relaxed);
            return Err(Self::failed());
        }
        self.inner.project(projection)
    }
}
