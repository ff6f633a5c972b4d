//! The history in SQLite: what keeps a part of the log in one transaction. What is kept is read in `ended_calls.rs` and `minutes_and_hours.rs`.

use callslot_core::{Call, CallId, OrgId, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use crate::contract::history::{
    EndedFilter, EndedPage, History, Marker, Open, Projection, Series, SeriesKind, SeriesRows,
    Which,
};
use crate::contract::log::{Position, StoreError};
use crate::figures::Grain;
use crate::sqlite::{SqliteStore, ended_calls, minutes_and_hours, use_connection};

impl History for SqliteStore {
    fn projected(&self) -> Result<Position, StoreError> {
        Ok(projected(&use_connection(&self.history_reader))?)
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if projected(&transaction)? != projection.after {
            return Ok(false);
        }
        ended_calls::keep(&transaction, &projection.ended)?;
        minutes_and_hours::keep(&transaction, projection)?;
        transaction
            .execute("UPDATE projected SET position = ?", [projection.reached.0.cast_signed()])?;
        transaction.commit()?;
        Ok(true)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call>, StoreError> {
        ended_calls::newest(&use_connection(&self.history_reader), org, id)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        ended_calls::page(&use_connection(&self.history_reader), org, filter, limit)
    }

    fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        ended_calls::prune(&use_connection(&self.history), before)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        minutes_and_hours::open_parts(&use_connection(&self.history), series)
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        minutes_and_hours::count_series(&use_connection(&self.figures_reader), org, kind)
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
        // All is read as of one moment.
        let reading = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
        minutes_and_hours::figures(&reading, (org, which), grain, (from, to))
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        minutes_and_hours::kept_from(&use_connection(&self.figures_reader), grain)
    }

    fn prune_figures(&self, grain: Grain, before: Timestamp) -> Result<u64, StoreError> {
        let mut history = use_connection(&self.history);
        let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let removed = minutes_and_hours::prune(&transaction, grain, before)?;
        transaction.commit()?;
        Ok(removed)
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        minutes_and_hours::markers(&use_connection(&self.figures_reader), org, (from, to), limit)
    }
}

pub(crate) fn projected(connection: &Connection) -> rusqlite::Result<Position> {
    let position: i64 = connection
        .prepare_cached("SELECT position FROM projected")?
        .query_row([], |row| row.get(0))?;
    Ok(Position(position.cast_unsigned()))
}
