//! The history: a part of the log is kept in one transaction, in three kinds of rows.
//!
//! The rows are read and written by `ended_calls.rs`, `minutes_and_hours.rs` and `markers.rs`; this file only says on which
//! connection and in which transaction.

use callslot_core::{Call, CallId, Ended, OrgId, Timestamp};
use callslot_store::{
    EndedFilter, EndedPage, Grain, History, Marker, Open, Position, Projection, Series, SeriesKind,
    SeriesRows, StoreError, Which,
};
use rusqlite::{Connection, TransactionBehavior};

use crate::errors::Error;
use crate::integers::number_of;
use crate::positions::projected;
use crate::store::{SqliteStore, use_connection};
use crate::{ended_calls, markers, minutes_and_hours};

impl History for SqliteStore {
    fn projected(&self) -> Result<Position, StoreError> {
        Ok(projected(&use_connection(&self.history_reader)).map_err(Error::from)?)
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        Ok(project(&mut history, projection)?)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        Ok(ended_calls::newest(&use_connection(&self.history_reader), org, id)?)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        Ok(ended_calls::page(&use_connection(&self.history_reader), org, filter, limit)?)
    }

    fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(ended_calls::prune(&use_connection(&self.history), before)?)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        Ok(minutes_and_hours::open_parts(&use_connection(&self.history), series)?)
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        Ok(minutes_and_hours::count_series(&use_connection(&self.figures_reader), org, kind)?)
    }

    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError> {
        let mut reader = use_connection(&self.figures_reader);
        Ok(minutes_and_hours::figures(&mut reader, (org, which), grain, (from, to))?)
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        Ok(minutes_and_hours::kept_from(&use_connection(&self.figures_reader), grain)?)
    }

    fn prune_figures(&self, grain: Grain, before: Timestamp) -> Result<u64, StoreError> {
        Ok(minutes_and_hours::prune(&mut use_connection(&self.history), grain, before)?)
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        Ok(markers::markers(&use_connection(&self.figures_reader), org, (from, to), limit)?)
    }
}

fn project(history: &mut Connection, projection: &Projection) -> Result<bool, Error> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if projected(&transaction)? != projection.after {
        return Ok(false);
    }
    ended_calls::keep(&transaction, &projection.ended)?;
    minutes_and_hours::keep(&transaction, projection)?;
    markers::keep(&transaction, &projection.markers)?;
    transaction.execute("UPDATE projected SET position = ?", [number_of(projection.reached)])?;
    transaction.commit()?;
    Ok(true)
}
