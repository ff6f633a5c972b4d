//! What a watcher of a lease gets to know about its calls.

use std::sync::Arc;

use callslot_core::limits::Bounds;
use callslot_core::{
    CallId, CallState, Command, EndCall, EndLease, EndReason, Ended, LeaseEvent, OrgCommand,
    Recorded,
};
use callslot_node::{GoneLeases, LeaseWatch, LeaseWatches, NodeHandle, WatchEnd};

use crate::test_node::{
    call, end_call, lease, open_lease, org, start_call, start_command_under, test_node,
};

/// The events not taken yet: each call and its state after the event.
fn told(watch: &mut LeaseWatch) -> Vec<(String, &'static str)> {
    std::iter::from_fn(|| watch.try_next())
        .map(|event| {
            let state = match event.call.state {
                CallState::Queued(_) => "queued",
                CallState::Active(_) => "started",
                CallState::Ended(ended) => ended.reason.as_str(),
            };
            (event.call.request.id.to_string(), state)
        })
        .collect()
}

async fn start_under_lease(node: &NodeHandle, id: &str) {
    node.submit(start_command_under(Some(lease()), id)).await.expect("a start");
}

fn named<'a>(told: &'a [(String, &'static str)]) -> Vec<(&'a str, &'static str)> {
    told.iter().map(|(id, state)| (id.as_str(), *state)).collect()
}

#[tokio::test]
async fn a_watcher_of_a_lease_has_been_told_of_its_calls_alone_when_the_answer_comes() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut watch = handle.watch_lease(org(), lease());
    start_call(&handle, "other").await.expect("a start");
    start_under_lease(&handle, "1").await;
    assert_eq!(named(&told(&mut watch)), [("1", "started")]);
    start_under_lease(&handle, "2").await;
    assert_eq!(named(&told(&mut watch)), [("2", "queued")]);
    end_call(&handle, "other").await.expect("an end");
    assert_eq!(named(&told(&mut watch)), [("2", "started")]);
    end_call(&handle, "1").await.expect("an end");
    assert_eq!(named(&told(&mut watch)), [("1", "completed")]);
}

#[tokio::test]
async fn a_lease_that_ends_is_told_behind_the_ends_of_its_calls() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut watch = handle.watch_lease(org(), lease());
    for id in ["1", "2", "3"] {
        start_under_lease(&handle, id).await;
    }
    told(&mut watch);
    let end = OrgCommand::EndLease(EndLease { lease: lease() });
    handle.submit(Command::Org(org(), end)).await.expect("an end");
    for id in ["1", "2", "3"] {
        let event = watch.next().await.expect("an end is delivered");
        assert_eq!(event.call.request.id, call(id));
        let state = event.call.state;
        assert!(matches!(state, CallState::Ended(Ended { reason: EndReason::LeaseExpired, .. })));
    }
    assert_eq!(watch.next().await, Err(WatchEnd::LeaseEnded));
}

#[tokio::test]
async fn a_lease_of_more_calls_than_a_step_ends_is_told_behind_the_last_of_them() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut watch = handle.watch_lease(org(), lease());
    let calls = Bounds::default().step_events + 300;
    let starts = (0..calls).map(|id| start_command_under(Some(lease()), &id.to_string()));
    handle.submit_all(starts.collect()).await.expect("starts");
    assert_eq!(told(&mut watch).len(), calls);
    handle.end_lease(org(), lease()).await.expect("an end");
    let ended = told(&mut watch);
    assert_eq!(ended.len(), calls);
    assert!(ended.iter().all(|(_, state)| *state == "lease_expired"), "{ended:?}");
    assert_eq!(watch.next().await, Err(WatchEnd::LeaseEnded));
}

#[test]
fn a_watch_of_a_lease_that_ends_tells_nothing_of_the_next_one_with_its_id() {
    let watches = Arc::new(LeaseWatches::with_bound(8));
    let watch = LeaseWatches::watch(&watches, org(), lease());
    let happens = |event: LeaseEvent| {
        watches.publish(
            &[Recorded { org: org(), sequence: None, event: event.into() }],
            &GoneLeases::new(),
        );
    };
    happens(LeaseEvent::Opened { lease: lease(), ttl_ms: 60_000, key: None });
    happens(LeaseEvent::Ended { lease: lease() });
    assert_eq!(watch.end(), None, "its calls are still to end");
    happens(LeaseEvent::Opened { lease: lease(), ttl_ms: 60_000, key: None });
    assert_eq!(watch.end(), Some(WatchEnd::LeaseEnded));
}

#[tokio::test]
async fn the_last_to_watch_a_lease_is_told_and_the_one_before_learns_it() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut first = handle.watch_lease(org(), lease());
    let mut second = handle.watch_lease(org(), lease());
    assert_eq!(first.next().await, Err(WatchEnd::Replaced));
    drop(first);
    start_under_lease(&handle, "1").await;
    assert_eq!(named(&told(&mut second)), [("1", "started")]);
}

#[tokio::test]
async fn a_successor_takes_the_place_of_a_watch_only_when_it_is_told_to() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut first = handle.watch_lease(org(), lease());
    let second = handle.watch_lease_beside(org(), lease());
    let third = handle.watch_lease_beside(org(), lease());
    let never = handle.watch_lease_beside(org(), lease());
    start_under_lease(&handle, "1").await;
    drop(never);
    assert_eq!(first.end(), None);
    assert_eq!(named(&told(&mut first)), [("1", "started")]);
    let mut second = second.take_over();
    assert_eq!(first.next().await, Err(WatchEnd::Replaced));
    assert_eq!(second.end(), None, "the third has not taken over");
    assert_eq!(named(&told(&mut second)), [("1", "started")], "what happened meanwhile");
    let mut third = third.take_over();
    assert_eq!(second.next().await, Err(WatchEnd::Replaced));
    drop((first, second));
    start_under_lease(&handle, "2").await;
    assert_eq!(named(&told(&mut third)), [("1", "started"), ("2", "started")]);
}

#[tokio::test]
async fn a_successor_that_has_ended_takes_nobodys_place() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut first = handle.watch_lease(org(), lease());
    let second = handle.watch_lease_beside(org(), lease());
    for batch in 0..6 {
        let ids = (0..900).map(|id| format!("{batch}-{id}"));
        let pairs = ids.flat_map(|id| {
            let end = OrgCommand::EndCall(EndCall { call: call(&id), note: None });
            [start_command_under(Some(lease()), &id), Command::Org(org(), end)]
        });
        handle.submit_all(pairs.collect()).await.expect("pairs");
        told(&mut first);
    }
    let second = second.take_over();
    assert_eq!(second.end(), Some(WatchEnd::FellBehind));
    assert_eq!(first.end(), None);
    start_under_lease(&handle, "1").await;
    assert_eq!(named(&told(&mut first)), [("1", "started")]);
}

#[tokio::test]
async fn a_watcher_that_falls_behind_is_told_no_more_but_one_record_always_fits() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    open_lease(&handle, 60_000).await;
    let mut watch = handle.watch_lease(org(), lease());
    let pairs = |count: u32, from: u32| {
        let ids = from..from + count;
        ids.flat_map(|id| {
            let end = OrgCommand::EndCall(EndCall { call: call(&id.to_string()), note: None });
            [start_command_under(Some(lease()), &id.to_string()), Command::Org(org(), end)]
        })
        .collect::<Vec<_>>()
    };
    handle.submit_all(pairs(2_500, 0)).await.expect("pairs");
    assert_eq!(watch.end(), None, "5,000 events of one record fit");
    handle.submit_all(pairs(1, 9_000)).await.expect("a pair");
    assert_eq!(watch.end(), Some(WatchEnd::FellBehind));
    assert_eq!(told(&mut watch).len(), 5_000, "what came before is still there");
    assert_eq!(watch.next().await, Err(WatchEnd::FellBehind));
}

#[tokio::test]
async fn watches_end_with_the_node() {
    let (_store, node) = test_node().await;
    let mut watch = node.handle().watch_lease(org(), lease());
    node.shutdown().await;
    assert_eq!(watch.next().await, Err(WatchEnd::NodeStopped));
}

#[tokio::test]
async fn commands_are_decided_in_the_order_in_which_they_were_handed_in() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    let mut answers = Vec::new();
    for id in 0..100 {
        answers.push(handle.hand_in(vec![start_command_under(None, &id.to_string())]));
    }
    // The first is awaited last.
    for answer in answers.into_iter().rev() {
        answer.await.expect("an answer")[0].as_ref().expect("a start");
    }
    let here = org();
    let queued = handle.read(&here, |found, now| {
        let org = found.expect("the organisation");
        let ids: Vec<CallId> = (0..100).map(|id| call(&id.to_string())).collect();
        ids.iter().map(|id| org.call(id, now).and_then(|view| view.wait)).collect::<Vec<_>>()
    });
    let positions: Vec<_> =
        queued.await.expect("a read").into_iter().flatten().map(|wait| wait.position).collect();
    assert_eq!(positions, (1..=98).collect::<Vec<u64>>());
}
