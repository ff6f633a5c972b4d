//! Leases: which calls each covers, and the digest of its active ones. It ends no calls and makes no events.
//!
//! A lease that has ended stays until its calls have ended too, which may take several steps. Nobody finds it by then.

use alloc::collections::BTreeMap;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use slab::Slab;

use crate::id::{KeyId, LeaseId, Ticket};
use crate::lease_sum::{LeaseSum, digest_of};
use crate::org::calls::Calls;
use crate::org::index::{CallIndex, LeaseIndex};
use crate::org::linked_calls::{InLease, LinkedCalls};
use crate::org::pages::Paging;
use crate::time::Tick;

#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) id: LeaseId,
    /// Its place in the order in which the organisation's leases were opened.
    pub(crate) number: u64,
    pub(crate) ttl_ms: u64,
    /// The key with which it was opened, if that is known.
    pub(crate) key: Option<KeyId>,
    pub(crate) expires: Tick,
    /// How far its reconciliation in pages is.
    pub(crate) paging: Paging,
    /// Whether it is over, and only its calls are not.
    pub(crate) has_ended: bool,
    /// Its live calls.
    pub(crate) calls: LinkedCalls<InLease>,
    /// All of them by ticket, once one was adopted whose place is not the end. Empty until then: most leases adopt none.
    by_ticket: BTreeMap<Ticket, CallIndex>,
    /// Of its active calls.
    pub(crate) sum: LeaseSum,
}

impl Lease {
    /// Adds a call that is newer than its others.
    fn push(&mut self, calls: &mut Calls, call: CallIndex) {
        self.calls.push(calls, call);
        if !self.by_ticket.is_empty() {
            self.by_ticket.insert(calls[call].ticket, call);
        }
    }

    /// Adds a call at the place that its ticket gives it.
    #[cold]
    fn insert(&mut self, calls: &mut Calls, call: CallIndex) {
        let ticket = calls[call].ticket;
        if self.calls.tail().is_none_or(|tail| calls[tail].ticket < ticket) {
            return self.push(calls, call);
        }
        if self.by_ticket.is_empty() {
            let with_ticket = |call| (calls[call].ticket, call);
            self.by_ticket = self.calls.iter(calls).map(with_ticket).collect();
        }
        let previous = self.by_ticket.range(..ticket).next_back().map(|(_, &call)| call);
        self.calls.insert_after(calls, previous, call);
        self.by_ticket.insert(ticket, call);
    }

    fn remove(&mut self, calls: &mut Calls, call: CallIndex) {
        self.calls.remove(calls, call);
        if !self.by_ticket.is_empty() {
            self.by_ticket.remove(&calls[call].ticket);
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Leases {
    kept: Slab<Lease>,
    by_id: HashMap<LeaseId, LeaseIndex>,
    opened: u64,
    /// How many there are of each key, open or ended.
    of_keys: HashMap<KeyId, usize>,
    /// Those that have ended, each with at least one live call, by number.
    ended: BTreeMap<u64, LeaseIndex>,
}

impl Leases {
    /// An open lease.
    pub(crate) fn find(&self, id: &LeaseId) -> Option<LeaseIndex> {
        self.by_id.get(id).copied().filter(|&index| !self.lease(index).has_ended)
    }

    /// Whether a lease with this id is open, or has live calls from before its end.
    pub(crate) fn has_id(&self, id: &LeaseId) -> bool {
        self.by_id.contains_key(id)
    }

    /// Whether a lease with this id has ended and has live calls.
    pub(crate) fn is_ending(&self, id: &LeaseId) -> bool {
        self.by_id.get(id).is_some_and(|&index| self.lease(index).has_ended)
    }

    /// How many there are, open or ended.
    pub(crate) fn count(&self) -> usize {
        self.kept.len()
    }

    /// How many of them were opened with a key.
    pub(crate) fn count_of(&self, key: &KeyId) -> usize {
        self.of_keys.get(key).copied().unwrap_or_default()
    }

    /// The oldest call of the oldest lease that has ended.
    pub(crate) fn first_orphan(&self) -> Option<CallIndex> {
        let (_, &lease) = self.ended.first_key_value()?;
        self.lease(lease).calls.head()
    }

    pub(crate) fn lease(&self, index: LeaseIndex) -> &Lease {
        &self.kept[index.to_slab()]
    }

    /// The live calls of a lease, lowest ticket first: all of them, or those behind a ticket. `place` is where the call with that
    /// ticket is, if it is there still.
    pub(crate) fn calls_behind<'a>(
        &self,
        index: LeaseIndex,
        calls: &'a Calls,
        behind: Option<(Ticket, Option<CallIndex>)>,
    ) -> impl Iterator<Item = CallIndex> + use<'a> {
        let mut first = self.lease(index).calls.head();
        if let Some((ticket, place)) = behind {
            let is_there = |&call: &CallIndex| {
                calls[call].lease == Some(index) && calls[call].ticket == ticket
            };
            let from = place.filter(is_there).or(first);
            let mut from = LinkedCalls::<InLease>::iter_from(calls, from);
            first = from.find(|&call| calls[call].ticket > ticket);
        }
        LinkedCalls::<InLease>::iter_from(calls, first)
    }

    /// All leases, open and ended, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (LeaseIndex, &Lease)> {
        self.kept.iter().map(|(index, lease)| (LeaseIndex::from_slab(index), lease))
    }

    pub(crate) fn open(
        &mut self,
        id: &LeaseId,
        key: Option<&KeyId>,
        ttl_ms: u64,
        expires: Tick,
    ) -> LeaseIndex {
        self.opened += 1;
        if let Some(key) = key {
            *self.of_keys.entry(key.clone()).or_default() += 1;
        }
        let lease = Lease {
            id: id.clone(),
            number: self.opened,
            ttl_ms,
            key: key.cloned(),
            expires,
            paging: Paging::None,
            has_ended: false,
            calls: LinkedCalls::default(),
            by_ticket: BTreeMap::new(),
            sum: LeaseSum::default(),
        };
        let index = LeaseIndex::from_slab(self.kept.insert(lease));
        self.by_id.insert(id.clone(), index);
        index
    }

    pub(crate) fn set_expiry(&mut self, index: LeaseIndex, expires: Tick) {
        self.kept[index.to_slab()].expires = expires;
    }

    pub(crate) fn set_paging(&mut self, index: LeaseIndex, paging: Paging) {
        self.kept[index.to_slab()].paging = paging;
    }

    /// Ends a lease. It is kept until its last call has ended.
    pub(crate) fn end(&mut self, index: LeaseIndex) {
        let lease = &mut self.kept[index.to_slab()];
        lease.has_ended = true;
        if lease.calls.len() == 0 {
            self.remove(index);
        } else {
            self.ended.insert(lease.number, index);
        }
    }

    #[cold]
    fn remove(&mut self, index: LeaseIndex) {
        let lease = self.kept.remove(index.to_slab());
        self.by_id.remove(&lease.id);
        self.ended.remove(&lease.number);
        if let Some(key) = lease.key
            && let Entry::Occupied(mut count) = self.of_keys.entry(key)
        {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    pub(crate) fn attach(&mut self, index: LeaseIndex, calls: &mut Calls, call: CallIndex) {
        let entry = &mut calls[call];
        entry.lease = Some(index);
        entry.digest = digest_of(&entry.id);
        self.kept[index.to_slab()].push(calls, call);
    }

    /// Attaches a live call that was another lease's or nobody's.
    pub(crate) fn adopt(&mut self, index: LeaseIndex, calls: &mut Calls, call: CallIndex) {
        let lease = &mut self.kept[index.to_slab()];
        let entry = &mut calls[call];
        entry.lease = Some(index);
        entry.lease_id = Some(lease.id.clone());
        entry.digest = digest_of(&entry.id);
        lease.insert(calls, call);
    }

    /// Takes a call that has ended, or that another lease adopts, from its lease, if it has one.
    pub(crate) fn detach(&mut self, calls: &mut Calls, call: CallIndex) {
        if let Some(index) = calls[call].lease.take() {
            let lease = &mut self.kept[index.to_slab()];
            lease.remove(calls, call);
            if lease.has_ended && lease.calls.len() == 0 {
                self.remove(index);
            }
        }
    }

    /// Notes that a call of the lease became active.
    pub(crate) fn add_active(&mut self, index: LeaseIndex, digest: u64) {
        let sum = &mut self.kept[index.to_slab()].sum;
        sum.count += 1;
        sum.digest ^= digest;
    }

    /// Notes that a call of the lease is no longer active.
    pub(crate) fn remove_active(&mut self, index: LeaseIndex, digest: u64) {
        let sum = &mut self.kept[index.to_slab()].sum;
        sum.count -= 1;
        sum.digest ^= digest;
    }
}
