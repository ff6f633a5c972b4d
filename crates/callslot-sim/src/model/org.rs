//! One organisation: its lists, dispatch, and what readers are shown.
//!
//! Start reading at [`OrgModel::decide`]; slots are given in [`OrgModel::go_on`] and, to a new call that is
//! admissible, in `calls.rs`.

use std::sync::Arc;

use callslot_core::limits::Bounds;
use callslot_core::{
    Active, AdoptCall, BlockedOn, Call, CallEvent, CallId, CallState, CallView, Claimant,
    DeleteAgent, EndCall, EndLease, EndReason, Ended, EraseCall, Event, HangUp, KeyId, LeaseId,
    Now, OpenLease, OrgCommand, OrgId, OrgSettings, OrgView, PerType, PoolView, Queued, Recorded,
    Rejection, RenewLease, Reply, Request, Sequence, SetReservations, SettingsEvent, SlotKind,
    Tick, Ticket, Version, Wait,
};

use crate::model::alert_lists::Alerts;
use crate::model::bucket::Bucket;
use crate::model::gate::Gate;
use crate::model::paging::Paging;
use crate::model::pending_sweep::PendingSweep;
use crate::model::slots::{Agent, Usage};
use crate::model::wait_figures::{Waits, is_of};

/// A lease that is open, or that has ended and has live calls.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) id: LeaseId,
    pub(super) ttl_ms: u64,
    pub(super) key: Option<KeyId>,
    pub(super) expires: Tick,
    pub(super) has_ended: bool,
    pub(super) paging: Paging,
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
    pub(super) bounds: Bounds,
    /// Whether an earlier command left something to do: a call of an ended lease is live, a sweep is not done, or a call that waits is admissible.
    pub(super) has_steps_left: bool,
    pub(super) agents: Vec<Agent>,
    pub(super) type_caps: PerType<Option<u32>>,
    pub(super) type_buckets: PerType<Option<Bucket>>,
    pub(super) gates: Vec<Gate>,
    pub(super) alerts: Alerts,
    /// Queued and active calls, by ticket.
    pub(super) live: Vec<Call>,
    /// When which of them was asked for, at the times of deadlines.
    pub(super) requests: Vec<(Ticket, Tick)>,
    /// When which of them took a slot, the last time last.
    pub(super) starts: Vec<(Ticket, Tick)>,
    /// Who claimed which of them.
    pub(super) claimants: Vec<(Ticket, Claimant)>,
    /// Calls that are over, in the order in which they ended.
    pub(super) ended: Vec<Call>,
    /// Ids that were ended before their calls came, and until when that counts, oldest first.
    pub(super) early_ends: Vec<(CallId, Tick)>,
    /// Leases, in the order in which they were opened.
    pub(super) leases: Vec<Lease>,
    /// The sweeps that are not done, oldest first.
    pub(super) sweeps: Vec<PendingSweep>,
    pub(super) sweeps_begun: u64,
    /// Nothing of it runs out before this tick.
    pub(super) grace_until: Tick,
    pub(super) last_ticket: Ticket,
    pub(super) version: Version,
    sequence: Sequence,
    pub(super) waits: Waits,
    /// The events of the command that is being decided.
    pub(super) news: Vec<Recorded>,
}

impl OrgModel {
    /// An organisation that goes on counting beyond where `removed`, which had the same id, stopped.
    pub(super) fn new(id: OrgId, settings: OrgSettings, removed: Option<Self>) -> Self {
        let counted = removed.map(|org| (org.last_ticket, org.version.next(), org.sequence));
        let (last_ticket, version, sequence) = counted.unwrap_or_default();
        Self {
            id,
            settings,
            bounds: Bounds::default(),
            has_steps_left: false,
            agents: Vec::new(),
            type_caps: PerType::default(),
            type_buckets: PerType::default(),
            gates: Vec::new(),
            alerts: Alerts::default(),
            live: Vec::new(),
            requests: Vec::new(),
            starts: Vec::new(),
            claimants: Vec::new(),
            ended: Vec::new(),
            early_ends: Vec::new(),
            leases: Vec::new(),
            sweeps: Vec::new(),
            sweeps_begun: 0,
            grace_until: Tick(0),
            last_ticket,
            version,
            sequence,
            waits: Waits::default(),
            news: Vec::new(),
        }
    }

    pub(super) fn decide(&mut self, now: Now, command: &OrgCommand) -> Result<Reply, Rejection> {
        self.set_time(now.tick);
        let answer = match command {
            OrgCommand::CreateOrg(_) => Err(Rejection::OrgExists { org: self.id.clone() }),
            OrgCommand::DeleteOrg => self.close().map(|()| Answer::Plain(Reply::Done)),
            OrgCommand::ChangeOrg(change) => self.change(change),
            OrgCommand::PutAgent(put) => self.put_agent(now, put),
            OrgCommand::SetType(set) => self.set_type(now, *set),
            OrgCommand::PutGate(put) => self.put_gate(now, put),
            OrgCommand::SetWithinHours(command) => Ok(self.set_within_hours(command)),
            OrgCommand::DeleteGate(command) => self.delete_gate(command),
            OrgCommand::PutAlert(put) => self.put_alert(now, put),
            OrgCommand::DeleteAlert(command) => self.delete_alert(now, command),
            OrgCommand::SetAlertState(command) => Ok(self.set_alert_state(now, command)),
            OrgCommand::DeleteAgent(DeleteAgent { agent }) => self.delete_agent(agent),
            OrgCommand::SetReservations(SetReservations { reservations, if_version }) => {
                self.set_reservations(reservations, *if_version)
            }
            OrgCommand::StartCall(start) => self.start_call(now, start),
            OrgCommand::ClaimCall(claim) => self.claim_call(now, claim),
            OrgCommand::DeclineCall(decline) => self.decline_call(now, decline),
            OrgCommand::EndCall(EndCall { call, note }) => {
                Ok(self.end_call(now, call, note.as_ref()))
            }
            OrgCommand::EraseCall(EraseCall { call }) => self.erase_call(call),
            OrgCommand::HangUp(HangUp { call }) => Ok(self.hang_up(now, call)),
            OrgCommand::EndCalls(command) => self.end_calls(now, command),
            OrgCommand::OpenLease(OpenLease { lease, ttl_ms, key }) => {
                self.open_lease(now, lease, (*ttl_ms, key.as_ref()))
            }
            OrgCommand::RenewLease(RenewLease { lease, sum }) => self.renew_lease(now, lease, *sum),
            OrgCommand::ReconcileLease(command) => self.reconcile(now, command),
            OrgCommand::AdoptCall(AdoptCall { call, lease }) => self.adopt(now, call, lease),
            OrgCommand::EndLease(EndLease { lease }) => self.end_lease(lease),
        }?;
        // How many of the events say what the command itself did.
        let is_reconciliation = matches!(command, OrgCommand::ReconcileLease(_));
        let is_of_pages = |it: &&Recorded| matches!(it.event, Event::Lease(_));
        let itself = if is_reconciliation {
            self.news.iter().filter(is_of_pages).count()
        } else {
            self.news.len()
        };
        if !self.has_steps_left && self.is_followed(command, &answer) {
            self.go_on(now, itself + self.bounds.step_events);
        }
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

    /// Whether calls may start after a command: it has freed something, or changed who may have it. Time that has passed is left to what
    /// is due.
    fn is_followed(&self, command: &OrgCommand, answer: &Answer) -> bool {
        if matches!(command, OrgCommand::EndLease(_) | OrgCommand::EndCalls(_)) {
            return true;
        }
        let frees_nothing = |event: &SettingsEvent| {
            matches!(event, SettingsEvent::AgentDeleted { .. } | SettingsEvent::GateDeleted { .. })
                || event.is_of_alerts()
        };
        let frees = |event: &Event| {
            matches!(event, Event::Call(CallEvent::Ended(_)))
                || matches!(event, Event::Call(CallEvent::Queued(call)) if call.state.misses > 0)
                || matches!(event, Event::Settings(change) if !frees_nothing(change))
        };
        matches!(answer, Answer::Plain(Reply::Reconciled { .. }))
            || self.news.iter().any(|recorded| frees(&recorded.event))
    }

    /// Ends the calls of leases that have ended and of sweeps, oldest first, and then starts, among the queued calls that are admissible, the
    /// one with the lowest ticket, until there is none; or until there are `most` events.
    pub(super) fn go_on(&mut self, now: Now, most: usize) {
        self.set_time(now.tick);
        self.has_steps_left = !(self.end_orphans(now, most) && self.end_swept(now, most));
        if !self.has_steps_left {
            self.look_at_paces();
        }
        while let (false, Some(call)) = (self.has_steps_left, self.first_admissible()) {
            if self.news.len() >= most {
                self.has_steps_left = true;
                return;
            }
            self.dispatch(now, &call);
        }
    }

    /// What is due runs out, until there are `most` events, and then calls are dispatched.
    pub(super) fn expire_due(&mut self, now: Now, most: usize) {
        self.set_time(now.tick);
        let mut dues = if now.tick < self.grace_until { Vec::new() } else { self.deadlines() };
        dues.retain(|due| due.deadline <= now.tick);
        dues.sort_unstable();
        let mut has_room = self.end_orphans(now, most);
        for due in dues {
            if has_room && self.is_still(&due) {
                has_room = self.news.len() < most;
                if has_room {
                    self.expire(now, &due);
                    has_room = self.end_orphans(now, most);
                }
            }
        }
        if has_room && self.end_swept(now, most) {
            self.go_on(now, most);
        } else {
            self.look_for_steps();
        }
    }

    /// When something of it runs out.
    pub(super) fn next_deadline(&self) -> Option<Tick> {
        let deadline = self.deadlines().into_iter().map(|due| due.deadline).min();
        let deadline = deadline.map(|deadline| deadline.max(self.grace_until));
        deadline.into_iter().chain(self.next_wake()).min()
    }

    pub(super) fn look_for_steps(&mut self) {
        self.look_at_paces();
        self.has_steps_left = self.first_orphan().is_some()
            || !self.sweeps.is_empty()
            || self.first_admissible().is_some();
    }

    /// Whether all calls of leases that have ended have ended too, as far as there is room for their events.
    fn end_orphans(&mut self, now: Now, most: usize) -> bool {
        while let Some(call) = self.first_orphan().cloned() {
            if self.news.len() >= most {
                return false;
            }
            self.end(now, &call, EndReason::LeaseExpired, None);
        }
        true
    }

    /// The oldest call of the oldest lease that has ended.
    fn first_orphan(&self) -> Option<&Call> {
        let mut ended = self.leases.iter().filter(|lease| lease.has_ended);
        ended.find_map(|lease| {
            self.live.iter().find(|call| call.request.lease.as_ref() == Some(&lease.id))
        })
    }

    fn first_admissible(&self) -> Option<Call> {
        let (usage, doors) = (self.usage(), self.doors(self.waits.now));
        let is_admissible = |call: &&Call| {
            let Request { agent, call_type, gates, .. } = &*call.request;
            call.is_queued()
                && usage.admits(agent, *call_type)
                && doors.let_through((agent, *call_type), gates)
        };
        self.live.iter().find(is_admissible).cloned()
    }

    fn dispatch(&mut self, now: Now, call: &Call) {
        let CallState::Queued(Queued { misses }) = call.state else { return };
        let state = self.active_state(now, &self.usage(), &call.request, Some(now.tick), misses);
        let request = self.change_call(call.request.ticket, CallState::Active(state));
        self.record(CallEvent::Started(Call { request, state }));
    }

    /// Leases and calls that run out some time.
    pub(super) fn deadlines(&self) -> Vec<Due> {
        let mut dues = Vec::new();
        for (place, lease) in self.leases.iter().enumerate().filter(|(_, it)| !it.has_ended) {
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

    /// Whether it still runs out when it did: an earlier one may have settled it.
    fn is_still(&self, due: &Due) -> bool {
        let is_same = |what: &Expiring| match (what, &due.what) {
            // Its place is another once an earlier one is gone.
            (Expiring::Lease(_, one), Expiring::Lease(_, other)) => one == other,
            (Expiring::Call(one), Expiring::Call(other)) => one == other,
            (Expiring::Lease(..), Expiring::Call(_)) | (Expiring::Call(_), Expiring::Lease(..)) => {
                false
            }
        };
        self.deadlines().iter().any(|it| it.deadline == due.deadline && is_same(&it.what))
    }

    fn expire(&mut self, now: Now, due: &Due) {
        match &due.what {
            Expiring::Lease(_, lease) => self.close_lease(lease),
            Expiring::Call(ticket) => {
                let call = self.live.iter().find(|call| call.request.ticket == *ticket);
                let call = call.expect("a call that is due is live").clone();
                self.expire_call(now, &call);
            }
        }
    }

    /// A restart: every lease has its whole TTL again, and what was left to do still is.
    pub(super) fn resume(&mut self, tick: Tick) {
        self.set_time(tick);
        // What was seen to have passed may be still to come, if it was not recorded.
        self.buckets().for_each(|bucket| bucket.look(tick));
        for lease in &mut self.leases {
            lease.expires = tick.after_ms(lease.ttl_ms);
        }
        self.lose_all_pages();
        self.resume_sweeps();
        self.look_for_steps();
    }

    /// How long ago a live call was asked for, whatever the wall clock did since.
    pub(super) fn waited_ms(&self, now: Now, call: &Call) -> u64 {
        let of_call = self.requests.iter().find(|(of, _)| *of == call.request.ticket);
        let (_, requested) = of_call.expect("a live call was asked for");
        now.tick.0 - requested.0
    }

    pub(super) fn usage(&self) -> Usage {
        Usage::of(self.settings.limit(), self.type_caps, &self.agents, &self.live)
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
            oldest_wait_ms: queued.first().map(|call| self.waited_ms(now, call)),
            settling: usage.commitment().saturating_sub(usage.limit),
            version: self.version,
            as_of: self.sequence,
            type_caps: self.type_caps,
            type_paces: PerType(self.type_buckets.0.map(|it| it.map(|bucket| bucket.pace))),
            agents: usage.agent_views(),
        }
    }

    pub(super) fn summary(&self) -> OrgView {
        OrgView {
            settings: self.settings.clone(),
            live_calls: self.live.len() as u64,
            queued: self.live.iter().filter(|call| call.is_queued()).count() as u64,
        }
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
        self.open_leases().map(|lease| lease.id.clone()).collect()
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
        let before = self.live[place].clone();
        self.note_change(&before, &state);
        self.live[place].state = state;
        let request = Arc::clone(&self.live[place].request);
        if self.live[place].is_ended() {
            self.ended.push(self.live.remove(place));
            self.starts.retain(|(of, _)| *of != ticket);
            self.requests.retain(|(of, _)| *of != ticket);
            self.claimants.retain(|(of, _)| *of != ticket);
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
        let state = Ended {
            served,
            ended_at: now.at,
            reason,
            note: note.cloned(),
            remembered_until: now.tick.after_ms(callslot_core::limits::ENDED_CALL_REMEMBERED_MS),
        };
        let request = self.change_call(call.request.ticket, CallState::Ended(state.clone()));
        self.record(CallEvent::Ended(Call { request, state }));
        self.forget_ended_leases();
    }

    /// Notes an event; those that streams show are numbered.
    pub(super) fn record(&mut self, event: impl Into<Event>) {
        let event = event.into();
        let is_of_slots = |change: &SettingsEvent| !change.is_of_alerts();
        if matches!(&event, Event::Org(_))
            || matches!(&event, Event::Settings(change) if is_of_slots(change))
        {
            self.note_settings();
        }
        if let Event::Call(CallEvent::Started(call)) = &event {
            self.count_start(&call.clone().into());
        }
        if let Event::Call(CallEvent::Ended(call) | CallEvent::EndedAtOnce(call)) = &event {
            self.count_end(&call.request.gates);
        }
        let sequence = event.is_public().then(|| self.sequence.next());
        self.sequence = sequence.unwrap_or(self.sequence);
        self.news.push(Recorded { org: self.id.clone(), sequence, event });
    }

    fn view(&self, now: Now, usage: &Usage, call: Call) -> CallView {
        let wait = call.is_queued().then(|| {
            let (agent, call_type) = (&call.request.agent, call.request.call_type);
            let (blocked_on, blocked_by) = usage.blocked_on(agent, call_type);
            let is_free = blocked_on == BlockedOn::SharedFull;
            let held = self.doors(now.tick).hold((agent, call_type), &call.request.gates);
            let (blocked_on, blocked_by, retry_in_ms) = match held.filter(|_| is_free) {
                None => (blocked_on, blocked_by, None),
                Some((on, by, in_ms)) => (on, Some(by), in_ms),
            };
            Wait {
                position: self.place(&call, |_| true),
                position_in_class: self.place(&call, |other| is_of(other, agent, call_type)),
                blocked_on,
                blocked_by,
                retry_in_ms,
                estimated_ms: self.estimated_ms(now.tick, usage, &call),
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
