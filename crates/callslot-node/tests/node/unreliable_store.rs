//! A memory store that fails, hangs, or loses the acknowledgement of an append, as the test says.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};

use callslot_core::{OrgId, Timestamp};
use callslot_store::testing::{DelegatingStore, Interfere};
use callslot_store::{
    AppendError, Failure, History, Log, MemoryStore, OrgRecords, Position, Projection, Record,
    SeenTime, StoreError,
};

/// What is wrong with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Appends wait until the fault changes.
    AppendsHang,
    /// Appends fail and write nothing.
    AppendsFail,
    /// The next append writes; after that appends fail and write nothing.
    SecondAppendFails,
    /// Appends fail, and so does every read of the log.
    AllFails,
    /// Reads of the log wait until the fault changes.
    ReadsHang,
    /// Reads of the log for the organisation `o` wait until the fault changes.
    ReadsForOneOrgHang,
    /// Nothing can be kept in the history.
    HistoryFails,
    /// The next append writes but reports a failure; after that nothing is wrong.
    AcknowledgementLost,
}

/// Of several shards only the first is unreliable.
pub type UnreliableStore = DelegatingStore<Unreliable>;

#[derive(Debug)]
pub struct Unreliable {
    inner: MemoryStore,
    fault: Mutex<Fault>,
    changed: Condvar,
    failed_projections: AtomicU64,
}

impl Default for Unreliable {
    fn default() -> Self {
        Self::with_shards(1)
    }
}

impl Unreliable {
    pub fn with_shards(shards: u16) -> Self {
        Self {
            inner: MemoryStore::with_shards(shards),
            fault: Mutex::new(Fault::None),
            changed: Condvar::new(),
            failed_projections: AtomicU64::new(0),
        }
    }
}

impl Unreliable {
    pub fn set_fault(&self, fault: Fault) {
        *self.fault.lock().expect("nobody panicked") = fault;
        self.changed.notify_all();
    }

    fn fault(&self) -> Fault {
        *self.fault.lock().expect("nobody panicked")
    }

    pub fn failed_projections(&self) -> u64 {
        self.failed_projections.load(Ordering::Relaxed)
    }

    /// Appends a record that this node did not decide.
    pub fn append_by_somebody_else(&self, record: &Record) {
        let end = self.inner.end().expect("an end");
        self.inner.append(end, record).expect("an append");
    }

    /// All records, whatever the fault.
    pub fn records(&self) -> Vec<Record> {
        let records = self.inner.read_from(Position(0), usize::MAX).expect("the log");
        records.into_iter().map(|(_, record)| record).collect()
    }

    fn wait_to_read(&self, hangs: impl Fn(Fault) -> bool) -> Result<(), StoreError> {
        let mut fault = self.fault.lock().expect("nobody panicked");
        while hangs(*fault) {
            fault = self.changed.wait(fault).expect("nobody panicked");
        }
        if *fault == Fault::AllFails { Err(Self::failed()) } else { Ok(()) }
    }

    fn failed() -> StoreError {
        StoreError::Failed { place: "the disk".into(), failure: Failure::Full, cause: None }
    }
}

impl Interfere for Unreliable {
    fn inner(&self) -> &MemoryStore {
        &self.inner
    }

    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let mut fault = self.fault.lock().expect("nobody panicked");
        while *fault == Fault::AppendsHang {
            fault = self.changed.wait(fault).expect("nobody panicked");
        }
        match *fault {
            Fault::None
            | Fault::AppendsHang
            | Fault::ReadsHang
            | Fault::ReadsForOneOrgHang
            | Fault::HistoryFails => self.inner.append(after, record),
            Fault::AppendsFail | Fault::AllFails => Err(AppendError::Store(Self::failed())),
            Fault::SecondAppendFails => {
                *fault = Fault::AppendsFail;
                self.inner.append(after, record)
            }
            Fault::AcknowledgementLost => {
                *fault = Fault::None;
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
        self.wait_to_read(|fault| fault == Fault::ReadsHang)?;
        self.inner.read_from(after, max_bytes)
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        let hangs_for_it = org.as_str() == "o";
        self.wait_to_read(|fault| {
            fault == Fault::ReadsHang || (fault == Fault::ReadsForOneOrgHang && hangs_for_it)
        })?;
        self.inner.read_org_from(org, after, max_bytes)
    }

    fn probe(&self) -> Result<(), StoreError> {
        match self.fault() {
            Fault::None
            | Fault::ReadsHang
            | Fault::ReadsForOneOrgHang
            | Fault::HistoryFails
            | Fault::SecondAppendFails
            | Fault::AcknowledgementLost => Ok(()),
            Fault::AppendsHang | Fault::AppendsFail | Fault::AllFails => Err(Self::failed()),
        }
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        if self.fault() == Fault::HistoryFails {
            self.failed_projections.fetch_add(1, Ordering::Relaxed);
            return Err(Self::failed());
        }
        self.inner.project(projection)
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        if self.fault() == Fault::HistoryFails {
            return Err(Self::failed());
        }
        self.inner.keep_seen_time(time, changed)
    }
}
