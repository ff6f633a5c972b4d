//! The history: a part of the log is kept in one transaction, in three kinds of rows.
//!
//! The rows are read and written by `ended_calls.rs` and its neighbours, `minutes_and_hours.rs` and `markers.rs`; this file only says on which
//! connection and in which transaction.

use std::collections::BTreeSet;

use callslot_core::{Call, CallId, Ended, OrgId, Timestamp};
use callslot_store::limits::PRUNED_PER_CALL;
use callslot_store::{
    EndedFilter, EndedPage, Grain, History, Marker, OldTimes, Open, Position, Projection, SeenTime,
    Series, SeriesKind, SeriesRows, Store, StoreError, Which, shard_of,
};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::errors::Error;
use crate::positions::projected;
use crate::shard::Shard;
use crate::store::{SqliteStore, use_connection};
use crate::{
    ended_calls, ended_erasure, ended_reads, ended_removal, markers, minutes_and_hours, seen_time,
};

impl History for SqliteStore {
    fn projected(&self) -> Result<Position, StoreError> {
        Ok(projected(&use_connection(&self.history_reader), self.shard).map_err(Error::from)?)
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        let written = project(&mut history, self.shard, projection)?;
        if let Some(bytes) = written {
            self.history_checkpoints.ask(bytes);
        }
        if written.is_some() && !projection.erased.is_empty() {
            self.unpacked.forget();
            self.history_checkpoints.ask_to_empty();
        }
        Ok(written.is_some())
    }

    fn erase(&self, org: &OrgId) -> Result<u64, StoreError> {
        let removed = erase(&mut use_connection(&self.history), org)?;
        self.unpacked.forget();
        Ok(removed)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        Ok(ended_reads::newest(&use_connection(&self.history_reader), org, id)?)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        let reader = use_connection(&self.history_reader);
        Ok(ended_reads::page(&reader, &self.unpacked, org, filter, limit)?)
    }

    fn prune(&self, old: &OldTimes) -> Result<u64, StoreError> {
        let removed = ended_removal::prune(&mut use_connection(&self.history), old)?;
        if removed > 0 {
            self.unpacked.forget();
        }
        Ok(removed)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        Ok(minutes_and_hours::open_parts(&use_connection(&self.history), series)?)
    }

    fn series_after(&self, at: Timestamp) -> Result<Vec<(OrgId, Series)>, StoreError> {
        let mut after = minutes_and_hours::series_after(&use_connection(&self.history), at)?;
        after.retain(|(org, _)| shard_of(org, self.shards()) == self.shard.0);
        Ok(after)
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

    fn prune_figures(&self, grain: Grain, old: &OldTimes) -> Result<u64, StoreError> {
        Ok(minutes_and_hours::prune(&mut use_connection(&self.history), grain, old)?)
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

    fn seen_time(&self) -> Result<Option<SeenTime>, StoreError> {
        Ok(seen_time::read(&use_connection(&self.history_reader)).map_err(Error::from)?)
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        Ok(seen_time::keep(&mut history, time, changed).map_err(Error::from)?)
    }
}

/// Returns about how many bytes were written, or none if the projection does not follow what is there.
fn project(
    history: &mut Connection,
    shard: Shard,
    projection: &Projection,
) -> Result<Option<usize>, Error> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if projected(&transaction, shard)? != projection.after {
        return Ok(None);
    }
    let mut bytes = ended_erasure::erase_texts(&transaction, &projection.erased)?;
    bytes += ended_calls::keep(&transaction, &projection.ended)?;
    minutes_and_hours::keep(&transaction, projection)?;
    markers::keep(&transaction, &projection.markers)?;
    transaction.execute(
        "UPDATE projected SET position = ? WHERE id = ?",
        [shard.kept(projection.reached), shard.id()],
    )?;
    transaction.commit()?;
    Ok(Some(bytes))
}

/// What is kept of an organisation besides its calls, table by table. Rows of figures go before the series that they belong to.
const ERASURES: &[&str] = &[
    "DELETE FROM minute WHERE (series, part) IN (SELECT series, part FROM minute
     WHERE series IN (SELECT id FROM series WHERE org = ?) LIMIT ?)",
    "DELETE FROM hour WHERE (series, part) IN (SELECT series, part FROM hour
     WHERE series IN (SELECT id FROM series WHERE org = ?) LIMIT ?)",
    "DELETE FROM series WHERE id IN (SELECT id FROM series WHERE org = ? LIMIT ?)",
    "DELETE FROM marker WHERE (org, sequence) IN
     (SELECT org, sequence FROM marker WHERE org = ? LIMIT ?)",
];

fn erase(history: &mut Connection, org: &OrgId) -> Result<u64, Error> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut left = PRUNED_PER_CALL as usize;
    left -= ended_removal::erase(&transaction, org, left)?;
    for erasure in ERASURES {
        if left == 0 {
            break;
        }
        let most = i64::try_from(left).unwrap_or(i64::MAX);
        left -= transaction.prepare_cached(erasure)?.execute(params![org.as_str(), most])?;
    }
    transaction.commit()?;
    Ok(u64::from(PRUNED_PER_CALL) - left as u64)
}
