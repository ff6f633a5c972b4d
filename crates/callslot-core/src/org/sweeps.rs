//! Sweeps: which calls the ends of all that match are still to come to. It ends no calls and makes no events.
//!
//! The log has what a sweep is to end. Where it has got to is not in the log: after a restart it begins again, and finds what is
//! left.

use alloc::collections::{BinaryHeap, VecDeque};
use alloc::sync::Arc;
use core::cmp::Reverse;

use crate::event::{Sweep, SweepEvent};
use crate::id::{AgentId, Ticket};
use crate::org::calls::Calls;
use crate::org::index::{CallIndex, KnownCall};
use crate::org::live_call::LiveCall;
use crate::org::pool::Pool;
use crate::view::StateFilter;

/// The sweeps that are not done, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Sweeps {
    pending: VecDeque<Pending>,
    /// The last one's number.
    begun: u64,
}

#[derive(Debug)]
struct Pending {
    sweep: Sweep,
    /// How many calls it has ended.
    ended: u64,
    /// Where it goes on to look for its calls: a place among the live ones, or among its ids.
    from: u32,
    has_looked: bool,
    /// Those of its calls that it has found, some of which may have ended since.
    found: BinaryHeap<Reverse<(Ticket, CallIndex)>>,
}

/// What the first sweep does next.
pub(crate) enum Next {
    /// It ends this call, with this remark.
    End(CallIndex, Option<Arc<str>>),
    /// It has ended all its calls.
    Finish(SweepEvent),
    /// It goes on in a later step: enough calls were looked at.
    Pause,
}

impl Sweeps {
    /// Those that are not done.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Sweep> {
        self.pending.iter().map(|pending| &pending.sweep)
    }

    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// The number of the next one.
    pub(crate) fn next_number(&self) -> u64 {
        self.begun + 1
    }

    pub(crate) fn apply(&mut self, event: &SweepEvent) {
        match event {
            SweepEvent::Begun(sweep) => {
                self.begun = sweep.number;
                self.pending.push_back(Pending::new(Sweep::clone(sweep)));
            }
            SweepEvent::Done { number, ended: _ } => {
                let done = self.pending.pop_front().map(|pending| pending.sweep.number);
                assert_eq!(done, Some(*number), "sweeps are done in their order");
            }
        }
    }

    /// After a replay: they begin again.
    pub(crate) fn resume(&mut self) {
        for pending in &mut self.pending {
            let sweep = pending.sweep.clone();
            *pending = Pending::new(sweep);
        }
        self.begun = self.pending.back().map_or(0, |pending| pending.sweep.number);
    }

    /// Counts a call that the first one has ended.
    pub(crate) fn count_ended(&mut self) {
        if let Some(pending) = self.pending.front_mut() {
            pending.ended += 1;
        }
    }

    /// The end of the first one, if there are no live calls: then it needs no look.
    pub(crate) fn done_without_calls(&self) -> Option<SweepEvent> {
        let Pending { sweep, ended, .. } = self.pending.front()?;
        Some(SweepEvent::Done { number: sweep.number, ended: *ended })
    }

    /// What the first one does next; none: there is none. Takes the calls that it looks at from `looks`.
    pub(crate) fn next(&mut self, calls: &Calls, pool: &Pool, looks: &mut usize) -> Option<Next> {
        let pending = self.pending.front_mut()?;
        while !pending.has_looked {
            if *looks == 0 {
                return Some(Next::Pause);
            }
            pending.look(calls, pool, looks);
        }
        while let Some(&Reverse((ticket, index))) = pending.found.peek() {
            let call = calls.with_ticket(index, ticket);
            if call.is_some_and(|call| pending.sweep.takes(call)) {
                return Some(Next::End(index, pending.sweep.note.clone()));
            }
            if *looks == 0 {
                return Some(Next::Pause);
            }
            *looks -= 1;
            pending.found.pop();
        }
        let (number, ended) = (pending.sweep.number, pending.ended);
        Some(Next::Finish(SweepEvent::Done { number, ended }))
    }
}

impl Pending {
    fn new(sweep: Sweep) -> Self {
        Self { sweep, ended: 0, from: 0, has_looked: false, found: BinaryHeap::new() }
    }

    /// Looks for calls that are its, as far as it may look at once.
    fn look(&mut self, calls: &Calls, pool: &Pool, looks: &mut usize) {
        let Self { sweep, from, has_looked, found, .. } = self;
        let mut add = |index: CallIndex| {
            let call = &calls[index];
            let is_agents = |agent: &AgentId| pool.agent(call.class.agent).id == *agent;
            let is_its = call.ticket <= sweep.up_to
                && sweep.filter.agent.as_ref().is_none_or(is_agents)
                && sweep.filter.call_type.is_none_or(|it| call.class.call_type == it)
                && sweep.filter.gate.as_ref().is_none_or(|gate| pool.passes(call.lane, gate));
            if is_its {
                found.push(Reverse((call.ticket, index)));
            }
        };
        let before = *from;
        if let Some(ids) = &sweep.ids {
            for id in ids.iter().skip(*from as usize).take(*looks) {
                if let Some(KnownCall::Live(index)) = calls.find(id).call {
                    add(index);
                }
                *from += 1;
            }
            *has_looked = *from as usize >= ids.len();
        } else {
            for (_, index) in calls.places_from(*from).take(*looks) {
                index.into_iter().for_each(&mut add);
                *from += 1;
            }
            *has_looked = calls.places_from(*from).next().is_none();
        }
        *looks -= (*from - before) as usize;
    }
}

impl Sweep {
    /// Whether the state of one of its calls is the one asked for.
    fn takes(&self, call: &LiveCall) -> bool {
        match self.filter.state {
            None => true,
            Some(StateFilter::Queued) => call.is_queued(),
            Some(StateFilter::Active) => !call.is_queued(),
        }
    }
}
