//! What the node does when its store fails, and when it works again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{AgentId, Now, Recorded, Sequence, SettingsEvent};
use callslot_node::{Commit, Unavailable};
use callslot_store::limits::MAX_RECORD_BYTES;
use callslot_store::{MemoryStore, Position, Record};

use crate::test_node::{PATIENCE, live_calls, org, start, start_call, test_node, until};
use crate::unreliable_store::Fault;

#[tokio::test]
async fn a_failed_commit_changes_nothing_and_the_node_recovers_by_itself() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    store.set_fault(Fault::AppendsFail);
    assert_eq!(start_call(&handle, "2").await, Err(Unavailable::StoreFailed.into()));
    assert!(!handle.is_writable());
    assert_eq!(start_call(&handle, "3").await, Err(Unavailable::StoreFailed.into()));

    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    assert_eq!(live_calls(&handle).await, ["1"]);
    assert!(start_call(&handle, "2").await.expect("a start").call.is_active());
}

#[tokio::test]
async fn a_node_starts_while_nothing_can_be_kept_in_the_history() {
    let (store, node) = test_node().await;
    drop(node);
    store.set_fault(Fault::HistoryFails);
    let node = start(&store);
    assert!(start_call(&node.handle(), "1").await.expect("a start").call.is_active());
}

#[tokio::test]
async fn a_commit_whose_acknowledgement_was_lost_counts() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    store.set_fault(Fault::AcknowledgementLost);
    assert!(start_call(&handle, "1").await.expect("it is in the log").call.is_active());
    assert_eq!(live_calls(&handle).await, ["1"]);
}

#[tokio::test]
async fn what_was_decided_on_top_of_a_commit_that_fails_never_happened() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let before = store.records();
    store.set_fault(Fault::AppendsHang);
    let mut first = pin!(start_call(&handle, "1"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut first).await.is_err());
    let mut second = pin!(start_call(&handle, "2"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut second).await.is_err());
    store.set_fault(Fault::AppendsFail);
    assert_eq!(first.await, Err(Unavailable::StoreFailed.into()));
    assert_eq!(second.await, Err(Unavailable::StoreFailed.into()));
    assert_eq!(live_calls(&handle).await, Vec::<String>::new());
    assert_eq!(store.records(), before);

    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    assert!(start_call(&handle, "2").await.expect("a start").call.is_active());
    assert_eq!(live_calls(&handle).await, ["2"]);
}

#[tokio::test]
async fn while_nobody_can_tell_what_the_log_holds_nobody_is_kept_waiting() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    store.set_fault(Fault::AllFails);
    let told = tokio::time::timeout(PATIENCE, start_call(&handle, "2")).await;
    assert_eq!(told.expect("told at once"), Err(Unavailable::StoreFailed.into()));
    assert_eq!(start_call(&handle, "3").await, Err(Unavailable::StoreFailed.into()));

    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    assert_eq!(live_calls(&handle).await, ["1"]);
}

#[tokio::test]
async fn a_node_shuts_down_although_its_store_fails() {
    for fault in [Fault::AppendsFail, Fault::AllFails] {
        let (store, node) = test_node().await;
        let handle = node.handle();
        start_call(&handle, "1").await.expect("a start");
        store.set_fault(fault);
        assert_eq!(start_call(&handle, "2").await, Err(Unavailable::StoreFailed.into()));
        tokio::time::timeout(PATIENCE, node.shutdown()).await.expect("it ends");
        store.set_fault(Fault::None);
        assert_eq!(live_calls(&start(&store).handle()).await, ["1"]);
    }
}

#[tokio::test]
async fn what_somebody_else_appended_is_taken_up_and_no_feed_misses_it() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let mut feed = handle.follow(org(), None).await.expect("a feed");
    let foreign = foreign();
    store.append_by_somebody_else(&Record {
        now: store.records().last().expect("a record").now,
        events: vec![Recorded {
            org: org(),
            sequence: Some(Sequence(2)),
            event: SettingsEvent::AgentPut {
                agent: foreign.clone(),
                name: "B".into(),
                cap: None,
                pace: None,
            }
            .into(),
        }],
    });
    assert_eq!(start_call(&handle, "1").await, Err(Unavailable::StoreFailed.into()));
    until(|| handle.is_writable()).await;
    let knows = move |found: Option<&callslot_core::Org>, _| {
        found.is_some_and(|found| found.agent(&foreign).is_some())
    };
    assert_eq!(handle.read(&org(), knows).await, Ok(true));
    assert!(start_call(&handle, "1").await.expect("a start").call.is_active());

    // A feed that is cancelled just as it finds that it missed an event still delivers it later.
    store.set_fault(Fault::ReadsHang);
    assert!(tokio::time::timeout(Duration::from_millis(50), feed.next()).await.is_err());
    store.set_fault(Fault::None);
    let next = tokio::time::timeout(PATIENCE, feed.next()).await.expect("an event comes");
    let numbers: Vec<u64> = next
        .expect("the feed goes on")
        .expect("the log is readable")
        .iter()
        .map(|event| event.sequence.0)
        .collect();
    assert_eq!(numbers, [2, 3]);
}

/// Trying it again would be refused again, and nobody would be served meanwhile.
#[test]
#[should_panic(expected = "a record is bounded: the record has")]
fn a_record_that_the_store_refuses_for_its_size_is_told_and_never_tried_again() {
    let name: Arc<str> = "x".repeat(MAX_RECORD_BYTES).into();
    let put = SettingsEvent::AgentPut { agent: foreign(), name, cap: None, pace: None };
    let recorded = Recorded { org: org(), sequence: Some(Sequence(1)), event: put.into() };
    let record = Record { now: Now::default(), events: vec![recorded] };
    let _ = Commit::new(Position(0), record).step(&MemoryStore::new());
}

fn foreign() -> AgentId {
    AgentId::parse("b").expect("an agent id")
}
