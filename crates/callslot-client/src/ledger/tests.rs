//! What the ledger sends after answers, or the connection, were lost.

use std::time::Instant;

use callslot_api::{ClientFrame, ServerFrame};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Handle, Ledger, Opening};
use crate::status::{Over, State, Status};

/// A ledger with a call that was written down and sent under the lease `own`.
fn asked() -> (Ledger, watch::Receiver<Status>) {
    let mut ledger = Ledger::default();
    let (told, status) = watch::channel(Status::asked("c".to_owned()));
    let start = json!({"op": "start", "agent": "support", "type": "inbound"});
    let start = serde_json::from_value(start).expect("a frame");
    ledger.write(1, "c".to_owned(), Opening::Start(start), told);
    assert_eq!(connect(&mut ledger, "own"), Value::Null);
    assert_eq!(
        sent(&mut ledger),
        json!([{"op": "start", "ref": 1, "agent": "support", "type": "inbound", "id": "c"}])
    );
    (ledger, status)
}

fn connect(ledger: &mut Ledger, lease: &str) -> Value {
    serde_json::to_value(ledger.connected(lease.to_owned(), 7_000)).expect("JSON")
}

fn sent(ledger: &mut Ledger) -> Value {
    let frames: Vec<ClientFrame> =
        if ledger.has_frames() { ledger.frames(1_000) } else { Vec::new() };
    serde_json::to_value(frames).expect("JSON")
}

fn hear(ledger: &mut Ledger, frame: Value) {
    let frame: ServerFrame = serde_json::from_value(frame).expect("a frame");
    #[expect(clippy::disallowed_methods, reason = "any time will do")]
    ledger.hear(frame, Instant::now());
}

fn call(id: &str, state: &str, reason: Option<&str>) -> Value {
    json!({
        "id": id, "agent": "support", "type": "inbound", "gates": [], "state": state, "slot": null, "position": null,
        "position_in_class": null, "blocked_on": null, "blocked_by": null, "retry_in_ms": null,
        "estimated_wait_ms": null, "requested_at": "2026-11-28T14:00:00.000Z", "started_at": null, "ended_at": null,
        "reason": reason, "note": null, "lease": "own", "metadata": {},
    })
}

#[test]
fn a_start_whose_answer_is_lost_goes_out_again_unless_the_server_has_the_call() {
    let (mut ledger, status) = asked();
    ledger.disconnected();
    let resume = json!({"op": "resume", "ref": 0, "lease": "own", "calls": ["c"]});
    assert_eq!(connect(&mut ledger, "second"), resume);
    // Nothing follows a `resume` before its answer.
    assert_eq!(sent(&mut ledger), json!([]));
    let resumed = |calls: Value, unknown: Value| {
        json!({"op": "resumed", "ref": 0, "lease": "own", "grace_s": 30, "more": false, "calls": calls, "ended": [],
            "unknown": unknown})
    };
    hear(&mut ledger, resumed(json!([]), json!([{"id": "c", "why": "never_known"}])));
    assert_eq!(sent(&mut ledger)[0]["op"], "start");
    ledger.disconnected();
    connect(&mut ledger, "third");
    hear(&mut ledger, resumed(json!([call("c", "active", None)]), json!([])));
    assert_eq!(sent(&mut ledger), json!([]));
    assert_eq!(status.borrow().state, State::Active);
}

#[test]
fn an_end_is_sent_until_it_is_confirmed() {
    let (mut ledger, status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    ledger.end(1, Some("done".to_owned()));
    let end = sent(&mut ledger);
    assert_eq!((&end[0]["op"], &end[0]["note"]), (&json!("end"), &json!("done")));
    ledger.end(1, None);
    assert_eq!(sent(&mut ledger), json!([]));
    ledger.disconnected();
    connect(&mut ledger, "second");
    hear(
        &mut ledger,
        json!({"op": "resumed", "ref": 0, "lease": "own", "grace_s": 30, "more": false,
        "calls": [call("c", "active", None)], "ended": [], "unknown": []}),
    );
    let again = sent(&mut ledger);
    assert_eq!(again[0]["op"], "end");
    assert!(!ledger.is_empty());
    hear(
        &mut ledger,
        json!({"ref": again[0]["ref"], "call": call("c", "ended", Some("completed"))}),
    );
    assert!(ledger.is_empty());
    assert_eq!(status.borrow().state, State::Ended);
}

#[test]
fn an_end_whose_note_is_refused_goes_out_without_it() {
    let (mut ledger, _status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    ledger.end(1, Some("too long".to_owned()));
    let end = sent(&mut ledger);
    hear(
        &mut ledger,
        json!({"ref": end[0]["ref"], "error": {"type": "urn:callslot:problem:invalid_field",
        "code": "invalid_field", "title": "", "status": 422, "detail": ""}}),
    );
    let again = sent(&mut ledger);
    assert_eq!((&again[0]["op"], &again[0]["note"]), (&json!("end"), &Value::Null));
    assert!(!ledger.is_empty());
}

#[test]
fn an_end_waits_for_the_start_and_ends_no_call_of_another_client() {
    let (mut ledger, status) = asked();
    ledger.end(1, None);
    assert_eq!(sent(&mut ledger), json!([]));
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    assert_eq!(sent(&mut ledger)[0]["op"], "end");
    assert_eq!(status.borrow().state, State::Asked);

    let held = json!({"ref": 1, "error": {"type": "urn:callslot:problem:held_by_other_lease", "code": "held_by_other_lease",
        "title": "", "status": 409, "detail": ""}});
    let (mut ledger, _status) = asked();
    ledger.end(1, None);
    hear(&mut ledger, held);
    assert_eq!(sent(&mut ledger), json!([]));
    assert!(ledger.is_empty());

    let (mut ledger, _status) = asked();
    ledger.end(1, None);
    ledger.disconnected();
    connect(&mut ledger, "second");
    hear(
        &mut ledger,
        json!({"op": "resumed", "ref": 0, "lease": "own", "grace_s": 30, "more": false,
        "calls": [], "ended": [], "unknown": [{"id": "c", "why": "other_lease"}]}),
    );
    assert_eq!(sent(&mut ledger), json!([]));
    assert!(ledger.is_empty());
}

fn resumed(calls: &Value, unknown: &Value) -> Value {
    json!({"op": "resumed", "ref": 0, "lease": "own", "grace_s": 30, "more": false, "calls": calls, "ended": [],
        "unknown": unknown})
}

/// A client that adopts the call `a`, with its handle.
fn adopting(ledger: &mut Ledger, handle: Handle) -> watch::Receiver<Status> {
    let (told, status) = watch::channel(Status::asked("a".to_owned()));
    ledger.write(handle, "a".to_owned(), Opening::Adopt, told);
    status
}

#[test]
fn an_adoption_that_is_given_up_before_it_is_sent_leaves_the_call_as_it_is() {
    let (mut ledger, _held) = asked();
    let _given_up = adopting(&mut ledger, 2);
    ledger.end(2, None);
    assert_eq!(sent(&mut ledger), json!([]));
    // Nothing is left of it: the next adoption of the call is the only one.
    let status = adopting(&mut ledger, 3);
    let adopt = sent(&mut ledger);
    assert_eq!(adopt, json!([{"op": "adopt", "ref": 2, "id": "a"}]));
    hear(&mut ledger, json!({"ref": 2, "call": call("a", "active", None)}));
    assert_eq!(status.borrow().state, State::Active);
    assert_eq!(sent(&mut ledger), json!([]));
}

#[test]
fn an_adoption_that_is_given_up_on_its_way_ends_the_call_only_if_it_was_moved() {
    let (mut ledger, _held) = asked();
    let _given_up = adopting(&mut ledger, 2);
    sent(&mut ledger);
    ledger.end(2, None);
    assert_eq!(sent(&mut ledger), json!([]));
    hear(&mut ledger, json!({"ref": 2, "call": call("a", "active", None)}));
    assert_eq!(sent(&mut ledger)[0]["op"], "end");

    for (calls, unknown, is_ended) in [
        (json!([call("a", "active", None)]), json!([]), true),
        (json!([]), json!([{"id": "a", "why": "other_lease"}]), false),
    ] {
        let (mut ledger, _held) = asked();
        hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
        let _given_up = adopting(&mut ledger, 2);
        sent(&mut ledger);
        ledger.end(2, None);
        ledger.disconnected();
        connect(&mut ledger, "second");
        hear(&mut ledger, resumed(&calls, &unknown));
        let frames = sent(&mut ledger);
        let ends = frames.as_array().expect("frames").iter().filter(|frame| frame["id"] == "a");
        assert_eq!(ends.count(), usize::from(is_ended));
        assert_eq!(ledger.entries.contains_key(&2), is_ended);
    }
}

#[test]
fn an_adopted_call_in_line_is_over_with_its_lease() {
    for is_told in [false, true] {
        let (mut ledger, _held) = asked();
        let status = adopting(&mut ledger, 2);
        sent(&mut ledger);
        hear(&mut ledger, json!({"ref": 2, "call": call("a", "queued", None)}));
        if is_told {
            let ended = call("a", "ended", Some("lease_expired"));
            hear(&mut ledger, json!({"op": "ended", "call": ended}));
        } else {
            ledger.disconnected();
            connect(&mut ledger, "second");
            hear(
                &mut ledger,
                json!({"ref": 0, "error": {"type": "urn:callslot:problem:lease_expired",
                "code": "lease_expired", "title": "", "status": 404, "detail": ""}}),
            );
        }
        let over = Over::Ended(callslot_api::EndReason::LeaseExpired);
        assert_eq!(status.borrow().over, Some(over));
        let frames = sent(&mut ledger).to_string();
        assert!(!frames.contains(r#""id":"a"#), "{frames}");
    }
}

#[test]
fn what_the_server_has_beyond_the_clients_calls_is_ended() {
    let (mut ledger, status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    ledger.disconnected();
    connect(&mut ledger, "second");
    let calls = json!([call("c", "active", None), call("s", "active", None)]);
    hear(&mut ledger, resumed(&calls, &json!([])));
    let frames = sent(&mut ledger);
    assert_eq!((&frames[0]["op"], &frames[0]["id"]), (&json!("end"), &json!("s")));
    assert_eq!(frames.as_array().map(Vec::len), Some(1));
    let ended = call("s", "ended", Some("completed"));
    hear(&mut ledger, json!({"ref": frames[0]["ref"], "call": ended}));
    assert_eq!(ledger.entries.len(), 1);
    assert_eq!(status.borrow().state, State::Active);
}

#[test]
fn another_process_that_has_the_calls_keeps_none_that_is_to_end() {
    let (mut ledger, _status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    ledger.end(1, None);
    ledger.disconnected();
    ledger.forsake(&Over::Adopted);
    assert_eq!(connect(&mut ledger, "second"), Value::Null);
    assert_eq!(sent(&mut ledger)[0]["op"], "end");
}

#[test]
fn a_wait_whose_lease_ran_out_starts_again_under_another_id_and_a_held_call_is_over() {
    let expired = json!({"ref": 0, "error": {"type": "urn:callslot:problem:lease_expired", "code": "lease_expired",
        "title": "", "status": 404, "detail": ""}});
    let (mut ledger, status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "queued", None)}));
    ledger.disconnected();
    connect(&mut ledger, "second");
    hear(&mut ledger, expired.clone());
    let again = sent(&mut ledger);
    assert_eq!((&again[0]["op"], &again[0]["id"]), (&json!("start"), &json!("c")));
    hear(
        &mut ledger,
        json!({"ref": again[0]["ref"], "call": call("c", "ended", Some("lease_expired"))}),
    );
    assert_eq!(sent(&mut ledger)[0]["id"], "c~1");
    assert_eq!((status.borrow().state, &*status.borrow().id), (State::Asked, "c~1"));

    let (mut ledger, status) = asked();
    hear(&mut ledger, json!({"ref": 1, "call": call("c", "active", None)}));
    ledger.disconnected();
    connect(&mut ledger, "second");
    hear(&mut ledger, expired);
    assert_eq!(sent(&mut ledger), json!([]));
    let over = Over::Ended(callslot_api::EndReason::LeaseExpired);
    assert_eq!(status.borrow().over, Some(over));
}
