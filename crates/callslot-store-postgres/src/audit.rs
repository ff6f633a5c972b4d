//! The audit: who changed what, kept in one transaction with the change of the catalogue that it is of.

use callslot_core::OrgId;
use callslot_store::limits::{EXAMINED_PER_READ, PRUNED_PER_CALL};
use callslot_store::stored_form::{decode_audited, encode_audited};
use callslot_store::{
    Audit, AuditFilter, AuditPage, Audited, CatalogueChange, OldTimes, Origin, StoreError,
};

use crate::catalogue::{delete_key, delete_plan, put_key_in, put_plan};
use crate::errors::Error;
use crate::integers::{number, number_of, unsigned};
use crate::session::Session;
use crate::store::PostgresStore;
use crate::webhooks::{delete_webhook, put_webhook};

/// How many entries one statement reads at most.
const READ_AT_ONCE: i64 = 500;

impl Audit for PostgresStore {
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError> {
        Ok(self.rest.once(|session| session.transaction(|it| make(it, change, entry)))?)
    }

    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let keep_all = |session: &mut Session| {
            session.transaction(|session| {
                entries.iter().try_for_each(|(origin, entry)| keep(session, Some(*origin), entry))
            })
        };
        Ok(self.rest.again(keep_all)?)
    }

    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError> {
        Ok(self.readers.read(|session| page(session, filter, limit))?)
    }

    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError> {
        let text = "SELECT body FROM audit WHERE number = $1";
        let number = crate::integers::number(number);
        let row = self.readers.read(|session| session.row(text, &[&number]))?;
        row.map(|row| decode_audited(row.get(0))).transpose()
    }

    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError> {
        let text =
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE org = $1 LIMIT $2)";
        let most = i64::from(PRUNED_PER_CALL);
        Ok(self.rest.once(|session| session.execute(text, &[&org.as_str(), &most]))?)
    }

    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError> {
        let text = "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at >= $1 AND at < $2 LIMIT $3)";
        let most = i64::from(PRUNED_PER_CALL);
        for span in old.spans() {
            let (start, end) = (number(span.start.0), number(span.end.0));
            let removed =
                self.rest.once(|session| session.execute(text, &[&start, &end, &most]))?;
            if removed > 0 {
                return Ok(removed);
            }
        }
        Ok(0)
    }
}

/// Makes a change of the catalogue and keeps its entry.
fn make(
    session: &mut Session,
    change: CatalogueChange<'_>,
    entry: &Audited,
) -> Result<bool, Error> {
    let has_changed = match change {
        CatalogueChange::PutPlan(plan) => put_plan(session, plan).map(|()| true),
        CatalogueChange::DeletePlan(plan) => delete_plan(session, &plan.id),
        CatalogueChange::PutKey(key) => put_key_in(session, key).map(|()| true),
        CatalogueChange::DeleteKey(id) => delete_key(session, id),
        CatalogueChange::PutWebhook(webhook) => put_webhook(session, webhook).map(|()| true),
        CatalogueChange::DeleteWebhook(id) => delete_webhook(session, id),
        CatalogueChange::Nothing => Ok(true),
    }?;
    if has_changed {
        keep(session, None, entry)?;
    }
    Ok(has_changed)
}

fn keep(session: &mut Session, origin: Option<Origin>, entry: &Audited) -> Result<(), Error> {
    let text = "INSERT INTO audit (org, at, position, place, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (position, place) DO NOTHING";
    let org = entry.org.as_ref().map(OrgId::as_str);
    let position = origin.map(|origin| number_of(origin.position));
    let place = origin.map(|origin| i64::from(origin.place));
    let body = encode_audited(entry);
    session.execute(text, &[&org, &number(entry.at.0), &position, &place, &body]).map(drop)
}

fn page(session: &mut Session, filter: &AuditFilter, limit: usize) -> Result<AuditPage, Error> {
    let of_org = if filter.org.is_some() { "org = $1" } else { "$1::text IS NULL" };
    let text = format!(
        "SELECT number, body FROM audit WHERE {of_org} AND number < $2 ORDER BY number DESC LIMIT $3",
    );
    let org = filter.org.as_ref().map(OrgId::as_str);
    let (mut page, mut examined) = (AuditPage::default(), 0);
    let mut last = filter.before;
    loop {
        let before = number(last.unwrap_or(u64::MAX));
        let rows = session.rows(&text, &[&org, &before, &READ_AT_ONCE])?;
        for row in &rows {
            if page.entries.len() == limit || examined == EXAMINED_PER_READ {
                page.next = last;
                return Ok(page);
            }
            examined += 1;
            let found = unsigned(row, 0);
            last = Some(found);
            let entry = decode_audited(row.get(1))?;
            if filter.lets_through(&entry) {
                page.entries.push((found, entry));
            }
        }
        if rows.is_empty() {
            return Ok(page);
        }
    }
}
