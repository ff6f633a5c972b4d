//! Steps: what earlier commands left to do, and what is due, a bounded number of events at a time.
//!
//! A command may lead to any number of events: a lease of 100,000 calls ends, a limit rises by a million. It does a part of that
//! itself, and other organisations' commands are decided before the next part. What is left follows from the state: the calls
//! of a lease that has ended, those of a sweep, what is past its deadline, and the calls that are admissible. So a restart loses none of it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Active, Call, EndReason, LiveState, Queued, Request};
use crate::event::{CallEvent, Recorded};
use crate::limits::CLAIM_MISSES;
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::CallIndex;
use crate::time::Now;

impl Org {
    /// Takes a step of at most `room` events towards what earlier commands left to do.
    pub(crate) fn take_step(&mut self, now: Now, room: usize, events: &mut Vec<Recorded>) {
        let most = events.len() + room;
        self.has_steps_left =
            !(self.end_orphans(now, most, events) && self.end_swept(now, most, events));
        if !self.has_steps_left {
            self.dispatch_up_to(now, most, events);
        }
    }

    /// Takes a step of at most `room` events towards what is due, which includes what earlier commands left. Calls are dispatched
    /// once nothing is due.
    pub(crate) fn expire_due(&mut self, now: Now, room: usize, events: &mut Vec<Recorded>) {
        let most = events.len() + room;
        if self.end_orphans(now, most, events)
            && self.end_due(now, most, events)
            && self.end_swept(now, most, events)
        {
            self.has_steps_left = false;
            self.dispatch_up_to(now, most, events);
        } else {
            self.look_for_steps(now.tick);
        }
    }

    /// Ends calls of leases that have ended, oldest first, until there are `most` events. Returns whether none is left.
    pub(super) fn end_orphans(
        &mut self,
        now: Now,
        most: usize,
        events: &mut Vec<Recorded>,
    ) -> bool {
        while let Some(call) = self.leases.first_orphan() {
            if events.len() >= most {
                return false;
            }
            self.record_end(now, call, EndReason::LeaseExpired, None, events);
        }
        true
    }

    /// Ends or takes back leases and calls that are due, in order, until there are `most` events. Returns whether none is left of
    /// those that were due.
    fn end_due(&mut self, now: Now, most: usize, events: &mut Vec<Recorded>) -> bool {
        if now.tick < self.grace_until {
            return true;
        }
        // Each leads to an event, or is settled by an earlier event: a lease ends its calls.
        let due = self.deadlines.due(now.tick, most.saturating_sub(events.len()) + 1);
        for &(tick, item) in &due {
            if !self.deadlines.holds(tick, item) {
                continue;
            }
            if events.len() >= most {
                return false;
            }
            match item {
                Due::Lease { lease, .. } => {
                    self.record_lease_end(now, lease, events);
                    if !self.end_orphans(now, most, events) {
                        return false;
                    }
                }
                Due::Wait { call, .. } | Due::Activity { call, .. } => {
                    self.expire_call(now, call, events);
                }
            }
        }
        true
    }

    fn expire_call(&mut self, now: Now, index: CallIndex, events: &mut Vec<Recorded>) {
        let reason = match self.calls[index].state {
            LiveState::Queued(_) => EndReason::MaxWait,
            LiveState::Active(Active { is_claim_due: false, .. }) => EndReason::MaxDuration,
            LiveState::Active(Active { misses, .. }) => {
                return self.record_miss(now, index, misses, None, events);
            }
        };
        self.record_end(now, index, reason, None, events);
    }

    /// A dispatched call was not taken up: it goes back to the queue or, after too many misses, ends. The slot it held is free for
    /// the next dispatch.
    pub(super) fn record_miss(
        &mut self,
        now: Now,
        index: CallIndex,
        misses: u8,
        note: Option<Arc<str>>,
        events: &mut Vec<Recorded>,
    ) {
        if misses + 1 >= CLAIM_MISSES {
            self.record_end(now, index, EndReason::Unclaimed, note, events);
            return;
        }
        let state = Queued { misses: misses + 1 };
        let mut request = Request::clone(&self.request(index));
        // If its wait is over it ends with the next expiry, unless it starts again before. That is due now, and not overdue.
        request.wait_deadline = request.wait_deadline.map(|deadline| deadline.max(now.tick));
        let call = Call { request: Arc::new(request), state };
        let found = self.calls.found(index);
        self.record_call(now, events, found, CallEvent::Queued(call));
    }
}
