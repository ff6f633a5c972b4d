//! Starting, claiming and ending calls, and erasing ended ones.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use crate::call::{Active, Call, EndReason, Ended, LiveState, Queued, Request};
use crate::command::{ClaimCall, Decline, DeclineCall, EndCall, EraseCall, HangUp, StartCall};
use crate::event::{CallEvent, Claim, Event, Recorded};
use crate::id::{CallId, Claimant};
use crate::limits::{EARLY_END_REMEMBERED_MS, ENDED_CALL_REMEMBERED_MS};
use crate::org::Org;
use crate::org::index::{CallIndex, ClassIndex, Found, KnownCall};
use crate::org::lanes::LaneGates;
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
            self.check_lease_has_room(lease)?;
        }
        let class = ClassIndex { agent, call_type: start.call_type };
        let gates = self.gates_of_start(class, &start)?;
        if self.early_ends.holds(&start.id, now.tick) {
            return Ok(self.end_at_once(now, start, found, EndReason::Canceled, events));
        }
        // While steps are left, calls that wait are admissible: nobody is let past them. Commands since then may have done
        // what was left. A pace that has a start to give again may have made some admissible.
        if self.has_steps_left || self.pool.has_due(now.tick) {
            self.look_for_steps(now.tick);
        }
        let is_admissible = !self.has_steps_left && self.pool.admits(class, gates);
        if !is_admissible && self.max_wait_ms_of(&start) == Some(0) {
            return Ok(self.end_at_once(now, start, found, EndReason::MaxWait, events));
        }
        let max_queued = self.settings.max_queued;
        if !is_admissible && self.queue.len() >= max_queued as usize {
            return Err(Rejection::QueueFull { max_queued });
        }
        if !is_admissible && let Some(metadata) = &start.metadata {
            let (bytes, queued_bytes) = (metadata.len() as u64, self.queue.metadata_bytes());
            let max_bytes = self.bounds.queued_metadata_bytes;
            if queued_bytes + bytes > max_bytes {
                return Err(Rejection::QueuedMetadataFull { bytes, queued_bytes, max_bytes });
            }
        }

        let request = Arc::new(self.request_of(now, start));
        // With no steps left no queued call is admissible, so a call that starts at once overtakes nobody.
        let (call, wait) = if is_admissible {
            let call = Call { state: self.active_state(now, &request, class, None, 0), request };
            self.record_call(now, events, found, CallEvent::Started(call.clone()));
            (call.into(), None)
        } else {
            let call = Call { request, state: Queued { misses: 0 } };
            self.record_call(now, events, found, CallEvent::Queued(call.clone()));
            let newest = self.pool.tail(class, gates).expect("the call has just queued");
            (call.into(), self.wait_of(now, &self.calls[newest]))
        };
        Ok(Started { call: CallView { call, wait }, is_new: true })
    }

    /// The gates that a new call names, if there may be a lane of them.
    fn gates_of_start(&self, class: ClassIndex, start: &StartCall) -> Result<LaneGates, Rejection> {
        if start.gates.is_empty() {
            return Ok(LaneGates::default());
        }
        let gates = self.pool.gates.named(&start.gates);
        let gates = gates.map_err(|gate| Rejection::UnknownGate { gate })?;
        let max_lanes = self.bounds.lanes;
        if self.pool.lanes.len() >= max_lanes && self.pool.lanes.find(class, gates).is_none() {
            return Err(Rejection::TooManyLanes { max_lanes });
        }
        Ok(gates)
    }

    /// The request of a new call.
    fn request_of(&self, now: Now, start: StartCall) -> Request {
        let max_wait_ms = self.max_wait_ms_of(&start);
        Request {
            id: start.id,
            agent: start.agent,
            call_type: start.call_type,
            ticket: self.counters.ticket.next(),
            requested_at: now.at,
            lease: start.lease,
            wait_deadline: max_wait_ms.map(|wait| now.tick.after_ms(wait)),
            max_duration_ms: start.max_duration_ms,
            claim_within_ms: start.claim_within_ms,
            gates: start.gates,
            metadata: start.metadata,
        }
    }

    /// How long a new call may be queued; none: without bound.
    fn max_wait_ms_of(&self, start: &StartCall) -> Option<u64> {
        start.max_wait_ms.or(self.settings.max_wait_ms[start.call_type])
    }

    fn repeated(
        &self,
        now: Now,
        start: &StartCall,
        known: KnownCall,
    ) -> Result<Started, Rejection> {
        let view = self.view(now, known);
        let request = &view.call.request;
        let is_same = request.agent == start.agent
            && request.call_type == start.call_type
            && request.gates == start.gates;
        if !is_same {
            return Err(Rejection::CallIdTaken {
                call: request.id.clone(),
                agent: request.agent.clone(),
                call_type: request.call_type,
                gates: request.gates.clone(),
            });
        }
        let is_held_by_it = start.lease.is_none() || start.lease == request.lease;
        if !is_held_by_it && !view.call.is_ended() {
            let (call, lease) = (request.id.clone(), request.lease.clone());
            return Err(Rejection::HeldByOtherLease { call, lease });
        }
        Ok(Started { call: view, is_new: false })
    }

    pub(super) fn claim_call(
        &mut self,
        now: Now,
        ClaimCall { call: id, claimant, caller }: ClaimCall,
        events: &mut Vec<Recorded>,
    ) -> Result<CallView, Rejection> {
        let found = self.calls.find(&id);
        let index = self.live_call(now, &id, found)?;
        let request = self.request(index);
        let claimant = claimant.or_else(|| request.lease.as_ref().map(Claimant::from));
        let claimant = claimant.unwrap_or(caller);
        match self.calls[index].state {
            LiveState::Queued(_) => Err(Rejection::CallNotDispatched { call: id }),
            LiveState::Active(Active { is_claim_due: false, .. }) => {
                match self.calls[index].claimant() {
                    Some(first) if *first != claimant => {
                        Err(Rejection::ClaimedByOther { call: id, claimant: first.clone() })
                    }
                    // It is claimed by them, or needs no claim.
                    Some(_) | None => Ok(self.view(now, KnownCall::Live(index))),
                }
            }
            LiveState::Active(active) => {
                let state = Active {
                    deadline: self.duration_deadline(now.tick, &request),
                    is_claim_due: false,
                    ..active
                };
                let (call, claimant) = (Call { request, state }, Some(claimant));
                self.record_call(now, events, found, Claim { call, claimant });
                Ok(self.view(now, KnownCall::Live(index)))
            }
        }
    }

    pub(super) fn decline_call(
        &mut self,
        now: Now,
        DeclineCall { call: id, decline, note }: DeclineCall,
        events: &mut Vec<Recorded>,
    ) -> Result<CallView, Rejection> {
        let index = self.live_call(now, &id, self.calls.find(&id))?;
        let misses = match self.calls[index].state {
            LiveState::Queued(_) => return Err(Rejection::CallNotDispatched { call: id }),
            LiveState::Active(Active { is_claim_due: false, .. }) => {
                return Err(Rejection::NoClaimDue { call: id });
            }
            LiveState::Active(Active { misses, .. }) => misses,
        };
        match decline {
            Decline::ForNow => self.record_miss(now, index, misses, note, events),
            Decline::ForGood => {
                self.record_end(now, index, EndReason::Declined, note, events);
            }
        }
        self.dispatch(now, events);
        let known = self.calls.find(&id).call.expect("it has changed now and is not forgotten");
        Ok(self.view(now, known))
    }

    /// The live call that was found under `id`.
    pub(super) fn live_call(
        &self,
        now: Now,
        id: &CallId,
        found: Found,
    ) -> Result<CallIndex, Rejection> {
        match self.known(found, now.tick) {
            Some(KnownCall::Live(index)) => Ok(index),
            Some(KnownCall::Ended(_)) => Err(Rejection::CallHasEnded { call: id.clone() }),
            None => Err(Rejection::UnknownCall { call: id.clone() }),
        }
    }

    /// Remembers that calls were ended which have not come yet.
    pub(super) fn remember_ends(
        &mut self,
        now: Now,
        calls: Vec<CallId>,
        events: &mut Vec<Recorded>,
    ) {
        let until = now.tick.after_ms(EARLY_END_REMEMBERED_MS);
        self.record(now, events, Event::EndsRemembered(calls, until));
    }

    #[expect(clippy::unnecessary_wraps, reason = "commands are decided alike")]
    pub(super) fn end_call(
        &mut self,
        now: Now,
        EndCall { call: id, note }: EndCall,
        events: &mut Vec<Recorded>,
    ) -> Result<Option<CallView>, Rejection> {
        let index = match self.known(self.calls.find(&id), now.tick) {
            Some(KnownCall::Live(index)) => index,
            Some(ended) => return Ok(Some(self.view(now, ended))),
            None => {
                self.remember_ends(now, vec![id], events);
                return Ok(None);
            }
        };
        let reason = self.reason_of_end(index);
        let call = self.record_end(now, index, reason, note, events);
        self.dispatch(now, events);
        Ok(Some(CallView { call: call.into(), wait: None }))
    }

    /// The call may be long forgotten: whether the history has it, others know.
    pub(super) fn erase_call(
        &mut self,
        now: Now,
        EraseCall { call: id }: EraseCall,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let found = self.calls.find(&id);
        if let Some(KnownCall::Live(_)) = found.call {
            return Err(Rejection::CallIsLive { call: id });
        }
        self.record_call(now, events, found, Event::CallErased(id));
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "commands are decided alike")]
    pub(super) fn hang_up(
        &mut self,
        now: Now,
        HangUp { call: id }: HangUp,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        if let Some(KnownCall::Live(index)) = self.calls.find(&id).call
            && self.calls[index].is_queued()
        {
            self.record_end(now, index, EndReason::Canceled, None, events);
            self.dispatch(now, events);
        }
        Ok(())
    }

    /// A call that ends as it comes: it was ended before, or may not wait and cannot start.
    #[cold]
    fn end_at_once(
        &mut self,
        now: Now,
        start: StartCall,
        found: Found,
        reason: EndReason,
        events: &mut Vec<Recorded>,
    ) -> Started {
        let request = Arc::new(self.request_of(now, start));
        let state = Ended {
            served: None,
            ended_at: now.at,
            reason,
            note: None,
            remembered_until: now.tick.after_ms(ENDED_CALL_REMEMBERED_MS),
        };
        let call = Call { request, state };
        self.record_call(now, events, found, CallEvent::EndedAtOnce(call.clone()));
        Started { call: CallView { call: call.into(), wait: None }, is_new: true }
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
        self.record_call(now, events, found, CallEvent::Ended(call.clone()));
        call
    }
}
