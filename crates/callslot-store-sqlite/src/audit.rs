//! The audit: who changed what, in the file of the log, so that an entry is kept with the change of the catalogue that it is of.

use callslot_core::OrgId;
use callslot_store::limits::{EXAMINED_PER_READ, PRUNED_PER_CALL};
use callslot_store::stored_form::{decode_audited, encode_audited};
use callslot_store::{
    Audit, AuditFilter, AuditPage, Audited, CatalogueChange, OldTimes, Origin, StoreError,
};
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, params};

use crate::catalogue::{delete_key_in, put_key_in, put_plan};
use crate::errors::Error;
use crate::integers::number;
use crate::shard::Shard;
use crate::store::{SqliteStore, use_connection};
use crate::webhooks::{delete_webhook_in, put_webhook};

impl Audit for SqliteStore {
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError> {
        if let CatalogueChange::DeleteWebhook(id) = change {
            self.forget_progress_of(id)?;
        }
        Ok(make(&mut *self.writer()?, change, entry).map_err(Error::from)?)
    }

    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        Ok(keep_all(&mut *self.writer()?, self.shard, entries).map_err(Error::from)?)
    }

    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError> {
        Ok(page(&use_connection(&self.reader), filter, limit)?)
    }

    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError> {
        let body = body(&use_connection(&self.reader), number).map_err(Error::from)?;
        body.map(|body| decode_audited(&body)).transpose()
    }

    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError> {
        let statements = (
            "UPDATE audit SET org = NULL, body = x'' WHERE number = (SELECT max(number) FROM audit) AND body <> x'' AND org = ?1 AND ?2 > 0",
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE org = ?1 AND number < (SELECT max(number) FROM audit) LIMIT ?2)",
        );
        let of_org = [&org.as_str() as &dyn ToSql, &PRUNED_PER_CALL];
        Ok(remove(&mut *self.writer()?, statements, &of_org).map_err(Error::from)?)
    }

    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError> {
        let statements = (
            "UPDATE audit SET org = NULL, body = x'' WHERE number = (SELECT max(number) FROM audit) AND body <> x'' AND at >= ?1 AND at < ?2 AND ?3 > 0",
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at >= ?1 AND at < ?2 AND number < (SELECT max(number) FROM audit) LIMIT ?3)",
        );
        for span in old.spans() {
            let of_span =
                [&number(span.start.0) as &dyn ToSql, &number(span.end.0), &PRUNED_PER_CALL];
            let removed = remove(&mut *self.writer()?, statements, &of_span);
            let removed = removed.map_err(Error::from)?;
            if removed > 0 {
                return Ok(removed);
            }
        }
        Ok(0)
    }
}

/// Removes a bounded number of entries: the one with the highest number by `empty`, which leaves its number, so that it is not given
/// again, and others by `delete`.
fn remove(
    writer: &mut Connection,
    (empty, delete): (&str, &str),
    of: &[&dyn ToSql],
) -> rusqlite::Result<u64> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let emptied = transaction.prepare_cached(empty)?.execute(of)?;
    let removed = transaction.prepare_cached(delete)?.execute(of)?;
    transaction.commit()?;
    Ok((emptied + removed) as u64)
}

/// Makes a change of the catalogue and keeps its entry, or neither.
fn make(
    writer: &mut Connection,
    change: CatalogueChange<'_>,
    entry: &Audited,
) -> rusqlite::Result<bool> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let has_changed = match change {
        CatalogueChange::PutPlan(plan) => put_plan(&transaction, plan).map(|()| true),
        CatalogueChange::DeletePlan(plan) => {
            Ok(transaction.execute("DELETE FROM plan WHERE id = ?", [plan.id.as_str()])? > 0)
        }
        CatalogueChange::PutKey(key) => put_key_in(&transaction, key).map(|()| true),
        CatalogueChange::DeleteKey(id) => delete_key_in(&transaction, id),
        CatalogueChange::PutWebhook(webhook) => put_webhook(&transaction, webhook).map(|()| true),
        CatalogueChange::DeleteWebhook(id) => delete_webhook_in(&transaction, id),
        CatalogueChange::Nothing => Ok(true),
    }?;
    if has_changed {
        keep(&transaction, None, entry)?;
    }
    transaction.commit()?;
    Ok(has_changed)
}

fn keep_all(
    writer: &mut Connection,
    shard: Shard,
    entries: &[(Origin, Audited)],
) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (origin, entry) in entries {
        keep(&transaction, Some((shard, *origin)), entry)?;
    }
    transaction.commit()
}

fn keep(
    writer: &Connection,
    origin: Option<(Shard, Origin)>,
    entry: &Audited,
) -> rusqlite::Result<()> {
    writer
        .prepare_cached(
            "INSERT INTO audit (org, at, position, place, body) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (position, place) DO NOTHING",
        )?
        .execute(params![
            entry.org.as_ref().map(OrgId::as_str),
            number(entry.at.0),
            origin.map(|(shard, origin)| shard.kept(origin.position)),
            origin.map(|(_, origin)| origin.place),
            encode_audited(entry),
        ])?;
    Ok(())
}

fn page(reader: &Connection, filter: &AuditFilter, limit: usize) -> Result<AuditPage, Error> {
    let of_org = if filter.org.is_some() { "org = ?1" } else { "?1 IS NULL" };
    let mut statement = reader.prepare_cached(&format!(
        "SELECT number, body FROM audit WHERE {of_org} AND number < ?2 AND body <> x'' ORDER BY number DESC",
    ))?;
    let before = number(filter.before.unwrap_or(u64::MAX));
    let mut rows = statement.query(params![filter.org.as_ref().map(OrgId::as_str), before])?;
    let (mut page, mut examined, mut last) = (AuditPage::default(), 0, None);
    while let Some(row) = rows.next()? {
        if page.entries.len() == limit || examined == EXAMINED_PER_READ {
            page.next = last;
            break;
        }
        examined += 1;
        let found = row.get::<_, i64>(0)?.cast_unsigned();
        last = Some(found);
        let entry = decode_audited(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        if filter.lets_through(&entry) {
            page.entries.push((found, entry));
        }
    }
    Ok(page)
}

fn body(reader: &Connection, found: u64) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut statement =
        reader.prepare_cached("SELECT body FROM audit WHERE number = ? AND body <> x''")?;
    statement.query_row([number(found)], |row| row.get(0)).optional()
}
