//! A store in memory that does to each operation what it is told to: carry it out, fail, lose the acknowledgement, or leave
//! half of a record behind.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callslot_core::{OrgId, Timestamp};
use callslot_store::stored_form::{decode, encode};
use callslot_store::testing::{DelegatingStore, Interfere};
use callslot_store::{
    AppendError, Failure, History, Log, MemoryStore, OrgRecords, Position, Projection, Record,
    SeenTime, Snapshot, StoreError,
};

/// The fate of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is carried out.
    #[default]
    Fair,
    /// It fails and changes nothing.
    Fails,
    /// It is carried out, but says that it failed.
    ForgetsToSay,
    /// It leaves only this many 256ths of what it should write, and fails. What is left is seen after a crash only, and
    /// until something else is written.
    Tears(u8),
}

/// A store whose operations meet the fate that is set.
pub type SimStore = DelegatingStore<Faults>;

/// The fate of the operations, and the store that carries them out.
#[derive(Debug, Default)]
pub struct Faults {
    inner: MemoryStore,
    /// What is kept of the time: each shard of a world counts its own, as if another machine ran it.
    time: MemoryStore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fate: Fate,
    /// What a torn append left behind the end of the log.
    torn: Option<(Position, Vec<u8>)>,
}

impl Faults {
    /// The fate of a store, which is fair at first.
    pub fn of(inner: MemoryStore) -> Self {
        Self { inner, ..Self::default() }
    }

    /// What was last kept of the time.
    pub fn kept_time(&self) -> Option<SeenTime> {
        self.time.seen_time().expect("a store in memory can be read")
    }

    /// Sets the fate of operations from now on.
    pub fn set_fate(&self, fate: Fate) {
        self.state().fate = fate;
    }

    /// The state that a process finds when it opens the store after a crash: the rest of a torn append counts only if it is
    /// whole. Says whether there was such a rest.
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
    StoreError::Failed { place: "the disk".into(), failure: Failure::Full, cause: None }
}

impl Interfere for Faults {
    fn inner(&self) -> &MemoryStore {
        &self.inner
    }

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

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        self.meet(|| self.inner.read_org_from(org, after, max_bytes))
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.meet(|| self.inner.save_snapshot(snapshot))
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

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        self.meet(|| self.inner.project(projection))
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        self.time.keep_seen_time(time, changed)
    }
}
