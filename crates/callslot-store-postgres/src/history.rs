//! The history: a part of the log is kept in one transaction, in three kinds of rows.
//!
//! The rows are read and written by `ended_calls.rs` and its neighbours, `minutes_and_hours.rs` and `markers.rs`; this file only says on which connection and
//! in which transaction.

use std::collections::BTreeSet;

use callslot_core::{Call, CallId, Ended, OrgId, Timestamp};
use callslot_store::limits::PRUNED_PER_CALL;
use callslot_store::{
    EndedFilter, EndedPage, Grain, History, Marker, OldTimes, Open, Position, Projection, SeenTime,
    Series, SeriesKind, SeriesRows, StoreError, Which,
};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::owner::SHARD;
use crate::session::Session;
use crate::store::PostgresStore;
use crate::{
    ended_calls, ended_erasure, ended_reads, ended_removal, markers, minutes_and_hours, seen_time,
    series_reads,
};

impl History for PostgresStore {
    fn projected(&self) -> Result<Position, StoreError> {
        let text = "SELECT position FROM projected WHERE shard = $1";
        let row = self.readers.read(|session| session.row(text, &[&SHARD]))?;
        Ok(row.map_or(Position(0), |row| position(row.get(0))))
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        let node = self.node;
        let write = |session: &mut Session| project(session, node, projection);
        Ok(self.history.once(|session| session.transaction(write))?)
    }

    fn erase(&self, org: &OrgId) -> Result<u64, StoreError> {
        Ok(self.history.once(|session| session.transaction(|session| erase(session, org)))?)
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        Ok(self.readers.read(|session| {
            session.as_of_one_moment(|session| ended_reads::newest(session, org, id))
        })?)
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        Ok(self.readers.read(|session| {
            session.as_of_one_moment(|session| ended_reads::page(session, org, filter, limit))
        })?)
    }

    fn prune(&self, old: &OldTimes) -> Result<u64, StoreError> {
        let prune = |session: &mut Session| ended_removal::prune(session, old);
        Ok(self.history.once(|session| session.transaction(prune))?)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        Ok(self.history.again(|session| series_reads::open_parts(session, series))?)
    }

    fn series_after(&self, at: Timestamp) -> Result<Vec<(OrgId, Series)>, StoreError> {
        Ok(self.history.again(|session| series_reads::series_after(session, at))?)
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        Ok(self.readers.read(|session| series_reads::count_series(session, org, kind))?)
    }

    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError> {
        Ok(self.readers.read(|session| {
            session.as_of_one_moment(|session| {
                series_reads::figures(session, (org, which), grain, (from, to))
            })
        })?)
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        Ok(self.readers.read(|session| series_reads::kept_from(session, grain))?)
    }

    fn prune_figures(&self, grain: Grain, old: &OldTimes) -> Result<u64, StoreError> {
        let prune = |session: &mut Session| minutes_and_hours::prune(session, grain, old);
        Ok(self.history.once(|session| session.transaction(prune))?)
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        Ok(self.readers.read(|session| markers::markers(session, org, (from, to), limit))?)
    }

    fn seen_time(&self) -> Result<Option<SeenTime>, StoreError> {
        Ok(self.readers.read(seen_time::read)?)
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        let keep = |session: &mut Session| seen_time::keep(session, time, changed);
        Ok(self.history.again(|session| session.transaction(keep))?)
    }
}

/// Returns whether the projection follows what is there, and this server is the one that projects.
fn project(session: &mut Session, node: i64, projection: &Projection) -> Result<bool, Error> {
    let moved = session.execute(
        "UPDATE projected SET position = $4 WHERE shard = $1 AND position = $3
         AND EXISTS (SELECT 1 FROM shard s WHERE s.shard = $1 AND s.holder = $2)",
        &[&SHARD, &node, &number_of(projection.after), &number_of(projection.reached)],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    ended_erasure::erase_texts(session, &projection.erased)?;
    ended_calls::keep(session, &projection.ended)?;
    minutes_and_hours::keep(session, projection)?;
    markers::keep(session, &projection.markers)?;
    Ok(true)
}

/// What is kept of an organisation besides its calls, table by table. Rows of figures go before the series that they belong to.
const ERASURES: &[&str] = &[
    "DELETE FROM minute WHERE (series, part) IN (SELECT series, part FROM minute
     WHERE series IN (SELECT id FROM series WHERE org = $1) LIMIT $2)",
    "DELETE FROM hour WHERE (series, part) IN (SELECT series, part FROM hour
     WHERE series IN (SELECT id FROM series WHERE org = $1) LIMIT $2)",
    "DELETE FROM series WHERE id IN (SELECT id FROM series WHERE org = $1 LIMIT $2)",
    "DELETE FROM marker WHERE (org, sequence) IN
     (SELECT org, sequence FROM marker WHERE org = $1 LIMIT $2)",
];

fn erase(session: &mut Session, org: &OrgId) -> Result<u64, Error> {
    let most = u64::from(PRUNED_PER_CALL);
    let calls = ended_removal::erase(session, org, PRUNED_PER_CALL as usize)?;
    let mut left = most.saturating_sub(calls as u64);
    for erasure in ERASURES {
        if left == 0 {
            break;
        }
        left -= session.execute(erasure, &[&org.as_str(), &crate::integers::number(left)])?;
    }
    Ok(most - left)
}
