//! Webhooks: their settings, how far each has come, what waits, and what was tried.

use callslot_core::{AgentId, CallType, GateId, OrgId, Sequence, Timestamp};
use callslot_store::{
    Attempt, AttemptOutcome, PendingDelivery, StoreError, Webhook, WebhookFailure, WebhookMessage,
    WebhookPlace, WebhookProgress, Webhooks,
};
use postgres::Row;

use crate::errors::Error;
use crate::integers::{moment, number, size, small, unsigned};
use crate::session::Session;
use crate::store::PostgresStore;
use crate::webhook_progress;

impl Webhooks for PostgresStore {
    fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        Ok(self.rest.again(webhooks)?)
    }

    fn put_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        Ok(self.rest.again(|session| put_webhook(session, webhook))?)
    }

    fn delete_webhook(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.rest.once(|session| session.transaction(|session| delete_webhook(session, id)))?)
    }

    fn webhook_place(&self, id: &str) -> Result<Option<WebhookPlace>, StoreError> {
        Ok(self.readers.read(|session| place(session, id))?)
    }

    fn pending_deliveries(&self, id: &str) -> Result<Vec<PendingDelivery>, StoreError> {
        Ok(self.readers.read(|session| pending(session, id))?)
    }

    fn pending_message(
        &self,
        id: &str,
        sequence: Sequence,
    ) -> Result<Option<WebhookMessage>, StoreError> {
        let text =
            "SELECT message, event, body FROM webhook_pending WHERE webhook = $1 AND sequence = $2";
        let sequence = number(sequence.0);
        let row = self.readers.read(|session| session.row(text, &[&id, &sequence]))?;
        Ok(row.map(|row| WebhookMessage { id: row.get(0), event: row.get(1), body: row.get(2) }))
    }

    fn keep_progress(&self, of: &[(String, WebhookProgress)]) -> Result<(), StoreError> {
        let keep = |session: &mut Session| {
            of.iter().try_for_each(|(id, progress)| webhook_progress::keep(session, id, progress))
        };
        Ok(self.history.once(|session| session.transaction(keep))?)
    }

    fn put_place(&self, id: &str, place: &WebhookPlace) -> Result<(), StoreError> {
        let put = |session: &mut Session| {
            webhook_progress::put_place(session, id, place)?;
            session.execute("DELETE FROM webhook_pending WHERE webhook = $1", &[&id]).map(drop)
        };
        Ok(self.history.again(|session| session.transaction(put))?)
    }

    fn attempts(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Attempt)>, StoreError> {
        Ok(self.readers.read(|session| attempts(session, id, before, limit))?)
    }
}

fn webhooks(session: &mut Session) -> Result<Vec<Webhook>, Error> {
    let rows = session.rows(
        "SELECT id, org, url, events, agents, types, gates, description, claims, secret, old_secret, old_until, created_at, disabled
         FROM webhook ORDER BY id",
        &[],
    )?;
    rows.iter().map(webhook_in).collect()
}

fn webhook_in(row: &Row) -> Result<Webhook, Error> {
    let old: (Option<Vec<u8>>, _) = (row.get(10), moment(row, 11));
    Ok(Webhook {
        id: row.get(0),
        org: OrgId::kept(row.get(1)).map_err(|_| no_name())?,
        url: row.get(2),
        events: row.get(3),
        agents: names(row, 4, |name| AgentId::kept(name).ok())?,
        types: names(row, 5, type_named)?,
        gates: names(row, 6, |name| GateId::kept(name).ok())?,
        description: row.get(7),
        claims: row.get(8),
        secret: row.get(9),
        old_secret: old.0.zip(old.1),
        created_at: Timestamp(unsigned(row, 12)),
        disabled: row.get(13),
    })
}

fn type_named(name: &str) -> Option<CallType> {
    CallType::ALL.into_iter().find(|call_type| call_type.as_str() == name)
}

fn names<T>(
    row: &Row,
    column: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, Error> {
    let Some(texts) = row.get::<_, Option<Vec<&str>>>(column) else { return Ok(None) };
    let names: Option<Vec<T>> = texts.into_iter().map(read).collect();
    Ok(Some(names.ok_or_else(no_name)?))
}

fn no_name() -> StoreError {
    StoreError::damaged("a webhook", "a name in it cannot be one")
}

/// Removes a webhook and what is kept of it, within a transaction.
pub(crate) fn delete_webhook(session: &mut Session, id: &str) -> Result<bool, Error> {
    for kept in ["webhook_place", "webhook_pending", "webhook_attempt"] {
        session.execute(&format!("DELETE FROM {kept} WHERE webhook = $1"), &[&id])?;
    }
    Ok(session.execute("DELETE FROM webhook WHERE id = $1", &[&id])? > 0)
}

pub(crate) fn put_webhook(session: &mut Session, webhook: &Webhook) -> Result<(), Error> {
    fn texts<T>(names: Option<&Vec<T>>, name: impl Fn(&T) -> &str) -> Option<Vec<&str>> {
        names.map(|names| names.iter().map(name).collect())
    }
    let text = "INSERT INTO webhook (id, org, url, events, agents, types, gates, description, claims, secret, old_secret, old_until,
            created_at, disabled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO UPDATE SET org = excluded.org, url = excluded.url, events = excluded.events, agents = excluded.agents,
            types = excluded.types, gates = excluded.gates, description = excluded.description, claims = excluded.claims,
            secret = excluded.secret, old_secret = excluded.old_secret, old_until = excluded.old_until,
            created_at = excluded.created_at, disabled = excluded.disabled";
    let old = webhook.old_secret.as_ref();
    session
        .execute(
            text,
            &[
                &webhook.id,
                &webhook.org.as_str(),
                &webhook.url,
                &webhook.events,
                &texts(webhook.agents.as_ref(), AgentId::as_str),
                &texts(webhook.types.as_ref(), |call_type| call_type.as_str()),
                &texts(webhook.gates.as_ref(), GateId::as_str),
                &webhook.description,
                &webhook.claims,
                &webhook.secret,
                &old.map(|(secret, _)| secret),
                &old.map(|(_, until)| until.0.cast_signed()),
                &webhook.created_at.0.cast_signed(),
                &webhook.disabled,
            ],
        )
        .map(drop)
}

fn place(session: &mut Session, id: &str) -> Result<Option<WebhookPlace>, Error> {
    let row = session.row(
        "SELECT sequence, beyond_from, beyond_to, missed, last_success_at, failed_at, failed_status, failed_cause, failures_in_row
         FROM webhook_place WHERE webhook = $1",
        &[&id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (from, to): (Vec<i64>, Vec<i64>) = (row.get(1), row.get(2));
    let spans = from.into_iter().zip(to);
    let last_failure = moment(&row, 5).map(|at| WebhookFailure {
        at,
        status: status(&row, 6),
        cause: row.get::<_, Option<String>>(7).unwrap_or_default(),
    });
    Ok(Some(WebhookPlace {
        sequence: Sequence(unsigned(&row, 0)),
        beyond: spans.map(|(from, to)| from.cast_unsigned()..to.cast_unsigned()).collect(),
        missed: unsigned(&row, 3),
        last_success_at: moment(&row, 4),
        last_failure,
        failures_in_row: small(&row, 8),
    }))
}

fn status(row: &Row, column: usize) -> Option<u16> {
    row.get::<_, Option<i32>>(column).and_then(|status| u16::try_from(status).ok())
}

fn pending(session: &mut Session, id: &str) -> Result<Vec<PendingDelivery>, Error> {
    let rows = session.rows(
        "SELECT sequence, key, attempts, due_at, is_dispatch FROM webhook_pending WHERE webhook = $1 ORDER BY sequence",
        &[&id],
    )?;
    let delivery = |row: &Row| PendingDelivery {
        sequence: Sequence(unsigned(row, 0)),
        key: row.get::<_, Option<i64>>(1).map(i64::cast_unsigned),
        attempts: small(row, 2),
        due_at: Timestamp(unsigned(row, 3)),
        is_dispatch: row.get(4),
    };
    Ok(rows.iter().map(delivery).collect())
}

fn attempts(
    session: &mut Session,
    id: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, Attempt)>, Error> {
    let rows = session.rows(
        "SELECT number, message, event, sequence, attempt, at, outcome, status, duration_ms, bytes, cause, next_at
         FROM webhook_attempt WHERE webhook = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
        &[&id, &number(before.unwrap_or(u64::MAX)), &size(limit)],
    )?;
    rows.iter().map(|row| Ok((unsigned(row, 0), attempt(row)?))).collect()
}

fn attempt(row: &Row) -> Result<Attempt, Error> {
    let outcome: i16 = row.get(6);
    let outcome = AttemptOutcome::ALL.into_iter().find(|it| i16::from(it.number()) == outcome);
    let damaged = || StoreError::damaged("an attempt of a webhook", "its outcome is unknown");
    Ok(Attempt {
        message: row.get(1),
        event: row.get(2),
        sequence: Sequence(unsigned(row, 3)),
        attempt: small(row, 4),
        at: Timestamp(unsigned(row, 5)),
        outcome: outcome.ok_or_else(damaged)?,
        status: status(row, 7),
        duration_ms: unsigned(row, 8),
        bytes: unsigned(row, 9),
        cause: row.get(10),
        next_at: moment(row, 11),
    })
}
