//! Which time counts toward a deadline. The clock is paused; tests advance it.

use std::time::Duration;

use callslot_core::{AgentId, CallEvent, EndReason, Event, LeaseEvent, Pace, PutAgent, Tick};
use callslot_node::NodeHandle;

use crate::test_node::{
    call, lease, live_calls, open_lease, org, renew_lease, start, start_call, start_command_under,
    test_node, until,
};
use crate::unreliable_store::{Fault, UnreliableStore};

const TTL_MS: u64 = 15_000;

/// How often the node looks at the clock.
const STEP: Duration = Duration::from_millis(100);

/// Advances the time. What the node decides in each step is durable before the next, so all of the time counts.
async fn pass(node: &NodeHandle, time: Duration) {
    for _ in 0..time.as_millis() / STEP.as_millis() {
        tokio::time::advance(STEP).await;
        // Right after a failure the state is unknown; that does not matter here.
        let _ = node.read_all(|_, _| ()).await;
    }
}

/// Advances the time until the log contains what the test looks for.
async fn pass_until(
    node: &NodeHandle,
    store: &UnreliableStore,
    is_wanted: impl Fn(&Event) -> bool,
) -> Tick {
    for _ in 0..1_000 {
        if let Some(tick) = tick_of(store, &is_wanted) {
            return tick;
        }
        pass(node, STEP).await;
    }
    panic!("nothing of the kind happened");
}

fn tick_of(store: &UnreliableStore, is_wanted: impl Fn(&Event) -> bool) -> Option<Tick> {
    let records = store.records();
    let wanted = records
        .iter()
        .find(|record| record.events.iter().any(|recorded| is_wanted(&recorded.event)));
    wanted.map(|record| record.now.tick)
}

fn is_lease_opened(event: &Event) -> bool {
    matches!(event, Event::Lease(LeaseEvent::Opened { .. }))
}

fn is_lease_ended(event: &Event) -> bool {
    matches!(event, Event::Lease(LeaseEvent::Ended { .. }))
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_not_renewed_ends_its_calls_on_time() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, TTL_MS).await;
    handle.submit(start_command_under(Some(lease()), "1")).await.expect("a start");
    let opened = tick_of(&store, is_lease_opened).expect("a lease");
    let ended = pass_until(&handle, &store, |event| {
        matches!(event, Event::Call(CallEvent::Ended(call))
            if call.state.reason == EndReason::LeaseExpired)
    })
    .await;
    let lived_ms = ended.ms_after(opened);
    assert!((TTL_MS..TTL_MS + 500).contains(&lived_ms), "it lived {lived_ms} ms");
    assert_eq!(live_calls(&handle).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_paced_call_starts_when_its_pace_has_a_start_and_not_at_the_next_regular_look() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let pace = Some(Pace { starts: 1, per_s: 1, burst: 1 });
    let agent = AgentId::parse("a").expect("an agent id");
    let put = PutAgent { agent, name: "A".into(), cap: None, pace };
    handle.submit((org(), put)).await.expect("a pace");
    // A node that has just begun is within what a pace forgives.
    pass(&handle, STEP).await;
    start_call(&handle, "1").await.expect("a start");
    assert!(start_call(&handle, "2").await.expect("a start").call.is_queued());
    let started = |id: &str| {
        tick_of(
            &store,
            |event| matches!(event, Event::Call(CallEvent::Started(it)) if it.request.id == call(id)),
        )
    };
    // Nobody asks the node anything meanwhile, which would make it look at the clock.
    for _ in 0..1_100 {
        tokio::time::advance(Duration::from_millis(1)).await;
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
    pass(&handle, STEP).await;
    let first = started("1").expect("it started at once");
    let waited_ms = started("2").expect("it has started").ms_after(first);
    assert!((1_000..=1_010).contains(&waited_ms), "it waited for {waited_ms} ms");
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_is_stuck_for_an_hour_lets_no_lease_run_out() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, TTL_MS).await;
    store.set_fault(Fault::AppendsHang);
    let starting = tokio::spawn({
        let handle = handle.clone();
        async move { start_call(&handle, "1").await }
    });
    for _ in 0..1_200 {
        tokio::time::advance(STEP).await;
        tokio::task::yield_now().await;
    }
    tokio::time::advance(Duration::from_hours(1)).await;
    store.set_fault(Fault::None);
    starting.await.expect("no panic").expect("a start");
    renew_lease(&handle).await.expect("the lease lives");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_for_minutes_lets_no_lease_run_out() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, TTL_MS).await;
    handle.submit(start_command_under(Some(lease()), "1")).await.expect("a start");
    store.set_fault(Fault::AppendsFail);
    start_call(&handle, "2").await.expect_err("nothing can be recorded");
    // A read looks at the clock too.
    for _ in 0..100 {
        assert_eq!(live_calls(&handle).await, ["1"]);
        pass(&handle, Duration::from_secs(1)).await;
    }
    renew_lease(&handle).await.expect_err("a renewal cannot be recorded");
    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    pass(&handle, Duration::from_secs(1)).await;
    assert_eq!(live_calls(&handle).await, ["1"]);
    renew_lease(&handle).await.expect("the lease lives");
}

#[tokio::test(start_paused = true)]
async fn a_lease_has_its_whole_time_again_after_a_restart() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, TTL_MS).await;
    pass(&handle, Duration::from_secs(12)).await;
    // A record late in the lease's life, so that the next start continues from that time.
    start_call(&handle, "1").await.expect("a start");
    drop((handle, node));

    let again = start(&store);
    let last = store.records().last().expect("a record").now.tick;
    let ended = pass_until(&again.handle(), &store, is_lease_ended).await;
    let lived_ms = ended.ms_after(last);
    assert!((TTL_MS..TTL_MS + 500).contains(&lived_ms), "it lived {lived_ms} ms more");
    again.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn while_something_has_a_deadline_the_log_is_told_the_time_every_minute() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let before = store.records().len();
    pass(&handle, Duration::from_mins(3)).await;
    assert_eq!(store.records().len(), before, "nothing has a deadline");

    open_lease(&handle, 3_600_000).await;
    pass(&handle, Duration::from_secs(150)).await;
    let records = store.records();
    let (opened, marks) = records[before..].split_first().expect("the lease");
    assert_eq!(marks.len(), 2);
    assert!(marks.iter().all(|mark| mark.events.is_empty()));
    let first_ms = marks[0].now.tick.ms_after(opened.now.tick);
    assert!((60_000..60_500).contains(&first_ms), "marked after {first_ms} ms");
}
