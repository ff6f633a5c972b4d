//! The calls of an organisation, live and remembered, and how to find them by id. Holds calls; knows no rules.

use core::hash::BuildHasher;
use core::num::NonZeroU32;
use core::ops::{Index, IndexMut};

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use crate::call::{Call, CallState};
use crate::chain::Links;
use crate::id::CallId;
#[cfg(test)]
use crate::id::Ticket;
use crate::leases::LeaseIndex;
use crate::line::Seat;
use crate::pool::ClassIndex;
use crate::time::Tick;

/// Where a call is kept. Says nothing about order, and is used again once the call is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallIndex(NonZeroU32);

impl CallIndex {
    fn from_slab(index: usize) -> Self {
        let number = u32::try_from(index + 1).expect("an organisation has fewer than 2^32 calls");
        Self(NonZeroU32::new(number).expect("one more than an index is not zero"))
    }

    #[cfg(test)]
    pub(crate) fn numbered(number: Ticket) -> Self {
        Self::from_slab(usize::try_from(number.0).expect("a small number"))
    }

    fn to_slab(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A call and its places in the structures that find it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The call as it stands.
    pub(crate) call: Call,
    /// Its class; meaningless once it has ended, since its agent may be gone.
    pub(crate) class: ClassIndex,
    /// Its place in the line while it is queued.
    pub(crate) seat: Option<Seat>,
    /// Its lease while it is live.
    pub(crate) lease: Option<LeaseIndex>,
    /// Its share of the lease's digest; 0 without a lease.
    pub(crate) digest: u64,
    pub(crate) in_class: Links,
    pub(crate) in_lease: Links,
}

impl Entry {
    /// Whether it is an ended call that is remembered until just this tick.
    pub(crate) fn is_remembered_until(&self, until: Tick) -> bool {
        matches!(self.call.state, CallState::Ended { remembered_until, .. } if remembered_until == until)
    }
}

/// All calls, by id and by index.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    entries: Slab<Entry>,
    by_id: HashTable<CallIndex>,
    hasher: DefaultHashBuilder,
}

impl Calls {
    pub(crate) fn find(&self, id: &CallId) -> Option<CallIndex> {
        let hash = self.hasher.hash_one(id.as_str());
        self.by_id.find(hash, |&index| self[index].call.request.id == *id).copied()
    }

    /// Keeps a call whose id is not there yet.
    pub(crate) fn insert(&mut self, entry: Entry) -> CallIndex {
        let hash = self.hasher.hash_one(entry.call.request.id.as_str());
        let index = CallIndex::from_slab(self.entries.insert(entry));
        let (entries, hasher) = (&self.entries, &self.hasher);
        let rehash =
            |index: &CallIndex| hasher.hash_one(entries[index.to_slab()].call.request.id.as_str());
        self.by_id.insert_unique(hash, index, rehash);
        index
    }

    pub(crate) fn remove(&mut self, index: CallIndex) {
        let entry = self.entries.remove(index.to_slab());
        let hash = self.hasher.hash_one(entry.call.request.id.as_str());
        self.by_id
            .find_entry(hash, |&found| found == index)
            .expect("a call that is kept is found by its id")
            .remove();
    }

    pub(crate) fn get(&self, index: CallIndex) -> Option<&Entry> {
        self.entries.get(index.to_slab())
    }

    /// All calls from place `from` on, with their places, in no order that means anything.
    pub(crate) fn places_from(&self, from: u32) -> impl Iterator<Item = (u32, Option<&Entry>)> {
        (from..)
            .take(self.entries.capacity().saturating_sub(from as usize))
            .map(|place| (place, self.entries.get(place as usize)))
    }

    /// All calls, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallIndex, &Entry)> {
        self.entries.iter().map(|(index, entry)| (CallIndex::from_slab(index), entry))
    }
}

impl Index<CallIndex> for Calls {
    type Output = Entry;
    fn index(&self, index: CallIndex) -> &Entry {
        &self.entries[index.to_slab()]
    }
}

impl IndexMut<CallIndex> for Calls {
    fn index_mut(&mut self, index: CallIndex) -> &mut Entry {
        &mut self.entries[index.to_slab()]
    }
}
