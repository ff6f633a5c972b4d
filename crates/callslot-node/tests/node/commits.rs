//! When commands are answered: only after the commit, and at once when the node is overloaded or stopping.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{AgentId, PerType, Reply, SetReservations};
use callslot_node::{SubmitError, Unavailable, instant_now};
use callslot_store::{EndedFilter, History, Log};

use crate::test_node::{
    PATIENCE, call, end_call, live_calls, org, start, start_call, start_command, test_node, until,
};
use crate::unreliable_store::Fault;

#[tokio::test]
async fn a_start_is_answered_only_once_it_is_durable() {
    let (store, node) = test_node().await;
    store.set_fault(Fault::AppendsHang);
    let handle = node.handle();
    let mut starting = pin!(start_call(&handle, "1"));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut starting).await;
    assert!(early.is_err(), "answered before the commit");
    store.set_fault(Fault::None);
    assert!(starting.await.expect("a start").call.is_active());
}

#[tokio::test]
async fn a_read_shows_only_what_is_durable() {
    let (store, node) = test_node().await;
    store.set_fault(Fault::AppendsHang);
    let handle = node.handle();
    let mut starting = pin!(start_call(&handle, "1"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut starting).await.is_err());
    let mut reading = pin!(live_calls(&handle));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut reading).await;
    assert!(early.is_err(), "shown before the commit");
    store.set_fault(Fault::None);
    assert_eq!(reading.await, ["1"]);
    starting.await.expect("a start");
    assert_eq!(live_calls(&handle).await, ["1"]);
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart_without_a_shutdown() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    for id in ["1", "2", "3"] {
        start_call(&handle, id).await.expect("a start");
    }
    end_call(&handle, "1").await.expect("an end");
    drop((handle, node));

    let again = start(&store);
    assert_eq!(live_calls(&again.handle()).await, ["2", "3"]);
    assert!(start_call(&again.handle(), "3").await.expect("a repeat").call.is_active());
}

#[tokio::test]
async fn a_shutdown_answers_what_it_took_and_leaves_a_snapshot() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    end_call(&handle, "1").await.expect("an end");
    start_call(&handle, "2").await.expect("a start");
    node.shutdown().await;
    assert_eq!(start_call(&handle, "4").await, Err(Unavailable::ShuttingDown.into()));

    let snapshot = store.latest_snapshot().expect("a read").expect("a snapshot was kept");
    assert_eq!(snapshot.position, store.end().expect("an end"));
    let ended = store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(ended.calls.len(), 1);
    assert_eq!(live_calls(&start(&store).handle()).await, ["2"]);
}

#[tokio::test]
async fn ended_calls_are_projected_once_however_often_the_node_starts() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    for id in ["1", "2"] {
        start_call(&handle, id).await.expect("a start");
        end_call(&handle, id).await.expect("an end");
    }
    node.shutdown().await;
    start(&store).shutdown().await;
    let ended = store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(ended.calls.len(), 2);
    assert_eq!(store.projected().expect("a read"), store.end().expect("an end"));
}

#[tokio::test]
async fn a_caller_waiting_for_a_call_is_told_when_it_leaves_the_queue() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    for id in ["1", "2", "3"] {
        start_call(&handle, id).await.expect("a start");
    }
    let mut waiting = pin!(handle.left_queue(org(), call("3")));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut waiting).await.is_err());
    end_call(&handle, "1").await.expect("an end");
    tokio::time::timeout(PATIENCE, waiting).await.expect("told").expect("it left the queue");
    handle.left_queue(org(), call("3")).await.expect("it is not queued");
}

#[tokio::test]
async fn more_orders_than_may_wait_are_turned_away_at_once() {
    let (store, node) = test_node().await;
    store.set_fault(Fault::AppendsHang);
    let handle = node.handle();
    let mut starting = Vec::new();
    for number in 0..30_000 {
        let handle = handle.clone();
        starting.push(tokio::spawn(async move {
            handle.submit(start_command(&format!("call-{number}"))).await
        }));
    }
    // Once the last has been refused, all of them have been submitted.
    let last = starting.pop().expect("30,000 calls");
    let refused = tokio::time::timeout(PATIENCE, last).await.expect("turned away at once");
    assert_eq!(refused.expect("no panic"), Err(SubmitError::Unavailable(Unavailable::Overloaded)));
    store.set_fault(Fault::None);
}

#[tokio::test]
async fn what_comes_while_one_batch_commits_is_the_next_batch() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let before = store.records().len();
    store.set_fault(Fault::AppendsHang);
    let mut first = pin!(start_call(&handle, "1"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut first).await.is_err());
    let mut rest = pin!(async {
        tokio::join!(start_call(&handle, "2"), end_call(&handle, "1"), start_call(&handle, "3"))
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut rest).await.is_err());
    let (see, seen) = std::sync::mpsc::channel();
    let of = org();
    let mut reading = pin!(handle.read(&of, move |found, now| {
        let found = found.and_then(|org| org.call(&call("2"), now));
        let _ = see.send(found.is_some());
    }));
    tokio::select! {
        _ = &mut reading => panic!("shown before the commit"),
        () = until(|| seen.try_recv() == Ok(true)) => {}
    }
    store.set_fault(Fault::None);
    assert!(first.await.expect("a start").call.is_active());
    let (second, end, third) = rest.await;
    assert!(second.expect("a start").call.is_active());
    end.expect("an end");
    assert!(third.expect("a start").call.is_active());
    assert_eq!(store.records().len(), before + 2);
}

#[tokio::test]
async fn ended_calls_are_projected_once_history_can_be_kept_again_although_nothing_else_happens() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    store.set_fault(Fault::HistoryFails);
    start_call(&handle, "1").await.expect("a start");
    end_call(&handle, "1").await.expect("an end");
    let failed = store.failed_projections();
    until(|| store.failed_projections() > failed + 1).await;
    store.set_fault(Fault::None);
    let ended =
        || store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read").calls.len();
    until(|| ended() == 1).await;
    // A crash instead of a shutdown: the next start neither loses nor repeats it.
    drop((handle, node));
    start(&store).shutdown().await;
    assert_eq!(ended(), 1);
}

#[tokio::test]
async fn each_writer_is_answered_with_what_it_wrote_though_all_are_in_one_record() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    let write = |chat| {
        let agent = AgentId::parse("a").expect("an agent id");
        let reservations = vec![(agent, PerType([0, chat, 0, 0]))];
        handle.submit((org(), SetReservations { reservations, if_version: None }))
    };
    // All three wait while a commit is stuck, so that they are decided in one turn.
    store.set_fault(Fault::AppendsHang);
    let mut earlier = pin!(start_call(&handle, "1"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut earlier).await.is_err());
    let mut writers = pin!(async { tokio::join!(write(1), write(2), write(0)) });
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut writers).await.is_err());
    store.set_fault(Fault::None);
    let (first, second, third) = tokio::time::timeout(PATIENCE, writers).await.expect("answers");
    let answers = [first, second, third].map(|pool| pool.expect("reservations"));
    let shown = answers.map(|pool| (pool.version.0, pool.reserved));
    assert_eq!(shown, [(1, 1), (2, 2), (3, 0)], "version, and what is reserved");
    assert_eq!(store.records().last().map(|record| record.events.len()), Some(3));
}

#[tokio::test]
async fn the_calls_of_one_answer_wait_for_the_history_together() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    store.set_fault(Fault::HistoryFails);
    let mut views = Vec::new();
    for id in ["1", "2", "3"] {
        start_call(&handle, id).await.expect("a start");
        let Ok(Reply::Call { call: mut view, .. }) = end_call(&handle, id).await else {
            panic!("an end is answered with the call");
        };
        // As the core gives it once it has dropped its texts.
        Arc::make_mut(&mut view.call.request).metadata = Some("\0".into());
        assert!(view.call.has_texts_in_history());
        views.push(view);
    }
    tokio::time::pause();
    let began = instant_now();
    let missing = handle.add_texts(&org(), &mut views).await;
    assert_eq!(missing, Err(Unavailable::Overloaded));
    assert!(began.elapsed() < Duration::from_secs(11), "waited {:?}", began.elapsed());
    tokio::time::resume();

    store.set_fault(Fault::None);
    handle.add_texts(&org(), &mut views).await.expect("they are in the history soon");
    assert!(views.iter().all(|view| !view.call.has_texts_in_history()));
}
