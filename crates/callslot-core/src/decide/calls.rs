//! Starting, claiming and ending calls.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Active, Call, EndReason, Ended, LiveState, Queued, Request};
use crate::command::{ClaimCall, EndCall, StartCall};
use crate::event::{CallEvent, Event, Recorded};
use crate::limits::{ENDED_CALL_REMEMBERED_MS, MAX_CALLS_PER_LEASE};
use crate::org::Org;
use crate::org::index::{CallIndex, ClassIndex, KnownCall};
use crate::rejection::Rejection;
use crate::reply::Started;
use crate::time::Now;
use crate::view::CallView;

impl Org {
    pub(super) fn start_call(
        &mut self,
        now: Now,
        start: StartCall,
        events: &mut Vec<Recorded>,
    ) -> Result<Started, Rejection> {
        let found = self.calls.find(&start.id);
        if let Some(known) = self.known(found, now.tick) {
            return self.repeated(now, &start, known);
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
        if !is_admissible && self.queue.len() >= max_queued as usize {
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
        // Between commands no queued call is admissible, so a call that starts at once overtakes nobody.
        let (call, wait) = if is_admissible {
            let call = Call { state: self.active_state(now, &request, class, None, 0), request };
            self.record_call(now.tick, events, found, CallEvent::Started(call.clone()));
            (call.into(), None)
        } else {
            let call = Call { request, state: Queued { misses: 0 } };
            self.record_call(now.tick, events, found, CallEvent::Queued(call.clone()));
            let newest = self.pool.class(class).queue.tail().expect("the call has just queued");
            (call.into(), self.wait_of(now, &self.calls[newest]))
        };
        Ok(Started { call: CallView { call, wait }, is_new: true })
    }

    fn repeated(
        &self,
        now: Now,
        start: &StartCall,
        known: KnownCall,
    ) -> Result<Started, Rejection> {
        let view = self.view(now, known);
        let request = &view.call.request;
        if request.agent != start.agent || request.call_type != start.call_type {
            return Err(Rejection::CallIdTaken {
                call: request.id.clone(),
                agent: request.agent.clone(),
                call_type: request.call_type,
            });
        }
        Ok(Started { call: view, is_new: false })
    }

    pub(super) fn claim_call(
        &mut self,
        now: Now,
        ClaimCall { call: id }: ClaimCall,
        events: &mut Vec<Recorded>,
    ) -> Result<CallView, Rejection> {
        let found = self.calls.find(&id);
        let index = match self.known(found, now.tick) {
            Some(KnownCall::Live(index)) => index,
            Some(KnownCall::Ended(_)) => return Err(Rejection::CallHasEnded { call: id }),
            None => return Err(Rejection::UnknownCall { call: id }),
        };
        match self.calls[index].state {
            LiveState::Queued(_) => Err(Rejection::CallNotDispatched { call: id }),
            LiveState::Active(Active { is_claim_due: false, .. }) => {
                Ok(self.view(now, KnownCall::Live(index)))
            }
            LiveState::Active(active) => {
                let request = self.request(index);
                let state = Active {
                    deadline: self.duration_deadline(now.tick, &request),
                    is_claim_due: false,
                    ..active
                };
                let claimed = Event::CallClaimed(Call { request, state });
                self.record_call(now.tick, events, found, claimed);
                Ok(self.view(now, KnownCall::Live(index)))
            }
        }
    }

    pub(super) fn end_call(
        &mut self,
        now: Now,
        EndCall { call: id, note }: EndCall,
        events: &mut Vec<Recorded>,
    ) -> Result<CallView, Rejection> {
        let index = match self.known(self.calls.find(&id), now.tick) {
            Some(KnownCall::Live(index)) => index,
            Some(ended) => return Ok(self.view(now, ended)),
            None => return Err(Rejection::UnknownCall { call: id }),
        };
        let is_queued = self.calls[index].is_queued();
        let reason = if is_queued { EndReason::Canceled } else { EndReason::Completed };
        let call = self.record_end(now, index, reason, note, events);
        self.dispatch(now, events);
        Ok(CallView { call: call.into(), wait: None })
    }

    /// Ends a live call, and returns it. The slot it held is free for the next dispatch.
    pub(super) fn record_end(
        &mut self,
        now: Now,
        index: CallIndex,
        reason: EndReason,
        note: Option<Arc<str>>,
        events: &mut Vec<Recorded>,
    ) -> Call<Ended> {
        let served = match self.calls[index].state {
            LiveState::Active(Active { slot, started_at, .. }) => Some((slot, started_at)),
            LiveState::Queued(_) => None,
        };
        let state = Ended {
            served,
            ended_at: now.at,
            reason,
            note,
            remembered_until: now.tick.after_ms(ENDED_CALL_REMEMBERED_MS),
        };
        let call = Call { request: self.request(index), state };
        let found = self.calls.found(index);
        self.record_call(now.tick, events, found, CallEvent::Ended(call.clone()));
        call
    }
}
