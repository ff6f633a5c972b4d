//! A shard with one organisation and its calls. Its methods are what the benches measure.

use std::collections::VecDeque;
use std::hint::black_box;

use callslot_core::{
    AgentId, Ask, AskOrg, CallGates, CallId, CallType, CallView, CreateOrg, EndCall, GateId,
    GateKind, GateSettings, LeaseId, Now, OrgId, OrgSettings, PerType, PlanId, PutAgent, PutGate,
    Recorded, SetReservations, Shard, StartCall, Tick, Timestamp,
};

/// How many events are kept before they are dropped, as an owner of a log drops what it has appended.
const EVENTS_KEPT: usize = 4096;

/// An organisation without reservations, whose calls have no lease unless they are started under one.
pub struct World {
    pub shard: Shard,
    pub org: OrgId,
    /// The events of the latest decisions.
    pub events: Vec<Recorded>,
    /// The live calls. As long as none is canceled they are in order of age, so the first of them are the active ones.
    pub calls: VecDeque<CallId>,
    pub tick: Tick,
    agents: Vec<AgentId>,
    /// What one call after the other names.
    gates: Vec<CallGates>,
    limit: u32,
    /// How much time passes before each start. It bounds how many ended calls are remembered.
    ms_per_call: u64,
    started: u64,
}

impl World {
    pub fn new(agents: usize, limit: u32, ms_per_call: u64) -> Self {
        let ids = (0..agents).map(|n| AgentId::parse(&format!("agent-{n}")).expect("an agent id"));
        let mut world = Self {
            shard: Shard::new(),
            org: OrgId::parse("org").expect("an organisation id"),
            events: Vec::new(),
            calls: VecDeque::new(),
            tick: Tick(0),
            agents: ids.collect(),
            gates: vec![CallGates::default()],
            limit,
            ms_per_call,
            started: 0,
        };
        world.decide((
            world.org.clone(),
            CreateOrg(OrgSettings {
                name: "org".into(),
                plan: PlanId::parse("bench").expect("a plan id"),
                plan_limit: limit,
                limit_override: None,
                max_call_duration_ms: u64::MAX / 2,
                max_wait_ms: PerType::default(),
                max_queued: 10_000_000,
            }),
        ));
        for agent in world.agents.clone() {
            world.ask(PutAgent { agent, name: "agent".into(), cap: None, pace: None });
        }
        world
    }

    /// With this many campaigns, whose calls also pass one of ten trunks. All gates have a cap, and are open.
    pub fn with_gates(mut self, campaigns: usize) -> Self {
        let gate = |kind: &str, n: usize| GateId::parse(&format!("{kind}-{n}")).expect("a gate id");
        let all =
            (0..campaigns).map(|n| gate("campaign", n)).chain((0..10).map(|n| gate("trunk", n)));
        for gate in all {
            let settings = GateSettings {
                name: "gate".into(),
                kind: GateKind::Other,
                cap: Some(1_000_000),
                pace: None,
                is_paused: false,
                hours: None,
            };
            self.ask(PutGate { gate, settings, is_within_hours: true });
        }
        let of_call = |n: usize| {
            let trunk = n / campaigns % 2 * 5 + n % 5;
            CallGates::new(vec![gate("campaign", n % campaigns), gate("trunk", trunk)])
        };
        let of_calls = (0..2 * campaigns).map(|n| of_call(n).expect("two gates"));
        self.gates = of_calls.collect();
        self
    }

    /// With this many calls queued, and as many active as the limit allows.
    pub fn with_queued(mut self, queued: usize) -> Self {
        for _ in 0..self.limit as usize + queued {
            self.start();
        }
        assert_eq!(self.queued(), queued, "only what is beyond the limit is queued");
        self
    }

    /// With this many active calls, and one reserved slot for each class.
    pub fn with_reservations_and_active(mut self, active: usize) -> Self {
        let one_each = |agent: &AgentId| (agent.clone(), PerType([1, 1, 1, 1]));
        let reservations = self.agents.iter().map(one_each).collect();
        self.ask(SetReservations { reservations, if_version: None });
        for _ in 0..active {
            self.start();
        }
        assert_eq!(self.queued(), 0, "all of them fit under the limit");
        self
    }

    /// Starts a call and ends the oldest. With calls queued: queues one, and the end dispatches another.
    pub fn start_and_end(&mut self) {
        self.start();
        let oldest = self.calls.pop_front().expect("calls are live");
        self.end(oldest);
    }

    /// Cancels a queued call at a random place, and queues another in its place.
    pub fn cancel_and_queue(&mut self) {
        let place = self.somewhere_in_line();
        let canceled = self.calls.swap_remove_back(place).expect("calls are queued");
        self.end(canceled);
        self.start();
    }

    /// Looks a queued call up, with its position.
    pub fn look_up_queued(&mut self) -> CallView {
        self.started += 1;
        let call = &self.calls[self.somewhere_in_line()];
        let org = self.shard.org(&self.org).expect("the organisation is there");
        let view = org.call(call, self.now()).expect("the call is live");
        assert!(view.wait.is_some(), "the call is queued");
        view
    }

    pub fn start(&mut self) {
        let id = self.start_under(None);
        self.calls.push_back(id);
    }

    pub fn start_under(&mut self, lease: Option<LeaseId>) -> CallId {
        self.started += 1;
        self.tick = self.tick.after_ms(self.ms_per_call);
        let n = self.started;
        let id = call_id(n);
        let agent = usize::try_from(n).expect("a small number") % self.agents.len();
        self.ask(StartCall {
            id: id.clone(),
            agent: self.agents[agent].clone(),
            call_type: CallType::ALL[(n / 7 % 4) as usize],
            lease,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: self.gates[usize::try_from(n).expect("a small number") % self.gates.len()]
                .clone(),
            metadata: None,
        });
        id
    }

    pub fn ask<A: AskOrg>(&mut self, command: A) {
        self.decide((self.org.clone(), command));
    }

    pub fn decide<A: Ask>(&mut self, command: A) {
        if self.events.len() >= EVENTS_KEPT {
            self.events.clear();
        }
        let reply = self.shard.decide(self.now(), command, &mut self.events);
        if let Err(refusal) = black_box(&reply) {
            panic!("a bench asks for nothing that is refused: {refusal:?}");
        }
    }

    pub fn queued(&self) -> usize {
        let org = self.shard.org(&self.org).expect("the organisation is there");
        let live = usize::try_from(org.live_calls()).expect("they fit in memory");
        live.saturating_sub(self.limit as usize)
    }

    fn end(&mut self, call: CallId) {
        self.ask(EndCall { call, note: None });
    }

    /// The place of a queued call among the live ones: each time another, far from the last.
    fn somewhere_in_line(&self) -> usize {
        let active = self.limit as usize;
        let queued = self.calls.len() - active;
        active + usize::try_from(self.started * 7919).expect("a small number") % queued
    }

    pub fn now(&self) -> Now {
        Now { at: Timestamp(1_700_000_000_000 + self.tick.0), tick: self.tick }
    }
}

/// An id as long as a UUID, made without the cost of formatting.
fn call_id(n: u64) -> CallId {
    let mut text = *b"0190a1b2-0000-7000-8000-000000000000";
    let mut rest = n;
    for digit in text[24..].iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).expect("a digit");
        rest /= 10;
    }
    CallId::parse(str::from_utf8(&text).expect("ASCII")).expect("a call id")
}
