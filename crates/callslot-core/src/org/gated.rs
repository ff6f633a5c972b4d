//! What gates and paces add to the pool: which lanes a dispatch looks at, and when a pace has a start to give again.
//!
//! A lane that waits is in one place: its class lists it by its head, or it is parked at a gate that was closed when a dispatch came to it.
//! So a gate that closes, opens or fills costs the same whatever waits for it. Where a lane is, is no part of the state that the log
//! leads to: a parked lane of an open gate counts as listed.

use crate::event::GateFigures;
use crate::gate::{GateSettings, Pace};
use crate::id::{GateId, Ticket};
use crate::org::index::{ClassIndex, GateIndex, LaneIndex};
use crate::org::lanes::LaneGates;
use crate::org::pacer::Paced;
use crate::org::pool::{LaneOf, PacedBy, Pool};
use crate::time::Tick;

/// Slots and lanes.
impl Pool {
    /// [`Pool::next_admissible`] where there are gates, or paces with no start to give.
    #[cold]
    pub(super) fn next_admissible_gated(&mut self, tick: Tick) -> Option<LaneOf> {
        self.open_due(tick);
        loop {
            if self.active() >= self.limit() {
                return None;
            }
            if self.moves_left == 0 {
                self.has_lanes_to_move = true;
                return None;
            }
            let listed = self.first_listed();
            let waking = self.gates.first_waking();
            if let Some((_, lane)) =
                waking.filter(|&(ticket, _)| listed.is_none_or(|(first, _)| ticket < first))
            {
                self.unpark(lane);
                continue;
            }
            let (_, class) = listed?;
            let lane = self.class(class).head_lane();
            let closed = lane.and_then(|lane| self.gates.closed(self.lanes.lane(lane).gates));
            match lane.zip(closed) {
                Some((lane, gate)) => self.park(lane, gate),
                None => return Some((class, lane)),
            }
        }
    }

    /// Whether the calls of a lane pass this gate.
    pub(super) fn passes(&self, lane: Option<LaneIndex>, gate: &GateId) -> bool {
        self.gates_of(lane).iter().any(|index| self.gates.gate(index).id == *gate)
    }

    /// The gates that the calls of a lane pass.
    pub(crate) fn gates_of(&self, lane: Option<LaneIndex>) -> LaneGates {
        lane.map_or(LaneGates::default(), |lane| self.lanes.lane(lane).gates)
    }

    /// The lane of a call that has come to be live; none if it names no gates.
    pub(super) fn join_lane(&mut self, class: ClassIndex, gates: LaneGates) -> Option<LaneIndex> {
        (!gates.is_empty()).then(|| self.lanes.join(class, gates))
    }

    pub(super) fn leave_lane(&mut self, lane: Option<LaneIndex>) {
        if let Some(lane) = lane {
            self.lanes.leave(lane);
        }
    }

    /// A call of the lane takes a slot.
    #[cold]
    pub(super) fn take_slot_of_gates(&mut self, tick: Tick, lane: LaneIndex) {
        let gates = self.lanes.lane(lane).gates;
        self.gates.take_slot(tick, gates);
        for gate in gates.iter() {
            self.use_pace(tick, PacedBy::Gate(gate));
        }
    }

    /// The lane's queue has another head.
    pub(super) fn set_lane_head(&mut self, index: LaneIndex, head: Option<Ticket>) {
        let lane = self.lanes.lane_mut(index);
        let (class, parked_at, before) = (lane.class, lane.parked_at, lane.head);
        if before == head {
            return;
        }
        lane.head = head;
        if head.is_none() {
            lane.parked_at = None;
        }
        if let Some(gate) = parked_at {
            self.gates.rekey(gate, (before, head), index);
        } else {
            self.class_mut(class).rekey((before, head), index);
            self.relist(class);
        }
    }

    /// A step begins, which may move that many lanes.
    pub(crate) fn allow_moves(&mut self, most: usize) {
        self.moves_left = most;
        self.has_lanes_to_move = false;
    }

    /// Whether the step has moved as many lanes as it may, so that nothing is known of the others.
    pub(crate) fn has_lanes_to_move(&self) -> bool {
        self.has_lanes_to_move
    }

    fn park(&mut self, index: LaneIndex, gate: GateIndex) {
        self.moves_left -= 1;
        let lane = self.lanes.lane_mut(index);
        lane.parked_at = Some(gate);
        let (class, head) = (lane.class, lane.head.expect("a listed lane has a head"));
        self.class_mut(class).rekey((Some(head), None), index);
        self.gates.rekey(gate, (None, Some(head)), index);
        self.relist(class);
    }

    fn unpark(&mut self, index: LaneIndex) {
        self.moves_left -= 1;
        let lane = self.lanes.lane_mut(index);
        let (class, head) = (lane.class, lane.head.expect("a parked lane has a head"));
        if let Some(gate) = lane.parked_at.take() {
            self.gates.rekey(gate, (Some(head), None), index);
        }
        self.class_mut(class).rekey((None, Some(head)), index);
        self.relist(class);
    }
}

/// Gates.
impl Pool {
    pub(super) fn put_gate(
        &mut self,
        tick: Tick,
        id: &GateId,
        settings: &GateSettings,
        is_within_hours: bool,
    ) {
        let index = self.gates.put(tick, id, settings, is_within_hours);
        self.set_pace(tick, PacedBy::Gate(index), settings.pace);
        self.gates.refresh(index);
    }

    pub(super) fn set_within_hours(&mut self, id: &GateId, is_within_hours: bool) {
        let index = self.gates.find(id).expect("a gate named in an event exists");
        self.gates.gate_mut(index).is_within_hours = is_within_hours;
        self.gates.refresh(index);
    }

    /// Sets what is counted of a gate, as a snapshot has it.
    pub(super) fn restore_gate(&mut self, id: &GateId, figures: GateFigures) {
        let index = self.gates.find(id).expect("a gate named in an event exists");
        self.gates.gate_mut(index).restore(figures);
    }

    pub(super) fn remove_gate(&mut self, id: &GateId) {
        let index = self.gates.find(id).expect("a gate that is deleted exists");
        self.set_pace(Tick(0), PacedBy::Gate(index), None);
        self.gates.remove(id);
    }
}

/// Paces.
impl Pool {
    /// Paces that have a start to give by now are no longer in the way.
    pub(crate) fn open_due(&mut self, tick: Tick) {
        while let Some(&(wake, by)) = self.wakes.first().filter(|&&(wake, _)| wake <= tick) {
            self.wakes.remove(&(wake, by));
            if let Some(paced) = self.paced_mut(by) {
                paced.wake = None;
            }
            self.relist_paced(by);
        }
    }

    /// Whether a pace has a start to give that had none when this was last looked at.
    pub(crate) fn has_due(&self, tick: Tick) -> bool {
        self.wakes.first().is_some_and(|&(wake, _)| wake <= tick)
    }

    /// When a pace has a start to give that has none now.
    pub(crate) fn next_wake(&self) -> Option<Tick> {
        self.wakes.first().map(|&(wake, _)| wake)
    }

    /// Gives an agent, a type or a gate a pace from `tick` on, or none.
    pub(super) fn set_pace(&mut self, tick: Tick, by: PacedBy, pace: Option<Pace>) {
        self.has_paces |= pace.is_some() && !matches!(by, PacedBy::Gate(_));
        let paced = self.paced_mut(by);
        let wake = paced.as_mut().and_then(|paced| paced.wake.take());
        *paced = Paced::changed(*paced, pace, tick);
        if let Some(wake) = wake {
            self.wakes.remove(&(wake, by));
        }
        self.look_at_pace(tick, by);
    }

    /// Sets what is used of a pace, as a snapshot has it.
    pub(super) fn restore_pace(&mut self, tick: Tick, by: PacedBy, due: u64) {
        if let Some(paced) = self.paced_mut(by) {
            paced.pacer = paced.pacer.restored(due);
        }
        self.look_at_pace(tick, by);
        self.relist_paced(by);
    }

    /// A call of the class starts, which its agent's pace and its type's count.
    #[cold]
    pub(super) fn use_paces(&mut self, tick: Tick, class: ClassIndex) {
        if self.agent(class.agent).paced.is_some() {
            self.use_pace(tick, PacedBy::Agent(class.agent));
        }
        if self.type_use(class.call_type).paced.is_some() {
            self.use_pace(tick, PacedBy::Type(class.call_type));
        }
    }

    fn use_pace(&mut self, tick: Tick, by: PacedBy) {
        if let Some(paced) = self.paced_mut(by) {
            paced.pacer.start(tick);
        }
        self.look_at_pace(tick, by);
    }

    /// Finds out whether a pace has a start to give now, or when it has.
    fn look_at_pace(&mut self, tick: Tick, by: PacedBy) {
        let Some(paced) = self.paced_mut(by) else { return };
        let next = paced.pacer.next_start();
        let (before, now) = (paced.wake, (next > tick).then_some(next));
        paced.wake = now;
        if before != now {
            before.map(|wake| self.wakes.remove(&(wake, by)));
            now.map(|wake| self.wakes.insert((wake, by)));
            if let PacedBy::Gate(gate) = by {
                self.gates.refresh(gate);
            }
        }
    }

    fn relist_paced(&mut self, by: PacedBy) {
        match by {
            PacedBy::Agent(agent) => self.relist_agent(agent),
            // It is looked at with the heads of its classes.
            PacedBy::Type(_) => {}
            PacedBy::Gate(gate) => self.gates.refresh(gate),
        }
    }

    fn paced_mut(&mut self, by: PacedBy) -> &mut Option<Paced> {
        match by {
            PacedBy::Agent(agent) => &mut self.agent_mut(agent).paced,
            PacedBy::Type(call_type) => &mut self.types[call_type].paced,
            PacedBy::Gate(gate) => &mut self.gates.gate_mut(gate).paced,
        }
    }
}
