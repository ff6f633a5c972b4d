//! How long the longest steps of the core take while an organisation grows to a million calls and shrinks again.
//!
//! `cargo run --release -p callslot-core --example longest_steps [CALLS]`. All organisations wait for a step, so none may take
//! long, even if steps are fast on average. Events are dropped, as they belong to the log.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::ops::Range;
use std::time::Instant;

use callslot_core::{
    AgentId, CallGates, CallId, CallType, Command, EndCall, LeaseId, Now, OpenLease, OrgCommand,
    OrgId, OrgSettings, PerType, PlanId, PutAgent, Recorded, Shard, StartCall, Tick, Timestamp,
};

const AGENTS: usize = 50;
const CALLS_PER_LEASE: usize = 10_000;

fn main() {
    let calls = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().expect("a number"));
    for (what, limit) in [("active", 10_000_000), ("queued", 0)] {
        for has_lease in [false, true] {
            let lease = if has_lease { " with a lease" } else { "" };
            let mut world = World::new(limit);
            let starts = longest(0..calls, |number| world.start(number, has_lease));
            println!("starts of {what} calls{lease}: {starts}");
            let ends = longest(0..calls, |number| world.end(number));
            println!("ends of {what} calls{lease}: {ends}");
            let pairs = longest(calls..3 * calls, |number| {
                world.start(number, has_lease);
                world.end(number);
            });
            println!("pairs of {what} calls{lease}: {pairs}");
        }
    }
}

/// Takes the steps, and says how long all and the longest of them took.
fn longest(numbers: Range<usize>, mut step: impl FnMut(usize)) -> String {
    let begun = Instant::now();
    let took = numbers.map(|number| {
        let begun = Instant::now();
        step(number);
        begun.elapsed().as_micros()
    });
    let mut took: Vec<u128> = took.collect();
    let all = begun.elapsed().as_millis();
    took.sort_unstable();
    let longest: Vec<String> = took.iter().rev().take(5).map(u128::to_string).collect();
    format!("{all} ms, the longest {} µs", longest.join(", "))
}

struct World {
    shard: Shard,
    events: Vec<Recorded>,
}

impl World {
    fn new(limit: u32) -> Self {
        let mut world = Self { shard: Shard::new(), events: Vec::with_capacity(16) };
        world.decide(OrgCommand::CreateOrg(OrgSettings {
            name: "org".into(),
            plan: PlanId::parse("plan").expect("a plan id"),
            plan_limit: limit,
            limit_override: None,
            max_call_duration_ms: 14_400_000,
            max_wait_ms: PerType::default(),
            max_queued: u32::MAX,
        }));
        for number in 0..AGENTS {
            world.decide(OrgCommand::PutAgent(PutAgent {
                agent: agent(number),
                name: "agent".into(),
                cap: None,
                pace: None,
            }));
        }
        world
    }

    /// Starts a call; the calls of a lease follow each other.
    fn start(&mut self, number: usize, has_lease: bool) {
        let lease = has_lease.then(|| lease(number / CALLS_PER_LEASE));
        if let Some(lease) = lease.clone().filter(|_| number.is_multiple_of(CALLS_PER_LEASE)) {
            self.decide(OrgCommand::OpenLease(OpenLease { lease, ttl_ms: 15_000, key: None }));
        }
        self.decide(OrgCommand::StartCall(StartCall {
            id: call(number),
            agent: agent(number % AGENTS),
            call_type: CallType::ALL[number % 4],
            lease,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        }));
    }

    fn end(&mut self, number: usize) {
        self.decide(OrgCommand::EndCall(EndCall { call: call(number), note: None }));
    }

    fn decide(&mut self, command: OrgCommand) {
        let now = Now { at: Timestamp(1_700_000_000_000), tick: Tick(1_000_000) };
        let org = OrgId::parse("org").expect("an organisation id");
        let done = self.shard.decide(now, Command::Org(org, command), &mut self.events);
        done.expect("nothing asked here is refused");
        self.events.clear();
    }
}

// Texts are parsed for each command, as a door does.
fn call(number: usize) -> CallId {
    CallId::parse(&format!("0190a1b2-0000-7000-8000-{number:012}")).expect("a call id")
}

fn agent(number: usize) -> AgentId {
    AgentId::parse(&format!("agent-{number}")).expect("an agent id")
}

fn lease(number: usize) -> LeaseId {
    LeaseId::parse(&format!("0190a1b2-0000-7000-9000-{number:012}")).expect("a lease id")
}
