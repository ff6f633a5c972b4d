//! A node with one organisation `o`, which has two slots and an agent `a`, and helpers for tests.

use std::sync::Arc;
use std::time::Duration;

use callslot_core::{
    Actor, ActorKind, AgentId, CallGates, CallId, CallType, CallView, Command, EndCall, LeaseId,
    OpenLease, OrgCommand, OrgId, PerType, PlanId, PutAgent, RenewLease, Reply, StartCall,
};
use callslot_node::{NewOrg, Node, NodeConfig, NodeHandle, SubmitError};
use callslot_store::Plan;

use crate::unreliable_store::UnreliableStore;

/// Long enough for anything that will happen at all.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until a condition holds.
pub async fn until(mut holds: impl FnMut() -> bool) {
    let holding = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, holding).await.expect("it comes to hold");
}

pub fn org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}

pub fn call(id: &str) -> CallId {
    CallId::parse(id).expect("a call id")
}

pub fn plan() -> PlanId {
    PlanId::parse("standard").expect("a plan id")
}

pub fn start(store: &Arc<UnreliableStore>) -> Node {
    Node::start(Arc::clone(store) as _, &NodeConfig::default()).expect("the node starts")
}

pub fn new_org(plan: PlanId) -> NewOrg {
    NewOrg {
        name: "O".into(),
        plan,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: PerType::default(),
        max_queued: 1_000,
    }
}

/// A node on a new store.
pub async fn test_node() -> (Arc<UnreliableStore>, Node) {
    let store = Arc::new(UnreliableStore::default());
    let node = start(&store);
    let handle = node.handle();
    let standard = Plan { id: plan(), name: "Standard".into(), limit: 2 };
    assert!(handle.put_plan(by(), standard).await.expect("a plan"));
    handle.create_org(by(), org(), new_org(plan())).await.expect("an organisation");
    let agent = AgentId::parse("a").expect("an agent id");
    let put = OrgCommand::PutAgent(PutAgent { agent, name: "A".into(), cap: None, pace: None });
    handle.submit(Command::Org(org(), put)).await.expect("an agent");
    (store, node)
}

pub fn lease() -> LeaseId {
    LeaseId::parse("l").expect("a lease id")
}

pub async fn open_lease(node: &NodeHandle, ttl_ms: u64) {
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms, key: None });
    node.submit(Command::Org(org(), open)).await.expect("a lease");
}

pub async fn renew_lease(node: &NodeHandle) -> Result<Reply, SubmitError> {
    node.submit(Command::Org(
        org(),
        OrgCommand::RenewLease(RenewLease { lease: lease(), sum: None }),
    ))
    .await
}

pub fn start_command(id: &str) -> Command {
    start_command_under(None, id)
}

pub fn start_command_under(lease: Option<LeaseId>, id: &str) -> Command {
    Command::Org(
        org(),
        OrgCommand::StartCall(StartCall {
            id: call(id),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            lease,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        }),
    )
}

pub async fn start_call(node: &NodeHandle, id: &str) -> Result<CallView, SubmitError> {
    let Reply::Call { call, .. } = node.submit(start_command(id)).await? else {
        panic!("a start is answered with a call");
    };
    Ok(call)
}

pub async fn end_call(node: &NodeHandle, id: &str) -> Result<Reply, SubmitError> {
    node.submit(Command::Org(org(), OrgCommand::EndCall(EndCall { call: call(id), note: None })))
        .await
}

/// The ids of all live calls, sorted.
pub async fn live_calls(node: &NodeHandle) -> Vec<String> {
    let mut ids = node
        .read(&org(), |found, now| {
            let page = found.expect("the organisation").calls(
                &callslot_core::CallFilter::default(),
                None,
                1_000,
                now,
            );
            page.calls.iter().map(|view| view.call.request.id.to_string()).collect::<Vec<_>>()
        })
        .await
        .expect("a read");
    ids.sort();
    ids
}

/// Who makes the changes in tests.
pub(crate) fn by() -> Arc<Actor> {
    let (id, name) = (Arc::from("key_1"), Arc::from("the tests"));
    Arc::new(Actor { kind: ActorKind::Key, id, name })
}
