//! Starting, claiming and ending calls.

use std::sync::Arc;

use callslot_core::limits::{CLAIM_MISSES, MAX_CALLS_PER_LEASE};
use callslot_core::{
    Call, CallId, CallState, CallView, EndReason, Now, Rejection, Reply, Request, StartCall,
};

use super::{Model, count};

impl Model {
    pub(super) fn start_call(&mut self, now: Now, start: &StartCall) -> Result<Reply, Rejection> {
        if let Some(place) = self.find(&start.id, now.tick) {
            let known = &self.calls[place].request;
            if known.agent == start.agent && known.call_type == start.call_type {
                return Ok(self.reply(place, false));
            }
            return Err(Rejection::CallIdTaken {
                call: start.id.clone(),
                agent: known.agent.clone(),
                call_type: known.call_type,
            });
        }
        if !self.agents.iter().any(|agent| agent.id == start.agent) {
            return Err(Rejection::UnknownAgent { agent: start.agent.clone() });
        }
        if let Some(lease) = &start.lease {
            if !self.leases.iter().any(|known| known.id == *lease) {
                return Err(Rejection::UnknownLease);
            }
            let live = self
                .calls
                .iter()
                .filter(|call| !call.is_ended() && call.request.lease.as_ref() == Some(lease));
            if count(live) >= MAX_CALLS_PER_LEASE {
                return Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
            }
        }
        let is_admissible = self.is_admissible(&(start.agent.clone(), start.call_type));
        let max_queued = self.settings.max_queued;
        if !is_admissible && count(self.queued()) >= max_queued {
            return Err(Rejection::QueueFull { max_queued });
        }
        let max_wait_ms = start.max_wait_ms.or(self.settings.max_wait_ms[start.call_type]);
        let request = Arc::new(Request {
            id: start.id.clone(),
            agent: start.agent.clone(),
            call_type: start.call_type,
            ticket: self.next_ticket(),
            requested_at: now.at,
            lease: start.lease.clone(),
            wait_deadline: max_wait_ms.map(|wait| now.tick.after_ms(wait)),
            claim_within_ms: start.claim_within_ms,
            metadata: start.metadata.clone(),
        });
        let state = if is_admissible {
            self.active_state(now, &request, None, 0)
        } else {
            CallState::Queued { misses: 0 }
        };
        self.calls.push(Call { request, state: CallState::Queued { misses: 0 } });
        let place = self.calls.len() - 1;
        self.set(place, state);
        Ok(self.reply(place, true))
    }

    pub(super) fn claim_call(&mut self, now: Now, id: &CallId) -> Result<Reply, Rejection> {
        let unknown = || Rejection::UnknownCall { call: id.clone() };
        let place = self.find(id, now.tick).ok_or_else(unknown)?;
        let call = &self.calls[place];
        match call.state.clone() {
            CallState::Queued { .. } => Err(Rejection::CallNotDispatched { call: id.clone() }),
            CallState::Ended { .. } => Err(Rejection::CallHasEnded { call: id.clone() }),
            CallState::Active { slot, started_at, dispatched, is_claim_due, misses, .. } => {
                if is_claim_due {
                    let deadline = self.duration_deadline(now.tick, &call.request);
                    let is_claim_due = false;
                    let claimed = CallState::Active {
                        slot,
                        started_at,
                        dispatched,
                        deadline,
                        is_claim_due,
                        misses,
                    };
                    self.set(place, claimed);
                }
                Ok(self.reply(place, false))
            }
        }
    }

    pub(super) fn end_call(
        &mut self,
        now: Now,
        id: &CallId,
        note: Option<Arc<str>>,
    ) -> Result<Reply, Rejection> {
        let unknown = || Rejection::UnknownCall { call: id.clone() };
        let place = self.find(id, now.tick).ok_or_else(unknown)?;
        let call = &self.calls[place];
        if call.is_active() {
            self.end(now, place, EndReason::Completed, note);
        } else if call.is_queued() {
            self.end(now, place, EndReason::Canceled, note);
        }
        Ok(self.reply(place, false))
    }

    pub(super) fn expire_call(&mut self, now: Now, place: usize) {
        match self.calls[place].state {
            CallState::Queued { .. } => self.end(now, place, EndReason::MaxWait, None),
            CallState::Active { is_claim_due: false, .. } => {
                self.end(now, place, EndReason::MaxDuration, None);
            }
            CallState::Active { is_claim_due: true, misses, .. } => {
                if misses + 1 == CLAIM_MISSES {
                    self.end(now, place, EndReason::Unclaimed, None);
                } else {
                    self.set(place, CallState::Queued { misses: misses + 1 });
                }
            }
            CallState::Ended { .. } => {}
        }
    }

    /// An answer about the call; it is brought up to date once everything has happened.
    fn reply(&self, place: usize, is_new: bool) -> Reply {
        Reply::Call { call: CallView { call: self.calls[place].clone(), wait: None }, is_new }
    }
}
