//! The named invariants of `docs/semantics.md`, judged from the core's events and views, without the model.
//!
//! A witness follows one organisation's events and knows from them alone what is configured and which calls are live;
//! so each start is judged at its own moment, in the middle of a command. Start reading at [`Witness::see`].

use std::collections::{BTreeMap, BTreeSet};

use callslot_core::{
    Active, Adoption, AgentId, AgentView, Call, CallEvent, CallGates, CallState, CallType,
    CallView, Claim, ClassView, Command, EndReason, Ended, Event, LeaseEvent, LeaseId, Now,
    OrgCommand, OrgEvent, PerType, PoolView, Queued, Recorded, Request, Sequence, SettingsEvent,
    SlotKind, SweepEvent, Tick, Ticket,
};

use crate::judge::alert_check::Alarms;
use crate::judge::gate_check::Gateways;

/// What a reader of the events knows about an organisation.
#[derive(Debug, Default)]
pub struct Witness {
    plan_limit: u32,
    limit_override: Option<u32>,
    caps: BTreeMap<AgentId, Option<u32>>,
    type_caps: PerType<Option<u32>>,
    reserved: BTreeMap<AgentId, PerType<u32>>,
    queued: BTreeMap<Ticket, Call>,
    active: BTreeMap<Ticket, Call>,
    ended: BTreeSet<Ticket>,
    /// Leases that have ended and were not opened again.
    ended_leases: BTreeSet<LeaseId>,
    /// The requests to end all calls that match which are not done.
    sweeps: BTreeSet<u64>,
    gateways: Gateways,
    alarms: Alarms,
    /// When what is due was last looked for.
    looked_at: Tick,
    last_sequence: Sequence,
    /// Whether the event before said who makes a change.
    is_signed: bool,
}

impl Witness {
    /// Judges an event and takes it in.
    pub fn see(&mut self, now: Now, command: &Command, recorded: &Recorded) {
        if matches!(command, Command::ExpireDue | Command::TakeStep) {
            self.looked_at = now.tick;
        }
        if let Some(sequence) = recorded.sequence {
            assert_eq!(sequence, self.last_sequence.next(), "public events are numbered in a row");
            self.last_sequence = sequence;
        }
        assert_eq!(recorded.sequence.is_some(), recorded.event.is_public());
        if is_change_of_configuration(command) {
            never_interrupt(&recorded.event);
        }
        self.see_actor(command, &recorded.event);
        match &recorded.event {
            Event::Call(CallEvent::Queued(call)) => self.see_queued(call),
            Event::Call(CallEvent::Started(call)) => self.see_started(now, call),
            Event::Call(CallEvent::Ended(call)) => self.see_ended(command, call),
            Event::Call(CallEvent::EndedAtOnce(call)) => self.see_ended_at_once(now, command, call),
            Event::CallClaimed(claim) => self.see_claimed(claim),
            Event::CallAdopted(adoption) => self.see_adopted(adoption),
            Event::Settings(event) => {
                self.gateways.see_settings(event);
                self.alarms.see_settings(event);
                self.see_settings(event);
            }
            Event::Alert(event) => self.alarms.see(event),
            Event::Lease(LeaseEvent::Opened { lease, .. }) => {
                self.ended_leases.remove(lease);
            }
            Event::Lease(LeaseEvent::Ended { lease }) => {
                self.ended_leases.insert(lease.clone());
            }
            Event::Lease(
                LeaseEvent::PagesBegun { lease, .. }
                | LeaseEvent::PagesDecided { lease, .. }
                | LeaseEvent::PagesLost { lease, .. },
            ) => assert!(!self.ended_leases.contains(lease), "lease {lease} has ended"),
            Event::Sweep(SweepEvent::Begun(sweep)) => {
                assert!(self.sweeps.insert(sweep.number), "it began twice: {sweep:?}");
            }
            Event::Sweep(SweepEvent::Done { number, .. }) => {
                assert!(self.sweeps.remove(number), "sweep {number} was done before");
            }
            Event::CallErased(call) => {
                let mut live = self.queued.values().chain(self.active.values());
                assert!(live.all(|live| live.request.id != *call), "a live call is not erased");
            }
            Event::ChangedBy(_) | Event::EndsRemembered(..) | Event::Org(OrgEvent::Changed(_)) => {}
            Event::Org(OrgEvent::Created(settings)) => {
                self.plan_limit = settings.plan_limit;
                self.limit_override = settings.limit_override;
            }
            Event::Org(OrgEvent::Deleted) => {
                assert!(self.queued.is_empty() && self.active.is_empty(), "nothing-lost");
                self.caps.clear();
                self.type_caps = PerType::default();
                self.reserved.clear();
                self.gateways.clear();
                self.alarms.clear();
            }
            Event::Org(
                OrgEvent::CountersRestored(_)
                | OrgEvent::WaitsRestored(_)
                | OrgEvent::AgentWaitsRestored(..)
                | OrgEvent::StartRestored(..)
                | OrgEvent::RequestsRestored(_)
                | OrgEvent::PaceRestored(..)
                | OrgEvent::GateRestored(..),
            ) => panic!("no decision restores counters"),
        }
    }

    /// A change says who made it if the command did, and nothing else does.
    fn see_actor(&mut self, command: &Command, event: &Event) {
        let is_change = match event {
            Event::ChangedBy(by) => {
                assert_eq!(Some(&by.actor), command.actor(), "change-names-its-actor");
                false
            }
            Event::Settings(_) | Event::Org(_) | Event::CallErased(_) => true,
            Event::Call(_)
            | Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::Sweep(_)
            | Event::Alert(_)
            | Event::Lease(_) => false,
        };
        let is_signed =
            std::mem::replace(&mut self.is_signed, matches!(event, Event::ChangedBy(_)));
        let must_be = is_change && command.actor().is_some();
        assert_eq!(is_signed, must_be, "change-names-its-actor: {event:?}");
    }

    fn see_settings(&mut self, event: &SettingsEvent) {
        match event {
            SettingsEvent::LimitChanged { plan_limit, limit_override, .. } => {
                self.plan_limit = *plan_limit;
                self.limit_override = *limit_override;
            }
            SettingsEvent::AgentPut { agent, cap, .. } => {
                self.caps.insert(agent.clone(), *cap);
            }
            SettingsEvent::TypeChanged { call_type, cap, .. } => {
                self.type_caps[*call_type] = *cap;
            }
            SettingsEvent::AgentDeleted { agent } => {
                self.caps.remove(agent);
            }
            SettingsEvent::ReservationsChanged { reservations, .. } => {
                self.reserved.extend(reservations.iter().cloned());
            }
            SettingsEvent::GatePut { .. }
            | SettingsEvent::GateHours { .. }
            | SettingsEvent::GateDeleted { .. }
            | SettingsEvent::AlertPut { .. }
            | SettingsEvent::AlertDeleted { .. } => {}
        }
    }

    /// The last public event.
    pub(crate) fn last_sequence(&self) -> Sequence {
        self.last_sequence
    }

    /// Judges the state between commands where none has left anything to do.
    pub fn check_rest(&self) {
        assert!(!self.has_orphans(), "bounded step: calls of an ended lease are live at rest");
        let usage = self.usage();
        for call in self.queued.values() {
            let is_let_through =
                self.gateways.let_through(call, &self.active.values(), self.looked_at);
            let is_admissible = is_let_through && usage.admits(call);
            assert!(
                !is_admissible || self.gateways.is_unsure(call),
                "work-conserving: {call:?} waits"
            );
        }
    }

    /// Judges what readers are shown between commands, whether or not something is left to do.
    pub fn check_shown(&self, pool: &PoolView, live: &[CallView], is_at_rest: bool) {
        nothing_lost(self, live);
        assert_eq!(pool.as_of, self.last_sequence);
        for view in live.iter().filter(|view| is_at_rest && view.call.is_queued()) {
            if self.gateways.let_through(&view.call, &self.active.values(), self.looked_at)
                && !self.gateways.is_unsure(&view.call)
            {
                guarantee(pool, &view.call);
                work_conserving(pool, &view.call);
            }
        }
    }

    fn see_queued(&mut self, call: &Call<Queued>) {
        let ticket = call.request.ticket;
        let returned = self.active.remove(&ticket).is_some();
        let is_new = !self.ended.contains(&ticket) && !self.queued.contains_key(&ticket);
        assert!(is_new, "nothing-lost: {call:?} was queued twice");
        assert_eq!(
            returned,
            call.state.misses > 0,
            "only a call that was not claimed comes back: {call:?}"
        );
        self.queued.insert(ticket, call.clone().into());
    }

    fn see_started(&mut self, now: Now, started: &Call<Active>) {
        let call = &Call::from(started.clone());
        let was_queued = self.queued.remove(&call.request.ticket).is_some();
        let Active { slot, dispatched, .. } = started.state;
        assert_eq!(was_queued, dispatched.is_some(), "it says whether it was queued: {call:?}");
        let usage = self.usage();
        never_over_limit(&usage, call);
        exclusive(&usage, call, slot);
        fifo(self, &usage, call, now.tick);
        assert!(!self.has_orphans(), "bounded step: {call:?} was let past calls of an ended lease");
        self.gateways.see_started(call, &self.active.values(), now.tick);
        let known = self.active.insert(call.request.ticket, call.clone());
        assert!(known.is_none(), "{call:?} was started twice");
    }

    /// A call is claimed once, and somebody has claimed it then.
    fn see_claimed(&mut self, Claim { call, claimant }: &Claim) {
        let known = self.active.insert(call.request.ticket, call.clone().into());
        let known = known.unwrap_or_else(|| panic!("nothing-lost: {call:?} was claimed"));
        assert!(
            is_claim_due(&known) && claimant.is_some(),
            "the first claim wins: {call:?} by {claimant:?}"
        );
    }

    /// A call that is adopted is another lease's from now on, and otherwise as it was.
    fn see_adopted(&mut self, Adoption { call, from }: &Adoption) {
        let ticket = call.request.ticket;
        let call = Call::from(call.clone());
        let of_state = if call.is_queued() { &mut self.queued } else { &mut self.active };
        let before = of_state.insert(ticket, call.clone());
        let before = before.unwrap_or_else(|| panic!("nothing-lost: {call:?} was adopted"));
        assert_eq!(before.request.lease, *from, "it says whose it was: {call:?}");
        let lease = call.request.lease.clone();
        assert!(lease.is_some() && lease != *from, "it has another lease: {call:?}");
        let expected = Request { lease, ..(*before.request).clone() };
        assert_eq!(*call.request, expected, "only the lease of a call changes");
    }

    fn see_ended(&mut self, command: &Command, call: &Call<Ended>) {
        let ticket = call.request.ticket;
        let was_queued = self.queued.remove(&ticket).is_some();
        let active = self.active.remove(&ticket);
        if call.state.reason == EndReason::Declined {
            let was_due = active.as_ref().is_some_and(is_claim_due);
            let is_own = matches!(
                command,
                Command::Org(_, OrgCommand::DeclineCall(decline)) if decline.call == call.request.id
            );
            assert!(was_due && is_own, "only one who was to claim it declines: {call:?}");
        }
        let was_active = active.is_some();
        assert!(was_queued ^ was_active, "nothing-lost: {call:?} ended and was not live");
        assert!(self.ended.insert(ticket), "nothing-lost: {call:?} ended twice");
    }

    /// Whether a call of a lease that has ended is live.
    fn has_orphans(&self) -> bool {
        let mut live = self.queued.values().chain(self.active.values());
        live.any(|call| {
            let lease = call.request.lease.as_ref();
            lease.is_some_and(|lease| self.ended_leases.contains(lease))
        })
    }

    /// A call that never was live: it was ended before it came, or may not wait and could not start.
    fn see_ended_at_once(&mut self, now: Now, command: &Command, call: &Call<Ended>) {
        let ticket = call.request.ticket;
        let is_live = self.queued.contains_key(&ticket) || self.active.contains_key(&ticket);
        assert!(!is_live && call.state.served.is_none(), "it was live: {call:?}");
        let is_own = matches!(
            command,
            Command::Org(_, OrgCommand::StartCall(start)) if start.id == call.request.id
        );
        assert!(is_own, "a call ends as it comes by its own start alone: {call:?}");
        if call.state.reason == EndReason::MaxWait {
            let usage = self.usage();
            let is_let_through =
                |call: &Call| self.gateways.let_through(call, &self.active.values(), now.tick);
            let may_be_let_through =
                |call: &Call| self.gateways.may_let_through(call, &self.active.values(), now.tick);
            let is_unsure = |call: &Call| self.gateways.is_unsure(call);
            let is_busy = self.has_orphans() || !self.sweeps.is_empty();
            let may_be_due =
                |call: &Call| usage.admits(call) && (is_unsure(call) || may_be_let_through(call));
            let may_have_steps_left = is_busy || self.queued.values().any(may_be_due);
            let call = &call.clone().into();
            let is_admissible = usage.admits(call) && !is_unsure(call) && is_let_through(call);
            let could_start = !may_have_steps_left && is_admissible;
            assert!(!could_start, "work-conserving: it could have started: {call:?}");
        } else {
            assert_eq!(call.state.reason, EndReason::Canceled, "{call:?}");
        }
        assert!(self.ended.insert(ticket), "nothing-lost: {call:?} ended twice");
    }

    fn limit(&self) -> u32 {
        self.limit_override.unwrap_or(self.plan_limit)
    }

    /// Counts who holds what now.
    fn usage(&self) -> Usage<'_> {
        let (limit, type_caps) = (self.limit(), self.type_caps);
        let mut usage = Usage { limit, caps: &self.caps, type_caps, classes: Vec::new() };
        for (agent, reserved) in &self.reserved {
            for call_type in CallType::ALL {
                let reserved = reserved[call_type];
                usage.classes.push(ClassUse { agent, call_type, reserved, active: 0 });
            }
        }
        for call in self.active.values() {
            let (agent, call_type) = (&call.request.agent, call.request.call_type);
            match usage.classes.iter_mut().find(|class| class.is(agent, call_type)) {
                Some(class) => class.active += 1,
                None => {
                    usage.classes.push(ClassUse { agent, call_type, reserved: 0, active: 1 });
                }
            }
        }
        usage
    }
}

fn is_claim_due(call: &Call) -> bool {
    matches!(call.state, CallState::Active(Active { is_claim_due: true, .. }))
}

/// Who holds what at one moment.
struct Usage<'a> {
    limit: u32,
    caps: &'a BTreeMap<AgentId, Option<u32>>,
    type_caps: PerType<Option<u32>>,
    classes: Vec<ClassUse<'a>>,
}

/// A limit over a set of classes, how many of their calls are active, and how many slots are in use or promised.
#[derive(Debug)]
struct Bound {
    limit: u32,
    active: u32,
    committed: u32,
}

struct ClassUse<'a> {
    agent: &'a AgentId,
    call_type: CallType,
    reserved: u32,
    active: u32,
}

impl ClassUse<'_> {
    fn is(&self, agent: &AgentId, call_type: CallType) -> bool {
        self.call_type == call_type && self.agent == agent
    }
}

impl Usage<'_> {
    fn has_reserved_room(&self, call: &Call) -> bool {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let class = self.classes.iter().find(|class| class.is(agent, call_type));
        class.is_some_and(|class| class.active < class.reserved)
    }

    /// The limits that hold for a call: the pool's, its agent's cap and its type's.
    fn bounds_on(&self, call: &Call) -> Vec<Bound> {
        let (agent, call_type) = (&call.request.agent, call.request.call_type);
        let mut bounds = vec![self.bound(self.limit, |_| true)];
        bounds.extend(self.caps[agent].map(|cap| self.bound(cap, |class| class.agent == agent)));
        let type_cap = self.type_caps[call_type];
        bounds.extend(type_cap.map(|cap| self.bound(cap, |class| class.call_type == call_type)));
        bounds
    }

    fn bound(&self, limit: u32, holds: impl Fn(&ClassUse<'_>) -> bool) -> Bound {
        let held = self.classes.iter().filter(|class| holds(class));
        held.fold(Bound { limit, active: 0, committed: 0 }, |bound, class| Bound {
            active: bound.active + class.active,
            committed: bound.committed + class.active.max(class.reserved),
            ..bound
        })
    }

    fn admits(&self, call: &Call) -> bool {
        let bounds = self.bounds_on(call);
        if self.has_reserved_room(call) {
            bounds.iter().all(|bound| bound.active < bound.limit)
        } else {
            bounds.iter().all(|bound| bound.committed < bound.limit)
        }
    }
}

/// What a command leads to at once is bounded, whatever its size; the command itself has an event of its own, or two, or one for
/// each organisation that it concerns.
pub fn bounded_step(command: &Command, events: &[Recorded], step_events: usize) {
    let events: Vec<_> =
        events.iter().filter(|it| !matches!(it.event, Event::ChangedBy(_))).collect();
    let of_itself = match command.itself() {
        Command::By(..) => unreachable!("it says no more who gives it"),
        Command::ExpireDue | Command::TakeStep => 0,
        // It may say that the pages are decided.
        Command::Org(_, OrgCommand::ReconcileLease(_)) => 1,
        Command::SetPlanLimit(_) => {
            events.iter().filter(|it| matches!(it.event, Event::Settings(_))).count()
        }
        Command::Org(..) => 2,
    };
    let most = of_itself + step_events;
    assert!(events.len() <= most, "bounded step: {command:?} led to more than {most}: {events:?}");
}

/// No call is started while as many are active as the limit allows, nor beyond a cap.
fn never_over_limit(before: &Usage<'_>, call: &Call) {
    for bound in before.bounds_on(call) {
        assert!(bound.active < bound.limit, "never-over-limit: {call:?} under {bound:?}");
    }
}

/// A call starts on one of its class's own slots if one is free, and on a shared one only where none that is reserved under
/// the limit or a cap is lent.
fn exclusive(before: &Usage<'_>, call: &Call, slot: SlotKind) {
    let has_own = before.has_reserved_room(call);
    assert_eq!(has_own, slot == SlotKind::Reserved, "exclusive: {call:?}");
    if slot == SlotKind::Shared {
        for bound in before.bounds_on(call) {
            assert!(bound.committed < bound.limit, "exclusive: {call:?} under {bound:?}");
        }
    }
}

/// A call starts ahead of an earlier ticket only if that call is of another lane and not admissible at that moment.
fn fifo(before: &Witness, usage: &Usage<'_>, call: &Call, tick: Tick) {
    for earlier in before.queued.range(..call.request.ticket).map(|(_, earlier)| earlier) {
        assert_ne!(lane_of(earlier), lane_of(call), "fifo: {call:?} overtook {earlier:?}");
        let is_let_through = before.gateways.let_through(earlier, &before.active.values(), tick);
        let is_admissible = is_let_through && usage.admits(earlier);
        assert!(
            !is_admissible || before.gateways.is_unsure(earlier),
            "fifo: {call:?} overtook {earlier:?}"
        );
    }
}

/// No change of configuration ends an active call or drops a queued one.
fn never_interrupt(event: &Event) {
    let is_interruption = matches!(event, Event::Call(CallEvent::Ended(_) | CallEvent::Queued(_)));
    assert!(!is_interruption, "never-interrupt: {event:?}");
}

/// A class below its reservation has nobody waiting unless the organisation is settling: more is in use or promised than the
/// limit, the agent's cap or the type's cap allows.
fn guarantee(pool: &PoolView, waiting: &Call) {
    let agent = agent_of(pool, waiting);
    let call_type = waiting.request.call_type;
    let class = agent.types[call_type];
    let is_full = class.active >= class.reserved;
    let is_settling = pool.settling > 0
        || agent.cap.is_some_and(|cap| committed(&agent.types.0) > cap)
        || pool.type_caps[call_type].is_some_and(|cap| committed(&of_type(pool, call_type)) > cap);
    assert!(is_full || is_settling, "guarantee: {waiting:?} waits");
}

/// At rest no queued call is admissible.
fn work_conserving(pool: &PoolView, waiting: &Call) {
    let agent = agent_of(pool, waiting);
    let call_type = waiting.request.call_type;
    let (class, of_type) = (agent.types[call_type], of_type(pool, call_type));
    let (cap, type_cap) = (agent.cap, pool.type_caps[call_type]);
    let is_admissible = if class.active < class.reserved {
        pool.active < pool.limit
            && cap.is_none_or(|cap| agent.active < cap)
            && type_cap.is_none_or(|cap| of_type.iter().map(|of| of.active).sum::<u32>() < cap)
    } else {
        pool.shared_in_use < pool.shared_size
            && cap.is_none_or(|cap| committed(&agent.types.0) < cap)
            && type_cap.is_none_or(|cap| committed(&of_type) < cap)
    };
    assert!(!is_admissible, "work-conserving: {waiting:?} waits");
}

fn of_type(pool: &PoolView, call_type: CallType) -> Vec<ClassView> {
    pool.agents.iter().map(|agent| agent.types[call_type]).collect()
}

fn agent_of<'a>(pool: &'a PoolView, call: &Call) -> &'a AgentView {
    let agent = pool.agents.iter().find(|agent| agent.id == call.request.agent);
    agent.expect("an agent with live calls is not removed")
}

/// The classes' slots in use or promised.
fn committed(classes: &[ClassView]) -> u32 {
    classes.iter().map(|class| class.reserved + class.shared_in_use).sum()
}

/// What was accepted and has not ended is shown, as its last event left it, and nothing else is.
fn nothing_lost(witness: &Witness, live: &[CallView]) {
    let mut seen = witness.queued.clone();
    seen.extend(witness.active.clone());
    let shown: BTreeMap<Ticket, Call> =
        live.iter().map(|view| (view.call.request.ticket, view.call.clone())).collect();
    assert_eq!(shown, seen, "nothing-lost, left what is shown, right what events said");
}

fn is_change_of_configuration(command: &Command) -> bool {
    match command {
        Command::By(_, command) => is_change_of_configuration(command),
        Command::SetPlanLimit(_) => true,
        Command::ExpireDue | Command::TakeStep => false,
        Command::Org(_, command) => match command {
            OrgCommand::CreateOrg(_)
            | OrgCommand::ChangeOrg(_)
            | OrgCommand::DeleteOrg
            | OrgCommand::PutAgent(_)
            | OrgCommand::DeleteAgent(_)
            | OrgCommand::SetType(_)
            | OrgCommand::PutGate(_)
            | OrgCommand::SetWithinHours(_)
            | OrgCommand::DeleteGate(_)
            | OrgCommand::PutAlert(_)
            | OrgCommand::DeleteAlert(_)
            | OrgCommand::SetAlertState(_)
            | OrgCommand::SetReservations(_) => true,
            OrgCommand::StartCall(_)
            | OrgCommand::ClaimCall(_)
            | OrgCommand::DeclineCall(_)
            | OrgCommand::EndCall(_)
            | OrgCommand::EndCalls(_)
            | OrgCommand::EraseCall(_)
            | OrgCommand::HangUp(_)
            | OrgCommand::OpenLease(_)
            | OrgCommand::RenewLease(_)
            | OrgCommand::ReconcileLease(_)
            | OrgCommand::AdoptCall(_)
            | OrgCommand::EndLease(_) => false,
        },
    }
}

fn lane_of(call: &Call) -> (&AgentId, CallType, &CallGates) {
    (&call.request.agent, call.request.call_type, &call.request.gates)
}
