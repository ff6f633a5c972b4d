//! A store in memory with something in between, which can fail, delay or change what is asked of it.
//!
//! Tests put it between a node and its data, to make the store fail on purpose. It decides nothing itself. Start reading at
//! [`Interfere`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::ops::Deref;
use std::sync::Arc;

use callslot_core::{Call, CallId, Ended, OrgId, PlanId, Sequence, Timestamp};

use crate::contract::audit::{Audit, AuditFilter, AuditPage, Audited, CatalogueChange, Origin};
use crate::contract::catalogue::{ApiKey, Catalogue, Plan, Session};
use crate::contract::history::{
    EndedFilter, EndedPage, History, Marker, Open, Projection, Series, SeriesKind, SeriesRows,
    Which,
};
use crate::contract::log::{AppendError, Log, OrgRecords};
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::{OldTimes, SeenTime};
use crate::contract::store::Store;
use crate::contract::store_error::StoreError;
use crate::contract::webhooks::{
    Attempt, PendingDelivery, Webhook, WebhookMessage, WebhookPlace, WebhookProgress, Webhooks,
};
use crate::figures::Grain;
use crate::memory::MemoryStore;

/// What to do with the operations that a test may want to fail. Each goes to the inner store unless it is written otherwise;
/// all other operations always do.
pub trait Interfere: Debug + Send + Sync {
    /// The store that keeps everything.
    fn inner(&self) -> &MemoryStore;

    /// Instead of [`Store::shard`], for another shard than that of the inner store. What is done there does not come by here.
    fn other_shard(&self, number: u16) -> Arc<dyn Store> {
        Arc::new(self.inner().seen_from(number))
    }

    /// Instead of [`Log::append`].
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        self.inner().append(after, record)
    }

    /// Instead of [`Log::read_from`].
    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        self.inner().read_from(after, max_bytes)
    }

    /// Instead of [`Log::read_org_from`].
    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        self.inner().read_org_from(org, after, max_bytes)
    }

    /// Instead of [`Log::save_snapshot`].
    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.inner().save_snapshot(snapshot)
    }

    /// Instead of [`Log::truncate`].
    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        self.inner().truncate(up_to)
    }

    /// Instead of [`Log::probe`].
    fn probe(&self) -> Result<(), StoreError> {
        self.inner().probe()
    }

    /// Instead of [`History::project`].
    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        self.inner().project(projection)
    }

    /// Instead of [`History::keep_seen_time`].
    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        self.inner().keep_seen_time(time, changed)
    }
}

/// A store that does what `I` says, and hands everything else to the store inside. It can be used as an `I`, too.
#[derive(Debug, Default)]
pub struct DelegatingStore<I>(pub I);

impl<I> Deref for DelegatingStore<I> {
    type Target = I;

    fn deref(&self) -> &I {
        &self.0
    }
}

impl<I: Interfere + 'static> Store for DelegatingStore<I> {
    fn shards(&self) -> u16 {
        self.inner().shards()
    }

    fn number(&self) -> u16 {
        self.inner().number()
    }

    fn shard(self: Arc<Self>, number: u16) -> Arc<dyn Store> {
        if number == self.number() { self } else { self.other_shard(number) }
    }
}

impl<I: Interfere> Log for DelegatingStore<I> {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        self.0.append(after, record)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        self.0.read_from(after, max_bytes)
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        self.0.read_org_from(org, after, max_bytes)
    }

    fn end(&self) -> Result<Position, StoreError> {
        self.inner().end()
    }

    fn start(&self) -> Result<Position, StoreError> {
        self.inner().start()
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        self.inner().position_before(org, sequence)
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        self.inner().position_of_old(old)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.0.save_snapshot(snapshot)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.inner().latest_snapshot()
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        self.0.truncate(up_to)
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.0.probe()
    }
}

impl<I: Interfere> Catalogue for DelegatingStore<I> {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        self.inner().plans()
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        self.inner().put_plan(plan)
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        self.inner().delete_plan(id)
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.inner().keys()
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        self.inner().put_key(key)
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        self.inner().delete_key(id)
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        self.inner().touch_keys(used)
    }

    fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        self.inner().sessions()
    }

    fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
        self.inner().put_session(session)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        self.inner().delete_sessions(tokens_sha256)
    }
}

impl<I: Interfere> Audit for DelegatingStore<I> {
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError> {
        self.inner().change_catalogue(change, entry)
    }

    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError> {
        self.inner().keep_audited(entries)
    }

    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError> {
        self.inner().audit(filter, limit)
    }

    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError> {
        self.inner().audited(number)
    }

    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError> {
        self.inner().erase_audit(org)
    }

    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError> {
        self.inner().prune_audit(old)
    }
}

impl<I: Interfere> History for DelegatingStore<I> {
    fn projected(&self) -> Result<Position, StoreError> {
        self.inner().projected()
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        self.0.project(projection)
    }

    fn erase(&self, org: &OrgId) -> Result<u64, StoreError> {
        self.inner().erase(org)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        self.inner().ended_call(org, id)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        self.inner().ended_calls(org, filter, limit)
    }

    fn prune(&self, old: &OldTimes) -> Result<u64, StoreError> {
        self.inner().prune(old)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        self.inner().open_parts(series)
    }

    fn series_after(&self, at: Timestamp) -> Result<Vec<(OrgId, Series)>, StoreError> {
        self.inner().series_after(at)
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        self.inner().count_series(org, kind)
    }

    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError> {
        self.inner().figures(org, which, grain, from, to)
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        self.inner().kept_from(grain)
    }

    fn prune_figures(&self, grain: Grain, old: &OldTimes) -> Result<u64, StoreError> {
        self.inner().prune_figures(grain, old)
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        self.inner().markers(org, from, to, limit)
    }

    fn seen_time(&self) -> Result<Option<SeenTime>, StoreError> {
        self.inner().seen_time()
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        self.0.keep_seen_time(time, changed)
    }
}

impl<I: Interfere> Webhooks for DelegatingStore<I> {
    fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        self.inner().webhooks()
    }

    fn put_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        self.inner().put_webhook(webhook)
    }

    fn delete_webhook(&self, id: &str) -> Result<bool, StoreError> {
        self.inner().delete_webhook(id)
    }

    fn webhook_place(&self, id: &str) -> Result<Option<WebhookPlace>, StoreError> {
        self.inner().webhook_place(id)
    }

    fn pending_deliveries(&self, id: &str) -> Result<Vec<PendingDelivery>, StoreError> {
        self.inner().pending_deliveries(id)
    }

    fn pending_message(
        &self,
        id: &str,
        sequence: Sequence,
    ) -> Result<Option<WebhookMessage>, StoreError> {
        self.inner().pending_message(id, sequence)
    }

    fn keep_progress(&self, of: &[(String, WebhookProgress)]) -> Result<(), StoreError> {
        self.inner().keep_progress(of)
    }

    fn put_place(&self, id: &str, place: &WebhookPlace) -> Result<(), StoreError> {
        self.inner().put_place(id, place)
    }

    fn attempts(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Attempt)>, StoreError> {
        self.inner().attempts(id, before, limit)
    }
}
