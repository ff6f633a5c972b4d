//! Starting, claiming, ending and expiring calls.

use std::sync::Arc;

use callslot_core::limits::{CLAIM_MISSES, MAX_CALLS_PER_LEASE};
use callslot_core::{
    Active, Call, CallEvent, CallId, CallState, EndReason, Event, Now, Queued, Rejection, Request,
    SlotKind, StartCall, Tick,
};

use crate::model::org::{Answer, OrgModel};
use crate::model::slots::Usage;

impl OrgModel {
    pub(super) fn start_call(&mut self, now: Now, start: &StartCall) -> Result<Answer, Rejection> {
        if let Some(known) = self.find(&start.id, now.tick) {
            let known = &known.request;
            if known.agent != start.agent || known.call_type != start.call_type {
                let (agent, call_type) = (known.agent.clone(), known.call_type);
                return Err(Rejection::CallIdTaken { call: start.id.clone(), agent, call_type });
            }
            return Ok(Answer::Call { ticket: known.ticket, is_new: false });
        }
        if !self.agents.iter().any(|agent| agent.id == start.agent) {
            return Err(Rejection::UnknownAgent { agent: start.agent.clone() });
        }
        self.check_lease_of(start)?;
        let usage = self.usage();
        let is_admissible = usage.admits(&start.agent, start.call_type);
        let queued = self.live.iter().filter(|call| call.is_queued()).count();
        let max_queued = self.settings.max_queued;
        if !is_admissible && queued as u64 >= u64::from(max_queued) {
            return Err(Rejection::QueueFull { max_queued });
        }

        self.last_ticket = self.last_ticket.next();
        let max_wait_ms = start.max_wait_ms.or(self.settings.max_wait_ms[start.call_type]);
        let request = Arc::new(Request {
            id: start.id.clone(),
            agent: start.agent.clone(),
            call_type: start.call_type,
            ticket: self.last_ticket,
            requested_at: now.at,
            lease: start.lease.clone(),
            wait_deadline: max_wait_ms.map(|ms| now.tick.after_ms(ms)),
            claim_within_ms: start.claim_within_ms,
            metadata: start.metadata.clone(),
        });
        let event = if is_admissible {
            let state = self.active_state(now, &usage, &request, None, 0);
            CallEvent::Started(Call { request, state })
        } else {
            CallEvent::Queued(Call { request, state: Queued { misses: 0 } })
        };
        self.live.push(event.call());
        self.record(event);
        Ok(Answer::Call { ticket: self.last_ticket, is_new: true })
    }

    pub(super) fn claim_call(&mut self, now: Now, id: &CallId) -> Result<Answer, Rejection> {
        let Some(call) = self.find(id, now.tick).cloned() else {
            return Err(Rejection::UnknownCall { call: id.clone() });
        };
        let ticket = call.request.ticket;
        match call.state {
            CallState::Queued(_) => Err(Rejection::CallNotDispatched { call: id.clone() }),
            CallState::Ended(_) => Err(Rejection::CallHasEnded { call: id.clone() }),
            CallState::Active(Active { is_claim_due: false, .. }) => {
                Ok(Answer::Call { ticket, is_new: false })
            }
            CallState::Active(active) => {
                let deadline = self.end_of_duration(now.tick, &call.request);
                let state = Active { deadline, is_claim_due: false, ..active };
                let request = self.change_call(ticket, CallState::Active(state));
                self.record(Event::CallClaimed(Call { request, state }));
                Ok(Answer::Call { ticket, is_new: false })
            }
        }
    }

    pub(super) fn end_call(
        &mut self,
        now: Now,
        id: &CallId,
        note: Option<&Arc<str>>,
    ) -> Result<Answer, Rejection> {
        let Some(call) = self.find(id, now.tick).cloned() else {
            return Err(Rejection::UnknownCall { call: id.clone() });
        };
        match call.state {
            CallState::Active(_) => self.end(now, &call, EndReason::Completed, note),
            CallState::Queued(_) => self.end(now, &call, EndReason::Canceled, note),
            CallState::Ended(_) => {}
        }
        Ok(Answer::Call { ticket: call.request.ticket, is_new: false })
    }

    /// The time of a live call is up.
    pub(super) fn expire_call(&mut self, now: Now, call: &Call) {
        match call.state {
            CallState::Queued(_) => self.end(now, call, EndReason::MaxWait, None),
            CallState::Active(Active { is_claim_due: false, .. }) => {
                self.end(now, call, EndReason::MaxDuration, None);
            }
            CallState::Active(Active { misses, .. }) if misses + 1 >= CLAIM_MISSES => {
                self.end(now, call, EndReason::Unclaimed, None);
            }
            CallState::Active(Active { misses, .. }) => {
                let state = Queued { misses: misses + 1 };
                let request = self.change_call(call.request.ticket, CallState::Queued(state));
                self.record(CallEvent::Queued(Call { request, state }));
            }
            CallState::Ended(_) => {}
        }
    }

    /// What a call becomes that is given a slot now.
    pub(super) fn active_state(
        &self,
        now: Now,
        usage: &Usage,
        request: &Request,
        dispatched: Option<Tick>,
        misses: u8,
    ) -> Active {
        let is_reserved = usage.has_reserved_room(&request.agent, request.call_type);
        let claim_deadline = request.claim_within_ms.map(|ms| now.tick.after_ms(ms));
        Active {
            slot: if is_reserved { SlotKind::Reserved } else { SlotKind::Shared },
            started_at: now.at,
            dispatched,
            deadline: claim_deadline.or_else(|| self.end_of_duration(now.tick, request)),
            is_claim_due: claim_deadline.is_some(),
            misses,
        }
    }

    /// When a call ends that is active from `tick` on; none while a lease vouches for it.
    fn end_of_duration(&self, tick: Tick, request: &Request) -> Option<Tick> {
        match (self.settings.max_call_duration_ms, &request.lease) {
            (0, _) | (_, Some(_)) => None,
            (bound_ms, None) => Some(tick.after_ms(bound_ms)),
        }
    }

    fn check_lease_of(&self, start: &StartCall) -> Result<(), Rejection> {
        let Some(lease) = &start.lease else { return Ok(()) };
        if !self.leases.iter().any(|open| open.id == *lease) {
            return Err(Rejection::UnknownLease);
        }
        let vouched = self.live.iter().filter(|call| call.request.lease.as_ref() == Some(lease));
        if vouched.count() as u64 >= u64::from(MAX_CALLS_PER_LEASE) {
            return Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
        }
        Ok(())
    }
}
