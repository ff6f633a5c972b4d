//! One organisation: its lists, dispatch, and what readers are shown.
//!
//! Start reading at [`OrgModel::decide`]; slots are given in [`OrgModel::dispatch`] and, to a new call that is
//! admissible, in `calls.rs`.

use std::sync::Arc;

use callslot_core::{
    Active, Call, CallEvent, CallId, CallState, CallView, ClaimCall, DeleteAgent, EndCall,
    EndLease, EndReason, Ended, Event, LeaseId, Now, OpenLease, OrgCommand, OrgId, OrgSettings,
    OrgView, PoolView, PutAgent, Queued, ReconcileLease, Recorded, Rejection, RenewLease, Reply,
    Request, Sequence, SetReservations, SlotKind, Tick, Ticket, Version, Wait,
};

use crate::model::slots::{Agent, Usage};
use crate::model::wait_estimate::Pace;

/// An open lease.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) id: LeaseId,
    pub(super) ttl_ms: u64,
    pub(super) expires: Tick,
}

/// What runs out: the lease at this place among the open ones, or the call with this ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expiring {
    Lease(usize, LeaseId),
    Call(Ticket),
}

/// Something that runs out, and when. Their order is the order in which they expire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due {
    pub(super) deadline: Tick,
    pub(super) what: Expiring,
}

/// An answer, before everything that the command leads to has happened.
pub(super) enum Answer {
    Plain(Reply),
    /// Shows the pool as it is in the end.
    Pool,
    /// Shows the organisation as it is in the end.
    Org,
    /// Shows the call with this ticket as it is in the end.
    Call {
        ticket: Ticket,
        is_new: bool,
    },
}

/// An organisation, as the rules say it is.
#[derive(Debug)]
pub(super) struct OrgModel {
    pub(super) id: OrgId,
    pub(super) settings: OrgSettings,
    pub(super) agents: Vec<Agent>,
    /// Queued and active calls, by ticket.
    pub(super) live: Vec<Call>,
    /// Calls that are over, in the order in which they ended.
    pub(super) ended: Vec<Call>,
    /// Open leases, in the order in which they were opened.
    pub(super) leases: Vec<Lease>,
    /// Nothing of it runs out before this tick.
    pub(super) grace_until: Tick,
    pub(super) last_ticket: Ticket,
    pub(super) version: Version,
    sequence: Sequence,
    pub(super) pace: Pace,
    /// The events of the command that is being decided.
    pub(super) news: Vec<Recorded>,
}

impl OrgModel {
    /// An organisation that goes on counting where `removed`, which had the same id, stopped.
    pub(super) fn new(id: OrgId, settings: OrgSettings, removed: Option<Self>) -> Self {
        let counted = removed.map(|org| (org.last_ticket, org.version, org.sequence, org.pace));
        let (last_ticket, version, sequence, pace) = counted.unwrap_or_default();
        Self {
            id,
            settings,
            agents: Vec::new(),
            live: Vec::new(),
            ended: Vec::new(),
            leases: Vec::new(),
            grace_until: Tick(0),
            last_ticket,
            version,
            sequence,
            pace,
            news: Vec::new(),
        }
    }

    pub(super) fn decide(&mut self, now: Now, command: &OrgCommand) -> Result<Reply, Rejection> {
        let answer = match command {
            OrgCommand::CreateOrg(_) => Err(Rejection::OrgExists { org: self.id.clone() }),
            OrgCommand::DeleteOrg => self.close().map(|()| Answer::Plain(Reply::Done)),
            OrgCommand::ChangeOrg(change) => self.change(change),
            OrgCommand::PutAgent(PutAgent { agent, name, cap }) => {
                self.put_agent(agent, name, *cap)
            }
            OrgCommand::DeleteAgent(DeleteAgent { agent }) => self.delete_agent(agent),
            OrgCommand::SetReservations(SetReservations { reservations, if_version }) => {
                self.set_reservations(reservations, *if_version)
            }
            OrgCommand::StartCall(start) => self.start_call(now, start),
            OrgCommand::ClaimCall(ClaimCall { call }) => self.claim_call(now, call),
            OrgCommand::EndCall(EndCall { call, note }) => self.end_call(now, call, note.as_ref()),
            OrgCommand::OpenLease(OpenLease { lease, ttl_ms }) => {
                self.open_lease(now, lease, *ttl_ms)
            }
            OrgCommand::RenewLease(RenewLease { lease, sum }) => self.renew_lease(now, lease, *sum),
            OrgCommand::ReconcileLease(ReconcileLease { lease, active }) => {
                self.reconcile(now, lease, active)
            }
            OrgCommand::EndLease(EndLease { lease }) => self.end_lease(now, lease),
        }?;
        self.dispatch(now);
        match answer {
            Answer::Plain(reply) => Ok(reply),
            Answer::Pool => Ok(Reply::Reservations(self.pool(now))),
            Answer::Org => Ok(Reply::Org(self.summary())),
            Answer::Call { ticket, is_new } => {
                let call = self.live.iter().chain(&self.ended);
                let call = call.clone().find(|call| call.request.ticket == ticket);
                let call = call.expect("an answered call is in a list").clone();
                Ok(Reply::Call { call: self.view(now, &self.usage(), call), is_new })
            }
        }
    }

    /// Starts, among the queued calls that are admissible, the one with the lowest ticket, until there is none.
    pub(super) fn dispatch(&mut self, now: Now) {
        loop {
            let usage = self.usage();
            let admissible = |call: &Call| match call.state {
                CallState::Queued(Queued { misses }) => {
                    let is_admitted = usage.admits(&call.request.agent, call.request.call_type);
                    is_admitted.then(|| (Arc::clone(&call.request), misses))
                }
                CallState::Active(_) | CallState::Ended(_) => None,
            };
            let Some((request, misses)) = self.live.iter().find_map(admissible) else { return };
            let state = self.active_state(now, &usage, &request, Some(now.tick), misses);
            self.pace.note_dispatch(now.at);
            let request = self.change_call(request.ticket, CallState::Active(state));
            self.record(CallEvent::Started(Call { request, state }));
        }
    }

    /// Leases and calls that run out some time.
    pub(super) fn deadlines(&self) -> Vec<Due> {
        let mut dues = Vec::new();
        for (place, lease) in self.leases.iter().enumerate() {
            let what = Expiring::Lease(place, lease.id.clone());
            dues.push(Due { deadline: lease.expires, what });
        }
        for call in &self.live {
            if let Some(deadline) = deadline_of(call) {
                dues.push(Due { deadline, what: Expiring::Call(call.request.ticket) });
            }
        }
        dues
    }

    pub(super) fn expire(&mut self, now: Now, due: &Due) {
        match &due.what {
            Expiring::Lease(_, lease) => self.close_lease(now, lease),
            Expiring::Call(ticket) => {
                let call = self.live.iter().find(|call| call.request.ticket == *ticket);
                if let Some(call) = call.cloned()
                    && deadline_of(&call) == Some(due.deadline)
                {
                    self.expire_call(now, &call);
                }
            }
        }
    }

    /// A restart: every lease has its whole TTL again.
    pub(super) fn resume(&mut self, tick: Tick) {
        for lease in &mut self.leases {
            lease.expires = tick.after_ms(lease.ttl_ms);
        }
    }

    pub(super) fn usage(&self) -> Usage {
        Usage::of(self.settings.limit(), &self.agents, &self.live)
    }

    pub(super) fn pool(&self, now: Now) -> PoolView {
        let usage = self.usage();
        let queued: Vec<&Call> = self.live.iter().filter(|call| call.is_queued()).collect();
        PoolView {
            plan: self.settings.plan.clone(),
            limit: usage.limit,
            reserved: usage.reserved(),
            shared_size: usage.shared_size(),
            shared_in_use: usage.shared_in_use(),
            active: usage.active(),
            queued: u32::try_from(queued.len()).expect("a model has few calls"),
            oldest_wait_ms: queued.first().map(|call| now.at.ms_since(call.request.requested_at)),
            settling: usage.commitment().saturating_sub(usage.limit),
            version: self.version,
            as_of: self.sequence,
            agents: usage.agent_views(),
        }
    }

    pub(super) fn summary(&self) -> OrgView {
        OrgView { settings: self.settings.clone(), live_calls: self.live.len() as u64 }
    }

    pub(super) fn live_views(&self, now: Now) -> Vec<CallView> {
        let usage = self.usage();
        self.live.iter().map(|call| self.view(now, &usage, call.clone())).collect()
    }

    pub(super) fn known_call(&self, id: &CallId, now: Now) -> Option<CallView> {
        let call = self.find(id, now.tick)?.clone();
        Some(self.view(now, &self.usage(), call))
    }

    pub(super) fn ended_ids(&self) -> Vec<CallId> {
        self.ended.iter().map(|call| call.request.id.clone()).collect()
    }

    pub(super) fn lease_ids(&self) -> Vec<LeaseId> {
        self.leases.iter().map(|lease| lease.id.clone()).collect()
    }

    /// The call with this id that is live, or ended and still remembered.
    pub(super) fn find(&self, id: &CallId, tick: Tick) -> Option<&Call> {
        let is_remembered = |call: &&Call| match &call.state {
            CallState::Ended(ended) => tick < ended.remembered_until,
            CallState::Queued(_) | CallState::Active(_) => true,
        };
        let ended = self.ended.iter().rev().filter(is_remembered);
        self.live.iter().chain(ended).find(|call| call.request.id == *id)
    }

    /// Gives a live call another state and moves it to the ended ones if it is over. Returns what was asked for.
    pub(super) fn change_call(&mut self, ticket: Ticket, state: CallState) -> Arc<Request> {
        let place = self.live.iter().position(|call| call.request.ticket == ticket);
        let place = place.expect("only a live call changes");
        self.live[place].state = state;
        let request = Arc::clone(&self.live[place].request);
        if self.live[place].is_ended() {
            self.ended.push(self.live.remove(place));
        }
        request
    }

    pub(super) fn end(
        &mut self,
        now: Now,
        call: &Call,
        reason: EndReason,
        note: Option<&Arc<str>>,
    ) {
        let served = served_by(call);
        if let Some((_, started_at)) = served {
            self.pace.note_duration(now.at.ms_since(started_at));
        }
        let state = Ended {
            served,
            ended_at: now.at,
            reason,
            note: note.cloned(),
            remembered_until: now.tick.after_ms(callslot_core::limits::ENDED_CALL_REMEMBERED_MS),
        };
        let request = self.change_call(call.request.ticket, CallState::Ended(state.clone()));
        self.record(CallEvent::Ended(Call { request, state }));
    }

    /// Notes an event; those that streams show are numbered.
    pub(super) fn record(&mut self, event: impl Into<Event>) {
        let event = event.into();
        let sequence = event.is_public().then(|| self.sequence.next());
        self.sequence = sequence.unwrap_or(self.sequence);
        self.news.push(Recorded { org: self.id.clone(), sequence, event });
    }

    fn view(&self, now: Now, usage: &Usage, call: Call) -> CallView {
        let wait = call.is_queued().then(|| {
            let ahead = self
                .live
                .iter()
                .filter(|other| other.is_queued() && other.request.ticket < call.request.ticket);
            let position = ahead.count() as u64 + 1;
            Wait {
                position,
                blocked_on: usage.blocked_on(&call.request.agent),
                estimated_ms: self.pace.estimated_ms(now.at, position, usage.limit),
            }
        });
        CallView { call, wait }
    }
}

/// Slot and start of a call that is active.
fn served_by(call: &Call) -> Option<(SlotKind, callslot_core::Timestamp)> {
    match call.state {
        CallState::Active(Active { slot, started_at, .. }) => Some((slot, started_at)),
        CallState::Queued(_) | CallState::Ended(_) => None,
    }
}

fn deadline_of(call: &Call) -> Option<Tick> {
    match call.state {
        CallState::Queued(_) => call.request.wait_deadline,
        CallState::Active(Active { deadline, .. }) => deadline,
        CallState::Ended(_) => None,
    }
}
