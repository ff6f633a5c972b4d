//! What a decision costs in time: a start and end pair with few and with many agents, operations on a queue with few and with
//! many calls, and a replay.
//!
//! Run with `cargo bench -p callslot-core`. One thread, events included, memory only, allocated as in the binary.
//! `instructions.rs` counts the same in instructions.

mod world;

use std::hint::black_box;
use std::time::Duration;

use callslot_core::{Now, Shard};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use world::World;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So that about 100,000 ended calls are remembered at any time.
const MS_PER_CALL: u64 = 6;
/// Unoptimised builds only try whether the benches run.
const LONGEST_LINE: usize = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };

fn start_and_end(c: &mut Criterion) {
    let mut group = c.benchmark_group("start+end pair");
    group.throughput(Throughput::Elements(1));
    for (agents, limit) in [(10, 1_000), (50, 1_000), (10_000, 100_000)] {
        // Criterion calls the closure for each sample, and not at all when it only lists the benches.
        let mut made = None;
        group.bench_function(format!("{agents} agents"), |bencher| {
            let new = || World::new(agents, limit, MS_PER_CALL).with_reservations_and_active(200);
            let world = made.get_or_insert_with(new);
            bencher.iter(|| world.start_and_end());
        });
    }
    group.finish();
}

/// An operation on lines of each length, in organisations with this many agents. One world is there at a time.
fn in_line<T>(c: &mut Criterion, what: &str, agents: &[usize], operation: fn(&mut World) -> T) {
    let mut group = c.benchmark_group(what);
    group.throughput(Throughput::Elements(1));
    for &agents in agents {
        for queued in [10, 10_000, 1_000_000].into_iter().filter(|&n| n <= LONGEST_LINE) {
            let mut made = None;
            group.bench_function(format!("{queued} queued, {agents} agents"), |bencher| {
                let new = || World::new(agents, 100, MS_PER_CALL).with_queued(queued);
                let world = made.get_or_insert_with(new);
                bencher.iter(|| black_box(operation(world)));
            });
        }
    }
    group.finish();
}

fn dispatch(c: &mut Criterion) {
    let what = "end that dispatches, and a start that queues";
    in_line(c, what, &[10, 10_000], World::start_and_end);
}

/// The same with 9,950 campaigns, ten trunks and up to 80,000 lanes, beside the same without gates.
fn dispatch_through_gates(c: &mut Criterion) {
    let mut group =
        c.benchmark_group("end that dispatches, and a start that queues, through gates");
    group.throughput(Throughput::Elements(1));
    // With the trunks as many gates as an organisation may have; a multiple of the agents, so that each call of a set is the same agent's.
    let campaigns = LONGEST_LINE / 100 - 50;
    for gates in [0, campaigns] {
        let mut made = None;
        group.bench_function(format!("{LONGEST_LINE} queued, {gates} campaigns"), |bencher| {
            let new = || {
                let world = World::new(50, 100, MS_PER_CALL);
                let world = if gates > 0 { world.with_gates(gates) } else { world };
                world.with_queued(LONGEST_LINE)
            };
            let world = made.get_or_insert_with(new);
            bencher.iter(|| world.start_and_end());
        });
    }
    group.finish();
}

fn cancel(c: &mut Criterion) {
    let what = "cancel of a queued call, and a start that queues";
    in_line(c, what, &[50], World::cancel_and_queue);
}

fn position(c: &mut Criterion) {
    in_line(c, "position of a queued call", &[50], World::look_up_queued);
}

fn replay(c: &mut Criterion) {
    let mut world = World::new(50, 100, MS_PER_CALL).with_queued(100);
    for _ in 0..1_000 {
        world.start_and_end();
    }
    let events = world.events;
    let mut group = c.benchmark_group("replay");
    group.throughput(Throughput::Elements(events.len() as u64));
    group.bench_function("events of starts, ends and dispatches", |bencher| {
        let replay = |shard: &mut Shard| events.iter().for_each(|e| shard.apply(Now::default(), e));
        bencher.iter_batched_ref(Shard::new, replay, BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = start_and_end, dispatch, dispatch_through_gates, cancel, position, replay
}
criterion_main!(benches);
