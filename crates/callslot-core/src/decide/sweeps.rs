//! Sweeps: ends of all calls that match, in steps.

use alloc::vec::Vec;

use hashbrown::HashSet;

use crate::call::EndReason;
use crate::command::EndCalls;
use crate::event::{Recorded, Sweep, SweepEvent};
use crate::id::CallId;
use crate::limits::MAX_SWEEPS;
use crate::org::Org;
use crate::org::index::CallIndex;
use crate::org::sweeps::Next;
use crate::rejection::Rejection;
use crate::reply::SweepBegun;
use crate::time::Now;
use crate::view::CallFilter;

impl Org {
    pub(super) fn end_calls(
        &mut self,
        now: Now,
        EndCalls { filter, ids, note }: EndCalls,
        events: &mut Vec<Recorded>,
    ) -> Result<SweepBegun, Rejection> {
        if let Some(agent) = filter.agent.as_ref().filter(|agent| self.pool.find(agent).is_none()) {
            return Err(Rejection::UnknownAgent { agent: agent.clone() });
        }
        if let Some(gate) = filter.gate.as_ref().filter(|it| self.pool.gates.find(it).is_none()) {
            return Err(Rejection::UnknownGate { gate: gate.clone() });
        }
        if self.sweeps.len() >= MAX_SWEEPS {
            return Err(Rejection::TooManySweeps { max_sweeps: MAX_SWEEPS });
        }
        // Of a call that has not come it is not known whether the rest of the filter would match it.
        if let Some(ids) = ids.as_ref().filter(|_| filter == CallFilter::default()) {
            let is_early = |id: &&CallId| self.known(self.calls.find(id), now.tick).is_none();
            let mut early: Vec<_> = ids.iter().filter(is_early).cloned().collect();
            let mut seen = HashSet::new();
            early.retain(|id| seen.insert(id.clone()));
            if !early.is_empty() {
                self.remember_ends(now, early, events);
            }
        }
        let ids = ids.map(|ids| ids.into_iter().filter(|id| self.is_live(id)).collect());
        let number = self.sweeps.next_number();
        let sweep = Sweep { number, filter, ids, up_to: self.counters.ticket, note };
        self.record(now, events, SweepEvent::Begun(sweep.into()));
        if !self.has_steps_left {
            self.take_step(now, self.bounds.step_events, events);
        }
        Ok(SweepBegun { number })
    }

    /// Ends calls of sweeps, oldest first, until there are `most` events or enough calls were looked at. Returns whether all sweeps
    /// are done.
    pub(super) fn end_swept(&mut self, now: Now, most: usize, events: &mut Vec<Recorded>) -> bool {
        // An organisation that has a part of a step has a part of its looks.
        let room = most.saturating_sub(events.len());
        let mut looks = self.bounds.looks * room / self.bounds.step_events;
        while let Some(next) = self.sweeps.next(&self.calls, &self.pool, &mut looks) {
            if events.len() >= most {
                return false;
            }
            match next {
                Next::End(call, note) => {
                    self.sweeps.count_ended();
                    self.record_end(now, call, self.reason_of_end(call), note, events);
                }
                Next::Finish(done) => self.record(now, events, done),
                Next::Pause => return false,
            }
        }
        true
    }

    /// Nothing is left that they could end: the organisation has no live calls.
    pub(crate) fn finish_sweeps(&mut self, now: Now, events: &mut Vec<Recorded>) {
        while let Some(done) = self.sweeps.done_without_calls() {
            self.record(now, events, done);
        }
    }

    /// Why a live call ends that a client ends.
    pub(super) fn reason_of_end(&self, call: CallIndex) -> EndReason {
        if self.calls[call].is_queued() { EndReason::Canceled } else { EndReason::Completed }
    }
}
