//! One run of a kind of traffic: what is due next in virtual time, and the core that it is asked of.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::f64::consts::TAU;

use callslot_core::{
    AgentId, BlockedOn, CallEvent, CallGates, CallId, CreateOrg, EndCall, Event, Now, OrgId,
    OrgSettings, PerType, PlanId, PutAgent, Recorded, SetReservations, SetType, Shard, StartCall,
    Tick, Timestamp,
};

use crate::estimate::judged::Judged;
use crate::estimate::traffic::{Arrivals, Stream, Traffic};

/// A virtual day like any other.
const BEGIN_MS: u64 = 1_700_000_000_000;

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A call of the stream comes, and the next one is planned.
    Comes(usize),
    /// A call of the stream comes as part of a burst.
    ComesInBurst(usize),
    /// The call with this number is over.
    Ends(u64),
    /// The caller hangs up if the call is still queued.
    GivesUp(u64),
}

/// A call that is live.
#[derive(Debug)]
struct Caller {
    stream: usize,
    queued: Option<Queued>,
}

#[derive(Debug)]
struct Queued {
    since_ms: u64,
    estimated_ms: Option<u64>,
}

pub(super) struct Course<'a> {
    traffic: &'a Traffic,
    judged: &'a mut Judged,
    random: fastrand::Rng,
    org: OrgId,
    shard: Shard,
    now_ms: u64,
    /// By time, and by number where that is the same.
    due: BinaryHeap<Reverse<(u64, u64, What)>>,
    planned: u64,
    live: HashMap<u64, Caller>,
    calls: u64,
    events: Vec<Recorded>,
}

impl<'a> Course<'a> {
    pub(super) fn new(traffic: &'a Traffic, seed: u64, judged: &'a mut Judged) -> Self {
        let mut course = Self {
            traffic,
            judged,
            random: fastrand::Rng::with_seed(seed),
            org: OrgId::parse("estimated").expect("an id"),
            shard: Shard::new(),
            now_ms: 0,
            due: BinaryHeap::new(),
            planned: 0,
            live: HashMap::new(),
            calls: 0,
            events: Vec::new(),
        };
        course.found();
        course
    }

    /// Lets the traffic come, and those that wait in the end have their turn.
    pub(super) fn run(mut self) {
        for stream in 0..self.traffic.streams.len() {
            self.plan_next(stream);
        }
        while let Some(Reverse((at_ms, _, what))) = self.due.pop() {
            self.now_ms = at_ms;
            match what {
                What::Comes(stream) => {
                    self.come(stream);
                    self.plan_next(stream);
                }
                What::ComesInBurst(stream) => self.call(stream),
                What::Ends(call) => self.end(call),
                What::GivesUp(call) => {
                    if self.live.get(&call).is_some_and(|caller| caller.queued.is_some()) {
                        self.end(call);
                    }
                }
            }
        }
    }

    fn found(&mut self) {
        let settings = OrgSettings {
            name: self.traffic.name.into(),
            plan: PlanId::parse("plan").expect("an id"),
            plan_limit: self.traffic.limit,
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType::default(),
            max_queued: 1_000_000,
        };
        self.decide(CreateOrg(settings));
        let mut reservations = Vec::new();
        for agent in &self.traffic.agents {
            let id = AgentId::parse(agent.id).expect("an id");
            reservations.push((id.clone(), agent.reserved));
            self.decide(PutAgent { agent: id, name: agent.id.into(), cap: agent.cap, pace: None });
        }
        self.decide(SetReservations { reservations, if_version: None });
        for &(call_type, cap) in &self.traffic.type_caps {
            self.decide(SetType { call_type, cap: Some(cap), pace: None });
        }
    }

    fn plan(&mut self, in_s: f64, what: What) {
        self.planned += 1;
        self.due.push(Reverse((self.now_ms + milliseconds(in_s), self.planned, what)));
    }

    /// Plans the stream's next call, or its next burst, unless the time is up.
    fn plan_next(&mut self, stream: usize) {
        if self.now_ms > self.traffic.hours * 3_600_000 {
            return;
        }
        let in_s = match self.traffic.streams[stream].arrivals {
            Arrivals::Steady(an_hour) => self.exponential(3_600.0 / an_hour),
            Arrivals::Bursts { every_s, .. } => every_s,
        };
        self.plan(in_s, What::Comes(stream));
    }

    fn come(&mut self, stream: usize) {
        match self.traffic.streams[stream].arrivals {
            Arrivals::Steady(_) => self.call(stream),
            Arrivals::Bursts { calls, within_s, .. } => {
                for _ in 0..calls {
                    let in_s = self.random.f64() * within_s;
                    self.plan(in_s, What::ComesInBurst(stream));
                }
            }
        }
    }

    fn call(&mut self, stream: usize) {
        self.calls += 1;
        let number = self.calls;
        let Stream { agent, call_type, patience_s, .. } = self.traffic.streams[stream];
        self.live.insert(number, Caller { stream, queued: None });
        let started = self.decide(StartCall {
            id: id_of(number),
            agent: AgentId::parse(agent).expect("an id"),
            call_type,
            lease: None,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        });
        let Some(wait) = started.call.wait else { return };
        if wait.blocked_on == BlockedOn::NothingShared {
            self.judged.was_hopeless(wait.estimated_ms);
        }
        let queued = Queued { since_ms: self.now_ms, estimated_ms: wait.estimated_ms };
        self.live.get_mut(&number).expect("it has just come").queued = Some(queued);
        let in_s = self.exponential(patience_s);
        self.plan(in_s, What::GivesUp(number));
    }

    fn end(&mut self, call: u64) {
        self.live.remove(&call);
        self.decide(EndCall { call: id_of(call), note: None });
    }

    /// Has the core decide, and notes which calls have started.
    fn decide<C>(&mut self, command: C) -> <(OrgId, C) as callslot_core::Ask>::Reply
    where
        (OrgId, C): callslot_core::Ask,
    {
        let now = Now { at: Timestamp(BEGIN_MS + self.now_ms), tick: Tick(self.now_ms) };
        let mut events = std::mem::take(&mut self.events);
        let asked = (self.org.clone(), command);
        let reply =
            self.shard.decide(now, asked, &mut events).expect("all that is asked is allowed");
        for recorded in events.drain(..) {
            if let Event::Call(CallEvent::Started(call)) = recorded.event {
                self.start(number_of(&call.request.id));
            }
        }
        self.events = events;
        reply
    }

    fn start(&mut self, call: u64) {
        let caller = self.live.get_mut(&call).expect("a call that starts has come");
        let Stream { mean_s, spread, .. } = self.traffic.streams[caller.stream];
        if let Some(queued) = caller.queued.take() {
            self.judged.started(queued.estimated_ms, self.now_ms - queued.since_ms);
        }
        let lasts_s = self.lognormal(mean_s, spread);
        self.plan(lasts_s, What::Ends(call));
    }

    fn exponential(&mut self, mean_s: f64) -> f64 {
        -mean_s * (1.0 - self.random.f64()).ln()
    }

    /// Of this mean, and this standard deviation over the mean, from a normal variable (Box and Muller 1958).
    fn lognormal(&mut self, mean: f64, spread: f64) -> f64 {
        let variance = spread.mul_add(spread, 1.0).ln();
        let radius = (-2.0 * (1.0 - self.random.f64()).ln()).sqrt();
        let normal = radius * (TAU * self.random.f64()).cos();
        mean * variance.sqrt().mul_add(normal, -variance / 2.0).exp()
    }
}

fn id_of(call: u64) -> CallId {
    CallId::parse(&call.to_string()).expect("an id")
}

fn number_of(id: &CallId) -> u64 {
    id.as_str().parse().expect("ids are numbers")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times are positive and far below the bound"
)]
fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1_000.0).round() as u64
}
