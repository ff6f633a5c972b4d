//! A store in memory that does to each operation what it is told to: carry it out, fail, forget to say that it
//! succeeded, or leave half of a record behind.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callslot_core::{Call, CallId, OrgId, PlanId, Sequence, Timestamp};
use callslot_store::{
    ApiKey, AppendError, Catalogue, EndedFilter, EndedPage, Grain, History, Log, Marker,
    MemoryStore, Open, Plan, Position, Projection, Record, Series, SeriesKind, SeriesRows, Session,
    Snapshot, StoreError, Which, decode, encode,
};

/// What becomes of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is carried out.
    #[default]
    Fair,
    /// It fails and changes nothing.
    Fails,
    /// It is carried out, but says that it failed.
    ForgetsToSay,
    /// It leaves only so many 256ths of what it should write, and fails. What is left is seen after a crash only, and
    /// until something else is written.
    Tears(u8),
}

/// A store whose operations meet the fate that is set.
#[derive(Debug, Default)]
pub struct SimStore {
    inner: MemoryStore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fate: Fate,
    /// What a torn append left behind the end of the log.
    torn: Option<(Position, Vec<u8>)>,
}

impl SimStore {
    /// Sets what becomes of operations from now on.
    pub fn set_fate(&self, fate: Fate) {
        self.state().fate = fate;
    }

    /// What a process finds that opens the store after a crash: what a torn append left counts only if it is whole. Says
    /// whether there was such a rest.
    pub fn reopen(&self) -> bool {
        self.set_fate(Fate::Fair);
        let Some((after, bytes)) = self.state().torn.take() else { return false };
        if let Ok(record) = decode(&bytes, "the last record") {
            self.inner.append(after, &record).expect("it was torn at the end");
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out an operation as its fate has it.
    fn meet<T>(&self, operation: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let fate = self.state().fate;
        match fate {
            Fate::Fair => operation(),
            Fate::Fails | Fate::Tears(_) => Err(failure()),
            Fate::ForgetsToSay => {
                operation()?;
                Err(failure())
            }
        }
    }
}

fn failure() -> StoreError {
    StoreError::Engine("the disk is full".into())
}

impl Log for SimStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let mut state = self.state();
        state.torn = None;
        match state.fate {
            Fate::Fair => self.inner.append(after, record),
            Fate::Fails => Err(AppendError::Store(failure())),
            Fate::ForgetsToSay => {
                self.inner.append(after, record)?;
                Err(AppendError::Store(failure()))
            }
            Fate::Tears(part) => {
                let mut bytes = encode(record);
                bytes.truncate(bytes.len() * usize::from(part) / 256);
                // A page that was never written reads as zeros.
                bytes.resize(bytes.len() + usize::from(part % 7), 0);
                state.torn = Some((after, bytes));
                Err(AppendError::Store(failure()))
            }
        }
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        self.meet(|| self.inner.read_from(after, max_bytes))
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
        self.meet(|| self.inner.save_snapshot(snapshot))
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.inner.latest_snapshot()
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        self.meet(|| self.inner.truncate(up_to))
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.meet(|| {
            self.state().torn = None;
            self.inner.probe()
        })
    }
}

impl Catalogue for SimStore {
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

impl History for SimStore {
    fn projected(&self) -> Result<Position, StoreError> {
        self.inner.projected()
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        self.meet(|| self.inner.project(projection))
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
