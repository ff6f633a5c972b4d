//! Which organisations have rules for alerts, and how many starts were refused that a rule counts. Decides nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{AlertId, Event, OrgEvent, OrgId, Recorded, SettingsEvent, Shard};

/// The book of a node. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlertBook(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    /// Those that may have rules.
    orgs: BTreeSet<OrgId>,
    /// By rules that count refused starts: how many in the last minute, in thousandths.
    refused: HashMap<OrgId, HashMap<AlertId, u64>>,
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
            Event::Settings(SettingsEvent::AlertPut { .. }) => {
                self.lock().orgs.insert(recorded.org.clone());
            }
            Event::Org(OrgEvent::Deleted) => {
                self.lock().refused.remove(&recorded.org);
            }
            Event::Call(_)
            | Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::ChangedBy(_)
            | Event::Lease(_)
            | Event::Org(_) => {}
        }
    }

    /// Takes out the organisations that may have rules. Those that have some are put back with [`AlertBook::put_back`].
    pub(crate) fn take(&self) -> BTreeSet<OrgId> {
        std::mem::take(&mut self.lock().orgs)
    }

    pub(crate) fn put_back(&self, orgs: impl IntoIterator<Item = OrgId>) {
        self.lock().orgs.extend(orgs);
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
