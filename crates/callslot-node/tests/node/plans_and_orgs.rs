//! Plans, organisations and their keys.

use callslot_core::{
    AgentId, Command, OrgChange, OrgCommand, OrgId, PerType, PlanId, PutAgent, Rejection, Sequence,
    SetReservations, Timestamp,
};
use callslot_node::{CatalogueError, FollowError, NodeHandle, SubmitError};
use callslot_store::{ApiKey, Catalogue, EndedFilter, History, Log, Plan, Role, SeriesKind};

use crate::test_node::{
    PATIENCE, by, end_call, new_org, org, plan, start, start_call, test_node, until,
};
use crate::unreliable_store::UnreliableStore;

fn put_key(store: &UnreliableStore, id: &str, org: Option<OrgId>) {
    let key = ApiKey {
        id: id.into(),
        org,
        name: id.into(),
        role: Role::Admin,
        secret_sha256: [7; 32],
        created_at: Timestamp(1),
        last_used_at: None,
        expires_at: None,
        old_secret: None,
    };
    store.put_key(&key).expect("a key");
}

fn keys(store: &UnreliableStore) -> Vec<String> {
    store.keys().expect("a read").into_iter().map(|key| key.id).collect()
}

async fn limit_of(node: &NodeHandle) -> Option<u32> {
    let seen = node.read(&org(), |found, _| found.map(|org| org.settings().limit())).await;
    seen.expect("a read")
}

#[tokio::test]
async fn a_plan_gives_its_limit_to_its_organisations_or_to_none() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    let reserve = OrgCommand::SetReservations(SetReservations {
        reservations: vec![(AgentId::parse("a").expect("an agent id"), PerType([2, 0, 0, 0]))],
        if_version: None,
    });
    handle.submit(Command::Org(org(), reserve)).await.expect("reservations");
    let plan_of = |limit| Plan { id: plan(), name: "Standard".into(), limit };
    assert!(matches!(
        handle.put_plan(by(), plan_of(1)).await,
        Err(CatalogueError::Submit(SubmitError::Refused(Rejection::LimitBelowReservations { .. })))
    ));
    assert_eq!(handle.plans().await.expect("a read")[&plan()].limit, 2);
    assert!(!handle.put_plan(by(), plan_of(5)).await.expect("a higher limit"));
    assert_eq!(limit_of(&handle).await, Some(5));
    assert_eq!(
        handle.delete_plan(by(), plan()).await,
        Err(CatalogueError::PlanInUse { plan: plan(), orgs: 1 })
    );
}

#[tokio::test]
async fn a_plan_whose_limit_a_crash_kept_from_its_organisations_is_healed_at_the_next_start() {
    let (store, node) = test_node().await;
    drop(node);
    store.put_plan(&Plan { id: plan(), name: "Standard".into(), limit: 7 }).expect("a plan");
    let again = start(&store);
    let handle = again.handle();
    let healed = async { while limit_of(&handle).await != Some(7) {} };
    tokio::time::timeout(PATIENCE, healed).await.expect("the limit is given");
}

#[tokio::test]
async fn an_organisation_moves_to_another_plan_with_its_limit() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    let large = PlanId::parse("large").expect("a plan id");
    let unknown = handle.change_org(by(), org(), OrgChange::default(), Some(large.clone())).await;
    assert_eq!(unknown, Err(CatalogueError::UnknownPlan { plan: large.clone() }));
    assert_eq!(limit_of(&handle).await, Some(2));

    let put = Plan { id: large.clone(), name: "Large".into(), limit: 50 };
    assert!(handle.put_plan(by(), put).await.expect("a plan"));
    handle.change_org(by(), org(), OrgChange::default(), Some(large)).await.expect("a change");
    assert_eq!(limit_of(&handle).await, Some(50));
    handle.delete_plan(by(), plan()).await.expect("nobody is on it");
    assert_eq!(
        handle.delete_plan(by(), plan()).await,
        Err(CatalogueError::UnknownPlan { plan: plan() })
    );
}

#[tokio::test]
async fn an_organisation_is_founded_once_and_only_on_a_plan_there_is() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    put_key(&store, "admin", Some(org()));
    assert_eq!(
        handle.create_org(by(), org(), new_org(plan())).await,
        Err(SubmitError::from(Rejection::OrgExists { org: org() }).into())
    );
    assert_eq!(keys(&store), ["admin"], "a refusal changes nothing");
    let unknown = PlanId::parse("none").expect("a plan id");
    let other = OrgId::parse("other").expect("an organisation id");
    assert_eq!(
        handle.create_org(by(), other, new_org(unknown.clone())).await,
        Err(CatalogueError::UnknownPlan { plan: unknown })
    );
}

#[tokio::test]
async fn the_keys_of_an_organisation_go_with_it() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    put_key(&store, "admin", Some(org()));
    put_key(&store, "operator", None);
    handle.delete_org(by(), org()).await.expect("it has no calls");
    assert_eq!(keys(&store), ["operator"]);
    assert_eq!(limit_of(&handle).await, None);
}

#[tokio::test]
async fn a_key_that_outlived_its_organisation_does_not_open_the_next_of_that_name() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    handle.delete_org(by(), org()).await.expect("it has no calls");
    put_key(&store, "left over", Some(org()));
    put_key(&store, "operator", None);
    handle.create_org(by(), org(), new_org(plan())).await.expect("an organisation");
    assert_eq!(keys(&store), ["operator"]);
}

#[tokio::test]
async fn keys_that_a_crash_kept_from_going_with_their_organisation_go_at_the_next_start() {
    let (store, node) = test_node().await;
    node.handle().delete_org(by(), org()).await.expect("it has no calls");
    drop(node);
    put_key(&store, "left over", Some(org()));
    put_key(&store, "operator", None);
    let _again = start(&store);
    until(|| keys(&store) == ["operator"]).await;
}

#[tokio::test]
async fn an_organisation_created_again_under_the_id_of_a_deleted_one_sees_nothing_of_it() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    for id in ["1", "2"] {
        start_call(&handle, id).await.expect("a start");
        end_call(&handle, id).await.expect("an end");
    }
    let as_of = 5;
    until(|| store.projected().ok() == store.end().ok()).await;
    let kept = || store.ended_calls(&org(), &EndedFilter::default(), 9).expect("a read").calls;
    assert_eq!(kept().len(), 2);

    handle.delete_org(by(), org()).await.expect("a deletion");
    handle.create_org(by(), org(), new_org(plan())).await.expect("another one");
    assert_eq!(kept(), []);
    let series = store.count_series(&org(), SeriesKind::Org).expect("a read");
    assert_eq!(series, 0);
    for old in [0, 1, as_of - 1] {
        let agent = AgentId::parse("a").expect("an agent id");
        let put = PutAgent { agent, name: "A".into(), cap: None, pace: None };
        handle.submit((org(), put)).await.expect("an agent");
        let followed = handle.follow(org(), Some(Sequence(old))).await;
        assert!(matches!(followed, Err(FollowError::CursorExpired { .. })), "after {old}");
    }
    let mut feed = handle.follow(org(), Some(Sequence(as_of))).await.expect("a feed");
    let first = feed.next().await.expect("an event").expect("the log is readable");
    assert_eq!(first[0].sequence, Sequence(as_of + 1));
}
