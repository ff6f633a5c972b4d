//! The pool: who uses how many slots, how many are reserved, and which lane may start its next call.
//!
//! It counts; it holds no calls and makes no events. `A`, `K`, `L`, `S`, `U`, `a` and `r` are those of `docs/semantics.md`.
//! Every count changes in one place ([`Pool::change`]). The limit, the agents' caps and the types' caps are one rule,
//! [`Usage::has_room`]. What gates and paces add to it is in `org/gated.rs`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;

use hashbrown::HashMap;
use slab::Slab;

use crate::call::{CallType, PerType, SlotKind};
use crate::gate::Pace;
use crate::id::{AgentId, Ticket};
use crate::indexed_heap::IndexedHeap;
use crate::org::calls::Calls;
use crate::org::class::{Class, GatedQueue, Usage};
use crate::org::gates::Gates;
use crate::org::index::{AgentIndex, CallIndex, ClassIndex, GateIndex, LaneIndex};
use crate::org::lanes::{LaneGates, Lanes};
use crate::org::pacer::Paced;
use crate::time::Tick;
use crate::wait_estimate::{HeldSlots, SetFigures};

/// An agent and its classes.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) name: Arc<str>,
    pub(crate) cap: Option<u32>,
    pub(super) paced: Option<Paced>,
    /// Over its four classes.
    pub(crate) usage: Usage,
    pub(crate) classes: PerType<Class>,
}

/// A call type over all agents.
#[derive(Debug, Default)]
pub(crate) struct TypeUse {
    pub(crate) cap: Option<u32>,
    pub(super) paced: Option<Paced>,
    /// Over the type's classes.
    pub(crate) usage: Usage,
    pub(super) figures: SetFigures,
    /// Heads of the type's queues, by ticket, that would take a reserved slot and whose agent has room for it.
    reserved_heads: IndexedHeap<Ticket>,
    /// Heads that would take a shared slot, likewise.
    shared_heads: IndexedHeap<Ticket>,
}

impl TypeUse {
    pub(super) fn has_room(&self, kind: SlotKind) -> bool {
        self.cap.is_none_or(|cap| self.usage.has_room(kind, cap))
    }

    pub(crate) fn pace(&self) -> Option<Pace> {
        self.paced.map(|paced| paced.pacer.pace())
    }

    /// Whether a call of the type may start with a slot of this kind, as far as the type is concerned.
    fn admits(&self, kind: SlotKind) -> bool {
        self.has_room(kind) && !is_spent(self.paced.as_ref())
    }

    fn heads(&self, kind: SlotKind) -> &IndexedHeap<Ticket> {
        match kind {
            SlotKind::Reserved => &self.reserved_heads,
            SlotKind::Shared => &self.shared_heads,
        }
    }
}

impl Agent {
    pub(super) fn has_room(&self, kind: SlotKind) -> bool {
        self.cap.is_none_or(|cap| self.usage.has_room(kind, cap))
    }

    pub(crate) fn pace(&self) -> Option<Pace> {
        self.paced.map(|paced| paced.pacer.pace())
    }

    /// Whether a call of the agent may start with a slot of this kind, as far as the agent is concerned.
    fn admits(&self, kind: SlotKind) -> bool {
        self.has_room(kind) && !is_spent(self.paced.as_ref())
    }

    pub(crate) fn reservations(&self) -> PerType<u32> {
        PerType(CallType::ALL.map(|call_type| self.classes[call_type].reserved))
    }

    pub(crate) fn queued(&self) -> u32 {
        self.classes.0.iter().map(Class::queued).sum()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// `L`
    limit: u32,
    /// Over all classes.
    usage: Usage,
    pub(super) types: PerType<TypeUse>,
    agents: Slab<Agent>,
    by_id: HashMap<AgentId, AgentIndex>,
    in_order: BTreeMap<AgentId, AgentIndex>,
    pub(crate) gates: Gates,
    pub(crate) lanes: Lanes,
    /// How many lanes this step may still move.
    pub(super) moves_left: usize,
    pub(super) has_lanes_to_move: bool,
    /// Whether an agent or a type ever had a pace.
    pub(super) has_paces: bool,
    /// The paces that have no start to give now, and when they have one again.
    pub(super) wakes: BTreeSet<(Tick, PacedBy)>,
    /// All slots, and how long they are held.
    pub(super) slots: HeldSlots,
    pub(super) figures: SetFigures,
}

/// What has a pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PacedBy {
    Agent(AgentIndex),
    Type(CallType),
    Gate(GateIndex),
}

/// A lane: its class, and which lane of it; none: the plain one.
pub(crate) type LaneOf = (ClassIndex, Option<LaneIndex>);

fn is_spent(paced: Option<&Paced>) -> bool {
    paced.is_some_and(|paced| paced.wake.is_some())
}

impl Pool {
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    pub(crate) fn active(&self) -> u32 {
        self.usage.active
    }

    pub(crate) fn reserved(&self) -> u64 {
        self.usage.reserved
    }

    /// `U`, as `K − Σ r`.
    pub(crate) fn shared_in_use(&self) -> u64 {
        self.usage.shared_in_use()
    }

    /// Over all classes.
    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// By how many calls more is in use or promised than the limit allows.
    pub(crate) fn settling(&self) -> u64 {
        self.usage.committed.saturating_sub(u64::from(self.limit))
    }

    /// Whether a new call of the class that names these gates may start now: its slot fits under the limit, its agent's cap and its
    /// type's, the gates are open, and every pace has a start to give. Paces are as they were when [`Pool::open_due`] last looked.
    pub(crate) fn admits(&self, class: ClassIndex, gates: LaneGates) -> bool {
        let kind = self.slot_kind(class);
        self.usage.has_room(kind, self.limit)
            && self.agent(class.agent).admits(kind)
            && self.types[class.call_type].admits(kind)
            && (gates.is_empty() || self.gates.are_open(gates))
    }

    /// The lane whose head is admissible and has the lowest ticket.
    pub(crate) fn next_admissible(&mut self, tick: Tick) -> Option<LaneOf> {
        if self.gates.is_empty() && self.wakes.is_empty() {
            return self.first_listed().map(|(_, class)| (class, None));
        }
        self.next_admissible_gated(tick)
    }

    /// The class that its limits admit and that lists the lane whose head has the lowest ticket, and that ticket.
    pub(super) fn first_listed(&self) -> Option<(Ticket, ClassIndex)> {
        let mut first: Option<(Ticket, ClassIndex)> = None;
        for kind in [SlotKind::Reserved, SlotKind::Shared] {
            // What is committed is never less than what is active: no room for one kind, none for the next.
            if !self.usage.has_room(kind, self.limit) {
                break;
            }
            for call_type in CallType::ALL {
                let of_type = &self.types[call_type];
                if let Some((ticket, agent)) = of_type.heads(kind).first()
                    && first.is_none_or(|(lowest, _)| ticket < lowest)
                    && of_type.admits(kind)
                {
                    let agent = AgentIndex::from_number(agent);
                    first = Some((ticket, ClassIndex { agent, call_type }));
                }
            }
        }
        first
    }

    /// The call with the lowest ticket in a lane of the class; none: the plain lane.
    pub(crate) fn head(&self, class: ClassIndex, lane: Option<LaneIndex>) -> Option<CallIndex> {
        match lane {
            None => self.class(class).plain.head(),
            Some(lane) => self.lanes.lane(lane).queue.head(),
        }
    }

    /// The call with the highest ticket in the lane of the class with these gates.
    pub(crate) fn tail(&self, class: ClassIndex, gates: LaneGates) -> Option<CallIndex> {
        if gates.is_empty() {
            return self.class(class).plain.tail();
        }
        self.lanes.lane(self.lanes.find(class, gates)?).queue.tail()
    }

    /// The kind of slot that the class's next call takes.
    pub(crate) fn slot_kind(&self, class: ClassIndex) -> SlotKind {
        self.class(class).next_slot()
    }

    pub(crate) fn type_use(&self, call_type: CallType) -> &TypeUse {
        &self.types[call_type]
    }

    /// `Σ r` of each type.
    pub(crate) fn reserved_by_type(&self) -> PerType<u64> {
        PerType(CallType::ALL.map(|call_type| self.types[call_type].usage.reserved))
    }

    pub(crate) fn find(&self, agent: &AgentId) -> Option<AgentIndex> {
        self.by_id.get(agent).copied()
    }

    pub(crate) fn agent(&self, index: AgentIndex) -> &Agent {
        &self.agents[index.to_slab()]
    }

    pub(crate) fn class(&self, index: ClassIndex) -> &Class {
        &self.agent(index.agent).classes[index.call_type]
    }

    /// All agents by id.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.in_order.values().map(|&index| self.agent(index))
    }

    /// The same, each with its index.
    pub(super) fn indexed_agents(&self) -> impl Iterator<Item = (AgentIndex, &Agent)> {
        self.agents.iter().map(|(index, agent)| (AgentIndex::from_slab(index), agent))
    }

    /// The agent that has this index now.
    pub(super) fn agent_at(&self, index: AgentIndex) -> Option<&Agent> {
        self.agents.get(index.to_slab())
    }

    pub(crate) fn agent_count(&self) -> usize {
        self.agents.len()
    }

    pub(super) fn agents_mut(&mut self) -> impl Iterator<Item = &mut Agent> {
        self.agents.iter_mut().map(|(_, agent)| agent)
    }

    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    pub(crate) fn set_type(
        &mut self,
        tick: Tick,
        call_type: CallType,
        (cap, pace): (Option<u32>, Option<Pace>),
    ) {
        self.types[call_type].cap = cap;
        self.set_pace(tick, PacedBy::Type(call_type), pace);
    }

    pub(crate) fn put_agent(
        &mut self,
        tick: Tick,
        (id, name): (&AgentId, &Arc<str>),
        (cap, pace): (Option<u32>, Option<Pace>),
    ) {
        if let Some(index) = self.find(id) {
            let agent = &mut self.agents[index.to_slab()];
            agent.name = Arc::clone(name);
            agent.cap = cap;
            self.set_pace(tick, PacedBy::Agent(index), pace);
            self.relist_agent(index);
            return;
        }
        let agent = Agent {
            id: id.clone(),
            name: Arc::clone(name),
            cap,
            paced: None,
            usage: Usage::default(),
            classes: PerType::default(),
        };
        let index = AgentIndex::from_slab(self.agents.insert(agent));
        self.by_id.insert(id.clone(), index);
        self.in_order.insert(id.clone(), index);
        self.set_pace(tick, PacedBy::Agent(index), pace);
    }

    pub(crate) fn remove_agent(&mut self, id: &AgentId) {
        let index = self.by_id.remove(id).expect("an agent that is deleted exists");
        self.set_pace(Tick(0), PacedBy::Agent(index), None);
        self.in_order.remove(id);
        self.agents.remove(index.to_slab());
    }

    pub(crate) fn set_reserved(&mut self, tick: Tick, class: ClassIndex, reserved: u32) {
        self.pass(tick, class);
        self.change(class, |class| class.reserved = reserved);
        self.relist_after_change(class);
    }

    /// A call of the class, and of this lane of it, takes a slot.
    pub(crate) fn take_slot(&mut self, tick: Tick, class: ClassIndex, lane: Option<LaneIndex>) {
        self.pass(tick, class);
        self.change(class, |class| class.active += 1);
        if self.has_paces {
            self.use_paces(tick, class);
        }
        if let Some(lane) = lane {
            self.take_slot_of_gates(tick, lane);
        }
        self.relist_after_change(class);
    }

    /// A call of the class, and of this lane of it, gives its slot back.
    pub(crate) fn free_slot(&mut self, tick: Tick, class: ClassIndex, lane: Option<LaneIndex>) {
        self.note_freed(tick, class);
        self.change(class, |class| class.active -= 1);
        if let Some(lane) = lane {
            self.gates.free_slot(tick, self.lanes.lane(lane).gates);
        }
        self.relist_after_change(class);
    }

    /// Queues a call.
    pub(crate) fn enqueue(&mut self, calls: &mut Calls, lane: LaneOf, call: CallIndex) {
        self.requeue(lane, 1, |class, gated| class.join_queue(calls, gated, call));
    }

    /// Takes a call out of its queue.
    pub(crate) fn dequeue(&mut self, calls: &mut Calls, lane: LaneOf, call: CallIndex) {
        self.requeue(lane, -1, |class, gated| class.leave_queue(calls, gated, call));
    }

    /// Has a lane's queue grow or shrink by a call. `edit` does so, and returns the lane's lowest ticket.
    fn requeue(
        &mut self,
        (index, lane): LaneOf,
        by: i32,
        edit: impl FnOnce(&mut Class, Option<GatedQueue<'_>>) -> Option<Ticket>,
    ) {
        let class = &mut self.agents[index.agent.to_slab()].classes[index.call_type];
        let Some(lane) = lane else {
            let head = edit(class, None);
            class.set_plain_head(head);
            return self.relist(index);
        };
        let of_lane = self.lanes.lane_mut(lane);
        let gates = of_lane.gates;
        let head = edit(class, Some((lane, &mut of_lane.queue)));
        self.gates.count_queued(gates, by);
        self.set_lane_head(lane, head);
    }

    /// Changes a class's counts, and those of every set that it is in.
    fn change(&mut self, index: ClassIndex, change: impl FnOnce(&mut Class)) {
        let agent = &mut self.agents[index.agent.to_slab()];
        let class = &mut agent.classes[index.call_type];
        let before = class.usage();
        change(class);
        let now = class.usage();
        agent.usage.replace(before, now);
        self.types[index.call_type].usage.replace(before, now);
        self.usage.replace(before, now);
    }

    /// Under a cap or a pace, a change of one class concerns all classes of its agent. A class without queue is not listed whatever
    /// its counts are.
    fn relist_after_change(&mut self, class: ClassIndex) {
        let agent = self.agent(class.agent);
        if agent.cap.is_some() || agent.paced.is_some() {
            self.relist_agent(class.agent);
        } else if agent.classes[class.call_type].head().is_some() {
            self.relist(class);
        }
    }

    pub(super) fn relist_agent(&mut self, agent: AgentIndex) {
        for call_type in CallType::ALL {
            self.relist(ClassIndex { agent, call_type });
        }
    }

    /// Brings the class's place among the heads of its type up to date.
    pub(super) fn relist(&mut self, index: ClassIndex) {
        let agent = &self.agents[index.agent.to_slab()];
        let class = &agent.classes[index.call_type];
        let kind = class.next_slot();
        let ticket = class.head().filter(|_| agent.admits(kind));
        let (reserved, shared) = match kind {
            SlotKind::Reserved => (ticket, None),
            SlotKind::Shared => (None, ticket),
        };
        let of_type = &mut self.types[index.call_type];
        of_type.reserved_heads.set(index.agent.number(), reserved);
        of_type.shared_heads.set(index.agent.number(), shared);
    }

    pub(super) fn agent_mut(&mut self, index: AgentIndex) -> &mut Agent {
        &mut self.agents[index.to_slab()]
    }

    pub(super) fn class_mut(&mut self, index: ClassIndex) -> &mut Class {
        &mut self.agents[index.agent.to_slab()].classes[index.call_type]
    }
}
