//! What a server keeps for all its engines' connections: which of them watches which lease, and which leases have ended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callslot_core::{Event, LeaseEvent, LeaseId, OrgEvent, OrgId, Recorded};
use callslot_node::{GoneLeases, LeaseWatches};

/// How many events may wait for a connection before it has fallen behind: few, so that it happens.
const LEASE_EVENTS: usize = 8;

/// The leases of connected engines.
#[derive(Debug)]
pub(crate) struct ServedLeases {
    pub(crate) watches: Arc<LeaseWatches>,
    /// Which connection carries a lease: the last one that opened or resumed it.
    pub(crate) carriers: BTreeMap<LeaseId, u32>,
    /// The leases that a connection watches, be it to resume them.
    pub(crate) watched: BTreeSet<LeaseId>,
    /// The connections that have not ended.
    pub(crate) connected: BTreeSet<u32>,
    /// The leases that have ended.
    pub(crate) ended: BTreeSet<LeaseId>,
    /// Those that were opened again: a command that waited in line for longer than its lease lived does that.
    pub(crate) reopened: BTreeSet<LeaseId>,
    pub(crate) is_stopping: bool,
}

impl Default for ServedLeases {
    fn default() -> Self {
        Self {
            watches: Arc::new(LeaseWatches::with_bound(LEASE_EVENTS)),
            carriers: BTreeMap::new(),
            watched: BTreeSet::new(),
            connected: BTreeSet::new(),
            ended: BTreeSet::new(),
            reopened: BTreeSet::new(),
            is_stopping: false,
        }
    }
}

impl ServedLeases {
    /// What a process finds that starts after this one: no connection.
    pub(super) fn after_crash(&self) -> Self {
        let (ended, reopened) = (self.ended.clone(), self.reopened.clone());
        Self { ended, reopened, ..Self::default() }
    }

    /// Whether another connection than this one carries a lease.
    pub(crate) fn is_carried_by_another(&self, lease: &LeaseId, number: u32) -> bool {
        let carrier = self.carriers.get(lease).filter(|carrier| **carrier != number);
        carrier.is_some_and(|carrier| self.connected.contains(carrier))
    }

    /// Passes durable events on to the watches of their leases.
    pub(super) fn tell(&mut self, record: &[Recorded], gone: &GoneLeases) {
        self.watches.publish(record, gone);
        if self.watched.is_empty() {
            return;
        }
        for recorded in record.iter().filter(|recorded| recorded.org == engines_org()) {
            if let Event::Lease(LeaseEvent::Ended { lease }) = &recorded.event {
                self.ended.insert(lease.clone());
            } else if let Event::Lease(LeaseEvent::Opened { lease, .. }) = &recorded.event
                && self.ended.contains(lease)
            {
                self.reopened.insert(lease.clone());
            } else if let Event::Org(OrgEvent::Deleted) = &recorded.event {
                self.ended.extend(self.watched.iter().cloned());
            }
        }
    }
}

/// The organisation that engines act in.
pub(crate) fn engines_org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}
