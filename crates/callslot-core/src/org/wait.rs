//! How long a queued call may expect to wait, and the figures that tell it.
//!
//! A call starts once it has a slot of its class's own, or a shared one that each limit over it lets it have. For each of these
//! it is known how many slots must come free before its turn and how many are in use, and measured how long one is held: where `n`
//! slots are held for `m` each on average, one comes free every `m ÷ n`, and the `k`th after `k × m ÷ n` (the queue-length estimator
//! of Ibrahim and Whitt 2009, "Real-time delay estimation based on delay history").

use alloc::boxed::Box;

use crate::call::{CallType, PerType};
use crate::id::{AgentId, Ticket};
use crate::org::class::{Class, Usage};
use crate::org::index::ClassIndex;
use crate::org::pacer::Paced;
use crate::org::pool::{Agent, Pool};
use crate::org::queue_positions::Place;
use crate::time::Tick;
use crate::wait_estimate::{ClassFigures, FREED_KEPT, HeldSlots, Line, SetFigures, WaitFigures};

/// An estimate is as if this many slots more had to come free, so that few calls wait for twice as long. Many slots come free as
/// in a Poisson process, however regular calls are (Palm 1943, Khintchine 1955); few are as regular as the calls.
const MOST_SPARE_SLOTS: u64 = 2;
/// One of those for each that many slots.
const SLOTS_PER_SPARE: u64 = 4;
/// That many slots come free for each agent before the past loses half of its weight, as that costs a look at each agent.
const FREED_PER_AGENT: u64 = 4;

/// A queued call whose wait is estimated.
struct Waiting<'a> {
    tick: Tick,
    class: &'a Class,
    /// How many calls of its class there are up to it.
    in_class: u64,
    /// For how long a slot of the pool is held.
    any_mean_ms: u64,
}

impl Pool {
    /// The expected wait of a queued call with this ticket and place, in milliseconds, unless it is `nothing_shared`; none where
    /// nothing supports a number.
    pub(super) fn estimated_wait_ms(
        &self,
        tick: Tick,
        index: ClassIndex,
        ticket: Ticket,
        (place, in_class): (Place, u64),
    ) -> Option<u64> {
        let waiting = Waiting {
            tick,
            class: self.class(index),
            in_class,
            // Before any slot has come free nothing is known.
            any_mean_ms: self.slots.counted_to(tick, self.active().into()).mean_ms()?,
        };
        let own = self.own_slot_in_ms(index, &waiting);
        let shared = self.shared_slot_in_ms(index, ticket, place, &waiting);
        let slot_in_ms = own.into_iter().chain(shared).min()?;
        Some(slot_in_ms.max(self.paces_give_in_ms(tick, index, ticket, place)))
    }

    /// In how long the paces of its agent and its type have given a start to each call ahead of it and to itself.
    fn paces_give_in_ms(&self, tick: Tick, index: ClassIndex, ticket: Ticket, place: Place) -> u64 {
        let (agent, of_type) = (self.agent(index.agent), self.type_use(index.call_type));
        let in_ms = |paced: Paced, ahead: u64| {
            paced.pacer.next_start().ms_after(tick).saturating_add(paced.pacer.ms_for(ahead))
        };
        let of_agent = agent.paced.map(|paced| {
            in_ms(paced, agent.classes.0.iter().map(|class| class.queued_below(ticket)).sum())
        });
        let of_type = of_type.paced.map(|paced| in_ms(paced, place.in_type - 1));
        of_agent.into_iter().chain(of_type).max().unwrap_or(0)
    }

    /// In how long the call has one of its class's own slots, if it has any.
    fn own_slot_in_ms(&self, index: ClassIndex, waiting: &Waiting<'_>) -> Option<u64> {
        let &Waiting { class, any_mean_ms, .. } = waiting;
        if class.reserved == 0 {
            return None;
        }
        let (active, reserved) = (u64::from(class.active), u64::from(class.reserved));
        let to_free = (waiting.in_class + active).saturating_sub(reserved);
        let mean_ms = class.slots(waiting.tick).mean_ms().unwrap_or(any_mean_ms);
        let own_ms = all_free_in_ms(to_free, mean_ms, active.max(reserved));
        // A set that is above its limit gives no slot, and none to another class while it is at the limit.
        let frees_itself = u64::from(active >= reserved);
        let limits = self.limits_over(index).into_iter().flatten();
        let settled_ms = limits.map(|(limit, usage)| {
            let active = u64::from(usage.active);
            let to_free = (active + 1).saturating_sub(u64::from(limit) + frees_itself);
            all_free_in_ms(to_free, any_mean_ms, active)
        });
        settled_ms.chain([own_ms]).max()
    }

    /// In how long the call has a shared slot, if there are any for it.
    fn shared_slot_in_ms(
        &self,
        index: ClassIndex,
        ticket: Ticket,
        place: Place,
        waiting: &Waiting<'_>,
    ) -> Option<u64> {
        let [pool, of_agent, of_type] = self.limits_over(index);
        let mut longest = 0;
        if let Some((limit, usage)) = pool {
            let in_ms = waiting.in_line_ms(limit, usage, &self.figures, place.in_queue);
            longest = longest.max(in_ms?);
        }
        if let Some((limit, usage)) = of_type {
            let figures = &self.type_use(index.call_type).figures;
            longest = longest.max(waiting.in_line_ms(limit, usage, figures, place.in_type)?);
        }
        if let Some((limit, usage)) = of_agent {
            let agent = self.agent(index.agent);
            longest = longest.max(waiting.of_agent_ms(limit, usage, agent, ticket)?);
        }
        Some(longest)
    }

    /// The limits over a class: the pool's, the agent's cap and the type's cap, each with what its set uses.
    fn limits_over(&self, index: ClassIndex) -> [Option<(u32, Usage)>; 3] {
        let (agent, of_type) = (self.agent(index.agent), self.type_use(index.call_type));
        [
            Some((self.limit(), self.usage())),
            agent.cap.map(|cap| (cap, agent.usage)),
            of_type.cap.map(|cap| (cap, of_type.usage)),
        ]
    }
}

impl Waiting<'_> {
    /// In how long a set whose queue the call is in at this place gives it a shared slot; none if it has none.
    fn in_line_ms(
        &self,
        limit: u32,
        usage: Usage,
        figures: &SetFigures,
        in_queue: u64,
    ) -> Option<u64> {
        let in_line = figures.line.place(in_queue);
        let all = figures.shared.counted_to(self.tick, usage.shared_in_use());
        let all_mean_ms = all.mean_ms().unwrap_or(self.any_mean_ms);
        // Some of the line are of the call's own class, and hold their slots for as long as that does.
        let own = self.class.shared(self.tick);
        let own_mean_ms = self.class.shared_mean_ms(self.tick).unwrap_or(all_mean_ms);
        let other_mean_ms = all.without(own).mean_ms().unwrap_or(all_mean_ms);
        let own_in_line = self.in_class.min(in_line);
        let work_ms = own_in_line
            .saturating_mul(own_mean_ms)
            .saturating_add((in_line - own_in_line).saturating_mul(other_mean_ms));
        given_in_ms(limit, usage, figures.line.slots_until(in_line), work_ms / in_line)
    }

    /// In how long the agent's cap lets the call have a shared slot; none if it never does.
    fn of_agent_ms(&self, limit: u32, usage: Usage, agent: &Agent, ticket: Ticket) -> Option<u64> {
        let (mut in_line, mut work_ms) = (0, 0_u64);
        for class in &agent.classes.0 {
            let queued = class.queued_below(ticket);
            let mean_ms = class.shared_mean_ms(self.tick).unwrap_or(self.any_mean_ms);
            in_line += queued;
            work_ms = work_ms.saturating_add(queued.saturating_mul(mean_ms));
        }
        let own_mean_ms = self.class.shared_mean_ms(self.tick).unwrap_or(self.any_mean_ms);
        let mean_ms = work_ms.saturating_add(own_mean_ms) / (in_line + 1);
        given_in_ms(limit, usage, in_line + 1, mean_ms)
    }
}

impl Class {
    fn slots(&self, tick: Tick) -> HeldSlots {
        self.figures.slots.counted_to(tick, self.active.into())
    }

    fn shared(&self, tick: Tick) -> HeldSlots {
        self.figures.shared.counted_to(tick, self.shared_in_use().into())
    }

    /// For how long a call of the class has one shared slot in use, if that is known.
    fn shared_mean_ms(&self, tick: Tick) -> Option<u64> {
        self.shared(tick).mean_ms().or_else(|| self.slots(tick).mean_ms())
    }
}

/// In how long a set under `limit` gives that many shared slots that are held for so long; none if it has none.
fn given_in_ms(limit: u32, usage: Usage, to_give: u64, mean_ms: u64) -> Option<u64> {
    let size = u64::from(limit) - usage.reserved;
    if size == 0 {
        return None;
    }
    let in_use = usage.shared_in_use();
    let to_free = (to_give + in_use).saturating_sub(size);
    if to_free == 0 {
        return Some(0);
    }
    let slots = in_use.max(size);
    let spare = MOST_SPARE_SLOTS.min(slots / SLOTS_PER_SPARE);
    Some(all_free_in_ms(to_free + spare, mean_ms, slots))
}

/// In how long that many of the slots `in_use` come free, if each is held for so long on average.
fn all_free_in_ms(to_free: u64, mean_ms: u64, in_use: u64) -> u64 {
    to_free.saturating_mul(mean_ms).checked_div(in_use).unwrap_or(0)
}

/// How the figures follow what happens.
impl Pool {
    /// A call that is queued joins the lines.
    pub(super) fn join_lines(&mut self, class: ClassIndex, ticket: Ticket) {
        for line in self.lines_of(class).into_iter().flatten() {
            line.join(ticket);
        }
    }

    /// A queued call leaves the lines; `given_at` is its place if it is given a shared slot.
    pub(super) fn leave_lines(
        &mut self,
        class: ClassIndex,
        ticket: Ticket,
        given_at: Option<Place>,
        newest: Ticket,
    ) {
        let places = [given_at.map(|place| place.in_queue), given_at.map(|place| place.in_type)];
        for (line, given_at) in self.lines_of(class).into_iter().zip(places) {
            if let Some(line) = line {
                line.leave(ticket, given_at, newest);
            }
        }
    }

    /// The lines for the shared slots of the pool and, if that has a cap, of the type.
    fn lines_of(&mut self, class: ClassIndex) -> [Option<&mut Line>; 2] {
        let of_type = &mut self.types[class.call_type];
        let is_capped = of_type.cap.is_some();
        [Some(&mut self.figures.line), is_capped.then_some(&mut of_type.figures.line)]
    }

    /// Settings have changed: who is held by what is another question now.
    pub(super) fn restart_lines(&mut self) {
        self.figures.line = Line::default();
        for of_type in &mut self.types.0 {
            of_type.figures.line = Line::default();
        }
    }

    /// Counts the time that has passed in the slots of a class and of the sets that it is in.
    pub(super) fn pass(&mut self, tick: Tick, index: ClassIndex) {
        self.slots.pass(tick, self.active().into());
        self.figures.shared.pass(tick, self.shared_in_use());
        let of_type = &mut self.types[index.call_type];
        of_type.figures.shared.pass(tick, of_type.usage.shared_in_use());
        self.class_mut(index).pass(tick);
    }

    /// A slot of the class is about to come free.
    pub(super) fn note_freed(&mut self, tick: Tick, index: ClassIndex) {
        self.pass(tick, index);
        if self.slots.freed >= FREED_KEPT {
            self.slots.halve();
        }
        self.slots.free();
        let class = self.class_mut(index);
        if class.figures.slots.freed >= FREED_KEPT {
            class.figures.slots.halve();
        }
        class.figures.slots.free();
        if class.shared_in_use() > 0 {
            if self.figures.shared.freed >= self.shared_freed_kept() {
                self.halve_shared(tick);
            }
            self.class_mut(index).figures.shared.free();
            self.types[index.call_type].figures.shared.free();
            self.figures.shared.free();
        }
    }

    fn shared_freed_kept(&self) -> u64 {
        FREED_KEPT.max(FREED_PER_AGENT * self.agent_count() as u64)
    }

    /// The past of all shared slots loses half of its weight at once, so that a class's is a part of its type's and the pool's.
    #[cold]
    fn halve_shared(&mut self, tick: Tick) {
        self.figures.shared.halve();
        for of_type in &mut self.types.0 {
            of_type.figures.shared.pass(tick, of_type.usage.shared_in_use());
            of_type.figures.shared.halve();
        }
        for class in self.agents_mut().flat_map(|agent| &mut agent.classes.0) {
            class.pass(tick);
            class.figures.shared.halve();
        }
    }

    /// What the estimates are made from, but for what is told of each class.
    pub(super) fn wait_figures(&self, tick: Tick) -> WaitFigures {
        let of_set = |figures: SetFigures, usage: Usage| SetFigures {
            shared: figures.shared.counted_to(tick, usage.shared_in_use()),
            line: figures.line,
        };
        let of_type = |call_type| {
            let of_type = self.type_use(call_type);
            of_set(of_type.figures, of_type.usage)
        };
        WaitFigures {
            slots: self.slots.counted_to(tick, self.active().into()),
            pool: of_set(self.figures, self.usage()),
            types: PerType(CallType::ALL.map(of_type)),
        }
    }

    pub(super) fn restore_wait_figures(&mut self, figures: &WaitFigures) {
        self.slots = figures.slots;
        self.figures = figures.pool;
        for call_type in CallType::ALL {
            self.types[call_type].figures = figures.types[call_type];
        }
    }

    pub(super) fn restore_class_figures(
        &mut self,
        agent: &AgentId,
        figures: &PerType<ClassFigures>,
    ) {
        let index = self.find(agent).expect("an agent named in an event exists");
        for call_type in CallType::ALL {
            self.class_mut(ClassIndex { agent: index, call_type }).figures = figures[call_type];
        }
    }
}

impl Agent {
    /// What is told of its classes.
    pub(super) fn class_figures(&self, tick: Tick) -> Box<PerType<ClassFigures>> {
        let of_class = |call_type| {
            let class = &self.classes[call_type];
            ClassFigures { slots: class.slots(tick), shared: class.shared(tick) }
        };
        Box::new(PerType(CallType::ALL.map(of_class)))
    }
}

impl Class {
    fn pass(&mut self, tick: Tick) {
        self.figures.slots.pass(tick, self.active.into());
        self.figures.shared.pass(tick, self.shared_in_use().into());
    }
}
