//! Repeats one operation, so that `cargo xtask instructions` can count the processor's instructions.
//!
//! `instructions SCENARIO REPETITIONS`; without arguments it lists the scenarios. The set-up does not
//! depend on the number of repetitions, so the difference of two runs is the cost of the repetitions alone. Start at [`SCENARIOS`].

mod world;

use std::env;
use std::hint::black_box;

use callslot_core::{ExpireDue, LeaseId, LeaseSum, OpenLease, Org, RenewLease, Shard, Tick};
use world::World;

/// So that about 1,000 ended calls are remembered once that many have ended.
const MS_PER_CALL: u64 = 600;
const REMEMBERED: u64 = 1_000;
/// How many calls one lease covers.
const CALLS_PER_LEASE: u64 = 5;

/// A name, and the function that repeats it.
type Scenario = (&'static str, fn(u64));

const SCENARIOS: [Scenario; 10] = [
    ("start-and-end", start_and_end),
    ("dispatch-10-queued", |repetitions| dispatch(10, repetitions)),
    ("dispatch-10000-queued", |repetitions| dispatch(10_000, repetitions)),
    ("dispatch-10000-queued-two-gates", dispatch_through_gates),
    ("start-and-end-two-gates", start_and_end_through_gates),
    ("cancel-10000-queued", cancel),
    ("position-10000-queued", position),
    ("lease-renewal", renew_leases),
    ("lease-expiry-5-calls", expire_leases),
    ("snapshot-and-replay-per-call", snapshot_and_replay),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, repetitions] = &arguments[..] else {
        for (name, _) in SCENARIOS {
            println!("{name}");
        }
        return;
    };
    let repetitions = repetitions.parse().expect("the repetitions are a number");
    let scenario = SCENARIOS.iter().find(|(known, _)| known == name);
    scenario.expect("the name is one that is listed").1(repetitions);
}

fn start_and_end(repetitions: u64) {
    let world = World::new(50, 1_000, MS_PER_CALL);
    repeat_at_rest(repetitions, world.with_reservations_and_active(200), World::start_and_end);
}

/// An end that dispatches, and a start that queues.
fn dispatch(queued: usize, repetitions: u64) {
    let world = World::new(50, 100, MS_PER_CALL).with_queued(queued);
    repeat_at_rest(repetitions, world, World::start_and_end);
}

/// The same with 1,000 campaigns, each call naming one of them and a trunk.
fn dispatch_through_gates(repetitions: u64) {
    let world = World::new(50, 100, MS_PER_CALL).with_gates(1_000).with_queued(10_000);
    repeat_at_rest(repetitions, world, World::start_and_end);
}

fn start_and_end_through_gates(repetitions: u64) {
    let world = World::new(50, 1_000, MS_PER_CALL).with_gates(1_000);
    repeat_at_rest(repetitions, world.with_reservations_and_active(200), World::start_and_end);
}

/// A cancel at a random place in the queue, and a start that queues.
fn cancel(repetitions: u64) {
    let world = World::new(50, 100, MS_PER_CALL).with_queued(10_000);
    repeat_at_rest(repetitions, world, World::cancel_and_queue);
}

fn position(repetitions: u64) {
    let mut world = World::new(50, 100, MS_PER_CALL).with_queued(10_000);
    for _ in 0..repetitions {
        black_box(world.look_up_queued());
    }
}

/// Repeats what starts and ends a call, once each end is matched by one that is forgotten.
fn repeat_at_rest(repetitions: u64, mut world: World, operation: fn(&mut World)) {
    let queued = world.queued();
    for _ in 0..2 * REMEMBERED + repetitions {
        operation(&mut world);
    }
    assert_eq!(world.queued(), queued, "the line is as long as before");
}

fn renew_leases(repetitions: u64) {
    let (mut world, leases) = with_leases(1_000);
    for lease in leases.iter().cycle().zip(0..repetitions).map(|(lease, _)| lease.clone()) {
        world.tick = world.tick.after_ms(1);
        world.ask(RenewLease { lease, sum: Some(LeaseSum::default()) });
    }
}

/// One lease after the other runs out, with the ends of its calls.
fn expire_leases(repetitions: u64) {
    let leases = 2_000;
    let (mut world, _) = with_leases(leases);
    for left in (leases - repetitions..leases).rev() {
        world.tick = world.shard.next_deadline().expect("leases are left");
        world.decide(ExpireDue);
        let org = world.shard.org(&world.org).expect("the organisation is there");
        assert_eq!(org.live_calls(), left * CALLS_PER_LEASE, "one lease has expired");
    }
}

/// Leases opened one after the other, with active calls each.
fn with_leases(count: u64) -> (World, Vec<LeaseId>) {
    let hour_ms = 3_600_000;
    let mut world = World::new(50, 100_000, 1);
    let leases = (0..count).map(|n| LeaseId::parse(&format!("lease-{n}")).expect("a lease id"));
    let leases: Vec<LeaseId> = leases.collect();
    for lease in &leases {
        world.ask(OpenLease { lease: lease.clone(), ttl_ms: hour_ms, key: None });
        for _ in 0..CALLS_PER_LEASE {
            world.start_under(Some(lease.clone()));
        }
    }
    (world, leases)
}

/// Of 500 calls: 100 active, 200 queued, 200 that have ended. A call is one repetition.
fn snapshot_and_replay(repetitions: u64) {
    let mut world = World::new(50, 100, MS_PER_CALL).with_queued(200);
    (0..200).for_each(|_| world.start_and_end());
    for _ in 0..repetitions / 500 {
        let mut shard = Shard::new();
        for recorded in world.shard.snapshot(world.tick) {
            shard.apply(world.now(), &recorded);
        }
        shard.resume(Tick(0));
        assert_eq!(shard.org(&world.org).map(Org::live_calls), Some(300));
    }
}
