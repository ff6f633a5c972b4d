//! What changes for a webhook as it goes on: its place, what waits, and what was tried. All of it is written within a transaction.

use callslot_store::limits::ATTEMPTS_KEPT;
use callslot_store::{Attempt, PendingDelivery, WebhookMessage, WebhookPlace, WebhookProgress};

use crate::errors::Error;
use crate::integers::{number, size};
use crate::session::Session;

/// Keeps what has changed.
pub(crate) fn keep(
    session: &mut Session,
    id: &str,
    progress: &WebhookProgress,
) -> Result<(), Error> {
    put_place(session, id, &progress.place)?;
    if !progress.settled.is_empty() {
        let settled: Vec<i64> = progress.settled.iter().map(|it| number(it.0)).collect();
        let text = "DELETE FROM webhook_pending WHERE webhook = $1 AND sequence = ANY ($2)";
        session.execute(text, &[&id, &settled])?;
    }
    for (delivery, message) in &progress.pending {
        put_pending(session, id, delivery, message.as_ref())?;
    }
    if !progress.attempts.is_empty() {
        put_attempts(session, id, &progress.attempts)?;
    }
    Ok(())
}

/// Keeps how far a webhook has come.
pub(crate) fn put_place(
    session: &mut Session,
    id: &str,
    place: &WebhookPlace,
) -> Result<(), Error> {
    let from: Vec<i64> = place.beyond.iter().map(|span| number(span.start)).collect();
    let to: Vec<i64> = place.beyond.iter().map(|span| number(span.end)).collect();
    let failure = place.last_failure.as_ref();
    let text = "INSERT INTO webhook_place (webhook, sequence, beyond_from, beyond_to, missed, last_success_at, failed_at,
            failed_status, failed_cause, failures_in_row) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (webhook) DO UPDATE SET sequence = excluded.sequence, beyond_from = excluded.beyond_from,
            beyond_to = excluded.beyond_to, missed = excluded.missed, last_success_at = excluded.last_success_at,
            failed_at = excluded.failed_at, failed_status = excluded.failed_status, failed_cause = excluded.failed_cause,
            failures_in_row = excluded.failures_in_row";
    session
        .execute(
            text,
            &[
                &id,
                &number(place.sequence.0),
                &from,
                &to,
                &number(place.missed),
                &place.last_success_at.map(|at| number(at.0)),
                &failure.map(|failure| number(failure.at.0)),
                &failure.and_then(|failure| failure.status).map(i32::from),
                &failure.map(|failure| &failure.cause),
                &i64::from(place.failures_in_row),
            ],
        )
        .map(drop)
}

fn put_pending(
    session: &mut Session,
    id: &str,
    delivery: &PendingDelivery,
    message: Option<&WebhookMessage>,
) -> Result<(), Error> {
    let (sequence, due_at) = (number(delivery.sequence.0), number(delivery.due_at.0));
    let attempts = i64::from(delivery.attempts);
    let Some(message) = message else {
        let text = "UPDATE webhook_pending SET attempts = $3, due_at = $4 WHERE webhook = $1 AND sequence = $2";
        return session.execute(text, &[&id, &sequence, &attempts, &due_at]).map(drop);
    };
    let text = "INSERT INTO webhook_pending (webhook, sequence, key, attempts, due_at, is_dispatch, message, event, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (webhook, sequence) DO UPDATE SET key = excluded.key, attempts = excluded.attempts, due_at = excluded.due_at,
            is_dispatch = excluded.is_dispatch, message = excluded.message, event = excluded.event, body = excluded.body";
    session
        .execute(
            text,
            &[
                &id,
                &sequence,
                &delivery.key.map(u64::cast_signed),
                &attempts,
                &due_at,
                &delivery.is_dispatch,
                &message.id,
                &message.event,
                &message.body,
            ],
        )
        .map(drop)
}

fn put_attempts(session: &mut Session, id: &str, attempts: &[Attempt]) -> Result<(), Error> {
    let text = "SELECT coalesce(max(number), 0) FROM webhook_attempt WHERE webhook = $1";
    let mut newest: i64 = session.row(text, &[&id])?.map_or(0, |row| row.get(0));
    for attempt in attempts {
        newest += 1;
        session.execute(
            "INSERT INTO webhook_attempt (webhook, number, message, event, sequence, attempt, at, outcome, status, duration_ms, bytes,
             cause, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            &[
                &id,
                &newest,
                &attempt.message,
                &attempt.event,
                &number(attempt.sequence.0),
                &i64::from(attempt.attempt),
                &number(attempt.at.0),
                &i16::from(attempt.outcome.number()),
                &attempt.status.map(i32::from),
                &number(attempt.duration_ms),
                &number(attempt.bytes),
                &attempt.cause,
                &attempt.next_at.map(|at| number(at.0)),
            ],
        )?;
    }
    let text = "DELETE FROM webhook_attempt WHERE webhook = $1 AND number <= $2";
    session.execute(text, &[&id, &(newest - size(ATTEMPTS_KEPT))]).map(drop)
}
