//! The pool: who uses how many slots, how many are reserved, and which class may start its next call.
//!
//! It counts; it holds no calls and makes no events. `A`, `K`, `L`, `S`, `U`, `a` and `r` are those of `docs/semantics.md`.
//! Every count changes in one place ([`Pool::change`]). The limit, the agents' caps and the types' caps are one rule,
//! [`Usage::has_room`].

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::ops::Bound;

use hashbrown::HashMap;
use slab::Slab;

use crate::call::{CallType, PerType, SlotKind};
use crate::id::{AgentId, Ticket};
use crate::indexed_heap::IndexedHeap;
use crate::org::calls::Calls;
use crate::org::index::{AgentIndex, CallIndex, ClassIndex};
use crate::org::linked_calls::{InClass, LinkedCalls};
use crate::org::ticket_ranks::TicketRanks;
use crate::time::Tick;
use crate::view::{BlockedBy, BlockedOn};
use crate::wait_estimate::{ClassFigures, HeldSlots, SetFigures};

/// An agent and its classes.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) name: Arc<str>,
    pub(crate) cap: Option<u32>,
    /// Over its four classes.
    pub(crate) usage: Usage,
    pub(crate) classes: PerType<Class>,
}

/// A call type over all agents.
#[derive(Debug, Default)]
pub(crate) struct TypeUse {
    pub(crate) cap: Option<u32>,
    /// Over the type's classes.
    pub(crate) usage: Usage,
    pub(super) figures: SetFigures,
    /// Heads of the type's queues, by ticket, that would take a reserved slot and whose agent has room for it.
    reserved_heads: IndexedHeap<Ticket>,
    /// Heads that would take a shared slot, likewise.
    shared_heads: IndexedHeap<Ticket>,
}

/// What the classes of a set use and are promised: of the pool, of an agent or of a type.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Usage {
    /// `A`
    pub(crate) active: u32,
    /// `Σ r`
    pub(crate) reserved: u64,
    /// `K`
    pub(super) committed: u64,
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
    /// Those of them that came back, which are ahead of the others: dispatched in ticket order, they have the lowest tickets.
    returned: BTreeMap<Ticket, CallIndex>,
    /// The tickets of the others.
    ranks: TicketRanks,
    /// The ticket of the queue's head.
    head: Option<Ticket>,
    pub(super) figures: ClassFigures,
}

impl Usage {
    /// A class's part of what a set of classes uses.
    pub(super) fn of_class(active: u32, reserved: u32) -> Self {
        Self { active, reserved: reserved.into(), committed: active.max(reserved).into() }
    }

    /// Whether a call that takes a slot of this kind fits under the set's limit: a reserved one while `A` is below it, a
    /// shared one while `K` is, so that what is reserved is never eaten.
    pub(super) fn has_room(&self, kind: SlotKind, limit: u32) -> bool {
        match kind {
            SlotKind::Reserved => self.active < limit,
            SlotKind::Shared => self.committed < u64::from(limit),
        }
    }

    /// `U`, as `K − Σ r`.
    pub(super) fn shared_in_use(&self) -> u64 {
        self.committed - self.reserved
    }

    /// One of the set's classes had these counts before, and has those now.
    pub(super) fn replace(&mut self, before: Self, now: Self) {
        self.active = self.active - before.active + now.active;
        self.reserved = self.reserved - before.reserved + now.reserved;
        self.committed = self.committed - before.committed + now.committed;
    }
}

impl Class {
    /// Its part of what a set of classes uses.
    fn usage(&self) -> Usage {
        Usage::of_class(self.active, self.reserved)
    }

    /// Queues a call at the place that its ticket gives it: the end, except for one that comes back.
    fn join_queue(&mut self, calls: &mut Calls, call: CallIndex) {
        if calls[call].state.misses() > 0 {
            self.rejoin_queue(calls, call);
        } else {
            self.queue.push(calls, call);
            self.ranks.join(calls[call].ticket);
        }
    }

    #[cold]
    fn rejoin_queue(&mut self, calls: &mut Calls, call: CallIndex) {
        let ticket = calls[call].ticket;
        let previous = self.returned.range(..ticket).next_back().map(|(_, &call)| call);
        self.queue.insert_after(calls, previous, call);
        self.returned.insert(ticket, call);
    }

    fn leave_queue(&mut self, calls: &mut Calls, call: CallIndex) {
        self.queue.remove(calls, call);
        let ticket = calls[call].ticket;
        if self.returned.is_empty() || self.returned.remove(&ticket).is_none() {
            self.ranks.leave(ticket);
        }
    }

    /// How many of its queued calls have a ticket below this one.
    pub(super) fn queued_below(&self, ticket: Ticket) -> u64 {
        let returned = match self.returned.last_key_value() {
            Some((&last, _)) if last >= ticket => self.returned.range(..ticket).count(),
            Some(_) | None => self.returned.len(),
        };
        returned as u64 + self.ranks.below(ticket)
    }

    /// The ticket of its queue's head.
    pub(super) fn head(&self) -> Option<Ticket> {
        self.head
    }

    /// The lowest ticket in its queue above this one.
    pub(super) fn next_ticket(&self, after: Ticket) -> Option<Ticket> {
        let above = (Bound::Excluded(after), Bound::Unbounded);
        let returned = self.returned.range(above).next().map(|(&ticket, _)| ticket);
        returned.into_iter().chain(self.ranks.next_after(after)).min()
    }

    /// Its calls beyond its reservation.
    pub(super) fn shared_in_use(&self) -> u32 {
        self.active.saturating_sub(self.reserved)
    }

    /// The kind of slot that its next call takes.
    fn next_slot(&self) -> SlotKind {
        if self.active < self.reserved { SlotKind::Reserved } else { SlotKind::Shared }
    }
}

impl TypeUse {
    fn has_room(&self, kind: SlotKind) -> bool {
        self.cap.is_none_or(|cap| self.usage.has_room(kind, cap))
    }

    fn heads(&self, kind: SlotKind) -> &IndexedHeap<Ticket> {
        match kind {
            SlotKind::Reserved => &self.reserved_heads,
            SlotKind::Shared => &self.shared_heads,
        }
    }
}

impl Agent {
    fn has_room(&self, kind: SlotKind) -> bool {
        self.cap.is_none_or(|cap| self.usage.has_room(kind, cap))
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
    /// Over all classes.
    usage: Usage,
    pub(super) types: PerType<TypeUse>,
    agents: Slab<Agent>,
    by_id: HashMap<AgentId, AgentIndex>,
    in_order: BTreeMap<AgentId, AgentIndex>,
    /// All slots, and how long they are held.
    pub(super) slots: HeldSlots,
    pub(super) figures: SetFigures,
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

    /// Whether a new call of the class may start now: its slot fits under the limit, its agent's cap and its type's.
    pub(crate) fn admits(&self, class: ClassIndex) -> bool {
        let kind = self.slot_kind(class);
        self.usage.has_room(kind, self.limit)
            && self.agent(class.agent).has_room(kind)
            && self.types[class.call_type].has_room(kind)
    }

    /// The class whose head is admissible and has the lowest ticket.
    pub(crate) fn next_admissible(&self) -> Option<ClassIndex> {
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
                    && of_type.has_room(kind)
                {
                    let agent = AgentIndex::from_number(agent);
                    first = Some((ticket, ClassIndex { agent, call_type }));
                }
            }
        }
        first.map(|(_, class)| class)
    }

    /// The kind of slot that the class's next call takes.
    pub(crate) fn slot_kind(&self, class: ClassIndex) -> SlotKind {
        self.class(class).next_slot()
    }

    /// Why the class's head is not started, and whose cap that is. Says nothing true of a class that is admissible.
    pub(crate) fn blocked_on(&self, index: ClassIndex) -> (BlockedOn, Option<BlockedBy>) {
        let (agent, of_type) = (self.agent(index.agent), &self.types[index.call_type]);
        let class = &agent.classes[index.call_type];
        if class.reserved == 0 {
            if self.usage.reserved == u64::from(self.limit) {
                return (BlockedOn::NothingShared, None);
            } else if agent.cap == Some(0) {
                return (BlockedOn::NothingShared, Some(BlockedBy::Agent));
            } else if of_type.cap == Some(0) {
                return (BlockedOn::NothingShared, Some(BlockedBy::Type));
            }
        }
        let kind = class.next_slot();
        if self.usage.active >= self.limit {
            (BlockedOn::Limit, None)
        } else if kind == SlotKind::Shared && self.settling() > 0 {
            (BlockedOn::Settling, None)
        } else if !agent.has_room(kind) {
            (BlockedOn::AgentCap, Some(BlockedBy::Agent))
        } else if !of_type.has_room(kind) {
            (BlockedOn::TypeCap, Some(BlockedBy::Type))
        } else {
            (BlockedOn::SharedFull, None)
        }
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

    pub(crate) fn set_type_cap(&mut self, call_type: CallType, cap: Option<u32>) {
        self.types[call_type].cap = cap;
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
            usage: Usage::default(),
            classes: PerType::default(),
        };
        let index = AgentIndex::from_slab(self.agents.insert(agent));
        self.by_id.insert(id.clone(), index);
        self.in_order.insert(id.clone(), index);
    }

    pub(crate) fn remove_agent(&mut self, id: &AgentId) {
        let index = self.by_id.remove(id).expect("an agent that is deleted exists");
        self.in_order.remove(id);
        self.agents.remove(index.to_slab());
    }

    pub(crate) fn set_reserved(&mut self, tick: Tick, class: ClassIndex, reserved: u32) {
        self.pass(tick, class);
        self.change(class, |class| class.reserved = reserved);
        self.relist_after_change(class);
    }

    /// A call of the class takes a slot.
    pub(crate) fn take_slot(&mut self, tick: Tick, class: ClassIndex) {
        self.pass(tick, class);
        self.change(class, |class| class.active += 1);
        self.relist_after_change(class);
    }

    /// A call of the class gives its slot back.
    pub(crate) fn free_slot(&mut self, tick: Tick, class: ClassIndex) {
        self.note_freed(tick, class);
        self.change(class, |class| class.active -= 1);
        self.relist_after_change(class);
    }

    pub(crate) fn enqueue(&mut self, calls: &mut Calls, class: ClassIndex, call: CallIndex) {
        self.requeue(calls, class, |class, calls| class.join_queue(calls, call));
    }

    pub(crate) fn dequeue(&mut self, calls: &mut Calls, class: ClassIndex, call: CallIndex) {
        self.requeue(calls, class, |class, calls| class.leave_queue(calls, call));
    }

    fn requeue(
        &mut self,
        calls: &mut Calls,
        class: ClassIndex,
        edit: impl FnOnce(&mut Class, &mut Calls),
    ) {
        let entry = self.class_mut(class);
        edit(entry, calls);
        entry.head = entry.queue.head().map(|head| calls[head].ticket);
        self.relist(class);
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

    /// Under a cap, a change of one class concerns all classes of its agent. A class without queue is not listed whatever
    /// its counts are.
    fn relist_after_change(&mut self, class: ClassIndex) {
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

    /// Brings the class's place among the heads of its type up to date.
    fn relist(&mut self, index: ClassIndex) {
        let agent = &self.agents[index.agent.to_slab()];
        let class = &agent.classes[index.call_type];
        let kind = class.next_slot();
        let ticket = class.head.filter(|_| agent.has_room(kind));
        let (reserved, shared) = match kind {
            SlotKind::Reserved => (ticket, None),
            SlotKind::Shared => (None, ticket),
        };
        let of_type = &mut self.types[index.call_type];
        of_type.reserved_heads.set(index.agent.number(), reserved);
        of_type.shared_heads.set(index.agent.number(), shared);
    }

    pub(super) fn class_mut(&mut self, index: ClassIndex) -> &mut Class {
        &mut self.agents[index.agent.to_slab()].classes[index.call_type]
    }
}
