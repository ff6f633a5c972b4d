//! The rules of `docs/semantics.md` for one organisation, told with lists and scans.
//!
//! [`Model::decide`] says what a command must be answered and which events it must lead to. Counts are counted when they
//! are needed; nothing is kept beside the calls.

mod calls;
mod leases;
mod settings;

use std::collections::BTreeSet;
use std::sync::Arc;

use callslot_core::limits::{
    DEFAULT_LEASE_TTL_MS, ENDED_CALL_REMEMBERED_MS, MAX_EXPIRIES_PER_COMMAND,
};
use callslot_core::{
    AgentId, AgentView, BlockedOn, Call, CallId, CallState, CallType, CallView, ClassView,
    EndReason, Event, LeaseId, Now, OrgCommand, OrgSettings, PerType, PoolView, Rejection, Reply,
    Request, Sequence, SlotKind, Tick, Ticket, Timestamp, Version, Wait,
};

/// An agent and its class's reservations.
#[derive(Debug, Clone)]
pub(crate) struct ModelAgent {
    pub(crate) id: AgentId,
    pub(crate) name: Arc<str>,
    pub(crate) cap: Option<u32>,
    pub(crate) reserved: PerType<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct ModelLease {
    pub(crate) id: LeaseId,
    pub(crate) ttl_ms: u64,
    pub(crate) expires: Tick,
}

/// One organisation, as the rules say it is.
#[derive(Debug)]
pub struct Model {
    pub(crate) settings: OrgSettings,
    pub(crate) agents: Vec<ModelAgent>,
    /// Every call there ever was, in the order of their tickets.
    pub(crate) calls: Vec<Call>,
    /// Open leases, in the order in which they were opened.
    pub(crate) leases: Vec<ModelLease>,
    pub(crate) version: u64,
    pub(crate) sequence: u64,
    /// When calls were dispatched from the queue, and how long ended calls were active.
    dispatches: Vec<Timestamp>,
    durations_ms: Vec<u64>,
    grace_until: Tick,
    /// The events of the command being decided.
    pub(crate) events: Vec<(Option<Sequence>, Event)>,
}

impl Model {
    /// An organisation just founded.
    #[must_use]
    pub fn new(settings: OrgSettings) -> Self {
        Self {
            settings,
            agents: Vec::new(),
            calls: Vec::new(),
            leases: Vec::new(),
            version: 0,
            sequence: 0,
            dispatches: Vec::new(),
            durations_ms: Vec::new(),
            grace_until: Tick(0),
            events: Vec::new(),
        }
    }

    /// What a command must be answered. [`Model::events`] has what it must lead to.
    ///
    /// # Errors
    /// The refusal it must get.
    pub fn decide(&mut self, now: Now, command: &OrgCommand) -> Result<Reply, Rejection> {
        self.events.clear();
        let reply = match command {
            OrgCommand::StartCall(start) => self.start_call(now, start),
            OrgCommand::EndCall { call, note } => self.end_call(now, call, note.clone()),
            OrgCommand::ClaimCall { call } => self.claim_call(now, call),
            OrgCommand::OpenLease { lease, ttl_ms } => self.open_lease(now, lease, *ttl_ms),
            OrgCommand::RenewLease { lease, sum } => self.renew_lease(now, lease, *sum),
            OrgCommand::ReconcileLease { lease, active } => {
                self.reconcile_lease(now, lease, active)
            }
            OrgCommand::EndLease { lease } => self.end_lease(now, lease),
            OrgCommand::SetReservations { reservations, if_version } => {
                self.set_reservations(reservations, *if_version)
            }
            OrgCommand::PutAgent { agent, name, cap } => self.put_agent(agent, name, *cap),
            OrgCommand::DeleteAgent { agent } => self.delete_agent(agent),
            OrgCommand::ChangeOrg(change) => self.change_settings(change),
            OrgCommand::CreateOrg(_) | OrgCommand::DeleteOrg => {
                unreachable!("a model is of one organisation, for as long as it lives")
            }
        }?;
        self.dispatch(now);
        Ok(self.with_call_as_it_stands(now, reply))
    }

    /// What running out of time must lead to.
    pub fn expire_due(&mut self, now: Now) {
        self.events.clear();
        if now.tick < self.grace_until {
            return;
        }
        let mut due: Vec<(Tick, u8, usize)> = Vec::new();
        for (order, lease) in self.leases.iter().enumerate() {
            due.push((lease.expires, 0, order));
        }
        for (order, call) in self.calls.iter().enumerate() {
            due.extend(deadline(call).map(|tick| (tick, 1, order)));
        }
        due.retain(|(tick, ..)| *tick <= now.tick);
        due.sort_unstable();
        due.truncate(MAX_EXPIRIES_PER_COMMAND);
        let leases: Vec<LeaseId> = self.leases.iter().map(|lease| lease.id.clone()).collect();
        for (tick, kind, order) in due {
            if kind == 0 {
                self.finish_lease(now, &leases[order]);
            } else if deadline(&self.calls[order]) == Some(tick) {
                self.expire_call(now, order);
            }
        }
        self.dispatch(now);
    }

    /// What a restart does: every lease lives anew, and nothing expires for a while.
    pub fn resume(&mut self, tick: Tick) {
        self.grace_until = tick.after_ms(DEFAULT_LEASE_TTL_MS);
        for lease in &mut self.leases {
            lease.expires = tick.after_ms(lease.ttl_ms);
        }
    }

    /// The events of the last command, with their numbers.
    #[must_use]
    pub fn events(&self) -> &[(Option<Sequence>, Event)] {
        &self.events
    }

    /// When something runs out next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Tick> {
        let leases = self.leases.iter().map(|lease| lease.expires);
        let next = leases.chain(self.calls.iter().filter_map(deadline)).min();
        next.map(|tick| tick.max(self.grace_until))
    }

    /// The pool now.
    #[must_use]
    pub fn pool(&self, now: Now) -> PoolView {
        let limit = self.settings.limit();
        let reserved = self.reserved_in_all();
        let first = self.queued().next();
        let mut agents: Vec<AgentView> =
            self.agents.iter().map(|agent| self.agent_view(agent)).collect();
        agents.sort_by(|a, b| a.id.cmp(&b.id));
        PoolView {
            plan: self.settings.plan.clone(),
            limit,
            reserved,
            shared_size: limit - reserved,
            shared_in_use: self.classes().map(|class| self.beyond_reservation(&class)).sum(),
            active: count(self.active()),
            queued: count(self.queued()),
            oldest_wait_ms: first.map(|call| now.at.ms_since(call.request.requested_at)),
            settling: self.commitment().saturating_sub(limit),
            version: Version(self.version),
            as_of: Sequence(self.sequence),
            agents,
        }
    }

    /// Every call that is live or remembered, as readers see it.
    #[must_use]
    pub fn known_calls(&self, now: Now) -> Vec<CallView> {
        let mut seen = BTreeSet::new();
        let known = self.calls.iter().rev().filter(|call| is_known(call, now.tick));
        known
            .filter(|call| seen.insert(call.request.id.clone()))
            .map(|call| self.view(now, call))
            .collect()
    }

    fn agent_view(&self, agent: &ModelAgent) -> AgentView {
        let class_view = |call_type: CallType| {
            let class = (agent.id.clone(), call_type);
            let active = self.active_in(&class);
            let reserved = agent.reserved[call_type];
            ClassView {
                reserved,
                active,
                reserved_in_use: active.min(reserved),
                shared_in_use: active.saturating_sub(reserved),
                queued: count(self.queued().filter(|call| class_of(call) == class)),
            }
        };
        AgentView {
            id: agent.id.clone(),
            name: Arc::clone(&agent.name),
            cap: agent.cap,
            reserved: agent.reserved.0.iter().sum(),
            active: count(self.active().filter(|call| call.request.agent == agent.id)),
            queued: count(self.queued().filter(|call| call.request.agent == agent.id)),
            types: PerType(CallType::ALL.map(class_view)),
        }
    }

    // What the rules speak of, counted anew each time.

    pub(crate) fn queued(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.is_queued())
    }

    pub(crate) fn active(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.is_active())
    }

    fn classes(&self) -> impl Iterator<Item = (AgentId, CallType)> {
        self.agents
            .iter()
            .flat_map(|agent| CallType::ALL.map(|call_type| (agent.id.clone(), call_type)))
    }

    fn active_in(&self, class: &(AgentId, CallType)) -> u32 {
        count(self.active().filter(|call| class_of(call) == *class))
    }

    fn reserved_for(&self, class: &(AgentId, CallType)) -> u32 {
        let agent = self.agents.iter().find(|agent| agent.id == class.0);
        agent.map_or(0, |agent| agent.reserved[class.1])
    }

    fn beyond_reservation(&self, class: &(AgentId, CallType)) -> u32 {
        self.active_in(class).saturating_sub(self.reserved_for(class))
    }

    pub(crate) fn reserved_in_all(&self) -> u32 {
        self.agents.iter().flat_map(|agent| agent.reserved.0).sum()
    }

    /// Slots in use or promised: `Σ max(a, r)`.
    fn commitment(&self) -> u32 {
        self.classes().map(|class| self.active_in(&class).max(self.reserved_for(&class))).sum()
    }

    fn is_capped(&self, agent: &AgentId) -> bool {
        let cap = self.agents.iter().find(|other| other.id == *agent).and_then(|agent| agent.cap);
        cap.is_some_and(|cap| {
            count(self.active().filter(|call| call.request.agent == *agent)) >= cap
        })
    }

    /// The three conditions of admission, as they are written.
    pub(crate) fn is_admissible(&self, class: &(AgentId, CallType)) -> bool {
        let limit = self.settings.limit();
        let shared = limit - self.reserved_in_all();
        let shared_in_use: u32 = self.classes().map(|class| self.beyond_reservation(&class)).sum();
        count(self.active()) < limit
            && !self.is_capped(&class.0)
            && (self.active_in(class) < self.reserved_for(class) || shared_in_use < shared)
    }

    /// Starts, among all waiting calls that are admissible, the one with the lowest ticket, until there is none.
    fn dispatch(&mut self, now: Now) {
        while let Some(place) = self
            .calls
            .iter()
            .position(|call| call.is_queued() && self.is_admissible(&class_of(call)))
        {
            let call = &self.calls[place];
            let CallState::Queued { misses } = call.state else { unreachable!("it is queued") };
            let state = self.active_state(now, &call.request, Some(now.tick), misses);
            self.dispatches.push(now.at);
            self.set(place, state);
        }
    }

    pub(crate) fn active_state(
        &self,
        now: Now,
        request: &Request,
        dispatched: Option<Tick>,
        misses: u8,
    ) -> CallState {
        let class = (request.agent.clone(), request.call_type);
        let has_reserved_room = self.active_in(&class) < self.reserved_for(&class);
        let deadline = match request.claim_within_ms {
            Some(within) => Some(now.tick.after_ms(within)),
            None => self.duration_deadline(now.tick, request),
        };
        CallState::Active {
            slot: if has_reserved_room { SlotKind::Reserved } else { SlotKind::Shared },
            started_at: now.at,
            dispatched,
            deadline,
            is_claim_due: request.claim_within_ms.is_some(),
            misses,
        }
    }

    pub(crate) fn duration_deadline(&self, tick: Tick, request: &Request) -> Option<Tick> {
        let bound = self.settings.max_call_duration_ms;
        if request.lease.is_some() || bound == 0 { None } else { Some(tick.after_ms(bound)) }
    }

    /// Gives the call at `place` another state, and notes the event that says so.
    pub(crate) fn set(&mut self, place: usize, state: CallState) {
        let was_active = self.calls[place].is_active();
        self.calls[place].state = state;
        let call = self.calls[place].clone();
        self.note(match &call.state {
            CallState::Queued { .. } => Event::CallQueued(call),
            CallState::Active { is_claim_due: false, .. } if was_active => Event::CallClaimed(call),
            CallState::Active { .. } => Event::CallStarted(call),
            CallState::Ended { .. } => Event::CallEnded(call),
        });
    }

    pub(crate) fn end(
        &mut self,
        now: Now,
        place: usize,
        reason: EndReason,
        note: Option<Arc<str>>,
    ) {
        let served = match self.calls[place].state {
            CallState::Active { slot, started_at, .. } => {
                self.durations_ms.push(now.at.ms_since(started_at));
                Some((slot, started_at))
            }
            CallState::Queued { .. } | CallState::Ended { .. } => None,
        };
        let remembered_until = now.tick.after_ms(ENDED_CALL_REMEMBERED_MS);
        self.set(
            place,
            CallState::Ended { served, ended_at: now.at, reason, note, remembered_until },
        );
    }

    pub(crate) fn note(&mut self, event: Event) {
        let is_hidden = matches!(
            event,
            Event::OrgCreated(_)
                | Event::OrgChanged(_)
                | Event::OrgDeleted
                | Event::CallClaimed(_)
                | Event::LeaseOpened { .. }
                | Event::LeaseEnded { .. }
                | Event::CountersRestored(_)
        );
        self.sequence += u64::from(!is_hidden);
        self.events.push(((!is_hidden).then_some(Sequence(self.sequence)), event));
    }

    /// The place of the newest call with this id, if it is live or still remembered.
    pub(crate) fn find(&self, id: &CallId, tick: Tick) -> Option<usize> {
        let place = self.calls.iter().rposition(|call| call.request.id == *id)?;
        is_known(&self.calls[place], tick).then_some(place)
    }

    pub(crate) fn view(&self, now: Now, call: &Call) -> CallView {
        let wait = call.is_queued().then(|| {
            let ahead =
                self.queued().filter(|other| other.request.ticket < call.request.ticket).count();
            let position = ahead as u64 + 1;
            Wait {
                position,
                blocked_on: self.blocked_on(call),
                estimated_ms: self.estimate_ms(now, position),
            }
        });
        CallView { call: call.clone(), wait }
    }

    fn blocked_on(&self, call: &Call) -> BlockedOn {
        let limit = self.settings.limit();
        if self.is_capped(&call.request.agent) {
            BlockedOn::AgentCap
        } else if self.commitment() > limit {
            BlockedOn::Settling
        } else if count(self.active()) >= limit {
            BlockedOn::Limit
        } else {
            BlockedOn::SharedFull
        }
    }

    /// In pools of 50 slots and more from the dispatches of the last 120 s (in steps of 10 s), in smaller ones from the
    /// mean duration, in which older durations count for less each time 256 are known.
    fn estimate_ms(&self, now: Now, position: u64) -> Option<u64> {
        let slots = u64::from(self.settings.limit());
        if slots >= 50 {
            let recent = |at: &&Timestamp| at.0 / 10_000 + 12 > now.at.0 / 10_000;
            let rate = self.dispatches.iter().filter(recent).count() as u64;
            return ((position + 1) * 120_000).checked_div(rate);
        }
        let (mut known, mut sum) = (0_u64, 0_u64);
        for duration in &self.durations_ms {
            if known >= 256 {
                known /= 2;
                sum /= 2;
            }
            known += 1;
            sum += duration;
        }
        let mean = sum.checked_div(known)?;
        (position * mean).checked_div(slots)
    }

    /// An answer about a call shows the call after all that the command led to.
    fn with_call_as_it_stands(&self, now: Now, reply: Reply) -> Reply {
        match reply {
            Reply::Call { call, is_new } => {
                let place = self.calls.iter().position(|other| other.request == call.call.request);
                let call = self.view(now, &self.calls[place.expect("the call is in the list")]);
                Reply::Call { call, is_new }
            }
            other @ (Reply::Done
            | Reply::Agent { .. }
            | Reply::Reservations { .. }
            | Reply::Lease { .. }
            | Reply::Reconciled { .. }) => other,
        }
    }

    pub(crate) fn next_ticket(&self) -> Ticket {
        Ticket(self.calls.len() as u64 + 1)
    }
}

pub(crate) fn class_of(call: &Call) -> (AgentId, CallType) {
    (call.request.agent.clone(), call.request.call_type)
}

pub(crate) fn count<'a>(calls: impl Iterator<Item = &'a Call>) -> u32 {
    u32::try_from(calls.count()).expect("a model has few calls")
}

fn is_known(call: &Call, tick: Tick) -> bool {
    match call.state {
        CallState::Ended { remembered_until, .. } => tick < remembered_until,
        CallState::Queued { .. } | CallState::Active { .. } => true,
    }
}

fn deadline(call: &Call) -> Option<Tick> {
    match call.state {
        CallState::Queued { .. } => call.request.wait_deadline,
        CallState::Active { deadline, .. } => deadline,
        CallState::Ended { .. } => None,
    }
}
