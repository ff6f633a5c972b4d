//! Stores around another store: what the simulation and tests put between a node and its data, to fail on purpose.
//!
//! Tables and history go to the inner store, but for what [`Around`] lets through; the log is each such store's own.

use std::collections::BTreeMap;

use callslot_core::{Call, CallId, Ended, OrgId, PlanId, Timestamp};

use crate::contract::catalogue::{ApiKey, Catalogue, Plan, Session};
use crate::contract::history::{
    EndedFilter, EndedPage, History, Marker, Open, Projection, Series, SeriesKind, SeriesRows,
    Which,
};
use crate::contract::record::Position;
use crate::contract::store_error::StoreError;
use crate::figures::Grain;

/// A store whose tables and history are those of another one.
pub trait Around: Send + Sync {
    /// The other one.
    type Inner: Catalogue + History;

    /// The store that keeps what this one is given.
    fn inner(&self) -> &Self::Inner;

    /// Has the inner store project, or fails: [`History::project`].
    fn project_inside(&self, projection: &Projection) -> Result<bool, StoreError>;
}

impl<T: Around> Catalogue for T {
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

impl<T: Around> History for T {
    fn projected(&self) -> Result<Position, StoreError> {
        self.inner().projected()
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        self.project_inside(projection)
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

    fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.inner().prune(before)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        self.inner().open_parts(series)
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

    fn prune_figures(&self, grain: Grain, before: Timestamp) -> Result<u64, StoreError> {
        self.inner().prune_figures(grain, before)
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
}
