//! What replacing reservations would lead to at once. Nothing here changes the organisation.
//!
//! Only what is reserved differs, so the counts of the classes suffice. While calls start no limit gains room: a class whose next call
//! cannot start will not start another. So each class's tickets are gone through once, lowest first over all classes, as many at
//! a time as the caller wants.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use hashbrown::HashMap;

use crate::call::{CallType, PerType, SlotKind};
use crate::id::{AgentId, CallId, Ticket, Version};
use crate::limits::MAX_FIRST_STARTS;
use crate::org::Org;
use crate::org::index::AgentIndex;
use crate::org::pool::{Agent, Usage};
use crate::view::{MayWaitLonger, OverReservation, ReservationsPreview, StartsOfClass};

/// A preview that is being worked out. [`Org::preview_reservations`] begins it, [`Org::go_on_with_preview`] goes on until it is done, and
/// [`finish`](Self::finish) makes the answer.
#[derive(Debug)]
pub struct PreviewInProgress {
    version: Version,
    pool: Bounded,
    types: PerType<Bounded>,
    /// Those with queued calls.
    agents: Vec<PlannedAgent>,
    /// The next call of each class that may start another: its ticket, its agent's place among `agents`, and its type.
    next: BinaryHeap<Reverse<(Ticket, usize, CallType)>>,
    /// Calls that come later are none of the preview's.
    newest: Ticket,
    first_starts: Vec<CallId>,
    over_reservation: Vec<OverReservation>,
}

/// A set of classes with its limit, and what it would use and be promised.
#[derive(Debug, Default, Clone, Copy)]
struct Bounded {
    limit: Option<u32>,
    usage: Usage,
    /// `Σ r` as it is.
    reserved_now: u64,
}

#[derive(Debug)]
struct PlannedAgent {
    id: AgentId,
    index: AgentIndex,
    all: Bounded,
    classes: PerType<PlannedClass>,
}

#[derive(Debug, Default, Clone, Copy)]
struct PlannedClass {
    reserved_now: u32,
    reserved: u32,
    active: u32,
    queued: u32,
    starts: u32,
}

impl Org {
    /// Begins a preview of reservations that were checked.
    pub(crate) fn begin_preview(
        &self,
        reservations: &[(AgentId, PerType<u32>)],
    ) -> PreviewInProgress {
        let wanted: HashMap<&AgentId, PerType<u32>> =
            reservations.iter().map(|(agent, slots)| (agent, *slots)).collect();
        let types = CallType::ALL.map(|of| Bounded::under(self.pool.type_use(of).cap));
        let mut preview = PreviewInProgress {
            version: self.counters.version,
            pool: Bounded::under(Some(self.pool.limit())),
            types: PerType(types),
            agents: Vec::new(),
            next: BinaryHeap::new(),
            newest: self.counters.ticket,
            first_starts: Vec::new(),
            over_reservation: Vec::new(),
        };
        for (index, agent) in self.pool.indexed_agents() {
            let reserved = wanted.get(&agent.id).copied();
            preview.add(index, agent, reserved.unwrap_or_else(|| agent.reservations()));
        }
        preview
    }

    /// Goes through up to `most` more of the calls that would start. Returns whether these were the last.
    pub fn go_on_with_preview(&self, preview: &mut PreviewInProgress, most: usize) -> bool {
        for _ in 0..most {
            let Some(Reverse((ticket, place, call_type))) = preview.next.pop() else { break };
            let planned = &preview.agents[place];
            // Between two steps the agent may have been deleted, and another have its place.
            let agent = self.pool.agent_at(planned.index).filter(|agent| agent.id == planned.id);
            let Some(agent) = agent else { continue };
            if !preview.start(place, call_type) {
                continue;
            }
            let class = &agent.classes[call_type];
            if preview.first_starts.len() < MAX_FIRST_STARTS {
                let ahead = preview.agents[place].classes[call_type].starts - 1;
                let started = class.queue.iter(&self.calls).nth(ahead as usize);
                preview.first_starts.extend(started.map(|call| self.calls[call].id.clone()));
            }
            if let Some(next) = class.next_ticket(ticket).filter(|next| *next <= preview.newest) {
                preview.next.push(Reverse((next, place, call_type)));
            }
        }
        preview.next.is_empty()
    }
}

impl PreviewInProgress {
    /// Adds an agent with what would be reserved for it.
    fn add(&mut self, index: AgentIndex, agent: &Agent, reserved: PerType<u32>) {
        let mut all = Bounded::under(agent.cap);
        let mut over = 0;
        let classes = PerType(CallType::ALL.map(|of| {
            let class = &agent.classes[of];
            let usage = Usage::of_class(class.active, reserved[of]);
            for set in [&mut self.pool, &mut self.types[of], &mut all] {
                set.usage.replace(Usage::default(), usage);
                set.reserved_now += u64::from(class.reserved);
            }
            over += class.active.saturating_sub(reserved[of]);
            PlannedClass {
                reserved_now: class.reserved,
                reserved: reserved[of],
                active: class.active,
                queued: class.queue.len(),
                starts: 0,
            }
        }));
        if over > 0 {
            self.over_reservation.push(OverReservation { agent: agent.id.clone(), calls: over });
        }
        let place = self.agents.len();
        for of in CallType::ALL {
            self.next.extend(agent.classes[of].head().map(|head| Reverse((head, place, of))));
        }
        if agent.queued() > 0 {
            self.agents.push(PlannedAgent { id: agent.id.clone(), index, all, classes });
        }
    }

    /// Gives the class's next call a slot, if every limit over it has room. Returns whether.
    fn start(&mut self, place: usize, call_type: CallType) -> bool {
        let agent = &mut self.agents[place];
        let class = &mut agent.classes[call_type];
        let kind =
            if class.active < class.reserved { SlotKind::Reserved } else { SlotKind::Shared };
        let sets = [&mut self.pool, &mut agent.all, &mut self.types[call_type]];
        if !sets.iter().all(|set| set.has_room(kind)) {
            return false;
        }
        let before = Usage::of_class(class.active, class.reserved);
        class.active += 1;
        class.starts += 1;
        let after = Usage::of_class(class.active, class.reserved);
        for set in sets {
            set.usage.replace(before, after);
        }
        true
    }

    /// The answer, with agents by id.
    #[must_use]
    pub fn finish(mut self) -> ReservationsPreview {
        let committed = self.pool.usage.committed;
        let limit = u64::from(self.pool.limit.unwrap_or_default());
        let (mut starts, mut waits_longer) = (Vec::new(), Vec::new());
        self.agents.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        for agent in &self.agents {
            for of in CallType::ALL {
                let class = &agent.classes[of];
                let (id, call_type) = (&agent.id, of);
                if class.starts > 0 {
                    let (agent, count) = (id.clone(), class.starts);
                    starts.push(StartsOfClass { agent, call_type, count });
                }
                let queued = class.queued.saturating_sub(class.starts);
                let sets = [&self.pool, &agent.all, &self.types[of]];
                let slots_now = within_reach(class.reserved_now, sets.map(Bounded::unreserved_now));
                let slots_after = within_reach(class.reserved, sets.map(Bounded::unreserved));
                let loses = slots_after < slots_now || class.reserved < class.reserved_now;
                if queued > 0 && loses {
                    let agent = id.clone();
                    waits_longer.push(MayWaitLonger {
                        agent,
                        call_type,
                        queued,
                        slots_now,
                        slots_after,
                    });
                }
            }
        }
        let settling = slots(committed.saturating_sub(limit));
        if settling == 0 {
            self.over_reservation.clear();
        }
        self.over_reservation.sort_unstable_by(|one, other| one.agent.cmp(&other.agent));
        ReservationsPreview {
            version: self.version,
            starts,
            first_starts: self.first_starts,
            waits_longer,
            settling,
            over_reservation: self.over_reservation,
            shared_after: slots(self.pool.unreserved().unwrap_or_default()),
        }
    }
}

impl Bounded {
    fn under(limit: Option<u32>) -> Self {
        Self { limit, ..Self::default() }
    }

    fn has_room(&self, kind: SlotKind) -> bool {
        self.limit.is_none_or(|limit| self.usage.has_room(kind, limit))
    }

    /// How many slots would be left for everybody; none: the set has no limit.
    fn unreserved(&self) -> Option<u64> {
        self.limit.map(|limit| u64::from(limit).saturating_sub(self.usage.reserved))
    }

    /// The same as it is.
    fn unreserved_now(&self) -> Option<u64> {
        self.limit.map(|limit| u64::from(limit).saturating_sub(self.reserved_now))
    }
}

/// How many slots a class could have if nobody else used any: its own, and what every limit over it leaves for everybody.
fn within_reach(reserved: u32, unreserved: [Option<u64>; 3]) -> u32 {
    let shared = unreserved.into_iter().flatten().min().unwrap_or_default();
    slots(u64::from(reserved) + shared)
}

fn slots(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
