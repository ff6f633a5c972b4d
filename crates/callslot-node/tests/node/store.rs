//! A store in memory that fails, delays, or loses the acknowledgement of appends when told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};

use callslot_core::{Call, CallId, OrgId, PlanId, Sequence, Timestamp};
use callslot_store::{
    ApiKey, AppendError, Catalogue, EndedFilter, EndedPage, Grain, History, Log, Marker,
    MemoryStore, Open, Plan, Position, Projection, Record, Series, SeriesKind, SeriesRows, Session,
    Snapshot, StoreError, Which,
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

impl Catalogue for UnreliableStore {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        self.inner.plans()
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        self.inner.put_plan(plan)
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        self.inner.delete_plan(id)
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.inner.keys()
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        self.inner.put_key(key)
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        self.inner.delete_key(id)
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        self.inner.touch_keys(used)
    }

    fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        self.inner.sessions()
    }

    fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
        self.inner.put_session(session)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        self.inner.delete_sessions(tokens_sha256)
    }
}

impl History for UnreliableStore {
    fn projected(&self) -> Result<Position, StoreError> {
        self.inner.projected()
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        if self.weather() == Weather::NoHistory {
            self.failed_projections.fetch_add(1, Ordering::Relaxed);
            return Err(Self::failed());
        }
        self.inner.project(projection)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call>, StoreError> {
        self.inner.ended_call(org, id)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        self.inner.ended_calls(org, filter, limit)
    }

    fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.inner.prune(before)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        self.inner.open_parts(series)
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        self.inner.count_series(org, kind)
    }

    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError> {
        self.inner.figures(org, which, grain, from, to)
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        self.inner.kept_from(grain)
    }

    fn prune_figures(&self, grain: Grain, before: Timestamp) -> Result<u64, StoreError> {
        self.inner.prune_figures(grain, before)
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        self.inner.markers(org, from, to, limit)
    }
}
