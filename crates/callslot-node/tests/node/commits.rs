//! Answers and commits.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{Command, OrgCommand, Rejection};
use callslot_node::{CatalogueError, SubmitError, Unavailable};
use callslot_store::{Catalogue, EndedCalls, EndedFilter, Log, Plan};

use crate::store::Weather;
use crate::world::{
    call, end_call, live_calls, org, plan, start, start_call, start_command, world,
};

/// Long enough for anything that is going to happen to have happened.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_start_is_answered_only_once_it_is_durable() {
    let (store, node) = world().await;
    store.set_weather(Weather::Stuck);
    let handle = node.handle();
    let mut starting = pin!(start_call(&handle, "1"));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut starting).await;
    assert!(early.is_err(), "answered before the commit");
    store.set_weather(Weather::Fair);
    assert!(starting.await.expect("a start").call.is_active());
}

#[tokio::test]
async fn a_read_shows_only_what_is_durable() {
    let (store, node) = world().await;
    store.set_weather(Weather::Stuck);
    let handle = node.handle();
    let mut starting = pin!(start_call(&handle, "1"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut starting).await.is_err());
    let mut reading = pin!(live_calls(&handle));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut reading).await;
    assert!(early.is_err(), "shown before the commit");
    store.set_weather(Weather::Fair);
    assert_eq!(reading.await, ["1"]);
    starting.await.expect("a start");
    assert_eq!(live_calls(&handle).await, ["1"]);
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart_without_a_shutdown() {
    let (store, node) = world().await;
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
    let (store, node) = world().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    end_call(&handle, "1").await.expect("an end");
    start_call(&handle, "2").await.expect("a start");
    node.shutdown().await;
    assert_eq!(start_call(&handle, "4").await, Err(Unavailable::ShuttingDown.into()));

    let snapshot = store.latest_snapshot().expect("a read").expect("a snapshot was kept");
    assert_eq!(snapshot.position, store.end().expect("an end"));
    let ended = store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(ended.len(), 1);
    assert_eq!(live_calls(&start(&store).handle()).await, ["2"]);
}

#[tokio::test]
async fn ended_calls_are_projected_once_however_often_the_node_starts() {
    let (store, node) = world().await;
    let handle = node.handle();
    for id in ["1", "2"] {
        start_call(&handle, id).await.expect("a start");
        end_call(&handle, id).await.expect("an end");
    }
    node.shutdown().await;
    start(&store).shutdown().await;
    let ended = store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(ended.len(), 2);
    assert_eq!(store.projected().expect("a read"), store.end().expect("an end"));
}

#[tokio::test]
async fn a_failed_commit_changes_nothing_and_the_node_recovers_by_itself() {
    let (store, node) = world().await;
    let handle = node.handle();
    start_call(&handle, "1").await.expect("a start");
    store.set_weather(Weather::Failing);
    assert_eq!(start_call(&handle, "2").await, Err(Unavailable::StoreFailed.into()));
    assert!(!handle.is_writable());
    assert_eq!(start_call(&handle, "3").await, Err(Unavailable::StoreFailed.into()));

    store.set_weather(Weather::Fair);
    let recovered = async {
        while !handle.is_writable() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, recovered).await.expect("the node recovers");
    assert_eq!(live_calls(&handle).await, ["1"]);
    assert!(start_call(&handle, "2").await.expect("a start").call.is_active());
}

#[tokio::test]
async fn a_commit_whose_acknowledgement_was_lost_counts() {
    let (store, node) = world().await;
    let handle = node.handle();
    store.set_weather(Weather::Forgetful);
    assert!(start_call(&handle, "1").await.expect("it is in the log").call.is_active());
    assert_eq!(live_calls(&handle).await, ["1"]);
}

#[tokio::test]
async fn whoever_waits_for_a_call_is_told_when_it_leaves_the_queue() {
    let (_store, node) = world().await;
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
    let (store, node) = world().await;
    store.set_weather(Weather::Stuck);
    let handle = node.handle();
    let mut starting = Vec::new();
    for number in 0..30_000 {
        let handle = handle.clone();
        starting.push(tokio::spawn(async move {
            handle.submit(start_command(&format!("call-{number}"))).await
        }));
    }
    // All of them have been submitted once the last has been turned away.
    let last = starting.pop().expect("30,000 calls");
    let refused = tokio::time::timeout(PATIENCE, last).await.expect("turned away at once");
    assert_eq!(refused.expect("no panic"), Err(SubmitError::Unavailable(Unavailable::Overloaded)));
    store.set_weather(Weather::Fair);
}

#[tokio::test]
async fn a_plan_gives_its_limit_to_its_organisations_or_to_none() {
    let (_store, node) = world().await;
    let handle = node.handle();
    let reserve = OrgCommand::SetReservations {
        reservations: vec![(
            callslot_core::AgentId::parse("a").expect("an agent id"),
            callslot_core::PerType([2, 0, 0, 0]),
        )],
        if_version: None,
    };
    handle.submit(Command::Org(org(), reserve)).await.expect("reservations");
    let plan_of = |limit| Plan { id: plan(), name: "Standard".into(), limit };
    assert!(matches!(
        handle.put_plan(plan_of(1)).await,
        Err(CatalogueError::Submit(SubmitError::Refused(Rejection::LimitBelowReservations { .. })))
    ));
    assert_eq!(handle.plans().await.expect("a read")[&plan()].limit, 2);
    assert!(!handle.put_plan(plan_of(5)).await.expect("a higher limit"));
    let limit =
        handle.read(|shard, _| shard.org(&org()).expect("it exists").settings().limit()).await;
    assert_eq!(limit, Ok(5));
    assert_eq!(
        handle.delete_plan(plan()).await,
        Err(CatalogueError::PlanInUse { plan: plan(), orgs: 1 })
    );
}

#[tokio::test]
async fn a_plan_whose_limit_a_crash_kept_from_its_organisations_is_healed_at_the_next_start() {
    let (store, node) = world().await;
    drop(node);
    store.put_plan(&Plan { id: plan(), name: "Standard".into(), limit: 7 }).expect("a plan");
    let again = start(&store);
    let limit = || again.handle();
    let healed = async {
        loop {
            let seen =
                limit().read(|shard, _| shard.org(&org()).map(|org| org.settings().limit())).await;
            if seen == Ok(Some(7)) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, healed).await.expect("the limit is given");
    drop(Arc::clone(&store));
}
