//! What happens once the deadline of a lease, a wait, a claim or a call's duration has passed.

use alloc::vec::Vec;

use crate::call::{Active, Call, EndReason, LiveState, Queued};
use crate::event::{CallEvent, Recorded};
use crate::limits::CLAIM_MISSES;
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::CallIndex;
use crate::time::Now;

impl Org {
    /// Ends or takes back up to `most` leases and calls that are due, in order, then dispatches. Returns how many.
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
            // An earlier expiry may have settled a later one: a lease ends its calls.
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
        let reason = match self.calls[index].state {
            LiveState::Queued(_) => EndReason::MaxWait,
            LiveState::Active(Active { is_claim_due: false, .. }) => EndReason::MaxDuration,
            LiveState::Active(Active { misses, .. }) if misses + 1 < CLAIM_MISSES => {
                let state = Queued { misses: misses + 1 };
                let call = Call { request: self.request(index), state };
                let found = self.calls.found(index);
                self.record_call(now.tick, events, found, CallEvent::Queued(call));
                return;
            }
            LiveState::Active(_) => EndReason::Unclaimed,
        };
        self.record_end(now, index, reason, None, events);
    }
}
