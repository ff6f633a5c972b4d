//! How much memory a call takes in the core: an active, a queued and a remembered one, without and with a lease.
//!
//! `cargo run --release -p callslot-core --example memory [CALLS]` (a million of each by default), on Linux. It starts that
//! many calls with ids of 36 characters and measures how the process has grown. Events are dropped, as they belong to the log.

use callslot_core::{
    AgentId, CallGates, CallId, CallType, Command, EndCall, LeaseId, Now, OpenLease, OrgCommand,
    OrgId, OrgSettings, PerType, PlanId, PutAgent, Recorded, Shard, StartCall, Tick, Timestamp,
};

const AGENTS: usize = 50;
const CALLS_PER_LEASE: usize = 10_000;

fn main() {
    let calls = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().expect("a number"));
    // Worlds are kept until the end, so that no memory is used twice.
    let mut worlds = Vec::new();
    for (what, limit, is_ended) in
        [("active", 10_000_000, false), ("queued", 0, false), ("remembered", 10_000_000, true)]
    {
        for has_lease in [false, true] {
            let mut world = World::new(limit);
            let before = resident_bytes();
            for number in 0..calls {
                world.start(number, has_lease);
                if is_ended {
                    world.decide(OrgCommand::EndCall(EndCall { call: call(number), note: None }));
                }
            }
            let grown = resident_bytes().saturating_sub(before);
            let lease = if has_lease { "with a lease" } else { "" };
            println!("{:4} bytes a call {what} {lease}", grown / calls);
            worlds.push(world);
        }
    }
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

/// The memory that the process has now, in pages of 4 KiB.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux says how large we are");
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.expect("the second number is the resident pages") * 4096
}
