//! Ended calls in SQLite.

use callslot_core::{
    AgentId, Call, CallId, CallType, Event, Now, OrgId, Recorded, Sequence, Tick, Timestamp,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::limits::PRUNED_PER_CALL;
use crate::log::{Position, Record, StoreError};
use crate::record;
use crate::sqlite::{SqliteStore, use_connection};
use crate::tables::{EndedCalls, EndedFilter};

impl EndedCalls for SqliteStore {
    fn projected(&self) -> Result<Position, StoreError> {
        Ok(projected(&use_connection(&self.history_reader))?)
    }

    fn project(
        &self,
        calls: &[(OrgId, Sequence, Call)],
        reached: Position,
    ) -> Result<(), StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (org, sequence, call) in calls {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO ended (org, sequence, id, agent, type, ended_at, body)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    org.as_str(),
                    sequence.0.cast_signed(),
                    call.request.id.as_str(),
                    call.request.agent.as_str(),
                    call.request.call_type.as_str(),
                    ended_at(call).0.cast_signed(),
                    stored(org, *sequence, call),
                ])?;
        }
        transaction.execute("UPDATE projected SET position = ?", [reached.0.cast_signed()])?;
        transaction.commit()?;
        Ok(())
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call>, StoreError> {
        let history = use_connection(&self.history_reader);
        let body: Option<Vec<u8>> = history
            .prepare_cached(
                "SELECT body FROM ended WHERE org = ? AND id = ? ORDER BY sequence DESC LIMIT 1",
            )?
            .query_row([org.as_str(), id.as_str()], |row| row.get(0))
            .optional()?;
        body.map(|body| call_in(&body)).transpose()
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<Vec<(Sequence, Call)>, StoreError> {
        // Without the agent the statement goes along the primary key, with it along `ended_by_agent`.
        let of_agent = filter.agent.as_ref().map_or("AND ?3 IS NULL", |_| "AND agent = ?3");
        let history = use_connection(&self.history_reader);
        let mut statement = history.prepare_cached(&format!(
            "SELECT sequence, body FROM ended
             WHERE org = ?1 AND sequence < ?2 {of_agent} AND (?4 IS NULL OR type = ?4)
             ORDER BY sequence DESC LIMIT ?5",
        ))?;
        let before = filter.before.map_or(i64::MAX, |before| before.0.cast_signed());
        let mut rows = statement.query(params![
            org.as_str(),
            before,
            filter.agent.as_ref().map(AgentId::as_str),
            filter.call_type.map(CallType::as_str),
            i64::try_from(limit).unwrap_or(i64::MAX),
        ])?;
        let mut calls = Vec::new();
        while let Some(row) = rows.next()? {
            let sequence = Sequence(row.get::<_, i64>(0)?.cast_unsigned());
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            calls.push((sequence, call_in(body)?));
        }
        Ok(calls)
    }

    fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let history = use_connection(&self.history);
        let removed = history.execute(
            "DELETE FROM ended WHERE (org, sequence) IN
             (SELECT org, sequence FROM ended WHERE ended_at < ? ORDER BY ended_at LIMIT ?)",
            params![before.0.cast_signed(), PRUNED_PER_CALL],
        )?;
        Ok(removed as u64)
    }
}

pub(crate) fn projected(connection: &Connection) -> rusqlite::Result<Position> {
    let position: i64 =
        connection.query_row("SELECT position FROM projected", [], |row| row.get(0))?;
    Ok(Position(position.cast_unsigned()))
}

/// An ended call is kept as a record of its end.
pub(crate) fn stored(org: &OrgId, sequence: Sequence, call: &Call) -> Vec<u8> {
    let event = Event::CallEnded(call.clone());
    let now = Now { at: ended_at(call), tick: Tick(0) };
    let events = vec![Recorded { org: org.clone(), sequence: Some(sequence), event }];
    record::encode(&Record { now, events })
}

pub(crate) fn call_in(body: &[u8]) -> Result<Call, StoreError> {
    let record = record::decode(body, "an ended call")?;
    match record.events.into_iter().next().map(|recorded| recorded.event) {
        Some(Event::CallEnded(call)) => Ok(call),
        _ => Err(StoreError::Damaged(
            "an ended call is kept as something else; restore the data directory from a backup with `callslot restore FILE`"
                .into(),
        )),
    }
}

pub(crate) fn ended_at(call: &Call) -> Timestamp {
    match call.state {
        callslot_core::CallState::Ended { ended_at, .. } => ended_at,
        callslot_core::CallState::Queued { .. } | callslot_core::CallState::Active { .. } => {
            unreachable!("only ended calls are kept as such")
        }
    }
}
