//! Event feeds: no gaps, no repetitions, and when they end.

use std::pin::pin;
use std::time::Duration;

use callslot_core::{Command, EndCall, OrgCommand, PutAgent, Sequence};
use callslot_node::{EventFeed, FollowError};
use callslot_store::Log;

use crate::test_node::{PATIENCE, by, call, end_call, new_org, org, plan, start_call, test_node};
use crate::unreliable_store::Fault;

/// Reads `count` events or more and returns their numbers.
async fn numbers(feed: &mut EventFeed, count: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        let events = feed.next().await.expect("the feed goes on").expect("the log is readable");
        assert!(events.len() <= 256, "who reads slowly has {} events in memory", events.len());
        numbers.extend(events.iter().map(|event| event.sequence.0));
    }
    numbers
}

#[tokio::test]
async fn a_feed_has_no_gap_and_no_repetition_between_the_log_and_what_comes_live() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    for number in 0..50 {
        start_call(&handle, &number.to_string()).await.expect("a start");
    }
    let mut feed = handle.follow(org(), Some(Sequence(1))).await.expect("a feed");
    for number in 0..50 {
        end_call(&handle, &number.to_string()).await.expect("an end");
    }
    // 1 agent, 50 starts (2 active, 48 queued), 50 ends, 48 dispatches.
    let expected: Vec<u64> = (2..=149).collect();
    assert_eq!(numbers(&mut feed, expected.len()).await, expected);
}

#[tokio::test]
async fn a_feed_without_a_cursor_begins_with_what_comes_next() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    let mut feed = handle.follow(org(), None).await.expect("a feed");
    start_call(&handle, "2").await.expect("a start");
    assert_eq!(numbers(&mut feed, 1).await, [3]);
}

#[tokio::test]
async fn a_feed_that_lags_behind_goes_on_from_the_log() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let mut feed = handle.follow(org(), None).await.expect("a feed");
    let commands = |ids: std::ops::Range<u32>| {
        ids.map(|id| crate::test_node::start_command(&id.to_string())).collect::<Vec<_>>()
    };
    // The queue takes at most 1,000 calls, so calls are ended as fast as they are queued.
    for round in 0..10 {
        let ids = round * 900..(round + 1) * 900;
        handle.submit_all(commands(ids.clone())).await.expect("starts");
        let ends = ids.map(|id| {
            Command::Org(
                org(),
                OrgCommand::EndCall(EndCall { call: call(&id.to_string()), note: None }),
            )
        });
        handle.submit_all(ends.collect()).await.expect("ends");
    }
    // What it has missed is in the log alone: memory has a part of it at most.
    store.set_fault(Fault::ReadsForOneOrgHang);
    let mut all = pin!(numbers(&mut feed, 18_000));
    assert!(tokio::time::timeout(Duration::from_secs(1), &mut all).await.is_err());
    store.set_fault(Fault::None);
    let seen = all.await;
    assert!(seen.iter().zip(2_u64..).all(|(seen, expected)| *seen == expected));
}

#[tokio::test]
async fn slow_reads_for_one_organisation_hold_up_no_feed_of_another() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let other = callslot_core::OrgId::parse("other").expect("an organisation id");
    handle.create_org(by(), other.clone(), new_org(plan())).await.expect("an organisation");
    let agent = callslot_core::AgentId::parse("a").expect("an agent id");
    for org in [org(), other.clone()] {
        let put = PutAgent { agent: agent.clone(), name: "A".into(), cap: Some(2), pace: None };
        handle.submit((org, put)).await.expect("an agent");
    }
    store.set_fault(Fault::ReadsForOneOrgHang);
    let come_back = || {
        let handle = handle.clone();
        tokio::spawn(async move { handle.follow(org(), Some(Sequence(0))).await })
    };
    let many: Vec<_> = (0..20).map(|_| come_back()).collect();
    let mut feed = tokio::time::timeout(PATIENCE, handle.follow(other, Some(Sequence(0))))
        .await
        .expect("it is not held up")
        .expect("a feed");
    assert_eq!(numbers(&mut feed, 1).await, [1]);
    assert!(many.iter().all(|held_up| !held_up.is_finished()));
    store.set_fault(Fault::None);
    for feed in many {
        let mut feed = feed.await.expect("no panic").expect("a feed");
        assert_eq!(numbers(&mut feed, 2).await, [1, 2]);
    }
}

#[tokio::test]
async fn a_cursor_that_the_log_no_longer_reaches_has_expired() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    for number in 0..4 {
        start_call(&handle, &number.to_string()).await.expect("a start");
    }
    node.shutdown().await;
    let end = store.end().expect("an end");
    store.truncate(callslot_store::Position(end.0 - 1)).expect("a truncation");

    let again = crate::test_node::start(&store);
    let handle = again.handle();
    let expired = handle.follow(org(), Some(Sequence(1))).await;
    assert!(matches!(expired, Err(FollowError::CursorExpired { after: Sequence(1) })));
    let mut feed = handle.follow(org(), Some(Sequence(4))).await.expect("the last event is kept");
    assert_eq!(numbers(&mut feed, 1).await, [5]);
}

#[tokio::test]
async fn a_cursor_ahead_of_the_log_is_told_from_one_that_has_expired() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    let ahead = handle.follow(org(), Some(Sequence(3))).await;
    let (after, as_of) = (Sequence(3), Sequence(2));
    assert!(
        matches!(ahead, Err(FollowError::CursorAhead { after: a, as_of: o }) if (a, o) == (after, as_of))
    );
    let mut feed = handle.follow(org(), Some(as_of)).await.expect("the last event is not ahead");
    start_call(&handle, "2").await.expect("a start");
    assert_eq!(numbers(&mut feed, 1).await, [3]);
}

#[tokio::test]
async fn feeds_end_with_the_node() {
    let (_store, node) = test_node().await;
    let mut feed = node.handle().follow(org(), None).await.expect("a feed");
    node.shutdown().await;
    assert!(feed.next().await.is_none());
}

#[tokio::test]
async fn an_unknown_organisation_has_no_feed() {
    let (_store, node) = test_node().await;
    let unknown = callslot_core::OrgId::parse("nobody").expect("an organisation id");
    let refused = node.handle().follow(unknown, None).await;
    assert!(matches!(refused, Err(FollowError::UnknownOrg)));
}

#[tokio::test]
async fn a_feed_tells_the_last_events_of_an_organisation_and_then_ends() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    let mut feed = handle.follow(org(), None).await.expect("a feed");
    let end = OrgCommand::EndCall(EndCall { call: call("1"), note: None });
    let both = vec![Command::Org(org(), end), Command::Org(org(), OrgCommand::DeleteOrg)];
    let decided = handle.submit_all(both).await.expect("both are decided");
    assert!(decided.iter().all(Result::is_ok));
    assert_eq!(numbers(&mut feed, 1).await, [3]);
    assert!(feed.next().await.is_none());
}
