//! The pool: who uses how many slots, how many are reserved, and which class may start its next call.
//!
//! It counts; it holds no calls and makes no events. `A`, `K`, `L`, `S`, `U`, `a` and `r` are those of `docs/semantics.md`.
//! Every count changes in one place ([`Pool::change`]).

use alloc::sync::Arc;

use hashbrown::HashMap;
use slab::Slab;

use crate::call::{CallType, PerType, SlotKind};
use crate::id::{AgentId, Ticket};
use crate::indexed_heap::IndexedHeap;
use crate::org::calls::Calls;
use crate::org::index::{AgentIndex, CallIndex, ClassIndex};
use crate::org::linked_calls::{InClass, LinkedCalls};
use crate::view::BlockedOn;

/// An agent and its classes.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) name: Arc<str>,
    pub(crate) cap: Option<u32>,
    /// Its active calls over all types.
    pub(crate) active: u32,
    pub(crate) classes: PerType<Class>,
}

/// The counts of one class.
#[derive(Debug, Default)]
pub(crate) struct Class {
    /// `r`
    pub(crate) reserved: u32,
    /// `a`
    pub(crate) active: u32,
    /// Its queued calls.
    pub(crate) queue: LinkedCalls<InClass>,
    /// The ticket of the queue's head.
    head: Option<Ticket>,
}

impl Class {
    /// Its part of the commitment: `max(a, r)`.
    fn committed(&self) -> u64 {
        u64::from(self.active.max(self.reserved))
    }

    pub(crate) fn has_reserved_room(&self) -> bool {
        self.active < self.reserved
    }
}

impl Agent {
    pub(crate) fn is_capped(&self) -> bool {
        self.cap.is_some_and(|cap| self.active >= cap)
    }

    pub(crate) fn reserved(&self) -> u64 {
        self.classes.0.iter().map(|class| u64::from(class.reserved)).sum()
    }

    pub(crate) fn reservations(&self) -> PerType<u32> {
        PerType(CallType::ALL.map(|call_type| self.classes[call_type].reserved))
    }

    pub(crate) fn queued(&self) -> u32 {
        self.classes.0.iter().map(|class| class.queue.len()).sum()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// `L`
    limit: u32,
    /// `A`
    active: u32,
    /// `K`
    committed: u64,
    /// `Σ r`
    reserved: u64,
    agents: Slab<Agent>,
    by_id: HashMap<AgentId, AgentIndex>,
    /// Heads of the class queues whose agent is below its cap, by ticket.
    open: IndexedHeap<Ticket>,
    /// Those of them whose class is below its reservation.
    below: IndexedHeap<Ticket>,
}

impl Pool {
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    pub(crate) fn active(&self) -> u32 {
        self.active
    }

    pub(crate) fn reserved(&self) -> u64 {
        self.reserved
    }

    /// `U`, as `K − Σ r`.
    pub(crate) fn shared_in_use(&self) -> u64 {
        self.committed - self.reserved
    }

    /// By how many calls more is in use or promised than the limit allows.
    pub(crate) fn settling(&self) -> u64 {
        self.committed.saturating_sub(u64::from(self.limit))
    }

    /// Whether a new call of the class may start now.
    pub(crate) fn admits(&self, class: ClassIndex) -> bool {
        self.active < self.limit
            && !self.agent(class.agent).is_capped()
            && (self.class(class).has_reserved_room() || self.has_shared_room())
    }

    /// The class whose head is admissible and has the lowest ticket.
    pub(crate) fn next_admissible(&self) -> Option<ClassIndex> {
        if self.active >= self.limit {
            return None;
        }
        let candidates = if self.has_shared_room() { &self.open } else { &self.below };
        candidates.first().map(|(_, class)| ClassIndex::from_number(class))
    }

    /// The kind of slot that the class's next call takes.
    pub(crate) fn slot_kind(&self, class: ClassIndex) -> SlotKind {
        if self.class(class).has_reserved_room() { SlotKind::Reserved } else { SlotKind::Shared }
    }

    /// Why the class's head is not started. Says nothing true of a class that is admissible.
    pub(crate) fn blocked_on(&self, class: ClassIndex) -> BlockedOn {
        if self.agent(class.agent).is_capped() {
            BlockedOn::AgentCap
        } else if self.settling() > 0 {
            BlockedOn::Settling
        } else if self.active >= self.limit {
            BlockedOn::Limit
        } else {
            BlockedOn::SharedFull
        }
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

    /// All agents, in no order that means anything.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter().map(|(_, agent)| agent)
    }

    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    pub(crate) fn put_agent(&mut self, id: &AgentId, name: &Arc<str>, cap: Option<u32>) {
        if let Some(index) = self.find(id) {
            let agent = &mut self.agents[index.to_slab()];
            agent.name = Arc::clone(name);
            agent.cap = cap;
            self.relist_agent(index);
            return;
        }
        let agent = Agent {
            id: id.clone(),
            name: Arc::clone(name),
            cap,
            active: 0,
            classes: PerType::default(),
        };
        let index = AgentIndex::from_slab(self.agents.insert(agent));
        self.by_id.insert(id.clone(), index);
    }

    pub(crate) fn remove_agent(&mut self, id: &AgentId) {
        let index = self.by_id.remove(id).expect("an agent that is deleted exists");
        self.agents.remove(index.to_slab());
    }

    pub(crate) fn set_reserved(&mut self, class: ClassIndex, reserved: u32) {
        let before = self.class(class).reserved;
        self.reserved = self.reserved - u64::from(before) + u64::from(reserved);
        self.change(class, |class| class.reserved = reserved);
        self.relist(class);
    }

    /// A call of the class takes a slot.
    pub(crate) fn take_slot(&mut self, class: ClassIndex) {
        self.active += 1;
        self.agents[class.agent.to_slab()].active += 1;
        self.change(class, |class| class.active += 1);
        self.relist_after_slot(class);
    }

    /// A call of the class gives its slot back.
    pub(crate) fn free_slot(&mut self, class: ClassIndex) {
        self.active -= 1;
        self.agents[class.agent.to_slab()].active -= 1;
        self.change(class, |class| class.active -= 1);
        self.relist_after_slot(class);
    }

    pub(crate) fn enqueue(&mut self, calls: &mut Calls, class: ClassIndex, call: CallIndex) {
        self.requeue(calls, class, |queue, calls| queue.insert(calls, call));
    }

    pub(crate) fn dequeue(&mut self, calls: &mut Calls, class: ClassIndex, call: CallIndex) {
        self.requeue(calls, class, |queue, calls| queue.remove(calls, call));
    }

    fn requeue(
        &mut self,
        calls: &mut Calls,
        class: ClassIndex,
        edit: impl FnOnce(&mut LinkedCalls<InClass>, &mut Calls),
    ) {
        let entry = self.class_mut(class);
        edit(&mut entry.queue, calls);
        entry.head = entry.queue.head().map(|head| calls[head].ticket);
        self.relist(class);
    }

    /// Changes a class's counts, and the commitment with them.
    fn change(&mut self, class: ClassIndex, change: impl FnOnce(&mut Class)) {
        let entry = self.class_mut(class);
        let before = entry.committed();
        change(entry);
        let after = entry.committed();
        self.committed = self.committed - before + after;
    }

    /// A slot taken or freed can cap or uncap the agent, which concerns all its classes. A class without queue is not
    /// listed whatever its counts are.
    fn relist_after_slot(&mut self, class: ClassIndex) {
        if self.agent(class.agent).cap.is_some() {
            self.relist_agent(class.agent);
        } else if self.class(class).head.is_some() {
            self.relist(class);
        }
    }

    fn relist_agent(&mut self, agent: AgentIndex) {
        for call_type in CallType::ALL {
            self.relist(ClassIndex { agent, call_type });
        }
    }

    /// Brings the class's places in `open` and `below` up to date.
    fn relist(&mut self, index: ClassIndex) {
        let agent = &mut self.agents[index.agent.to_slab()];
        let is_capped = agent.is_capped();
        let class = &mut agent.classes[index.call_type];
        let open_as = class.head.filter(|_| !is_capped);
        let below_as = open_as.filter(|_| class.has_reserved_room());
        self.open.set(index.number(), open_as);
        self.below.set(index.number(), below_as);
    }

    fn class_mut(&mut self, index: ClassIndex) -> &mut Class {
        &mut self.agents[index.agent.to_slab()].classes[index.call_type]
    }

    /// `U < S`, as `K < L`.
    fn has_shared_room(&self) -> bool {
        self.committed < u64::from(self.limit)
    }
}
