//! Leases: which calls each covers, and the digest of its active ones. It ends no calls and makes no events.

use hashbrown::HashMap;
use sha2::{Digest, Sha256};
use slab::Slab;

use crate::command::LeaseSum;
use crate::id::{CallId, LeaseId};
use crate::org::calls::Calls;
use crate::org::index::{CallIndex, LeaseIndex};
use crate::org::linked_calls::{InLease, LinkedCalls};
use crate::time::Tick;

#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) id: LeaseId,
    /// Its place in the order in which the organisation's leases were opened.
    pub(crate) number: u64,
    pub(crate) ttl_ms: u64,
    pub(crate) expires: Tick,
    /// Its live calls.
    pub(crate) calls: LinkedCalls<InLease>,
    /// Of its active calls.
    pub(crate) sum: LeaseSum,
}

#[derive(Debug, Default)]
pub(crate) struct Leases {
    open: Slab<Lease>,
    by_id: HashMap<LeaseId, LeaseIndex>,
    opened: u64,
}

impl Leases {
    pub(crate) fn find(&self, id: &LeaseId) -> Option<LeaseIndex> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn lease(&self, index: LeaseIndex) -> &Lease {
        &self.open[index.to_slab()]
    }

    /// All leases, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (LeaseIndex, &Lease)> {
        self.open.iter().map(|(index, lease)| (LeaseIndex::from_slab(index), lease))
    }

    pub(crate) fn open(&mut self, id: &LeaseId, ttl_ms: u64, expires: Tick) -> LeaseIndex {
        self.opened += 1;
        let lease = Lease {
            id: id.clone(),
            number: self.opened,
            ttl_ms,
            expires,
            calls: LinkedCalls::default(),
            sum: LeaseSum::default(),
        };
        let index = LeaseIndex::from_slab(self.open.insert(lease));
        self.by_id.insert(id.clone(), index);
        index
    }

    pub(crate) fn set_expiry(&mut self, index: LeaseIndex, expires: Tick) {
        self.open[index.to_slab()].expires = expires;
    }

    /// Removes a lease; from then on its calls have none.
    pub(crate) fn remove(&mut self, index: LeaseIndex, calls: &mut Calls) {
        let mut lease = self.open.remove(index.to_slab());
        self.by_id.remove(&lease.id);
        while let Some(call) = lease.calls.head() {
            lease.calls.remove(calls, call);
            calls[call].lease = None;
        }
    }

    pub(crate) fn attach(&mut self, index: LeaseIndex, calls: &mut Calls, call: CallIndex) {
        let entry = &mut calls[call];
        entry.lease = Some(index);
        entry.digest = digest_of(&entry.id);
        self.open[index.to_slab()].calls.insert(calls, call);
    }

    /// Takes an ended call from its lease, if it has one.
    pub(crate) fn detach(&mut self, calls: &mut Calls, call: CallIndex) {
        if let Some(index) = calls[call].lease.take() {
            self.open[index.to_slab()].calls.remove(calls, call);
        }
    }

    /// Notes that a call of the lease became active.
    pub(crate) fn add_active(&mut self, index: LeaseIndex, digest: u64) {
        let sum = &mut self.open[index.to_slab()].sum;
        sum.count += 1;
        sum.digest ^= digest;
    }

    /// Notes that a call of the lease is no longer active.
    pub(crate) fn remove_active(&mut self, index: LeaseIndex, digest: u64) {
        let sum = &mut self.open[index.to_slab()].sum;
        sum.count -= 1;
        sum.digest ^= digest;
    }
}

/// A call's share of a lease's digest: the first 8 bytes, big endian, of SHA-256 (FIPS 180-4) of its id.
fn digest_of(id: &CallId) -> u64 {
    let hash = Sha256::digest(id.as_str().as_bytes());
    let first = hash.first_chunk().expect("a SHA-256 hash has 32 bytes");
    u64::from_be_bytes(*first)
}
