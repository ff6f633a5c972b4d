//! What happens once a deadline has passed: of a lease, of a wait, of a claim, of a call's duration.

use alloc::vec::Vec;

use crate::call::{Call, CallState, EndReason};
use crate::event::{Event, Recorded};
use crate::limits::CLAIM_MISSES;
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::CallIndex;
use crate::time::Now;

impl Org {
    /// Ends or takes back up to `most` of what is due, in order, then dispatches. Says how much it was.
    pub(crate) fn expire_due(
        &mut self,
        now: Now,
        most: usize,
        events: &mut Vec<Recorded>,
    ) -> usize {
        if now.tick < self.grace_until {
            return 0;
        }
        let due = self.deadlines.due(now.tick, most);
        for &(tick, item) in &due {
            // What ran out first may have settled what runs out after it: a lease ends its calls.
            if !self.deadlines.holds(tick, item) {
                continue;
            }
            match item {
                Due::Lease { lease, .. } => self.record_lease_end(now, lease, events),
                Due::Wait { call, .. } | Due::Activity { call, .. } => {
                    self.expire_call(now, call, events);
                }
            }
        }
        self.dispatch(now, events);
        due.len()
    }

    fn expire_call(&mut self, now: Now, index: CallIndex, events: &mut Vec<Recorded>) {
        match self.calls[index].state {
            CallState::Queued { .. } => {
                self.record_end(now, index, EndReason::MaxWait, None, events);
            }
            CallState::Active { is_claim_due: true, misses, .. } if misses + 1 < CLAIM_MISSES => {
                let state = CallState::Queued { misses: misses + 1 };
                let call = Call { request: self.request(index), state };
                let found = self.calls.found(index);
                self.record_call(now.tick, events, found, Event::CallQueued(call));
            }
            CallState::Active { is_claim_due: true, .. } => {
                self.record_end(now, index, EndReason::Unclaimed, None, events);
            }
            CallState::Active { is_claim_due: false, .. } => {
                self.record_end(now, index, EndReason::MaxDuration, None, events);
            }
            CallState::Ended { .. } => unreachable!("a live call has not ended"),
        }
    }
}
