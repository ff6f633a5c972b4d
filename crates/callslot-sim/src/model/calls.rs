//! Starting, claiming, declining, ending and expiring calls.

use std::sync::Arc;

use callslot_core::limits::{
    CLAIM_MISSES, EARLY_END_REMEMBERED_MS, ENDED_CALL_REMEMBERED_MS, MAX_CALLS_PER_LEASE,
    MAX_EARLY_ENDS,
};
use callslot_core::{
    Active, Call, CallEvent, CallId, CallState, Claim, ClaimCall, Claimant, Decline, DeclineCall,
    EndReason, Ended, Event, LeaseId, Now, Queued, Rejection, Reply, Request, StartCall, Tick,
};

use crate::model::org::{Answer, OrgModel};
use crate::model::slots::Usage;

impl OrgModel {
    pub(super) fn start_call(&mut self, now: Now, start: &StartCall) -> Result<Answer, Rejection> {
        if let Some(known) = self.find(&start.id, now.tick) {
            let known = &known.request;
            let asked = (&start.agent, start.call_type, &start.gates);
            if (&known.agent, known.call_type, &known.gates) != asked {
                return Err(Rejection::CallIdTaken {
                    call: start.id.clone(),
                    agent: known.agent.clone(),
                    call_type: known.call_type,
                    gates: known.gates.clone(),
                });
            }
            let is_live = self.live.iter().any(|live| live.request.ticket == known.ticket);
            let others = start.lease.iter().any(|lease| known.lease.as_ref() != Some(lease));
            if is_live && others {
                let (call, lease) = (start.id.clone(), known.lease.clone());
                return Err(Rejection::HeldByOtherLease { call, lease });
            }
            return Ok(Answer::Call { ticket: known.ticket, is_new: false });
        }
        if !self.agents.iter().any(|agent| agent.id == start.agent) {
            return Err(Rejection::UnknownAgent { agent: start.agent.clone() });
        }
        self.check_lease_of(start)?;
        self.check_gates((&start.agent, start.call_type), &start.gates)?;
        let is_early = |(id, until): &(CallId, Tick)| *id == start.id && now.tick < *until;
        if self.early_ends.iter().any(is_early) {
            self.early_ends.retain(|(id, _)| *id != start.id);
            return Ok(self.end_at_once(now, start, EndReason::Canceled));
        }
        // What was left to do may have come to nothing since, and a pace may have a start to give by now.
        self.look_for_steps();
        let usage = self.usage();
        let class = (&start.agent, start.call_type);
        let is_admissible = !self.has_steps_left
            && usage.admits(&start.agent, start.call_type)
            && self.doors(now.tick).let_through(class, &start.gates);
        if let (false, Some(0)) = (is_admissible, self.patience_of(start)) {
            return Ok(self.end_at_once(now, start, EndReason::MaxWait));
        }
        let queued = self.live.iter().filter(|call| call.is_queued()).count();
        let max_queued = self.settings.max_queued;
        if !is_admissible && queued as u64 >= u64::from(max_queued) {
            return Err(Rejection::QueueFull { max_queued });
        }
        if let (false, Some(metadata)) = (is_admissible, &start.metadata) {
            self.check_queued_metadata(metadata)?;
        }

        let request = self.new_request(now, start);
        let event = if is_admissible {
            let state = self.active_state(now, &usage, &request, None, 0);
            CallEvent::Started(Call { request, state })
        } else {
            CallEvent::Queued(Call { request, state: Queued { misses: 0 } })
        };
        self.spend();
        self.live.push(event.call());
        self.requests.push((self.last_ticket, now.tick));
        self.record(event);
        Ok(Answer::Call { ticket: self.last_ticket, is_new: true })
    }

    fn new_request(&mut self, now: Now, start: &StartCall) -> Arc<Request> {
        self.last_ticket = self.last_ticket.next();
        let max_wait_ms = self.patience_of(start);
        Arc::new(Request {
            id: start.id.clone(),
            agent: start.agent.clone(),
            call_type: start.call_type,
            ticket: self.last_ticket,
            requested_at: now.at,
            lease: start.lease.clone(),
            wait_deadline: max_wait_ms.map(|ms| now.tick.after_ms(ms)),
            max_duration_ms: start.max_duration_ms,
            claim_within_ms: start.claim_within_ms,
            gates: start.gates.clone(),
            metadata: start.metadata.clone(),
        })
    }

    /// How long the call would wait, in milliseconds.
    fn patience_of(&self, start: &StartCall) -> Option<u64> {
        start.max_wait_ms.or(self.settings.max_wait_ms[start.call_type])
    }

    /// The call is over as it comes.
    fn end_at_once(&mut self, now: Now, start: &StartCall, reason: EndReason) -> Answer {
        let request = self.new_request(now, start);
        let state = Ended {
            served: None,
            ended_at: now.at,
            reason,
            note: None,
            remembered_until: now.tick.after_ms(ENDED_CALL_REMEMBERED_MS),
        };
        let call = Call { request, state };
        self.ended.push(call.clone().into());
        self.record(CallEvent::EndedAtOnce(call));
        Answer::Call { ticket: self.last_ticket, is_new: true }
    }

    /// A call that queues may not bring the metadata of all that are queued beyond the bound.
    fn check_queued_metadata(&self, metadata: &str) -> Result<(), Rejection> {
        let queued = self.live.iter().filter(|call| call.is_queued());
        let sizes = queued.filter_map(|call| Some(call.request.metadata.as_ref()?.len() as u64));
        let (bytes, queued_bytes) = (metadata.len() as u64, sizes.sum());
        let max_bytes = self.bounds.queued_metadata_bytes;
        if bytes + queued_bytes <= max_bytes {
            return Ok(());
        }
        Err(Rejection::QueuedMetadataFull { bytes, queued_bytes, max_bytes })
    }

    pub(super) fn claim_call(&mut self, now: Now, claim: &ClaimCall) -> Result<Answer, Rejection> {
        let id = &claim.call;
        let Some(call) = self.find(id, now.tick).cloned() else {
            return Err(Rejection::UnknownCall { call: id.clone() });
        };
        let ticket = call.request.ticket;
        let of_lease = call.request.lease.as_ref().map(Claimant::from);
        let claimant =
            claim.claimant.as_ref().or(of_lease.as_ref()).unwrap_or(&claim.caller).clone();
        let first = self.claimants.iter().find(|(of, _)| *of == ticket);
        if let Some((_, first)) = first.filter(|(_, first)| *first != claimant) {
            return Err(Rejection::ClaimedByOther { call: id.clone(), claimant: first.clone() });
        }
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
                self.claimants.push((ticket, claimant.clone()));
                self.record(Claim { call: Call { request, state }, claimant: Some(claimant) });
                Ok(Answer::Call { ticket, is_new: false })
            }
        }
    }

    pub(super) fn decline_call(
        &mut self,
        now: Now,
        DeclineCall { call: id, decline, note }: &DeclineCall,
    ) -> Result<Answer, Rejection> {
        let Some(call) = self.find(id, now.tick).cloned() else {
            return Err(Rejection::UnknownCall { call: id.clone() });
        };
        match (&call.state, decline) {
            (CallState::Ended(_), _) => return Err(Rejection::CallHasEnded { call: id.clone() }),
            (CallState::Queued(_), _) => {
                return Err(Rejection::CallNotDispatched { call: id.clone() });
            }
            (CallState::Active(Active { is_claim_due: false, .. }), _) => {
                return Err(Rejection::NoClaimDue { call: id.clone() });
            }
            (CallState::Active(_), Decline::ForGood) => {
                self.end(now, &call, EndReason::Declined, note.as_ref());
            }
            // As if nobody had claimed it in time.
            (CallState::Active(Active { misses, .. }), Decline::ForNow) => {
                self.miss(now, &call, *misses, note.as_ref());
            }
        }
        Ok(Answer::Call { ticket: call.request.ticket, is_new: false })
    }

    fn miss(&mut self, now: Now, call: &Call, misses: u8, note: Option<&Arc<str>>) {
        let state = Queued { misses: misses + 1 };
        if state.misses == CLAIM_MISSES {
            return self.end(now, call, EndReason::Unclaimed, note);
        }
        // A wait that is over is due now.
        let wait_deadline = call.request.wait_deadline.map(|deadline| deadline.max(now.tick));
        let request = Arc::new(Request { wait_deadline, ..(*call.request).clone() });
        let place = self.live.iter().position(|live| live.request.ticket == request.ticket);
        self.live[place.expect("only a live call misses")].request = request;
        let request = self.change_call(call.request.ticket, CallState::Queued(state));
        self.record(CallEvent::Queued(Call { request, state }));
    }

    /// Starts of these ids that come late find them ended.
    pub(super) fn remember_ends(&mut self, now: Now, ids: Vec<CallId>) {
        let until = now.tick.after_ms(EARLY_END_REMEMBERED_MS);
        for id in &ids {
            self.early_ends.retain(|(early, _)| early != id);
            self.early_ends.push((id.clone(), until));
        }
        let too_many = self.early_ends.len().saturating_sub(MAX_EARLY_ENDS);
        self.early_ends.drain(..too_many);
        self.record(Event::EndsRemembered(ids, until));
    }

    pub(super) fn end_call(&mut self, now: Now, id: &CallId, note: Option<&Arc<str>>) -> Answer {
        let Some(call) = self.find(id, now.tick).cloned() else {
            self.remember_ends(now, vec![id.clone()]);
            return Answer::Plain(Reply::EndRemembered);
        };
        match call.state {
            CallState::Active(_) => self.end(now, &call, EndReason::Completed, note),
            CallState::Queued(_) => self.end(now, &call, EndReason::Canceled, note),
            CallState::Ended(_) => {}
        }
        Answer::Call { ticket: call.request.ticket, is_new: false }
    }

    /// What was said of the calls with this id that are over is known no more.
    pub(super) fn erase_call(&mut self, id: &CallId) -> Result<Answer, Rejection> {
        if self.live.iter().any(|call| call.request.id == *id) {
            return Err(Rejection::CallIsLive { call: id.clone() });
        }
        for call in self.ended.iter_mut().filter(|call| call.request.id == *id) {
            let request = Request { metadata: None, ..(*call.request).clone() };
            call.request = Arc::new(request);
            if let CallState::Ended(ended) = &mut call.state {
                ended.note = None;
            }
        }
        self.record(Event::CallErased(id.clone()));
        Ok(Answer::Plain(Reply::Done))
    }

    /// The client that waited for the call's start has gone away.
    pub(super) fn hang_up(&mut self, now: Now, id: &CallId) -> Answer {
        let call = self.live.iter().find(|call| call.request.id == *id && call.is_queued());
        if let Some(call) = call.cloned() {
            self.end(now, &call, EndReason::Canceled, None);
        }
        Answer::Plain(Reply::Done)
    }

    /// The time of a live call is up.
    pub(super) fn expire_call(&mut self, now: Now, call: &Call) {
        match call.state {
            CallState::Queued(_) => self.end(now, call, EndReason::MaxWait, None),
            CallState::Active(Active { is_claim_due: false, .. }) => {
                self.end(now, call, EndReason::MaxDuration, None);
            }
            CallState::Active(Active { misses, .. }) => self.miss(now, call, misses, None),
            CallState::Ended(_) => {}
        }
    }

    /// What a call becomes that is given a slot now.
    pub(super) fn active_state(
        &mut self,
        now: Now,
        usage: &Usage,
        request: &Request,
        dispatched: Option<Tick>,
        misses: u8,
    ) -> Active {
        self.starts.push((request.ticket, now.tick));
        let claim_deadline = request.claim_within_ms.map(|ms| now.tick.after_ms(ms));
        Active {
            slot: usage.next_slot(&request.agent, request.call_type),
            started_at: now.at,
            dispatched,
            deadline: claim_deadline.or_else(|| self.end_of_duration(now.tick, request)),
            is_claim_due: claim_deadline.is_some(),
            misses,
        }
    }

    /// When a call ends that is active from `tick` on; none if only a lease vouches for it.
    fn end_of_duration(&self, tick: Tick, request: &Request) -> Option<Tick> {
        let longest_ms = match (self.settings.max_call_duration_ms, &request.lease) {
            (0, _) | (_, Some(_)) => request.max_duration_ms,
            (bound_ms, None) => Some(request.max_duration_ms.unwrap_or(bound_ms).min(bound_ms)),
        };
        Some(tick.after_ms(longest_ms?))
    }

    fn check_lease_of(&self, start: &StartCall) -> Result<(), Rejection> {
        let Some(lease) = &start.lease else { return Ok(()) };
        if !self.open_leases().any(|open| open.id == *lease) {
            return Err(Rejection::UnknownLease);
        }
        self.check_room_of(lease)
    }

    pub(super) fn check_room_of(&self, lease: &LeaseId) -> Result<(), Rejection> {
        let vouched = self.live.iter().filter(|call| call.request.lease.as_ref() == Some(lease));
        if vouched.count() as u64 >= u64::from(MAX_CALLS_PER_LEASE) {
            return Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
        }
        Ok(())
    }
}
