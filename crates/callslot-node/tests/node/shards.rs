//! A node of several shards: each organisation has one of them, and what concerns all organisations comes to all shards.

use std::collections::BTreeSet;
use std::sync::Arc;

use callslot_core::{
    AgentId, CallId, CallType, EndCall, OrgId, PerType, PutAgent, Rejection, Sequence,
    SetReservations, StartCall,
};
use callslot_node::{CatalogueError, Node, NodeHandle, SubmitError, Unavailable};
use callslot_store::testing::DelegatingStore;
use callslot_store::{EndedFilter, History, Plan, Position, shard_of};

use crate::test_node::{by, call, new_org, plan, start, until};
use crate::unreliable_store::{Fault, Unreliable, UnreliableStore};

const SHARDS: u16 = 4;
/// One in each shard.
const ORGS: [&str; 4] = ["p", "o", "q", "t"];

fn org(id: &str) -> OrgId {
    OrgId::parse(id).expect("an organisation id")
}

fn agent() -> AgentId {
    AgentId::parse("a").expect("an agent id")
}

fn standard(limit: u32) -> Plan {
    Plan { id: plan(), name: "Standard".into(), limit }
}

/// A node with an organisation in each shard. Only shard 0 meets the faults of the store.
async fn node_of_shards() -> (Arc<UnreliableStore>, Node) {
    let store = Arc::new(DelegatingStore(Unreliable::with_shards(SHARDS)));
    let node = start(&store);
    let handle = node.handle();
    assert!(handle.put_plan(by(), standard(2)).await.expect("a plan"));
    for (number, id) in (0..).zip(ORGS) {
        assert_eq!(shard_of(&org(id), SHARDS), number);
        handle.create_org(by(), org(id), new_org(plan())).await.expect("an organisation");
        let put = PutAgent { agent: agent(), name: "A".into(), cap: None, pace: None };
        handle.submit((org(id), put)).await.expect("an agent");
    }
    (store, node)
}

async fn start_in(node: &NodeHandle, of: &str, id: &str) -> Result<bool, SubmitError> {
    let start = StartCall {
        id: call(id),
        agent: agent(),
        call_type: CallType::Chat,
        lease: None,
        max_wait_ms: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: callslot_core::CallGates::default(),
        metadata: None,
    };
    Ok(node.submit((org(of), start)).await?.call.call.is_active())
}

async fn end_in(node: &NodeHandle, of: &str, id: &str) -> Result<(), SubmitError> {
    node.submit((org(of), EndCall { call: call(id), note: None })).await.map(|_| ())
}

async fn limit_of(node: &NodeHandle, of: &str) -> u32 {
    let look = |found: Option<&callslot_core::Org>, now| found.map(|org| org.pool(now).limit);
    node.read(&org(of), look).await.expect("a read").expect("the organisation")
}

async fn is_live(node: &NodeHandle, of: &str, id: &str) -> bool {
    let id: CallId = call(id);
    let look = move |found: Option<&callslot_core::Org>, now| found?.call(&id, now);
    node.read(&org(of), look).await.expect("a read").is_some_and(|view| !view.call.is_ended())
}

#[tokio::test]
async fn each_organisation_is_in_the_log_of_its_shard_alone_and_is_there_after_a_kill() {
    let (store, node) = node_of_shards().await;
    let handle = node.handle();
    for id in ORGS {
        assert_eq!(start_in(&handle, id, "1").await, Ok(true));
    }
    // It does not stop in order: nothing but the logs is kept.
    drop((node, handle));
    for (number, id) in (0..).zip(ORGS) {
        let shard = callslot_store::Store::shard(Arc::clone(&store), number);
        let records = shard.read_from(Position(0), usize::MAX).expect("the log");
        let named: BTreeSet<OrgId> =
            records.into_iter().flat_map(|(_, it)| it.events).map(|event| event.org).collect();
        assert_eq!(named, BTreeSet::from([org(id)]), "in the log of shard {number}");
    }

    let again = start(&store);
    let handle = again.handle();
    let orgs =
        handle.read_all(|shard, _| shard.orgs().into_iter().map(|(id, _)| id).collect::<Vec<_>>());
    assert_eq!(orgs.await, Ok(ORGS.map(|id| vec![org(id)]).to_vec()));
    for id in ORGS {
        assert!(is_live(&handle, id, "1").await, "in {id}");
        assert_eq!(start_in(&handle, id, "2").await, Ok(true));
        assert_eq!(start_in(&handle, id, "3").await, Ok(false), "two slots of {id} are taken");
        let mut feed = handle.follow(org(id), Some(Sequence(0))).await.expect("the whole log");
        let first = feed.next().await.expect("an event").expect("the log is readable");
        assert_eq!(first[0].sequence, Sequence(1), "of {id}");
    }
    again.shutdown().await;
}

#[tokio::test]
async fn a_shard_whose_log_fails_holds_up_no_other() {
    let (store, node) = node_of_shards().await;
    let handle = node.handle();
    store.set_fault(Fault::AppendsFail);
    let failed = Err(SubmitError::Unavailable(Unavailable::StoreFailed));
    assert_eq!(start_in(&handle, "p", "1").await, failed);
    assert!(!handle.is_writable(), "one of its shards is not");
    for id in &ORGS[1..] {
        assert_eq!(start_in(&handle, id, "1").await, Ok(true));
        end_in(&handle, id, "1").await.expect("an end");
    }
    assert!(!is_live(&handle, "p", "1").await);
    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    assert_eq!(start_in(&handle, "p", "1").await, Ok(true));
    node.shutdown().await;
}

#[tokio::test]
async fn a_plans_limit_comes_to_all_shards_or_to_none() {
    let (_store, node) = node_of_shards().await;
    let handle = node.handle();
    assert!(!handle.put_plan(by(), standard(3)).await.expect("a change"));
    for id in ORGS {
        assert_eq!(limit_of(&handle, id).await, 3, "of {id}");
    }
    let reserve =
        SetReservations { reservations: vec![(agent(), PerType([2, 0, 0, 0]))], if_version: None };
    handle.submit((org("t"), reserve)).await.expect("reservations");
    let refused = handle.put_plan(by(), standard(1)).await;
    let because = Rejection::LimitBelowReservations { org: org("t"), limit: 1, reserved: 2 };
    assert_eq!(refused, Err(CatalogueError::Submit(SubmitError::Refused(because))));
    for id in ORGS {
        assert_eq!(limit_of(&handle, id).await, 3, "of {id}");
    }
    assert_eq!(handle.plans().await.expect("a read")[&plan()].limit, 3);
    let in_use = CatalogueError::PlanInUse { plan: plan(), orgs: ORGS.len() };
    assert_eq!(handle.delete_plan(by(), plan()).await, Err(in_use));
    node.shutdown().await;
}

#[tokio::test]
async fn a_plans_limit_that_a_failing_shard_did_not_take_is_the_same_everywhere_after_a_restart() {
    let (store, node) = node_of_shards().await;
    let handle = node.handle();
    store.set_fault(Fault::AppendsFail);
    let failed = handle.put_plan(by(), standard(3)).await;
    let unavailable = CatalogueError::Submit(SubmitError::Unavailable(Unavailable::StoreFailed));
    assert_eq!(failed, Err(unavailable));
    store.set_fault(Fault::None);
    until(|| handle.is_writable()).await;
    node.shutdown().await;
    let again = start(&store);
    let handle = again.handle();
    // The limits are applied before the first change is made.
    handle.put_plan(by(), standard(2)).await.expect("nothing changes");
    for id in ORGS {
        assert_eq!(limit_of(&handle, id).await, 2, "of {id}");
    }
    again.shutdown().await;
}

#[tokio::test]
async fn the_history_of_every_shard_is_projected_and_a_deleted_organisation_leaves_none() {
    let (store, node) = node_of_shards().await;
    let handle = node.handle();
    for id in ORGS {
        start_in(&handle, id, "1").await.expect("a start");
        end_in(&handle, id, "1").await.expect("an end");
    }
    let ended = |id: &str| {
        let page = store.ended_calls(&org(id), &EndedFilter::default(), 10);
        page.expect("a read").calls.len()
    };
    until(|| ORGS.iter().all(|id| ended(id) == 1)).await;
    handle.delete_org(by(), org("t")).await.expect("a deletion");
    handle.create_org(by(), org("t"), new_org(plan())).await.expect("another one");
    assert_eq!(ORGS.map(ended), [1, 1, 1, 0]);
    node.shutdown().await;
    for number in 0..SHARDS {
        let shard = callslot_store::Store::shard(Arc::clone(&store), number);
        let end = shard.end().expect("an end");
        assert_eq!(shard.projected().expect("a place"), end, "of shard {number}");
        let snapshot = shard.latest_snapshot().expect("a read").expect("a snapshot");
        assert_eq!(snapshot.position, end, "of shard {number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organisations_of_all_shards_are_served_at_once() {
    let (_store, node) = node_of_shards().await;
    let serving = ORGS.map(|id| {
        let handle = node.handle();
        tokio::spawn(async move {
            for number in 0..50 {
                let call = number.to_string();
                assert_eq!(start_in(&handle, id, &call).await, Ok(true));
                end_in(&handle, id, &call).await.expect("an end");
            }
            let served = org(id);
            let as_of = handle.read(&served, |found, _| found.map(callslot_core::Org::as_of));
            as_of.await.expect("a read").expect("the organisation")
        })
    });
    for served in serving {
        // The agent, and a start and an end of each call.
        assert_eq!(served.await.expect("it is served"), Sequence(101));
    }
    node.shutdown().await;
}
