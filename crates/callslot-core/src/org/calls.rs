//! The calls of an organisation, live and remembered, and how to find them by id. Holds calls; knows no rules.
//!
//! A live call is one entry of a slab. An ended one leaves it for [`EndedCalls`], so that the slab stays as small as there
//! are live calls.

use core::hash::BuildHasher;
use core::ops::{Index, IndexMut};

use hashbrown::DefaultHashBuilder;

use crate::call::{Call, Ended};
use crate::id::{CallId, Ticket};
use crate::org::ended_calls::EndedCalls;
use crate::org::id_table::IdTable;
use crate::org::index::{CallIndex, EndedIndex, Found, IdHash, KnownCall};
use crate::org::live_call::LiveCall;
use crate::org::paged_slab::PagedSlab;
use crate::time::Tick;

/// All calls, by id and by index.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    live: PagedSlab<LiveCall>,
    ended: EndedCalls,
    by_id: IdTable,
    hasher: DefaultHashBuilder,
}

impl Calls {
    pub(crate) fn find(&self, id: &CallId) -> Found {
        let hash = self.hash(id);
        let has_id = |call| match call {
            KnownCall::Live(index) => self[index].id == *id,
            KnownCall::Ended(index) => self.ended.has_id(index, id),
        };
        Found { hash, call: self.by_id.find(hash, has_id) }
    }

    /// The result of [`Calls::find`] for a live call's id.
    pub(crate) fn found(&self, index: CallIndex) -> Found {
        Found { hash: self[index].hash, call: Some(KnownCall::Live(index)) }
    }

    /// Keeps a live call, in the place of the ended one of its id.
    pub(crate) fn insert(&mut self, found: Found, entry: LiveCall) -> CallIndex {
        let index = CallIndex::from_slab(self.live.insert(entry));
        self.by_id.put(found, KnownCall::Live(index));
        index
    }

    /// Keeps an ended call, in the place of the live one that it was, and up to a number of bytes of the texts of all of them.
    pub(crate) fn remember(&mut self, found: Found, call: &Call<Ended>, most_text: usize) {
        let ended = self.ended.push(found.hash, call, most_text);
        self.by_id.put(found, KnownCall::Ended(ended));
        if let Some(KnownCall::Live(index)) = found.call {
            self.live.remove(index.to_slab());
        }
    }

    /// Forgets up to `most` of the calls that need not be remembered at `tick`, earliest end first.
    pub(crate) fn forget(&mut self, tick: Tick, most: usize) {
        for _ in 0..most {
            let Some((hash, index)) = self.ended.pop(tick) else {
                return;
            };
            // The id may have been used again: then it belongs to another call by now.
            self.by_id.remove(hash, KnownCall::Ended(index));
        }
    }

    /// Until when an ended call is remembered.
    pub(crate) fn remembered_until(&self, index: EndedIndex) -> Tick {
        self.ended.until(index)
    }

    /// Reads an ended call.
    pub(crate) fn ended(&self, index: EndedIndex) -> Call<Ended> {
        self.ended.call(index)
    }

    /// Removes the metadata and the note of an ended call.
    pub(crate) fn erase_texts(&mut self, index: EndedIndex) {
        self.ended.erase_texts(index);
    }

    /// The calls that are remembered at `tick`, earliest end first.
    pub(crate) fn remembered_at(&self, tick: Tick) -> impl Iterator<Item = EndedIndex> {
        self.ended.iter().filter(move |&index| self.ended.until(index) > tick)
    }

    /// The live call at a place, if it has this ticket.
    pub(crate) fn with_ticket(&self, index: CallIndex, ticket: Ticket) -> Option<&LiveCall> {
        self.live.get(index.to_slab()).filter(|call| call.ticket == ticket)
    }

    /// The live calls from place `from` on, with their places, in no order that means anything.
    pub(crate) fn places_from(&self, from: u32) -> impl Iterator<Item = (u32, Option<CallIndex>)> {
        (from..).take(self.live.end().saturating_sub(from as usize)).map(|place| {
            let is_taken = self.live.get(place as usize).is_some();
            (place, is_taken.then(|| CallIndex::from_slab(place as usize)))
        })
    }

    /// The live calls, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallIndex, &LiveCall)> {
        self.live.iter().map(|(index, entry)| (CallIndex::from_slab(index), entry))
    }

    fn hash(&self, id: &CallId) -> IdHash {
        // Any half of a good hash is a good hash.
        IdHash((self.hasher.hash_one(id.as_bytes()) >> 32) as u32)
    }
}

impl Index<CallIndex> for Calls {
    type Output = LiveCall;
    fn index(&self, index: CallIndex) -> &LiveCall {
        &self.live[index.to_slab()]
    }
}

impl IndexMut<CallIndex> for Calls {
    fn index_mut(&mut self, index: CallIndex) -> &mut LiveCall {
        &mut self.live[index.to_slab()]
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::sync::Arc;

    use super::*;
    use crate::call::{CallType, EndReason, Request};
    use crate::gate::CallGates;
    use crate::id::AgentId;
    use crate::time::Timestamp;

    fn id(number: u64) -> CallId {
        CallId::parse(&format!("{number}")).expect("a call id")
    }

    fn remember(calls: &mut Calls, number: u64, until: u64) {
        let request = Request {
            id: id(number),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            ticket: Ticket(number),
            requested_at: Timestamp(0),
            lease: None,
            wait_deadline: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        };
        let state = Ended {
            served: None,
            ended_at: Timestamp(0),
            reason: EndReason::Canceled,
            note: None,
            remembered_until: Tick(until),
        };
        let found = calls.find(&request.id);
        calls.remember(found, &Call { request: Arc::new(request), state }, 0);
    }

    #[test]
    fn a_forgotten_call_is_found_no_more_and_a_later_one_of_its_id_is() {
        let mut calls = Calls::default();
        for (number, until) in [(1, 1), (2, 2), (3, 3), (2, 9)] {
            remember(&mut calls, number, until);
        }
        calls.forget(Tick(3), 2);
        let is_found =
            |calls: &Calls| [1, 2, 3].map(|number| calls.find(&id(number)).call.is_some());
        assert_eq!(is_found(&calls), [false, true, true]);
        calls.forget(Tick(3), usize::MAX);
        assert_eq!(is_found(&calls), [false, true, false]);
    }

    #[test]
    fn ids_have_different_hashes_and_both_ends_of_a_spread_hash_differ() {
        let calls = Calls::default();
        let hashes: BTreeSet<u32> = (0..1_000).map(|number| calls.hash(&id(number)).0).collect();
        assert!(hashes.len() > 990, "{} hashes of 1000 ids", hashes.len());
        assert_eq!(IdHash(0x1234_5678).spread(), 0x1234_5678_1234_5678);
    }
}
