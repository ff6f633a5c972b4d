//! The audit in memory.

use callslot_core::OrgId;

use crate::contract::audit::{Audit, AuditFilter, AuditPage, Audited, CatalogueChange, Origin};
use crate::contract::catalogue::Catalogue;
use crate::contract::seen_time::OldTimes;
use crate::contract::store_error::StoreError;
use crate::contract::webhooks::Webhooks;
use crate::limits::EXAMINED_PER_READ;
use crate::memory::MemoryStore;
use crate::stored_form::decode_audited;

impl Audit for MemoryStore {
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError> {
        let has_changed = match change {
            CatalogueChange::PutPlan(plan) => self.put_plan(plan).map(|()| true),
            CatalogueChange::DeletePlan(plan) => self.delete_plan(&plan.id),
            CatalogueChange::PutKey(key) => self.put_key(key).map(|()| true),
            CatalogueChange::DeleteKey(id) => self.delete_key(id),
            CatalogueChange::PutWebhook(webhook) => self.put_webhook(webhook).map(|()| true),
            CatalogueChange::DeleteWebhook(id) => self.delete_webhook(id),
            CatalogueChange::Nothing => Ok(true),
        }?;
        if has_changed {
            self.kept().audit.keep(None, entry);
        }
        Ok(has_changed)
    }

    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for (origin, entry) in entries {
            kept.audit.keep(Some((self.number, *origin)), entry);
        }
        Ok(())
    }

    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError> {
        let kept = self.kept();
        let before = filter.before.unwrap_or(u64::MAX);
        let mut page = AuditPage::default();
        let mut last = None;
        for (examined, (number, (_, body))) in kept.audit.kept.range(..before).rev().enumerate() {
            if page.entries.len() == limit || examined == EXAMINED_PER_READ {
                page.next = last;
                break;
            }
            last = Some(*number);
            let entry = decode_audited(body)?;
            if filter.lets_through(&entry) {
                page.entries.push((*number, entry));
            }
        }
        Ok(page)
    }

    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError> {
        let kept = self.kept();
        kept.audit.kept.get(&number).map(|(_, body)| decode_audited(body)).transpose()
    }

    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError> {
        self.kept().audit.remove(|entry| entry.org.as_ref() == Some(org))
    }

    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError> {
        self.kept().audit.remove(|entry| old.contains(entry.at))
    }
}
