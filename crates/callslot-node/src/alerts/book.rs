//! Which organisations have rules for alerts, and how many starts were refused that a rule counts. Decides nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{AlertId, Event, OrgEvent, OrgId, Recorded, SettingsEvent, Shard};

use crate::alerts::watch::FormerRule;

/// The book of a shard. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlertBook(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    /// Those that may have rules.
    orgs: BTreeSet<OrgId>,
    /// By rules that count refused starts: how many in the last minute, in thousandths.
    refused: HashMap<OrgId, HashMap<AlertId, u64>>,
    /// The rules that have changed or gone since they were last asked for.
    former: BTreeSet<FormerRule>,
}

impl AlertBook {
    /// Takes the organisations of a recovered shard, before it runs.
    pub(crate) fn take_recovered(&self, shard: &Shard) {
        let with_rules = shard.orgs().into_iter().filter(|(_, org)| org.alert_rule_count() > 0);
        self.lock().orgs.extend(with_rules.map(|(id, _)| id));
    }

    /// Takes in an event that is durable.
    pub(crate) fn note(&self, recorded: &Recorded) {
        match &recorded.event {
            Event::Settings(SettingsEvent::AlertPut { alert, .. }) => {
                let org = recorded.org.clone();
                let mut entries = self.lock();
                entries.orgs.insert(org.clone());
                entries.former.insert(FormerRule { org, alert: Some(alert.clone()) });
            }
            Event::Settings(SettingsEvent::AlertDeleted { alert }) => {
                let (org, alert) = (recorded.org.clone(), Some(alert.clone()));
                self.lock().former.insert(FormerRule { org, alert });
            }
            Event::Org(OrgEvent::Deleted) => {
                let org = recorded.org.clone();
                let mut entries = self.lock();
                entries.refused.remove(&org);
                entries.former.insert(FormerRule { org, alert: None });
            }
            Event::Call(_)
            | Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::CallErased(_)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::ChangedBy(_)
            | Event::Lease(_)
            | Event::Org(_) => {}
        }
    }

    /// Takes out the organisations that may have rules. Those that have some are put back with [`AlertBook::put_back`].
    pub(crate) fn orgs_to_look_at(&self) -> BTreeSet<OrgId> {
        std::mem::take(&mut self.lock().orgs)
    }

    pub(crate) fn put_back(&self, orgs: impl IntoIterator<Item = OrgId>) {
        self.lock().orgs.extend(orgs);
    }

    /// Takes out the rules that have changed or gone.
    pub(crate) fn take_former(&self) -> BTreeSet<FormerRule> {
        std::mem::take(&mut self.lock().former)
    }

    /// How many starts each rule of an organisation has counted.
    pub(crate) fn set_refused(&self, org: &OrgId, refused: HashMap<AlertId, u64>) {
        let mut entries = self.lock();
        if refused.is_empty() {
            entries.refused.remove(org);
        } else {
            entries.refused.insert(org.clone(), refused);
        }
    }

    pub(crate) fn refused(&self, org: &OrgId, alert: &AlertId) -> u64 {
        let entries = self.lock();
        entries.refused.get(org).and_then(|of| of.get(alert)).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use callslot_core::{AlertRule, AlertWhen};

    use super::*;

    #[test]
    fn a_rule_that_is_put_or_deleted_and_an_organisation_that_is_deleted_are_former_once() {
        let org = OrgId::parse("acme").expect("an organisation id");
        let alert = AlertId::parse("busy").expect("an alert id");
        let book = AlertBook::default();
        let note = |event: Event| {
            book.note(&Recorded { org: org.clone(), sequence: None, event });
            let former: Vec<_> = book.take_former().into_iter().map(|it| it.alert).collect();
            assert_eq!(book.take_former(), BTreeSet::new());
            former
        };
        let rule = AlertRule { when: AlertWhen::Queued, ..AlertRule::webhook_disabled() };
        let put = SettingsEvent::AlertPut { alert: alert.clone(), rule: rule.into() };
        assert_eq!(note(put.into()), [Some(alert.clone())]);
        let deleted = SettingsEvent::AlertDeleted { alert: alert.clone() };
        assert_eq!(note(deleted.into()), [Some(alert)]);
        assert_eq!(note(OrgEvent::Deleted.into()), [None]);
    }
}
