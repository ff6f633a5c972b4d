//! Starting, claiming and ending calls, and what runs out.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallState, EndReason, Request};
use crate::calls::CallIndex;
use crate::command::StartCall;
use crate::deadlines::Due;
use crate::event::{Event, Recorded};
use crate::id::CallId;
use crate::limits::{CLAIM_MISSES, ENDED_CALL_REMEMBERED_MS, MAX_CALLS_PER_LEASE};
use crate::org::Org;
use crate::pool::ClassIndex;
use crate::reply::{Rejection, Reply};
use crate::time::Now;

impl Org {
    pub(super) fn start_call(
        &mut self,
        now: Now,
        start: StartCall,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        if let Some(index) = self.known_call(&start.id, now.tick) {
            return self.repeated(now, &start, index);
        }
        let Some(agent) = self.pool.find(&start.agent) else {
            return Err(Rejection::UnknownAgent { agent: start.agent });
        };
        if let Some(lease) = &start.lease {
            let lease = self.leases.find(lease).ok_or(Rejection::UnknownLease)?;
            if self.leases.lease(lease).calls.len() >= MAX_CALLS_PER_LEASE {
                return Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
            }
        }
        let class = ClassIndex { agent, call_type: start.call_type };
        let is_admissible = self.pool.admits(class);
        let max_queued = self.settings.max_queued;
        if !is_admissible && self.line.len() >= max_queued as usize {
            return Err(Rejection::QueueFull { max_queued });
        }

        let max_wait_ms = start.max_wait_ms.or(self.settings.max_wait_ms[start.call_type]);
        let request = Arc::new(Request {
            id: start.id,
            agent: start.agent,
            call_type: start.call_type,
            ticket: self.counters.ticket.next(),
            requested_at: now.at,
            lease: start.lease,
            wait_deadline: max_wait_ms.map(|wait| now.tick.after_ms(wait)),
            claim_within_ms: start.claim_within_ms,
            metadata: start.metadata,
        });
        // At rest no queued call is admissible, so a call that starts at once overtakes nobody.
        let call = if is_admissible {
            let call = Call { state: self.active_state(now, &request, class, None, 0), request };
            self.record(now.tick, events, Event::CallStarted(call.clone()));
            call
        } else {
            let call = Call { request, state: CallState::Queued { misses: 0 } };
            self.record(now.tick, events, Event::CallQueued(call.clone()));
            call
        };
        Ok(Reply::Call { call: self.view_of(now, call), is_new: true })
    }

    fn repeated(&self, now: Now, start: &StartCall, index: CallIndex) -> Result<Reply, Rejection> {
        let request = &self.calls[index].call.request;
        if request.agent != start.agent || request.call_type != start.call_type {
            return Err(Rejection::CallIdTaken {
                call: request.id.clone(),
                agent: request.agent.clone(),
                call_type: request.call_type,
            });
        }
        Ok(self.call_reply(now, index))
    }

    pub(super) fn claim_call(
        &mut self,
        now: Now,
        id: CallId,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let Some(index) = self.known_call(&id, now.tick) else {
            return Err(Rejection::UnknownCall { call: id });
        };
        let call = &self.calls[index].call;
        match call.state.clone() {
            CallState::Queued { .. } => Err(Rejection::CallNotDispatched { call: id }),
            CallState::Ended { .. } => Err(Rejection::CallHasEnded { call: id }),
            CallState::Active { is_claim_due: false, .. } => Ok(self.call_reply(now, index)),
            CallState::Active {
                slot, started_at, dispatched, misses, is_claim_due: true, ..
            } => {
                let request = Arc::clone(&call.request);
                let state = CallState::Active {
                    slot,
                    started_at,
                    dispatched,
                    deadline: self.duration_deadline(now.tick, &request),
                    is_claim_due: false,
                    misses,
                };
                self.record(now.tick, events, Event::CallClaimed(Call { request, state }));
                Ok(self.call_reply(now, index))
            }
        }
    }

    pub(super) fn end_call(
        &mut self,
        now: Now,
        id: CallId,
        note: Option<Arc<str>>,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let Some(index) = self.known_call(&id, now.tick) else {
            return Err(Rejection::UnknownCall { call: id });
        };
        let reason = match self.calls[index].call.state {
            CallState::Ended { .. } => return Ok(self.call_reply(now, index)),
            CallState::Queued { .. } => EndReason::Canceled,
            CallState::Active { .. } => EndReason::Completed,
        };
        self.record_end(now, index, reason, note, events);
        self.dispatch(now, events);
        Ok(self.call_reply(now, index))
    }

    /// Ends a live call. The slot it held is free for the next dispatch.
    pub(super) fn record_end(
        &mut self,
        now: Now,
        index: CallIndex,
        reason: EndReason,
        note: Option<Arc<str>>,
        events: &mut Vec<Recorded>,
    ) {
        let call = &self.calls[index].call;
        let served = match call.state {
            CallState::Active { slot, started_at, .. } => Some((slot, started_at)),
            CallState::Queued { .. } | CallState::Ended { .. } => None,
        };
        let state = CallState::Ended {
            served,
            ended_at: now.at,
            reason,
            note,
            remembered_until: now.tick.after_ms(ENDED_CALL_REMEMBERED_MS),
        };
        let call = Call { request: Arc::clone(&call.request), state };
        self.record(now.tick, events, Event::CallEnded(call));
    }

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
                Due::Call { call, .. } => self.expire_call(now, call, events),
            }
        }
        self.dispatch(now, events);
        due.len()
    }

    fn expire_call(&mut self, now: Now, index: CallIndex, events: &mut Vec<Recorded>) {
        let call = &self.calls[index].call;
        match call.state {
            CallState::Queued { .. } => {
                self.record_end(now, index, EndReason::MaxWait, None, events);
            }
            CallState::Active { is_claim_due: true, misses, .. } if misses + 1 < CLAIM_MISSES => {
                let state = CallState::Queued { misses: misses + 1 };
                let call = Call { request: Arc::clone(&call.request), state };
                self.record(now.tick, events, Event::CallQueued(call));
            }
            CallState::Active { is_claim_due: true, .. } => {
                self.record_end(now, index, EndReason::Unclaimed, None, events);
            }
            CallState::Active { is_claim_due: false, .. } => {
                self.record_end(now, index, EndReason::MaxDuration, None, events);
            }
            CallState::Ended { .. } => unreachable!("an ended call has no deadline"),
        }
    }

    fn call_reply(&self, now: Now, index: CallIndex) -> Reply {
        Reply::Call { call: self.view_of(now, self.calls[index].call.clone()), is_new: false }
    }
}
