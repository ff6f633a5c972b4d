//! Webhooks: their settings in the file of the log, and how far they have come in that of the history, whose transactions never
//! hold up a commit.

use std::ops::Range;

use callslot_core::{CallType, OrgId, Sequence, Timestamp};
use callslot_store::limits::ATTEMPTS_KEPT;
use callslot_store::{
    Attempt, AttemptOutcome, PendingDelivery, StoreError, Webhook, WebhookFailure, WebhookMessage,
    WebhookPlace, WebhookProgress, Webhooks,
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::errors::Error;
use crate::integers::number;
use crate::store::{SqliteStore, use_connection};

impl Webhooks for SqliteStore {
    fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        Ok(webhooks(&use_connection(&self.reader))?)
    }

    fn put_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        Ok(put_webhook(&*self.writer()?, webhook).map_err(Error::from)?)
    }

    fn delete_webhook(&self, id: &str) -> Result<bool, StoreError> {
        self.forget_progress_of(id)?;
        Ok(delete_webhook_in(&*self.writer()?, id).map_err(Error::from)?)
    }

    fn webhook_place(&self, id: &str) -> Result<Option<WebhookPlace>, StoreError> {
        Ok(place(&use_connection(&self.history_reader), id)?)
    }

    fn pending_deliveries(&self, id: &str) -> Result<Vec<PendingDelivery>, StoreError> {
        Ok(pending(&use_connection(&self.history_reader), id).map_err(Error::from)?)
    }

    fn pending_message(
        &self,
        id: &str,
        sequence: Sequence,
    ) -> Result<Option<WebhookMessage>, StoreError> {
        Ok(message(&use_connection(&self.history_reader), id, sequence).map_err(Error::from)?)
    }

    fn keep_progress(&self, of: &[(String, WebhookProgress)]) -> Result<(), StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        keep_all_progress(&mut history, of).map_err(Error::from)?;
        let bytes = of.iter().map(|(_, progress)| progress_bytes(progress)).sum();
        self.history_checkpoints.ask(bytes);
        Ok(())
    }

    fn put_place(&self, id: &str, place: &WebhookPlace) -> Result<(), StoreError> {
        let mut history = use_connection(&self.history);
        self.files.check_in_place()?;
        Ok(put_place_alone(&mut history, id, place).map_err(Error::from)?)
    }

    fn attempts(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Attempt)>, StoreError> {
        Ok(attempts(&use_connection(&self.history_reader), id, before, limit)?)
    }
}

impl SqliteStore {
    /// Removes what is kept of a webhook's progress. It is done before the webhook is removed: if the process ends in between, it is still
    /// there to be deleted.
    pub(crate) fn forget_progress_of(&self, id: &str) -> Result<(), StoreError> {
        self.files.check_in_place()?;
        Ok(forget_progress(&mut use_connection(&self.history), id).map_err(Error::from)?)
    }
}

/// About how many bytes a progress writes.
fn progress_bytes(progress: &WebhookProgress) -> usize {
    let bodies = progress.pending.iter().filter_map(|(_, message)| message.as_ref());
    let bodies: usize = bodies.map(|message| message.body.len()).sum();
    let rows = 1 + progress.settled.len() + progress.pending.len() + 2 * progress.attempts.len();
    bodies + rows * 200
}

fn webhooks(reader: &Connection) -> Result<Vec<Webhook>, Error> {
    let mut statement = reader.prepare_cached(
        "SELECT id, org, url, events, agents, types, gates, description, claims, secret, old_secret, old_until,
         created_at, disabled FROM webhook ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut webhooks = Vec::new();
    while let Some(row) = rows.next()? {
        webhooks.push(webhook_in(row)?);
    }
    Ok(webhooks)
}

fn webhook_in(row: &Row<'_>) -> Result<Webhook, Error> {
    let damaged = || StoreError::damaged("a webhook", "a name in it cannot be one");
    let org: String = row.get(1)?;
    let old = (row.get::<_, Option<Vec<u8>>>(10)?, moment(row, 11)?);
    Ok(Webhook {
        id: row.get(0)?,
        org: OrgId::kept(&org).map_err(|_| damaged())?,
        url: row.get(2)?,
        events: row.get::<_, String>(3)?.split_whitespace().map(str::to_owned).collect(),
        agents: names(row, 4, |name| callslot_core::AgentId::kept(name).ok())?,
        types: names(row, 5, type_named)?,
        gates: names(row, 6, |name| callslot_core::GateId::kept(name).ok())?,
        description: row.get(7)?,
        claims: row.get(8)?,
        secret: row.get(9)?,
        old_secret: old.0.zip(old.1),
        created_at: Timestamp(row.get::<_, i64>(12)?.cast_unsigned()),
        disabled: row.get(13)?,
    })
}

fn type_named(name: &str) -> Option<CallType> {
    CallType::ALL.into_iter().find(|call_type| call_type.as_str() == name)
}

fn names<T>(
    row: &Row<'_>,
    column: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, Error> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    let names: Option<Vec<T>> = text.split_whitespace().map(read).collect();
    let damaged = || StoreError::damaged("a webhook", "a name in it cannot be one");
    Ok(Some(names.ok_or_else(damaged)?))
}

fn joined<T>(names: Option<&Vec<T>>, name: impl Fn(&T) -> &str) -> Option<String> {
    names.map(|names| names.iter().map(name).collect::<Vec<_>>().join(" "))
}

pub(crate) fn delete_webhook_in(writer: &Connection, id: &str) -> rusqlite::Result<bool> {
    Ok(writer.execute("DELETE FROM webhook WHERE id = ?", [id])? > 0)
}

pub(crate) fn put_webhook(writer: &Connection, webhook: &Webhook) -> rusqlite::Result<()> {
    writer.execute(
        "INSERT OR REPLACE INTO webhook (id, org, url, events, agents, types, gates, description, claims, secret, old_secret,
         old_until, created_at, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            webhook.id,
            webhook.org.as_str(),
            webhook.url,
            webhook.events.join(" "),
            joined(webhook.agents.as_ref(), callslot_core::AgentId::as_str),
            joined(webhook.types.as_ref(), |call_type| call_type.as_str()),
            joined(webhook.gates.as_ref(), callslot_core::GateId::as_str),
            webhook.description,
            webhook.claims,
            webhook.secret,
            webhook.old_secret.as_ref().map(|(secret, _)| secret),
            webhook.old_secret.as_ref().map(|(_, until)| until.0.cast_signed()),
            webhook.created_at.0.cast_signed(),
            webhook.disabled,
        ],
    )?;
    Ok(())
}

fn forget_progress(history: &mut Connection, id: &str) -> rusqlite::Result<()> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM webhook_place WHERE webhook = ?", [id])?;
    transaction.execute("DELETE FROM webhook_pending WHERE webhook = ?", [id])?;
    transaction.execute("DELETE FROM webhook_attempt WHERE webhook = ?", [id])?;
    transaction.commit()
}

fn place(reader: &Connection, id: &str) -> Result<Option<WebhookPlace>, Error> {
    let mut statement = reader.prepare_cached(
        "SELECT sequence, beyond, missed, last_success_at, failed_at, failed_status, failed_cause, failures_in_row
         FROM webhook_place WHERE webhook = ?",
    )?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let beyond: String = row.get(1)?;
    let beyond: Option<Vec<Range<u64>>> = beyond.split_whitespace().map(span).collect();
    let damaged = || StoreError::damaged("a webhook's place", "a span in it cannot be one");
    let last_failure = match moment(row, 4)? {
        Some(at) => Some(WebhookFailure { at, status: row.get(5)?, cause: row.get(6)? }),
        None => None,
    };
    Ok(Some(WebhookPlace {
        sequence: Sequence(row.get::<_, i64>(0)?.cast_unsigned()),
        beyond: beyond.ok_or_else(damaged)?,
        missed: row.get::<_, i64>(2)?.cast_unsigned(),
        last_success_at: moment(row, 3)?,
        last_failure,
        failures_in_row: row.get(7)?,
    }))
}

fn span(text: &str) -> Option<Range<u64>> {
    let (first, end) = text.split_once('-')?;
    Some(first.parse().ok()?..end.parse().ok()?)
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(|at| Timestamp(at.cast_unsigned())))
}

fn pending(reader: &Connection, id: &str) -> rusqlite::Result<Vec<PendingDelivery>> {
    let mut statement = reader.prepare_cached(
        "SELECT sequence, key, attempts, due_at, is_dispatch FROM webhook_pending WHERE webhook = ? ORDER BY sequence",
    )?;
    let pending = statement.query_map([id], |row| {
        Ok(PendingDelivery {
            sequence: Sequence(row.get::<_, i64>(0)?.cast_unsigned()),
            key: row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
            attempts: row.get(2)?,
            due_at: Timestamp(row.get::<_, i64>(3)?.cast_unsigned()),
            is_dispatch: row.get(4)?,
        })
    })?;
    pending.collect()
}

fn message(
    reader: &Connection,
    id: &str,
    sequence: Sequence,
) -> rusqlite::Result<Option<WebhookMessage>> {
    reader
        .prepare_cached(
            "SELECT message, event, body FROM webhook_pending WHERE webhook = ? AND sequence = ?",
        )?
        .query_row(params![id, number(sequence.0)], |row| {
            Ok(WebhookMessage { id: row.get(0)?, event: row.get(1)?, body: row.get(2)? })
        })
        .optional()
}

fn keep_all_progress(
    history: &mut Connection,
    of: &[(String, WebhookProgress)],
) -> rusqlite::Result<()> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (id, progress) in of {
        keep_progress(&transaction, id, progress)?;
    }
    transaction.commit()
}

fn keep_progress(
    transaction: &Transaction<'_>,
    id: &str,
    progress: &WebhookProgress,
) -> rusqlite::Result<()> {
    put_place(transaction, id, &progress.place)?;
    for sequence in &progress.settled {
        transaction
            .prepare_cached("DELETE FROM webhook_pending WHERE webhook = ? AND sequence = ?")?
            .execute(params![id, number(sequence.0)])?;
    }
    for (delivery, message) in &progress.pending {
        put_pending(transaction, id, delivery, message.as_ref())?;
    }
    if !progress.attempts.is_empty() {
        put_attempts(transaction, id, &progress.attempts)?;
    }
    Ok(())
}

fn put_place(
    transaction: &Transaction<'_>,
    id: &str,
    place: &WebhookPlace,
) -> rusqlite::Result<()> {
    let beyond = place.beyond.iter().map(|span| format!("{}-{}", span.start, span.end));
    let failure = place.last_failure.as_ref();
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO webhook_place (webhook, sequence, beyond, missed, last_success_at, failed_at,
             failed_status, failed_cause, failures_in_row) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            number(place.sequence.0),
            beyond.collect::<Vec<_>>().join(" "),
            number(place.missed),
            place.last_success_at.map(|at| number(at.0)),
            failure.map(|failure| number(failure.at.0)),
            failure.and_then(|failure| failure.status),
            failure.map(|failure| &failure.cause),
            place.failures_in_row,
        ])?;
    Ok(())
}

fn put_pending(
    transaction: &Transaction<'_>,
    id: &str,
    delivery: &PendingDelivery,
    message: Option<&WebhookMessage>,
) -> rusqlite::Result<()> {
    let due_at = number(delivery.due_at.0);
    let Some(message) = message else {
        let change = "UPDATE webhook_pending SET attempts = ?, due_at = ? WHERE webhook = ? AND sequence = ?";
        let values = params![delivery.attempts, due_at, id, number(delivery.sequence.0)];
        transaction.prepare_cached(change)?.execute(values)?;
        return Ok(());
    };
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO webhook_pending (webhook, sequence, key, attempts, due_at, is_dispatch, message, event,
             body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            number(delivery.sequence.0),
            delivery.key.map(u64::cast_signed),
            delivery.attempts,
            due_at,
            delivery.is_dispatch,
            message.id,
            message.event,
            message.body,
        ])?;
    Ok(())
}

fn put_attempts(
    transaction: &Transaction<'_>,
    id: &str,
    attempts: &[Attempt],
) -> rusqlite::Result<()> {
    let mut newest: i64 = transaction
        .prepare_cached("SELECT coalesce(max(number), 0) FROM webhook_attempt WHERE webhook = ?")?
        .query_row([id], |row| row.get(0))?;
    let mut insertion = transaction.prepare_cached(
        "INSERT INTO webhook_attempt (webhook, number, message, event, sequence, attempt, at, outcome, status, duration_ms,
         bytes, cause, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for attempt in attempts {
        newest += 1;
        insertion.execute(params![
            id,
            newest,
            attempt.message,
            attempt.event,
            number(attempt.sequence.0),
            attempt.attempt,
            number(attempt.at.0),
            attempt.outcome.number(),
            attempt.status,
            number(attempt.duration_ms),
            number(attempt.bytes),
            attempt.cause,
            attempt.next_at.map(|at| number(at.0)),
        ])?;
    }
    transaction
        .prepare_cached("DELETE FROM webhook_attempt WHERE webhook = ? AND number <= ?")?
        .execute(params![id, newest - number(ATTEMPTS_KEPT as u64)])?;
    Ok(())
}

fn put_place_alone(
    history: &mut Connection,
    id: &str,
    place: &WebhookPlace,
) -> rusqlite::Result<()> {
    let transaction = history.transaction_with_behavior(TransactionBehavior::Immediate)?;
    put_place(&transaction, id, place)?;
    transaction.execute("DELETE FROM webhook_pending WHERE webhook = ?", [id])?;
    transaction.commit()
}

fn attempts(
    reader: &Connection,
    id: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, Attempt)>, Error> {
    let mut statement = reader.prepare_cached(
        "SELECT number, message, event, sequence, attempt, at, outcome, status, duration_ms, bytes, cause, next_at
         FROM webhook_attempt WHERE webhook = ? AND number < ? ORDER BY number DESC LIMIT ?",
    )?;
    let limit = number(limit as u64);
    let mut rows = statement.query(params![id, number(before.unwrap_or(u64::MAX)), limit])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        let outcome: u8 = row.get(6)?;
        let outcome = AttemptOutcome::ALL.into_iter().find(|it| it.number() == outcome);
        let damaged = || StoreError::damaged("an attempt of a webhook", "its outcome is unknown");
        let unsigned = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        let attempt = Attempt {
            message: row.get(1)?,
            event: row.get(2)?,
            sequence: Sequence(unsigned(3)?),
            attempt: row.get(4)?,
            at: Timestamp(unsigned(5)?),
            outcome: outcome.ok_or_else(damaged)?,
            status: row.get(7)?,
            duration_ms: unsigned(8)?,
            bytes: unsigned(9)?,
            cause: row.get(10)?,
            next_at: moment(row, 11)?,
        };
        attempts.push((unsigned(0)?, attempt));
    }
    Ok(attempts)
}
