//! The calls of an organisation, live and remembered, and how to find them by id. Holds calls; knows no rules.
//!
//! A live call is one entry of a slab. An ended one leaves it for [`Remembered`], so that the slab stays as small as there
//! are live calls.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::hash::BuildHasher;
use core::num::NonZeroU32;
use core::ops::{Index, IndexMut};

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use crate::call::{Call, CallState, Request};
use crate::id::{AgentId, CallId, LeaseId, Ticket};
use crate::org::ended_calls::{EndedIndex, Remembered};
use crate::org::leases::LeaseIndex;
use crate::org::linked_calls::Links;
use crate::org::pool::ClassIndex;
use crate::org::queue_positions::Seat;
use crate::time::{Tick, Timestamp};

/// Where a live call is kept. Says nothing about order, and is used again once the call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallIndex(NonZeroU32);

impl CallIndex {
    fn from_slab(index: usize) -> Self {
        let number = u32::try_from(index + 1).expect("an organisation has fewer than 2^31 calls");
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

/// A live call and its places in the structures that find it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: CallId,
    pub(crate) ticket: Ticket,
    requested_at: Timestamp,
    /// When it ends with `max_wait`, if it is queued then.
    pub(crate) wait_deadline: Option<Tick>,
    lease_id: Option<LeaseId>,
    extras: Option<Box<Extras>>,
    /// Queued or active.
    pub(crate) state: CallState,
    pub(crate) class: ClassIndex,
    /// Its place in the line while it is queued.
    pub(crate) seat: Option<Seat>,
    /// Its lease, while that is open.
    pub(crate) lease: Option<LeaseIndex>,
    /// Its share of the lease's digest; 0 without a lease.
    pub(crate) digest: u64,
    pub(crate) in_class: Links,
    pub(crate) in_lease: Links,
    hash: IdHash,
}

/// What few calls ask for.
#[derive(Debug)]
struct Extras {
    claim_within_ms: Option<u64>,
    metadata: Option<Arc<str>>,
}

impl Entry {
    /// A live call that stands in no structure yet.
    pub(crate) fn new(found: Found, call: &Call, class: ClassIndex) -> Self {
        let request = &*call.request;
        let has_extras = request.claim_within_ms.is_some() || request.metadata.is_some();
        Self {
            id: request.id.clone(),
            ticket: request.ticket,
            requested_at: request.requested_at,
            wait_deadline: request.wait_deadline,
            lease_id: request.lease.clone(),
            extras: has_extras.then(|| {
                Box::new(Extras {
                    claim_within_ms: request.claim_within_ms,
                    metadata: request.metadata.clone(),
                })
            }),
            state: call.state.clone(),
            class,
            seat: None,
            lease: None,
            digest: 0,
            in_class: Links::default(),
            in_lease: Links::default(),
            hash: found.hash,
        }
    }

    /// What was asked for, of `agent`, which is that of its class.
    pub(crate) fn request(&self, agent: &AgentId) -> Request {
        let extras = self.extras.as_deref();
        Request {
            id: self.id.clone(),
            agent: agent.clone(),
            call_type: self.class.call_type,
            ticket: self.ticket,
            requested_at: self.requested_at,
            lease: self.lease_id.clone(),
            wait_deadline: self.wait_deadline,
            claim_within_ms: extras.and_then(|extras| extras.claim_within_ms),
            metadata: extras.and_then(|extras| extras.metadata.clone()),
        }
    }

    pub(crate) fn requested_at(&self) -> Timestamp {
        self.requested_at
    }

    pub(crate) fn is_queued(&self) -> bool {
        matches!(self.state, CallState::Queued { .. })
    }
}

/// The hash of a call's id.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdHash(u32);

impl IdHash {
    /// The table takes the place from the low bits and a tag from the high ones.
    fn spread(self) -> u64 {
        u64::from(self.0) << 32 | u64::from(self.0)
    }
}

/// What is known of an id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    hash: IdHash,
    pub(crate) call: Option<Known>,
}

/// A call that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Live(CallIndex),
    Ended(EndedIndex),
}

/// A hash, and the call whose id has it: the table is searched, and grows, without a look at the calls.
#[derive(Debug, Clone, Copy)]
struct Listed {
    hash: IdHash,
    /// A [`Known`]: the highest bit says that the call has ended.
    place: u32,
}

impl Listed {
    const ENDED: u32 = 1 << EndedIndex::BITS;

    fn new(hash: IdHash, call: Known) -> Self {
        let place = match call {
            Known::Live(index) => {
                assert!(index.0.get() < Self::ENDED, "an organisation has fewer than 2^31 calls");
                index.0.get()
            }
            Known::Ended(index) => index.number() | Self::ENDED,
        };
        Self { hash, place }
    }

    fn call(self) -> Known {
        match NonZeroU32::new(self.place).filter(|place| place.get() < Self::ENDED) {
            Some(place) => Known::Live(CallIndex(place)),
            None => Known::Ended(EndedIndex::from_number(self.place)),
        }
    }
}

/// All calls, by id and by index.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    live: Slab<Entry>,
    remembered: Remembered,
    by_id: HashTable<Listed>,
    hasher: DefaultHashBuilder,
}

impl Calls {
    pub(crate) fn find(&self, id: &CallId) -> Found {
        let hash = self.hash(id);
        let is_it = |listed: &Listed| {
            listed.hash == hash
                && match listed.call() {
                    Known::Live(index) => self[index].id == *id,
                    Known::Ended(index) => self.remembered.has_id(index, id),
                }
        };
        Found { hash, call: self.by_id.find(hash.spread(), is_it).map(|listed| listed.call()) }
    }

    /// What [`Calls::find`] says of a live call's id.
    pub(crate) fn found(&self, index: CallIndex) -> Found {
        Found { hash: self[index].hash, call: Some(Known::Live(index)) }
    }

    /// Keeps a live call, in the place of the ended one of its id.
    pub(crate) fn insert(&mut self, found: Found, entry: Entry) -> CallIndex {
        let index = CallIndex::from_slab(self.live.insert(entry));
        self.list(found, Known::Live(index));
        index
    }

    /// Keeps an ended call, in the place of the live one that it was.
    pub(crate) fn remember(&mut self, found: Found, call: &Call) {
        let ended = self.remembered.push(found.hash, call);
        self.list(found, Known::Ended(ended));
        if let Some(Known::Live(index)) = found.call {
            self.live.remove(index.to_slab());
        }
    }

    /// Forgets up to `most` of the calls that need not be remembered at `tick`, earliest end first.
    pub(crate) fn forget(&mut self, tick: Tick, most: usize) {
        for _ in 0..most {
            let Some((hash, index)) = self.remembered.pop(tick) else {
                return;
            };
            // The id may have been used again: then it is another call's by now.
            let place = Listed::new(hash, Known::Ended(index)).place;
            let listed = self.by_id.find_entry(hash.spread(), |listed| listed.place == place);
            if let Ok(listed) = listed {
                listed.remove();
            }
        }
    }

    /// Until when an ended call is remembered.
    pub(crate) fn remembered_until(&self, index: EndedIndex) -> Tick {
        self.remembered.until(index)
    }

    /// Reads an ended call.
    pub(crate) fn ended(&self, index: EndedIndex) -> Call {
        self.remembered.call(index)
    }

    /// The calls that are remembered at `tick`, earliest end first.
    pub(crate) fn remembered_at(&self, tick: Tick) -> impl Iterator<Item = EndedIndex> {
        self.remembered.iter().filter(move |&index| self.remembered.until(index) > tick)
    }

    /// The live calls from place `from` on, with their places, in no order that means anything.
    pub(crate) fn places_from(&self, from: u32) -> impl Iterator<Item = (u32, Option<CallIndex>)> {
        (from..).take(self.live.capacity().saturating_sub(from as usize)).map(|place| {
            let is_taken = self.live.contains(place as usize);
            (place, is_taken.then(|| CallIndex::from_slab(place as usize)))
        })
    }

    /// The live calls, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallIndex, &Entry)> {
        self.live.iter().map(|(index, entry)| (CallIndex::from_slab(index), entry))
    }

    /// Lists a call under its id, in the place of what was found there.
    fn list(&mut self, found: Found, call: Known) {
        let hash = found.hash;
        let listed = Listed::new(hash, call);
        match found.call {
            Some(before) => {
                let place = Listed::new(hash, before).place;
                let known = self.by_id.find_mut(hash.spread(), |listed| listed.place == place);
                *known.expect("what was found is listed") = listed;
            }
            None => {
                self.by_id.insert_unique(hash.spread(), listed, |other| other.hash.spread());
            }
        }
    }

    fn hash(&self, id: &CallId) -> IdHash {
        // Any half of a good hash is a good hash.
        IdHash((self.hasher.hash_one(id.as_bytes()) >> 32) as u32)
    }
}

impl Index<CallIndex> for Calls {
    type Output = Entry;
    fn index(&self, index: CallIndex) -> &Entry {
        &self.live[index.to_slab()]
    }
}

impl IndexMut<CallIndex> for Calls {
    fn index_mut(&mut self, index: CallIndex) -> &mut Entry {
        &mut self.live[index.to_slab()]
    }
}
