//! A command that leads to many events is carried out in several records, with other organisations' commands between them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::limits::Bounds;
use callslot_core::{
    AgentId, CallFilter, CallGates, CallId, CallType, Command, EndCalls, OrgChange, OrgCommand,
    OrgId, PutAgent, StartCall,
};
use callslot_node::{MAX_EVENTS_PER_RECORD, NodeHandle, Unavailable};

use callslot_store::stored_form::encode;
use tokio::time::timeout;

use crate::test_node::{
    PATIENCE, by, lease, live_calls, new_org, open_lease, org, plan, start, start_call,
    start_command_under, test_node,
};
use crate::unreliable_store::Fault;

/// Enough for several steps.
const CALLS: usize = 2_500;

async fn start_under_lease(node: &NodeHandle) {
    let change = OrgChange { max_queued: Some(10_000), ..OrgChange::default() };
    node.change_org(by(), org(), change, None).await.expect("a change");
    open_lease(node, 60_000).await;
    for first in (0..CALLS).step_by(500) {
        let ids = (first..first + 500).map(|number| format!("leased-{number}"));
        let starts = ids.map(|id| start_command_under(Some(lease()), &id)).collect();
        node.submit_all(starts).await.expect("starts");
    }
}

/// An organisation beside the one that every test has.
async fn another(node: &NodeHandle) -> OrgId {
    let another = OrgId::parse("p").expect("an organisation id");
    node.create_org(by(), another.clone(), new_org(plan())).await.expect("an organisation");
    let agent = AgentId::parse("a").expect("an agent id");
    let put = OrgCommand::PutAgent(PutAgent { agent, name: "A".into(), cap: None, pace: None });
    node.submit(Command::Org(another.clone(), put)).await.expect("an agent");
    another
}

fn start_in(org: OrgId, id: &str) -> Command {
    Command::Org(
        org,
        OrgCommand::StartCall(StartCall {
            id: CallId::parse(id).expect("a call id"),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            lease: None,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        }),
    )
}

#[tokio::test]
async fn the_end_of_a_lease_is_answered_once_its_last_call_has_ended() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_under_lease(&handle).await;
    let before = store.records().len();
    start_call(&handle, "waits").await.expect("it is queued");
    handle.end_lease(org(), lease()).await.expect("an end");
    assert_eq!(live_calls(&handle).await, ["waits"]);
    let records = store.records();
    let steps = CALLS / Bounds::default().step_events;
    assert!(records.len() >= before + steps, "{} records after {before}", records.len());
    let largest = records.iter().map(|record| record.events.len()).max();
    assert!(largest.is_some_and(|events| events <= MAX_EVENTS_PER_RECORD), "{largest:?} events");
}

#[tokio::test]
async fn other_organisations_are_served_between_the_steps_of_one() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_under_lease(&handle).await;
    let another = another(&handle).await;
    store.set_fault(Fault::AppendsHang);
    let mut ending = pin!(handle.end_lease(org(), lease()));
    assert!(timeout(Duration::from_millis(50), &mut ending).await.is_err());
    let mut starting = pin!(handle.submit(start_in(another.clone(), "1")));
    assert!(timeout(Duration::from_millis(50), &mut starting).await.is_err());
    store.set_fault(Fault::None);
    starting.await.expect("a start");
    ending.await.expect("an end");

    let records = store.records();
    let of_another = records.iter().rposition(|it| it.events.iter().any(|e| e.org == another));
    assert!(of_another < Some(records.len() - 2), "it started behind the lease's last call");
}

#[tokio::test]
async fn steps_that_are_left_at_a_crash_are_taken_after_the_restart() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_under_lease(&handle).await;
    start_call(&handle, "waits").await.expect("it is queued");
    let before = store.records().len();
    store.set_fault(Fault::SecondAppendFails);
    let ending = handle.end_lease(org(), lease()).await;
    assert_eq!(ending, Err(Unavailable::StoreFailed.into()));
    assert_eq!(store.records().len(), before + 1, "a part of the calls has ended");
    drop(handle);
    node.shutdown().await;

    store.set_fault(Fault::None);
    let again = start(&store);
    let handle = again.handle();
    let all_done = async {
        while live_calls(&handle).await != ["waits"] {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, all_done).await.expect("the rest is done");
}

#[tokio::test]
async fn metadata_that_many_orders_bring_goes_into_several_records() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    store.set_fault(Fault::AppendsHang);
    let metadata: Arc<str> = format!("{{\"text\":\"{}\"}}", "x".repeat(4_000)).into();
    let starts = (0..900).map(|number| {
        let Command::Org(org, OrgCommand::StartCall(start)) = start_in(org(), &number.to_string())
        else {
            panic!("it is a start");
        };
        let start = StartCall { metadata: Some(Arc::clone(&metadata)), ..start };
        handle.hand_in(vec![Command::Org(org, OrgCommand::StartCall(start))])
    });
    let starts: Vec<_> = starts.collect();
    store.set_fault(Fault::None);
    for started in starts {
        let decisions = started.await.expect("the node takes it");
        assert!(decisions[0].is_ok(), "{decisions:?}");
    }
    let largest = store.records().iter().map(|record| encode(record).len()).max();
    assert!(largest.is_some_and(|bytes| bytes < 3 << 19), "{largest:?} bytes in one record");
}

fn all_of_agent() -> EndCalls {
    let agent = Some(AgentId::parse("a").expect("an agent id"));
    EndCalls { filter: CallFilter { agent, ..CallFilter::default() }, ids: None, note: None }
}

#[tokio::test]
async fn the_end_of_all_calls_that_match_is_answered_once_the_last_has_ended() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_under_lease(&handle).await;
    let another = another(&handle).await;
    handle.submit(start_in(another.clone(), "1")).await.expect("a start");
    let before = store.records().len();
    let ended = handle.end_calls(org(), all_of_agent()).await;
    assert_eq!(ended, Ok(CALLS as u64));
    assert_eq!(live_calls(&handle).await, Vec::<String>::new());
    assert_eq!(handle.end_calls(another, all_of_agent()).await, Ok(1));
    let records = store.records();
    let steps = CALLS / Bounds::default().step_events;
    assert!(records.len() >= before + steps, "{} records after {before}", records.len());
    let largest = records.iter().map(|record| record.events.len()).max();
    assert!(largest.is_some_and(|events| events <= MAX_EVENTS_PER_RECORD), "{largest:?} events");
}

#[tokio::test]
async fn calls_that_are_still_to_end_at_a_crash_end_after_the_restart() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    start_under_lease(&handle).await;
    store.set_fault(Fault::SecondAppendFails);
    let ended = handle.end_calls(org(), all_of_agent()).await;
    assert_eq!(ended, Err(Unavailable::StoreFailed.into()));
    drop(handle);
    node.shutdown().await;

    store.set_fault(Fault::None);
    let again = start(&store);
    let handle = again.handle();
    let all_done = async {
        while !live_calls(&handle).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, all_done).await.expect("the rest is done");
    assert_eq!(handle.end_calls(org(), all_of_agent()).await, Ok(0));
}
