//! The named invariants of `docs/semantics.md`, judged from the core's events and views, without the model.
//!
//! A witness follows one organisation's events and knows from them alone what is configured and which calls are live;
//! so each start is judged at its own moment, in the middle of a command. Start reading at [`Witness::see`].

use std::collections::{BTreeMap, BTreeSet};

use callslot_core::{
    Active, AgentId, Call, CallEvent, CallType, CallView, Command, Ended, Event, OrgCommand,
    OrgEvent, PerType, PoolView, Queued, Recorded, Sequence, SettingsEvent, SlotKind, Ticket,
};

/// What a reader of the events knows about an organisation.
#[derive(Debug, Default)]
pub struct Witness {
    plan_limit: u32,
    limit_override: Option<u32>,
    caps: BTreeMap<AgentId, Option<u32>>,
    reserved: BTreeMap<AgentId, PerType<u32>>,
    queued: BTreeMap<Ticket, Call>,
    active: BTreeMap<Ticket, Call>,
    ended: BTreeSet<Ticket>,
    last_sequence: Sequence,
}

impl Witness {
    /// Judges an event and takes it in.
    pub fn see(&mut self, command: &Command, recorded: &Recorded) {
        if let Some(sequence) = recorded.sequence {
            assert_eq!(sequence, self.last_sequence.next(), "public events are numbered in a row");
            self.last_sequence = sequence;
        }
        assert_eq!(recorded.sequence.is_some(), recorded.event.is_public());
        if is_change_of_configuration(command) {
            never_interrupt(&recorded.event);
        }
        match &recorded.event {
            Event::Call(CallEvent::Queued(call)) => self.see_queued(call),
            Event::Call(CallEvent::Started(call)) => self.see_started(call),
            Event::Call(CallEvent::Ended(call)) => self.see_ended(call),
            Event::CallClaimed(call) => {
                let known = self.active.insert(call.request.ticket, call.clone().into());
                assert!(known.is_some(), "nothing-lost: {call:?} was claimed and is not active");
            }
            Event::Settings(event) => self.see_settings(event),
            Event::Lease(_) | Event::Org(OrgEvent::Changed(_)) => {}
            Event::Org(OrgEvent::Created(settings)) => {
                self.plan_limit = settings.plan_limit;
                self.limit_override = settings.limit_override;
            }
            Event::Org(OrgEvent::Deleted) => {
                assert!(self.queued.is_empty() && self.active.is_empty(), "nothing-lost");
                self.caps.clear();
                self.reserved.clear();
            }
            Event::Org(OrgEvent::CountersRestored(_)) => panic!("no decision restores counters"),
        }
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
            SettingsEvent::AgentDeleted { agent } => {
                self.caps.remove(agent);
            }
            SettingsEvent::ReservationsChanged { reservations, .. } => {
                self.reserved.extend(reservations.iter().cloned());
            }
        }
    }

    /// The last public event.
    pub(crate) fn last_sequence(&self) -> Sequence {
        self.last_sequence
    }

    /// Judges the state between commands.
    pub fn check_rest(&self) {
        let usage = self.usage();
        for call in self.queued.values() {
            assert!(!self.admits(&usage, call), "work-conserving: {call:?} waits");
        }
    }

    /// Judges what readers are shown between commands.
    pub fn check_shown(&self, pool: &PoolView, live: &[CallView]) {
        nothing_lost(self, live);
        assert_eq!(pool.as_of, self.last_sequence);
        for view in live.iter().filter(|view| view.call.is_queued()) {
            guarantee(pool, &view.call);
            work_conserving(pool, &view.call);
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

    fn see_started(&mut self, started: &Call<Active>) {
        let call = &Call::from(started.clone());
        let was_queued = self.queued.remove(&call.request.ticket).is_some();
        let Active { slot, dispatched, .. } = started.state;
        assert_eq!(was_queued, dispatched.is_some(), "it says whether it was queued: {call:?}");
        let usage = self.usage();
        never_over_limit(&usage, call);
        exclusive(&usage, call, slot);
        fifo(self, &usage, call);
        assert!(!self.is_at_cap(&call.request.agent), "a cap is a ceiling: {call:?}");
        let known = self.active.insert(call.request.ticket, call.clone());
        assert!(known.is_none(), "{call:?} was started twice");
    }

    fn see_ended(&mut self, call: &Call<Ended>) {
        let ticket = call.request.ticket;
        let was_queued = self.queued.remove(&ticket).is_some();
        let was_active = self.active.remove(&ticket).is_some();
        assert!(was_queued ^ was_active, "nothing-lost: {call:?} ended and was not live");
        assert!(self.ended.insert(ticket), "nothing-lost: {call:?} ended twice");
    }

    fn limit(&self) -> u32 {
        self.limit_override.unwrap_or(self.plan_limit)
    }

    /// Counts who holds what now.
    fn usage(&self) -> Usage<'_> {
        let mut usage = Usage { limit: self.limit(), active: 0, classes: Vec::new() };
        for (agent, reserved) in &self.reserved {
            for call_type in CallType::ALL {
                let reserved = reserved[call_type];
                usage.classes.push(ClassUse { agent, call_type, reserved, active: 0 });
            }
        }
        for call in self.active.values() {
            usage.active += 1;
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

    fn is_at_cap(&self, agent: &AgentId) -> bool {
        let active = self.active.values().filter(|call| call.request.agent == *agent).count();
        self.caps[agent].is_some_and(|cap| number(active) >= cap)
    }

    fn admits(&self, usage: &Usage<'_>, call: &Call) -> bool {
        usage.active < usage.limit
            && (usage.has_reserved_room(call) || usage.has_shared_room())
            && !self.is_at_cap(&call.request.agent)
    }
}

/// Who holds what at one moment.
struct Usage<'a> {
    limit: u32,
    active: u32,
    classes: Vec<ClassUse<'a>>,
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

    fn has_shared_room(&self) -> bool {
        let in_use: u32 =
            self.classes.iter().map(|class| class.active.saturating_sub(class.reserved)).sum();
        let reserved: u32 = self.classes.iter().map(|class| class.reserved).sum();
        in_use < self.limit - reserved
    }
}

/// No call is started while as many are active as the limit allows.
fn never_over_limit(before: &Usage<'_>, call: &Call) {
    assert!(before.active < before.limit, "never-over-limit: {call:?}");
}

/// A call starts on one of its class's own slots if one is free, and on a shared one only if one of those is free.
fn exclusive(before: &Usage<'_>, call: &Call, slot: SlotKind) {
    let has_own = before.has_reserved_room(call);
    match slot {
        SlotKind::Reserved => assert!(has_own, "exclusive: {call:?}"),
        SlotKind::Shared => {
            assert!(!has_own && before.has_shared_room(), "exclusive: {call:?}");
        }
    }
}

/// A call starts ahead of an earlier ticket only if that call is of another class and not admissible at that moment.
fn fifo(before: &Witness, usage: &Usage<'_>, call: &Call) {
    for earlier in before.queued.range(..call.request.ticket).map(|(_, earlier)| earlier) {
        assert_ne!(class_of(earlier), class_of(call), "fifo: {call:?} overtook {earlier:?}");
        assert!(!before.admits(usage, earlier), "fifo: {call:?} overtook {earlier:?}");
    }
}

/// No change of configuration ends an active call or drops a queued one.
fn never_interrupt(event: &Event) {
    let is_interruption = matches!(event, Event::Call(CallEvent::Ended(_) | CallEvent::Queued(_)));
    assert!(!is_interruption, "never-interrupt: {event:?}");
}

/// A class below its reservation, and below its agent's cap, has nobody waiting unless the organisation is settling.
fn guarantee(pool: &PoolView, waiting: &Call) {
    let agent = pool.agents.iter().find(|agent| agent.id == waiting.request.agent);
    let agent = agent.expect("an agent with live calls is not removed");
    let class = agent.types[waiting.request.call_type];
    let is_capped = agent.cap.is_some_and(|cap| agent.active >= cap);
    let is_full = class.active >= class.reserved;
    assert!(is_full || is_capped || pool.settling > 0, "guarantee: {waiting:?} waits");
}

/// At rest no queued call is admissible.
fn work_conserving(pool: &PoolView, waiting: &Call) {
    let agent = pool.agents.iter().find(|agent| agent.id == waiting.request.agent);
    let agent = agent.expect("an agent with live calls is not removed");
    let class = agent.types[waiting.request.call_type];
    let is_capped = agent.cap.is_some_and(|cap| agent.active >= cap);
    let has_slot = class.active < class.reserved || pool.shared_in_use < pool.shared_size;
    let is_admissible = pool.active < pool.limit && !is_capped && has_slot;
    assert!(!is_admissible, "work-conserving: {waiting:?} waits");
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
        Command::SetPlanLimit(_) => true,
        Command::ExpireDue => false,
        Command::Org(_, command) => match command {
            OrgCommand::CreateOrg(_)
            | OrgCommand::ChangeOrg(_)
            | OrgCommand::DeleteOrg
            | OrgCommand::PutAgent(_)
            | OrgCommand::DeleteAgent(_)
            | OrgCommand::SetReservations(_) => true,
            OrgCommand::StartCall(_)
            | OrgCommand::ClaimCall(_)
            | OrgCommand::EndCall(_)
            | OrgCommand::OpenLease(_)
            | OrgCommand::RenewLease(_)
            | OrgCommand::ReconcileLease(_)
            | OrgCommand::EndLease(_) => false,
        },
    }
}

fn class_of(call: &Call) -> (&AgentId, CallType) {
    (&call.request.agent, call.request.call_type)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a case has few calls")
}
