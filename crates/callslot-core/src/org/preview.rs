//! What replacing reservations would lead to at once. Nothing here changes the organisation.
//!
//! Only what is reserved differs, so the counts of the classes and the gates suffice. While calls start no limit gains room: a class that
//! has none for its next call will not start another, and a call that a gate holds stays held. So each class's tickets are gone through once,
//! lowest first over all classes, as many at a time as the caller wants.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use hashbrown::HashMap;

use crate::call::{CallType, PerType, SlotKind};
use crate::id::{AgentId, CallId, GateId, Ticket, Version};
use crate::limits::MAX_FIRST_STARTS;
use crate::org::Org;
use crate::org::class::Usage;
use crate::org::gates::Gate;
use crate::org::index::{AgentIndex, CallIndex, GateIndex};
use crate::org::pacer::{Paced, Pacer};
use crate::org::pool::Agent;
use crate::time::Tick;
use crate::view::{MayWaitLonger, OverReservation, ReservationsPreview, StartsOfClass};

/// A preview that is being worked out. [`Org::preview_reservations`] begins it, [`Org::go_on_with_preview`] goes on until it is done, and
/// [`finish`](Self::finish) makes the answer.
#[derive(Debug)]
pub struct PreviewInProgress {
    version: Version,
    /// When the calls would start.
    tick: Tick,
    pool: Bounded,
    types: PerType<Bounded>,
    /// The gates that calls have come to, with what would start through them.
    gates: HashMap<GateIndex, PlannedGate>,
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
    pacer: Option<Pacer>,
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

#[derive(Debug)]
struct PlannedGate {
    id: GateId,
    starts: u32,
    pacer: Option<Pacer>,
}

/// What becomes of a class's next call.
enum Outcome {
    Starts,
    /// A gate holds it, and perhaps not those behind it.
    Held,
    /// There is no room for the class.
    Full,
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
        tick: Tick,
    ) -> PreviewInProgress {
        let wanted: HashMap<&AgentId, PerType<u32>> =
            reservations.iter().map(|(agent, slots)| (agent, *slots)).collect();
        let types = CallType::ALL.map(|of| {
            let of_type = self.pool.type_use(of);
            Bounded::under(of_type.cap, of_type.paced)
        });
        let mut preview = PreviewInProgress {
            version: self.counters.version,
            tick,
            pool: Bounded::under(Some(self.pool.limit()), None),
            types: PerType(types),
            gates: HashMap::new(),
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
            let class = &agent.classes[call_type];
            // Between two steps the call may have left.
            if let Some(call) = self.queue.call(ticket) {
                match self.plan_start(preview, (place, call_type), call) {
                    Outcome::Full => continue,
                    Outcome::Starts if preview.first_starts.len() < MAX_FIRST_STARTS => {
                        preview.first_starts.push(self.calls[call].id.clone());
                    }
                    Outcome::Starts | Outcome::Held => {}
                }
            }
            if let Some(next) = class.next_ticket(ticket).filter(|next| *next <= preview.newest) {
                preview.next.push(Reverse((next, place, call_type)));
            }
        }
        preview.next.is_empty()
    }

    /// Gives a call, the next one of its class, a slot if every limit, gate and pace on its way lets it have one.
    fn plan_start(
        &self,
        preview: &mut PreviewInProgress,
        (place, call_type): (usize, CallType),
        call: CallIndex,
    ) -> Outcome {
        if !preview.has_room(place, call_type) {
            return Outcome::Full;
        }
        let gates = self.pool.gates_of(self.calls[call].lane);
        for index in gates.iter() {
            let gate = self.pool.gates.gate(index);
            let planned = preview.gates.entry(index).or_insert_with(|| PlannedGate::of(gate));
            if planned.id != gate.id {
                *planned = PlannedGate::of(gate);
            }
            if !planned.is_open(gate, preview.tick) {
                return Outcome::Held;
            }
        }
        for index in gates.iter() {
            if let Some(planned) = preview.gates.get_mut(&index) {
                planned.starts += 1;
                planned.pacer.iter_mut().for_each(|pacer| pacer.start(preview.tick));
            }
        }
        preview.start(place, call_type);
        Outcome::Starts
    }
}

impl PlannedGate {
    fn of(gate: &Gate) -> Self {
        let pacer = gate.paced.map(|paced| paced.pacer);
        Self { id: gate.id.clone(), starts: 0, pacer }
    }

    fn is_open(&self, gate: &Gate, tick: Tick) -> bool {
        let has_room = gate.settings.cap.is_none_or(|cap| gate.active + self.starts < cap);
        let has_start = self.pacer.is_none_or(|pacer| pacer.next_start() <= tick);
        has_room && has_start && !gate.settings.is_paused && gate.is_within_hours
    }
}

impl PreviewInProgress {
    /// Adds an agent with what would be reserved for it.
    fn add(&mut self, index: AgentIndex, agent: &Agent, reserved: PerType<u32>) {
        let mut all = Bounded::under(agent.cap, agent.paced);
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
                queued: class.queued(),
                starts: 0,
            }
        }));
        if over > 0 {
            self.over_reservation.push(OverReservation { agent: agent.id.clone(), calls: over });
        }
        let place = self.agents.len();
        for of in CallType::ALL {
            let first = agent.classes[of].next_ticket(Ticket(0));
            self.next.extend(first.map(|first| Reverse((first, place, of))));
        }
        if agent.queued() > 0 {
            self.agents.push(PlannedAgent { id: agent.id.clone(), index, all, classes });
        }
    }

    /// Whether every limit and every pace over the class lets another call of it start.
    fn has_room(&self, place: usize, call_type: CallType) -> bool {
        let agent = &self.agents[place];
        let class = &agent.classes[call_type];
        let kind =
            if class.active < class.reserved { SlotKind::Reserved } else { SlotKind::Shared };
        let sets = [&self.pool, &agent.all, &self.types[call_type]];
        sets.iter().all(|set| set.admits(kind, self.tick))
    }

    /// Gives a call of the class a slot.
    fn start(&mut self, place: usize, call_type: CallType) {
        let agent = &mut self.agents[place];
        let class = &mut agent.classes[call_type];
        let before = Usage::of_class(class.active, class.reserved);
        class.active += 1;
        class.starts += 1;
        let after = Usage::of_class(class.active, class.reserved);
        for set in [&mut self.pool, &mut agent.all, &mut self.types[call_type]] {
            set.usage.replace(before, after);
            set.pacer.iter_mut().for_each(|pacer| pacer.start(self.tick));
        }
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
    fn under(limit: Option<u32>, paced: Option<Paced>) -> Self {
        Self { limit, pacer: paced.map(|paced| paced.pacer), ..Self::default() }
    }

    fn admits(&self, kind: SlotKind, tick: Tick) -> bool {
        self.limit.is_none_or(|limit| self.usage.has_room(kind, limit))
            && self.pacer.is_none_or(|pacer| pacer.next_start() <= tick)
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
