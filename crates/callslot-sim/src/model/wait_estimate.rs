//! How long a queued call may expect to wait, told from what every set of classes has used at every moment.
//!
//! Start reading at [`OrgModel::estimated_ms`].

use callslot_core::{AgentId, BlockedOn, Call, CallState, CallType, SlotKind, Tick, Ticket};

use crate::model::bucket::Bucket;
use crate::model::org::OrgModel;
use crate::model::slots::{SetUse, Usage};
use crate::model::wait_figures::{Held, Line, OfClass, is_of};

/// When this many slots have come free, the next one halves the weight of what was before.
const FULL_WEIGHT: u64 = 256;
/// Of shared slots it is this many for each agent, if that is more.
const WEIGHT_OF_AGENT: u64 = 4;
/// An estimate is as if that many slots more had to come free: one for each four that are in use, at most two.
const MOST_SPARE: u64 = 2;
const SLOTS_PER_SPARE: u64 = 4;
/// The same of slots that were given.
const FULL_LINE: u32 = 64;
/// A line that nothing is known of gets shorter by one call for each slot, as if it had done so this often.
const PLAIN: u32 = 4;
/// That many of the calls that a line goes past at once are counted.
const MOST_PASSED: usize = 8;

impl OrgModel {
    /// What follows happens at this time.
    pub(super) fn set_time(&mut self, tick: Tick) {
        self.waits.now = tick;
    }

    /// Slots are about to be used otherwise than since the last change.
    pub(super) fn spend(&mut self) {
        let tick = self.waits.now;
        let passed_ms = tick.ms_after(self.waits.until);
        if passed_ms == 0 {
            return;
        }
        let usage = self.usage();
        let waits = &mut self.waits;
        waits.until = tick;
        let all = usage.over(|_, _| true);
        waits.slots = waits.slots.with(all.active, passed_ms);
        waits.pool.shared = waits.pool.shared.with(all.shared, passed_ms);
        for of in CallType::ALL {
            let in_use = usage.over(|_, call_type| call_type == of);
            let shared = &mut waits.types[of].shared;
            *shared = shared.with(in_use.shared, passed_ms);
        }
        for agent in &self.agents {
            let classes = waits.agents.entry(agent.id.clone()).or_default();
            for of in CallType::ALL {
                let in_use = usage.over(|id, call_type| *id == agent.id && call_type == of);
                classes[of].slots = classes[of].slots.with(in_use.active, passed_ms);
                classes[of].shared = classes[of].shared.with(in_use.shared, passed_ms);
            }
        }
        self.spend_of_gates(passed_ms);
    }

    /// A live call is about to have another state.
    pub(super) fn note_change(&mut self, call: &Call, state: &CallState) {
        self.spend();
        match (&call.state, state) {
            (CallState::Active(_), CallState::Queued(_) | CallState::Ended(_)) => {
                self.note_freed(&call.request.agent, call.request.call_type);
                self.note_freed_of_gates(&call.request.gates);
            }
            (CallState::Queued(_), CallState::Active(active)) => {
                self.note_left(call, Some(active.slot));
            }
            (CallState::Queued(_), CallState::Ended(_)) => self.note_left(call, None),
            (CallState::Active(_), CallState::Active(_))
            | (CallState::Queued(_), CallState::Queued(_))
            | (CallState::Ended(_), _) => {}
        }
    }

    /// Settings have changed: other calls than before may be held.
    pub(super) fn note_settings(&mut self) {
        self.waits.pool.line = Line::default();
        for of_type in &mut self.waits.types.0 {
            of_type.line = Line::default();
        }
    }

    /// The agent is gone.
    pub(super) fn forget_waits_of(&mut self, agent: &AgentId) {
        self.waits.agents.remove(agent);
    }

    fn note_freed(&mut self, agent: &AgentId, call_type: CallType) {
        let usage = self.usage();
        let is_shared = usage.over(|id, of| id == agent && of == call_type).shared > 0;
        let waits = &mut self.waits;
        let slots = &mut waits.agents.entry(agent.clone()).or_default()[call_type].slots;
        for slots in [&mut waits.slots, slots] {
            if slots.freed >= FULL_WEIGHT {
                slots.halve();
            }
            slots.freed += 1;
        }
        if !is_shared {
            return;
        }
        let full_weight = FULL_WEIGHT.max(WEIGHT_OF_AGENT * self.agents.len() as u64);
        if waits.pool.shared.freed >= full_weight {
            waits.pool.shared.halve();
            waits.types.0.iter_mut().for_each(|of_type| of_type.shared.halve());
            let classes = waits.agents.values_mut().flat_map(|classes| &mut classes.0);
            classes.for_each(|class| class.shared.halve());
        }
        let class = &mut waits.agents.entry(agent.clone()).or_default()[call_type];
        class.shared.freed += 1;
        waits.types[call_type].shared.freed += 1;
        waits.pool.shared.freed += 1;
    }

    fn note_left(&mut self, call: &Call, slot: Option<SlotKind>) {
        let call_type = call.request.call_type;
        let waiting = |of: Option<CallType>| -> Vec<Ticket> {
            let queued = self.live.iter().filter(|other| other.is_queued());
            let in_line = queued.filter(|other| of.is_none_or(|of| other.request.call_type == of));
            in_line.map(|other| other.request.ticket).collect()
        };
        let (all, of_type) = (waiting(None), waiting(Some(call_type)));
        let (ticket, newest) = (call.request.ticket, self.last_ticket);
        self.waits.pool.line.leave(&all, ticket, slot, newest);
        if self.type_caps[call_type].is_some() {
            self.waits.types[call_type].line.leave(&of_type, ticket, slot, newest);
        }
    }

    /// The expected wait of a queued call, in milliseconds; none when there is nothing to tell from.
    pub(super) fn estimated_ms(&self, tick: Tick, usage: &Usage, call: &Call) -> Option<u64> {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let is_hopeless = usage.blocked_on(agent, call_type).0 == BlockedOn::NothingShared;
        if is_hopeless || !call.request.gates.is_empty() {
            return None;
        }
        let more_ms = tick.ms_after(self.waits.until);
        let all = usage.over(|_, _| true);
        let any_ms = self.waits.slots.with(all.active, more_ms).mean_ms()?;
        let own = self.own_slot_in_ms(more_ms, any_ms, usage, call);
        let shared = self.shared_slot_in_ms(more_ms, any_ms, usage, call);
        let slot_in_ms = match (own, shared) {
            (Some(own), Some(shared)) => Some(own.min(shared)),
            (own, shared) => own.or(shared),
        };
        Some(slot_in_ms?.max(self.paces_give_in_ms(tick, call)))
    }

    /// In how long the paces of its agent and its type have let all calls ahead of it start, and it.
    fn paces_give_in_ms(&self, tick: Tick, call: &Call) -> u64 {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let in_ms = |bucket: Bucket, ahead: u64| bucket.next_in_ms(tick) + bucket.ms_for(ahead);
        let of_agent = self.agents.iter().find(|it| it.id == *agent).and_then(|it| it.bucket);
        let of_agent = of_agent.map_or(0, |bucket| {
            in_ms(bucket, self.place(call, |other| other.request.agent == *agent) - 1)
        });
        let of_type = self.type_buckets[call_type].map_or(0, |bucket| {
            in_ms(bucket, self.place(call, |other| other.request.call_type == call_type) - 1)
        });
        of_agent.max(of_type)
    }

    /// What is known of a class.
    fn of_class(
        &self,
        more_ms: u64,
        usage: &Usage,
        agent: &AgentId,
        call_type: CallType,
    ) -> OfClass {
        let known = self.waits.agents.get(agent).copied().unwrap_or_default()[call_type];
        let in_use = usage.over(|id, of| id == agent && of == call_type);
        OfClass {
            slots: known.slots.with(in_use.active, more_ms),
            shared: known.shared.with(in_use.shared, more_ms),
        }
    }

    fn own_slot_in_ms(&self, more_ms: u64, any_ms: u64, usage: &Usage, call: &Call) -> Option<u64> {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let class = usage.over(|id, of| id == agent && of == call_type);
        if class.reserved == 0 {
            return None;
        }
        let known = self.of_class(more_ms, usage, agent, call_type);
        let each_ms = known.slots.mean_ms().unwrap_or(any_ms);
        let place = self.place(call, |other| is_of(other, agent, call_type));
        let missing = (place + class.active).saturating_sub(class.reserved);
        let mut in_ms = missing.saturating_mul(each_ms) / class.active.max(class.reserved);
        for (limit, of_set) in usage.limits_over(agent, call_type) {
            // With an idle slot of its own it needs room below the limit; without, its own slot must not be one too many.
            let has_idle = class.active < class.reserved;
            let most = if has_idle { limit - 1 } else { limit };
            let too_many = of_set.active.saturating_sub(most);
            let until_room = too_many.saturating_mul(any_ms).checked_div(of_set.active);
            in_ms = in_ms.max(until_room.unwrap_or(0));
        }
        Some(in_ms)
    }

    fn shared_slot_in_ms(
        &self,
        more_ms: u64,
        any_ms: u64,
        usage: &Usage,
        call: &Call,
    ) -> Option<u64> {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let all = usage.over(|_, _| true);
        let pool = (usage.limit.into(), all);
        let mut longest = self.line_ms(more_ms, any_ms, usage, call, pool, None)?;
        if let Some(cap) = self.type_caps[call_type] {
            let set = (cap.into(), usage.over(|_, of| of == call_type));
            let in_ms = self.line_ms(more_ms, any_ms, usage, call, set, Some(call_type))?;
            longest = longest.max(in_ms);
        }
        if let Some(cap) = usage.agent_cap(agent) {
            let of_agent = usage.over(|id, _| id == agent);
            let ahead = self.live.iter().filter(|other| {
                let request = &other.request;
                other.is_queued()
                    && request.agent == *agent
                    && request.ticket <= call.request.ticket
            });
            let (mut place, mut work_ms) = (0, 0_u64);
            for other in ahead {
                let known = self.of_class(more_ms, usage, agent, other.request.call_type);
                place += 1;
                work_ms = work_ms.saturating_add(known.shared_ms().unwrap_or(any_ms));
            }
            longest = longest.max(given_in_ms(cap.into(), of_agent, place, work_ms / place)?);
        }
        Some(longest)
    }

    /// In how long the pool, or the type, gives the call a shared slot.
    fn line_ms(
        &self,
        more_ms: u64,
        any_ms: u64,
        usage: &Usage,
        call: &Call,
        (limit, of_set): (u64, SetUse),
        of_type: Option<CallType>,
    ) -> Option<u64> {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let set = of_type.map_or(&self.waits.pool, |of| &self.waits.types[of]);
        let line = &set.line;
        let is_ahead = |other: &Call| {
            other.request.ticket > line.reached
                && of_type.is_none_or(|of| other.request.call_type == of)
        };
        let was_passed = call.request.ticket <= line.reached;
        let in_line = if was_passed { 1 } else { self.place(call, is_ahead) };
        let own = self.place(call, |other| is_of(other, agent, call_type)).min(in_line);

        let all = set.shared.with(of_set.shared, more_ms);
        let all_ms = all.mean_ms().unwrap_or(any_ms);
        let class = self.of_class(more_ms, usage, agent, call_type);
        let others = Held {
            slot_ms: all.slot_ms.saturating_sub(class.shared.slot_ms),
            freed: all.freed.saturating_sub(class.shared.freed),
        };
        let own_ms = own.saturating_mul(class.shared_ms().unwrap_or(all_ms));
        let others_ms = (in_line - own).saturating_mul(others.mean_ms().unwrap_or(all_ms));
        let each_ms = own_ms.saturating_add(others_ms) / in_line;
        let turn = (in_line * u64::from(line.given + PLAIN)).div_ceil((line.left + PLAIN).into());
        given_in_ms(limit, of_set, turn, each_ms)
    }

    /// The place of a queued call among those of a kind.
    pub(super) fn place(&self, call: &Call, is_of_kind: impl Fn(&Call) -> bool) -> u64 {
        let ahead = self.live.iter().filter(|other| {
            other.is_queued() && other.request.ticket < call.request.ticket && is_of_kind(other)
        });
        ahead.count() as u64 + 1
    }
}

impl OfClass {
    /// For how long a call of the class has one shared slot in use, if that is known.
    fn shared_ms(self) -> Option<u64> {
        self.shared.mean_ms().or(self.slots.mean_ms())
    }
}

/// In how long a set gives that many shared slots, if it has any, each of which is held for so long.
fn given_in_ms(limit: u64, of_set: SetUse, turn: u64, each_ms: u64) -> Option<u64> {
    let size = limit - of_set.reserved;
    let slots = of_set.shared.max(size);
    let missing = (turn + of_set.shared).saturating_sub(size);
    let spare = if missing == 0 { 0 } else { (slots / SLOTS_PER_SPARE).min(MOST_SPARE) };
    (size > 0).then(|| (missing + spare).saturating_mul(each_ms) / slots)
}

impl Line {
    /// A call leaves those that wait, for a slot of this kind if it starts.
    fn leave(
        &mut self,
        waiting: &[Ticket],
        ticket: Ticket,
        slot: Option<SlotKind>,
        newest: Ticket,
    ) {
        if self.marked <= self.reached {
            self.marked = newest;
        }
        let is_in_front = self.reached < ticket && ticket <= self.marked;
        if slot != Some(SlotKind::Shared) {
            self.left += u32::from(is_in_front);
            return;
        }
        if self.given >= FULL_LINE {
            self.given /= 2;
            self.left /= 2;
        }
        self.given += 1;
        if ticket > self.reached {
            let passed = waiting.iter().filter(|&&one| self.reached < one && one < ticket).count();
            self.left += 1 + u32::try_from(passed.min(MOST_PASSED)).expect("a small number");
            self.reached = ticket;
        }
    }
}
