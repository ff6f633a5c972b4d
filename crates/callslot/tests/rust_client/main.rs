//! The client for engines in Rust, against the server. `sdk/conformance` judges it while everything goes wrong that can.

mod server;

use std::time::Duration;

use callslot_api::{Call, CallState, EndReason, GateKind, GatePut};
use callslot_client::{CallType, Error, Metadata, Over, Slots, State};
use server::Server;
use tokio::time::timeout;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the server has a call.
fn seen(slots: &Slots, id: &str) -> Call {
    slots.api().call(id, 0).expect("the server has it")
}

/// Waits until a call is over at the server, and returns why.
async fn reason(slots: &Slots, id: &str) -> Option<EndReason> {
    for _ in 0..1_000 {
        let call = seen(slots, id);
        if call.state == CallState::Ended {
            return call.reason;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{id} goes on");
}

#[tokio::test]
async fn a_call_ends_when_it_is_dropped_and_the_next_one_gets_its_slot() {
    let server = Server::start();
    let slots = server.slots();
    let metadata = Metadata::parse(r#"{"from":"+49"}"#).expect("an object");
    let first = slots.call("support", CallType::Inbound).id("first").metadata(metadata).await;
    let first = first.expect("a slot");
    assert!(first.is_held());
    assert_eq!(&**seen(&slots, "first").metadata.as_text(), r#"{"from":"+49"}"#);
    let mut second = slots.call("support", CallType::Chat).start().await.expect("a place");
    assert_eq!((second.status().state, second.status().position), (State::Queued, Some(1)));
    drop(first);
    timeout(PATIENCE, second.wait()).await.expect("in time").expect("a slot");
    assert_eq!(reason(&slots, "first").await, Some(EndReason::Completed));
    let id = second.id();
    second.end(Some("hung up")).await;
    assert_eq!(seen(&slots, &id).note.as_deref(), Some("hung up"));
    slots.close().await;
}

#[tokio::test]
async fn a_wait_that_is_given_up_leaves_the_line() {
    let server = Server::start();
    let slots = server.slots();
    let _busy = slots.call("support", CallType::Inbound).await.expect("a slot");
    let waiting = slots.call("support", CallType::Inbound).id("impatient");
    assert!(timeout(Duration::from_millis(300), waiting).await.is_err());
    assert_eq!(reason(&slots, "impatient").await, Some(EndReason::Canceled));
    let late = slots.call("support", CallType::Inbound).max_wait(Duration::ZERO).await;
    let Err(Error::Over { why: Over::Ended(EndReason::MaxWait), .. }) = late else {
        panic!("{late:?}");
    };
}

#[tokio::test]
async fn gates_are_passed_and_a_wait_says_which_one_holds_it() {
    let server = Server::start();
    let slots = server.slots();
    let gate = |paused| GatePut {
        name: "Spring".to_owned(),
        kind: GateKind::Campaign,
        cap: None,
        pace: None,
        paused,
        hours: None,
    };
    slots.api().put_gate("spring", &gate(true)).expect("a gate");
    let call = slots.call("support", CallType::Outbound).gates(["spring"]).start().await;
    let mut call = call.expect("a place");
    let held_by = serde_json::to_value(call.status().blocked_by).expect("JSON");
    assert_eq!(held_by, serde_json::json!({"gate": "spring"}));
    slots.api().put_gate("spring", &gate(false)).expect("a gate");
    timeout(PATIENCE, call.wait()).await.expect("in time").expect("a slot");
}

#[tokio::test]
async fn calls_and_places_outlive_a_crash_of_the_server() {
    let mut server = Server::start();
    let slots = server.slots();
    let held = slots.call("support", CallType::Inbound).id("held").await.expect("a slot");
    let mut waiting =
        slots.call("support", CallType::Inbound).id("w").start().await.expect("a place");
    server.kill();
    // What is asked for meanwhile is answered once the server is back.
    let later = slots.call("support", CallType::Inbound).id("later");
    let later = tokio::spawn(async move { later.start().await });
    server.start_again();
    let mut later =
        timeout(PATIENCE, later).await.expect("in time").expect("no panic").expect("a place");
    assert!(held.is_held());
    assert_eq!(seen(&slots, "w").state, CallState::Queued);
    drop(held);
    timeout(PATIENCE, waiting.wait()).await.expect("in time").expect("a slot");
    waiting.end(None).await;
    timeout(PATIENCE, later.wait()).await.expect("in time").expect("a slot");
    // Beyond the grace, a call with a slot is told.
    server.kill();
    let status = timeout(PATIENCE, later.lost()).await.expect("in time");
    assert_eq!((status.state, status.over), (State::Lost, Some(Over::Unreachable)));
}

#[tokio::test]
async fn who_ended_a_call_elsewhere_is_told_to_its_holder() {
    let server = Server::start();
    let slots = server.slots();
    let mut call = slots.call("support", CallType::Inbound).id("taken").await.expect("a slot");
    let others = server.slots();
    let mut adopted = others.adopt("taken").await.expect("it is live");
    assert_eq!(timeout(PATIENCE, call.lost()).await.expect("in time").over, Some(Over::Adopted));
    // The end of a call that another has is not this one's to say.
    drop(call);
    slots.close().await;
    assert!(adopted.is_held());
    others.api().end_call("taken", &callslot_api::CallEnd::default()).expect("an end");
    let status = timeout(PATIENCE, adopted.lost()).await.expect("in time");
    assert_eq!(status.over, Some(Over::Ended(EndReason::Completed)));
}

#[tokio::test]
async fn what_the_server_does_not_take_is_said() {
    let server = Server::start();
    let slots = server.slots();
    let code = |outcome: Result<callslot_client::Call, Error>| match outcome {
        Err(Error::Over { why: Over::Refused(problem), .. }) => problem.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(slots.call("nobody", CallType::Chat).await), "unknown_agent");
    assert_eq!(code(slots.adopt("never").await), "unknown_call");
    // Too much for any message is said before it is sent, and disturbs no other call.
    assert_eq!(code(slots.call(&"x".repeat(2_000_000), CallType::Chat).await), "body_too_large");
    let stranger = server.slots_with("cs_wrong");
    assert_eq!(code(stranger.call("support", CallType::Chat).await), "unauthenticated");
    let first = slots.call("support", CallType::Chat).id("one").await.expect("a slot");
    let twice = slots.call("support", CallType::Chat).id("one").await;
    let Err(Error::Over { why: Over::InUse, .. }) = twice else { panic!("{twice:?}") };
    let other = slots.clone();
    slots.close().await;
    drop(first);
    let closed = other.call("support", CallType::Chat).await;
    let Err(Error::Over { why: Over::Closed, .. }) = closed else { panic!("{closed:?}") };
    assert_eq!(seen(&other, "one").reason, Some(EndReason::Completed));
}

#[tokio::test]
async fn a_call_that_is_to_be_claimed() {
    let server = Server::start();
    let slots = server.slots();
    let call = slots.call("support", CallType::Inbound).claim_within(Duration::from_mins(1)).await;
    let call = call.expect("a slot");
    call.claim().await.expect("it is claimed");
    let refused = call.decline(true, None).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let id = call.id();
    slots.leave().await;
    // Left to the grace, it is still there for another process.
    let heir = server.slots();
    assert!(heir.adopt(&id).await.expect("it is live").is_held());
}
