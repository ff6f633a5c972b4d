//! The gates of an organisation: their settings, who uses them, and the lanes that wait at one that is closed.
//!
//! A closed gate costs nothing: its lanes are parked at it, and no dispatch looks at them. Once it is open again they count as
//! listed, lowest ticket first ([`Gates::first_waking`]), and are moved one at a time as their turn comes. Decides nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use crate::event::GateFigures;
use crate::gate::{CallGates, GateSettings};
use crate::id::{GateId, Ticket};
use crate::org::index::{GateIndex, LaneIndex};
use crate::org::lanes::LaneGates;
use crate::org::pacer::Paced;
use crate::time::Tick;
use crate::wait_estimate::{FREED_KEPT, HeldSlots};

#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) id: GateId,
    pub(crate) settings: GateSettings,
    pub(crate) is_within_hours: bool,
    pub(super) paced: Option<Paced>,
    /// Its calls that hold a slot.
    pub(crate) active: u32,
    /// Its calls that wait.
    pub(crate) queued: u32,
    /// Its calls that have ended since it was created.
    pub(crate) ended: u64,
    /// How long its calls hold their slots.
    held: HeldSlots,
    /// The lanes that wait at it, by their heads.
    parked: BTreeSet<(Ticket, LaneIndex)>,
    /// The lowest ticket of these, while it is open.
    waking: Option<Ticket>,
}

#[derive(Debug, Default)]
pub(crate) struct Gates {
    all: Slab<Gate>,
    by_id: HashTable<GateIndex>,
    in_order: BTreeMap<GateId, GateIndex>,
    hasher: DefaultHashBuilder,
    /// Open gates at which lanes are parked, by the lowest ticket.
    waking: BTreeSet<(Ticket, GateIndex)>,
}

impl Gate {
    /// Whether a call may start through it.
    pub(super) fn is_open(&self) -> bool {
        !self.is_full() && !self.settings.is_paused && self.is_within_hours && !self.is_spent()
    }

    /// Whether as many calls are active as its cap allows.
    pub(super) fn is_full(&self) -> bool {
        self.settings.cap.is_some_and(|cap| self.active >= cap)
    }

    fn is_spent(&self) -> bool {
        self.paced.is_some_and(|paced| paced.wake.is_some())
    }

    /// For how long it is likely to stay closed: the higher the longer; 0 while it is open.
    fn lasting(&self) -> u8 {
        if self.settings.is_paused {
            4
        } else if !self.is_within_hours {
            3
        } else if self.is_full() {
            2
        } else {
            u8::from(self.is_spent())
        }
    }

    pub(crate) fn live(&self) -> u64 {
        u64::from(self.active) + u64::from(self.queued)
    }

    /// What is counted of it, as a snapshot at `tick` has it.
    pub(super) fn figures(&self, tick: Tick) -> GateFigures {
        GateFigures { ended: self.ended, held: self.held(tick) }
    }

    /// In how long its last call is likely to have ended, if no other comes and as many are active as now; none while it is closed
    /// for longer than its pace asks, or if nothing is known of its calls.
    pub(super) fn done_in_ms(&self, tick: Tick) -> Option<u64> {
        if self.live() == 0 {
            return Some(0);
        }
        if self.settings.is_paused || !self.is_within_hours {
            return None;
        }
        let mean_ms = self.held(tick).mean_ms()?;
        let queued = u64::from(self.queued);
        if self.active == 0 && self.paced.is_none() && queued > 0 {
            return None;
        }
        let of_pace = self.paced.map_or(0, |paced| {
            paced.pacer.next_start().ms_after(tick) + paced.pacer.ms_for(queued.saturating_sub(1))
        });
        let of_slots = queued.saturating_mul(mean_ms).checked_div(self.active.into()).unwrap_or(0);
        Some(if queued == 0 { mean_ms } else { of_pace.max(of_slots) + mean_ms })
    }

    /// How long its calls hold their slots, counted to `tick`.
    pub(super) fn held(&self, tick: Tick) -> HeldSlots {
        self.held.counted_to(tick, self.active.into())
    }

    /// As a snapshot has it.
    pub(super) fn restore(&mut self, GateFigures { ended, held }: GateFigures) {
        (self.ended, self.held) = (ended, held);
    }
}

impl Gates {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(crate) fn find(&self, id: &GateId) -> Option<GateIndex> {
        let is_it = |index: &GateIndex| self.gate(*index).id == *id;
        self.by_id.find(self.hasher.hash_one(id), is_it).copied()
    }

    pub(crate) fn gate(&self, index: GateIndex) -> &Gate {
        &self.all[index.to_slab()]
    }

    pub(super) fn gate_mut(&mut self, index: GateIndex) -> &mut Gate {
        &mut self.all[index.to_slab()]
    }

    /// All gates by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (GateIndex, &Gate)> {
        self.in_order.values().map(|&index| (index, self.gate(index)))
    }

    /// The gates with ids above `after`, by id.
    pub(crate) fn after(&self, after: Option<&GateId>) -> impl Iterator<Item = (GateIndex, &Gate)> {
        let from = after.map_or(core::ops::Bound::Unbounded, core::ops::Bound::Excluded);
        let above = self.in_order.range::<GateId, _>((from, core::ops::Bound::Unbounded));
        above.map(|(_, &index)| (index, self.gate(index)))
    }

    /// The gates that a call names; the first id that is none's, if there is one.
    pub(crate) fn named(&self, gates: &CallGates) -> Result<LaneGates, GateId> {
        let mut found = LaneGates::default();
        for id in gates.ids() {
            found.push(self.find(id).ok_or_else(|| id.clone())?);
        }
        Ok(found)
    }

    /// The set as a call names it.
    pub(crate) fn ids(&self, gates: LaneGates) -> CallGates {
        let ids = gates.iter().map(|gate| self.gate(gate).id.clone());
        CallGates::new(ids.collect()).expect("a lane has few gates")
    }

    /// Creates or changes a gate. Its pace is for the caller to set.
    pub(super) fn put(
        &mut self,
        tick: Tick,
        id: &GateId,
        settings: &GateSettings,
        is_within_hours: bool,
    ) -> GateIndex {
        if let Some(index) = self.find(id) {
            let gate = self.gate_mut(index);
            gate.settings = settings.clone();
            gate.is_within_hours = is_within_hours;
            return index;
        }
        let gate = Gate {
            id: id.clone(),
            settings: settings.clone(),
            is_within_hours,
            paced: None,
            active: 0,
            queued: 0,
            ended: 0,
            held: HeldSlots { until: tick, ..HeldSlots::default() },
            parked: BTreeSet::new(),
            waking: None,
        };
        let index = GateIndex::from_slab(self.all.insert(gate));
        self.in_order.insert(id.clone(), index);
        let Self { all, by_id, hasher, .. } = self;
        by_id.insert_unique(hasher.hash_one(id), index, |other| {
            hasher.hash_one(&all[other.to_slab()].id)
        });
        index
    }

    /// Removes a gate, which has no live calls and so no lanes.
    pub(super) fn remove(&mut self, id: &GateId) -> Option<(GateIndex, Gate)> {
        let index = self.in_order.remove(id)?;
        let entry = self.by_id.find_entry(self.hasher.hash_one(id), |other| *other == index);
        if let Ok(entry) = entry {
            entry.remove();
        }
        Some((index, self.all.remove(index.to_slab())))
    }

    /// The gate of a lane that is likely to stay closed for longest, if one is closed.
    pub(super) fn closed(&self, gates: LaneGates) -> Option<GateIndex> {
        let closed = gates.iter().map(|gate| (self.gate(gate).lasting(), gate));
        closed
            .filter(|(lasting, _)| *lasting > 0)
            .max_by_key(|(lasting, _)| *lasting)
            .map(|(_, gate)| gate)
    }

    pub(super) fn are_open(&self, gates: LaneGates) -> bool {
        gates.iter().all(|gate| self.gate(gate).is_open())
    }

    /// A call takes a slot. The gates' paces are for the caller to look at.
    pub(super) fn take_slot(&mut self, tick: Tick, gates: LaneGates) {
        for index in gates.iter() {
            let gate = self.gate_mut(index);
            gate.held.pass(tick, gate.active.into());
            gate.active += 1;
            self.refresh(index);
        }
    }

    /// A call gives its slot back.
    pub(super) fn free_slot(&mut self, tick: Tick, gates: LaneGates) {
        for index in gates.iter() {
            let gate = self.gate_mut(index);
            gate.held.pass(tick, gate.active.into());
            if gate.held.freed >= FREED_KEPT {
                gate.held.halve();
            }
            gate.held.free();
            gate.active -= 1;
            self.refresh(index);
        }
    }

    pub(super) fn count_queued(&mut self, gates: LaneGates, by: i32) {
        for gate in gates.iter() {
            let queued = &mut self.gate_mut(gate).queued;
            *queued = queued.saturating_add_signed(by);
        }
    }

    /// A call that named these gates has ended. One may be gone since, if the call is only remembered.
    pub(super) fn count_ended(&mut self, gates: &CallGates) {
        for id in gates.ids() {
            if let Some(index) = self.find(id) {
                self.gate_mut(index).ended += 1;
            }
        }
    }

    /// Parks a lane at a gate under this head, no longer under the one before; none: not at all.
    pub(super) fn rekey(
        &mut self,
        gate: GateIndex,
        (before, head): (Option<Ticket>, Option<Ticket>),
        lane: LaneIndex,
    ) {
        let parked = &mut self.gate_mut(gate).parked;
        before.map(|before| parked.remove(&(before, lane)));
        head.map(|head| parked.insert((head, lane)));
        self.refresh(gate);
    }

    /// The lowest ticket of the lanes that are parked at open gates, and the lane.
    pub(super) fn first_waking(&self) -> Option<(Ticket, LaneIndex)> {
        let &(_, gate) = self.waking.first()?;
        self.gate(gate).parked.first().copied()
    }

    /// Finds out whether lanes that are parked at a gate may go on.
    pub(super) fn refresh(&mut self, index: GateIndex) {
        let gate = self.gate_mut(index);
        let first =
            if gate.parked.is_empty() || !gate.is_open() { None } else { gate.parked.first() };
        let (before, now) = (gate.waking, first.map(|&(ticket, _)| ticket));
        if before != now {
            gate.waking = now;
            before.map(|ticket| self.waking.remove(&(ticket, index)));
            now.map(|ticket| self.waking.insert((ticket, index)));
        }
    }
}
