//! Lanes: the queued calls of a class that name the same gates, and where a dispatch finds them. Decides nothing.
//!
//! Only calls with gates are in one; the others are in their class's plain lane, which the class keeps itself. A lane is there while it
//! has live calls.

use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use crate::id::Ticket;
use crate::limits::MAX_GATES_PER_CALL;
use crate::org::index::{ClassIndex, GateIndex, LaneIndex};
use crate::org::linked_calls::{InLane, LinkedCalls};

/// A set of gates, in the order of their ids.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LaneGates([Option<GateIndex>; MAX_GATES_PER_CALL]);

impl LaneGates {
    pub(super) fn push(&mut self, gate: GateIndex) {
        let free = self.0.iter_mut().find(|place| place.is_none());
        *free.expect("a call names few gates") = Some(gate);
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = GateIndex> {
        self.0.into_iter().flatten()
    }

    pub(super) fn is_empty(self) -> bool {
        self.0[0].is_none()
    }
}

#[derive(Debug)]
pub(crate) struct Lane {
    pub(super) class: ClassIndex,
    pub(super) gates: LaneGates,
    pub(super) queue: LinkedCalls<InLane>,
    /// Its queue's lowest ticket.
    pub(super) head: Option<Ticket>,
    /// The gate at which it is parked; none: its class lists it, if it has a head.
    pub(super) parked_at: Option<GateIndex>,
    /// How many calls it has, queued or active.
    live: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Lanes {
    all: Slab<Lane>,
    by_key: HashTable<LaneIndex>,
    hasher: DefaultHashBuilder,
}

impl Lanes {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn lane(&self, index: LaneIndex) -> &Lane {
        &self.all[index.to_slab()]
    }

    pub(super) fn lane_mut(&mut self, index: LaneIndex) -> &mut Lane {
        &mut self.all[index.to_slab()]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Lane> {
        self.all.iter().map(|(_, lane)| lane)
    }

    pub(crate) fn find(&self, class: ClassIndex, gates: LaneGates) -> Option<LaneIndex> {
        let is_same = |index: &LaneIndex| {
            let lane = self.lane(*index);
            (lane.class, lane.gates) == (class, gates)
        };
        self.by_key.find(self.hasher.hash_one((class, gates)), is_same).copied()
    }

    /// The lane of a call that has come to be live.
    pub(super) fn join(&mut self, class: ClassIndex, gates: LaneGates) -> LaneIndex {
        let found = self.find(class, gates);
        let index = found.unwrap_or_else(|| self.insert(class, gates));
        self.lane_mut(index).live += 1;
        index
    }

    /// A call of the lane is live no more.
    pub(super) fn leave(&mut self, index: LaneIndex) {
        let lane = self.lane_mut(index);
        lane.live -= 1;
        if lane.live == 0 {
            let lane = self.all.remove(index.to_slab());
            let hash = self.hasher.hash_one((lane.class, lane.gates));
            if let Ok(entry) = self.by_key.find_entry(hash, |other| *other == index) {
                entry.remove();
            }
        }
    }

    fn insert(&mut self, class: ClassIndex, gates: LaneGates) -> LaneIndex {
        let (queue, head, parked_at) = (LinkedCalls::default(), None, None);
        let lane = Lane { class, gates, queue, head, parked_at, live: 0 };
        let index = LaneIndex::from_slab(self.all.insert(lane));
        let Self { all, by_key, hasher } = self;
        let hash_of = |class, gates| hasher.hash_one((class, gates));
        by_key.insert_unique(hash_of(class, gates), index, |other| {
            let lane = &all[other.to_slab()];
            hash_of(lane.class, lane.gates)
        });
        index
    }
}
