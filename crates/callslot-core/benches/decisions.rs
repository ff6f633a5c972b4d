//! What a decision costs: a start and end pair, and a dispatch with few and with many calls in line.
//!
//! Run with `cargo bench -p callslot-core`. One thread, events included, memory only.

use std::hint::black_box;

use callslot_core::{
    AgentId, CallId, CallType, Command, Now, OrgCommand, OrgId, OrgSettings, PerType, PlanId,
    Recorded, Shard, StartCall, Tick, Timestamp,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Server time that passes with each started call, so that about 100,000 ended calls are remembered at any time.
const MS_PER_CALL: u64 = 6;

/// A shard with one organisation of `agents` agents, each with a few reserved slots where they fit.
struct World {
    shard: Shard,
    org: OrgId,
    agents: Vec<AgentId>,
    events: Vec<Recorded>,
    next_call: u64,
}

impl World {
    fn new(limit: u32, agents: usize) -> Self {
        let org = OrgId::parse("org").expect("an organisation id");
        let ids = (0..agents).map(|n| AgentId::parse(&format!("agent-{n}")).expect("an agent id"));
        let mut world = Self {
            shard: Shard::new(),
            org,
            agents: ids.collect(),
            events: Vec::new(),
            next_call: 0,
        };
        world.decide(OrgCommand::CreateOrg(OrgSettings {
            name: "org".into(),
            plan: PlanId::parse("bench").expect("a plan id"),
            plan_limit: limit,
            limit_override: None,
            max_call_duration_ms: u64::MAX / 2,
            max_wait_ms: PerType::default(),
            max_queued: 10_000_000,
        }));
        for agent in world.agents.clone() {
            world.decide(OrgCommand::PutAgent { agent, name: "agent".into(), cap: None });
        }
        if limit as usize >= agents * 8 {
            let reserved = PerType([1, 1, 1, 1]);
            let reservations = world.agents.iter().map(|agent| (agent.clone(), reserved)).collect();
            world.decide(OrgCommand::SetReservations { reservations, if_version: None });
        }
        world
    }

    fn decide(&mut self, command: OrgCommand) {
        let command = Command::Org(self.org.clone(), command);
        let tick = self.next_call * MS_PER_CALL;
        let now = Now { at: Timestamp(1_700_000_000_000 + tick), tick: Tick(tick) };
        let reply = self.shard.decide(now, command, &mut self.events);
        black_box(&reply).as_ref().expect("the bench asks for nothing that is refused");
    }

    fn start(&mut self) -> CallId {
        self.next_call += 1;
        let n = self.next_call;
        let mut text = *b"0190a1b2-0000-7000-8000-000000000000";
        let mut rest = n;
        for digit in text[24..].iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).expect("a digit");
            rest /= 10;
        }
        let id = CallId::parse(str::from_utf8(&text).expect("ASCII")).expect("a call id");
        let agent = usize::try_from(n).expect("a small number") % self.agents.len();
        self.decide(OrgCommand::StartCall(StartCall {
            id: id.clone(),
            agent: self.agents[agent].clone(),
            call_type: CallType::ALL[(n / 7 % 4) as usize],
            lease: None,
            max_wait_ms: None,
            claim_within_ms: None,
            metadata: None,
        }));
        id
    }

    fn end(&mut self, call: CallId) {
        self.decide(OrgCommand::EndCall { call, note: None });
        if self.events.len() >= 4096 {
            self.events.clear();
        }
    }
}

fn start_and_end(c: &mut Criterion) {
    let mut group = c.benchmark_group("start+end pair");
    group.throughput(Throughput::Elements(1));
    for (agents, limit) in [(50, 1_000), (10_000, 100_000)] {
        let mut world = World::new(limit, agents);
        let mut live: std::collections::VecDeque<CallId> =
            (0..200).map(|_| world.start()).collect();
        group.bench_function(format!("{agents} agents"), |bencher| {
            bencher.iter(|| {
                let started = world.start();
                live.push_back(started);
                let ended = live.pop_front().expect("200 calls are live");
                world.end(ended);
            });
        });
    }
    group.finish();
}

fn dispatch(c: &mut Criterion) {
    let mut group = c.benchmark_group("end that dispatches, and a start that queues");
    group.throughput(Throughput::Elements(1));
    for queued in [10, 10_000, 1_000_000] {
        let mut world = World::new(100, 50);
        let mut started: std::collections::VecDeque<CallId> =
            (0..100).map(|_| world.start()).collect();
        for _ in 0..queued {
            started.push_back(world.start());
            world.events.clear();
        }
        group.bench_function(format!("{queued} queued"), |bencher| {
            bencher.iter(|| {
                let call = world.start();
                started.push_back(call);
                let ended = started.pop_front().expect("100 calls are active");
                world.end(ended);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, start_and_end, dispatch);
criterion_main!(benches);
