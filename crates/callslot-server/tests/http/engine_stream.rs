//! The stream for call engines.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::time::Duration;

use callslot_api::ServerFrame;
use callslot_server::{ServerConfig, Stopwatch};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::sign_in::{from_our_page, signed_in};
use crate::support::stream_client::{StreamClient, handshake, narrow_socket};
use crate::support::test_server::{OPERATOR, TestServer};

fn start(reference: u64, agent: &str, id: &str) -> Value {
    json!({ "op": "start", "ref": reference, "agent": agent, "type": "chat", "id": id })
}

fn end(reference: u64, id: &str) -> Value {
    json!({ "op": "end", "ref": reference, "id": id })
}

/// What a frame says, in a word or two: an answer's number and the call's state or the problem's code, or what is told.
fn said(frame: &Value) -> String {
    // Whatever is sent can be read by a client of the types.
    let read: ServerFrame = serde_json::from_value(frame.clone()).expect("a frame");
    assert_eq!(serde_json::to_value(read).expect("JSON"), *frame);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(op) = frame["op"].as_str() {
        let id = text(&frame["call"]["id"]) + &text(&frame["id"]);
        let more = text(&frame["call"]["reason"]);
        return format!("{op} {id} {more}{}", frame["position"]).replace("null", "").trim().into();
    }
    let outcome = text(&frame["call"]["state"]) + &text(&frame["error"]["code"]);
    format!("{} {outcome}", frame["ref"])
}

fn next_said(engine: &mut StreamClient, count: usize) -> Vec<String> {
    (0..count).map(|_| said(&engine.next())).collect()
}

#[test]
fn calls_are_started_and_ended_with_the_same_answers_as_over_http() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    let answer = engine.ask(&json!({
        "op": "start", "ref": 1, "agent": "a", "type": "inbound", "id": "sip-1", "metadata": { "x": [1] }
    }));
    assert_eq!(answer["call"], server.get("/v1/calls/sip-1").expect(200));
    assert_eq!(answer["call"]["state"], "active");
    assert_eq!(answer["call"]["lease"], engine.lease.as_str());
    let answer = engine.ask(&json!({ "op": "end", "ref": 2, "id": "sip-1", "note": "bye" }));
    assert_eq!(answer["call"], server.get("/v1/calls/sip-1").expect(200));
    assert_eq!(answer["call"]["note"], "bye");
    assert_eq!(answer["call"]["reason"], "completed");
    let again = engine.ask(&json!({ "op": "end", "ref": 3, "id": "sip-1" }));
    assert_eq!(again["call"], answer["call"]);
    let unnamed = engine.ask(&json!({ "op": "start", "agent": "a", "type": "chat" }));
    assert!(unnamed["call"]["id"].as_str().expect("an id").starts_with("call_"));
}

#[test]
fn frames_are_answered_in_their_order_whether_they_come_in_one_message_or_in_many() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    let batch: Vec<_> = (0..50)
        .flat_map(|n| [start(2 * n, "a", &n.to_string()), end(2 * n + 1, &n.to_string())])
        .collect();
    engine.send(&json!(batch));
    let expected: Vec<String> =
        (0..100).map(|n| format!("{n} {}", if n % 2 == 0 { "active" } else { "ended" })).collect();
    assert_eq!(next_said(&mut engine, 100), expected);
    for n in 0..50 {
        engine.send(&start(2 * n, "a", &format!("again-{n}")));
        engine.send(&end(2 * n + 1, &format!("again-{n}")));
    }
    assert_eq!(next_said(&mut engine, 100), expected);
}

#[test]
fn a_call_that_waited_is_told_when_it_starts_and_always_behind_its_answer() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::new(&server);
    assert_eq!(engine.start("a", "1"), "active");
    engine.send(&json!([start(1, "b", "2"), start(2, "b", "3"), end(3, "1")]));
    let frames: Vec<Value> = (0..4).map(|_| engine.next()).collect();
    let all: Vec<String> = frames.iter().map(said).collect();
    assert_eq!(all, ["1 queued", "2 queued", "3 ended", "started 2"]);
    assert_eq!(frames[1]["call"]["position"], 2);
    assert_eq!(frames[1]["call"]["blocked_on"], "limit");
    assert_eq!(frames[3]["call"], server.get("/v1/calls/2").expect(200));
    server.end("2");
    assert_eq!(next_said(&mut engine, 2), ["ended 2 completed", "started 3"]);
    engine.send(&json!([start(4, "a", "4"), end(5, "3"), end(6, "4")]));
    assert_eq!(next_said(&mut engine, 4), ["4 queued", "5 ended", "started 4", "6 ended"]);
}

#[test]
fn ends_by_others_are_told_with_the_reason_and_own_ones_are_not() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::new(&server);
    for id in ["1", "2", "3"] {
        engine.start("a", id);
    }
    let short = json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": "4", "max_wait_s": 0 });
    let ended = engine.ask(&short);
    assert_eq!((said(&ended), &ended["call"]["reason"]), ("1 ended".into(), &json!("max_wait")));
    server.end("3");
    assert_eq!(said(&engine.next()), "ended 3 canceled");
    assert_eq!(said(&engine.ask(&end(5, "2"))), "5 ended");
    server.end("1");
    assert_eq!(said(&engine.next()), "ended 1 completed");
    assert_eq!(engine.start("a", "5"), "active");
    let lease = engine.lease.clone();
    server.delete(&format!("/v1/leases/{lease}")).expect(204);
    assert_eq!(said(&engine.next()), "ended 5 lease_expired");
    engine.closed(4002, &lease);
}

#[test]
fn calls_of_other_leases_are_answered_and_nothing_else_is_told_of_them() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    server.start("b", "chat", "http");
    assert_eq!(said(&engine.ask(&start(1, "b", "http"))), "1 held_by_other_lease");
    assert_eq!(said(&engine.ask(&start(2, "a", "http"))), "2 call_id_taken");
    assert_eq!(said(&engine.ask(&end(3, "http"))), "3 ended");
    assert_eq!(said(&engine.ask(&end(4, "never"))), "4 unknown_call");
    let under = json!({ "agent": "b", "type": "chat", "id": "helper", "lease": engine.lease });
    server.post("/v1/calls", &under).expect(201);
    assert_eq!(said(&engine.next()), "started helper");
}

#[test]
fn an_engine_that_adopts_a_call_holds_it_and_the_one_that_had_it_is_told() {
    let server = TestServer::new();
    server.limit(1);
    let (mut old, mut heir) = (StreamClient::new(&server), StreamClient::new(&server));
    assert_eq!(old.start("a", "1"), "active");
    assert_eq!(old.start("a", "2"), "queued");
    assert_eq!(said(&heir.ask(&start(1, "a", "1"))), "1 held_by_other_lease");
    let adopt = |reference: u64, id: &str| json!({ "op": "adopt", "ref": reference, "id": id });
    let answer = heir.ask(&adopt(2, "1"));
    assert_eq!(answer["call"], server.get("/v1/calls/1").expect(200));
    assert_eq!(answer["call"]["lease"], heir.lease.as_str());
    let lost = old.next();
    assert_eq!([said(&lost), said(&heir.ask(&adopt(3, "2")))], ["adopted 1", "3 queued"]);
    assert_eq!(lost["call"]["lease"], heir.lease.as_str());
    assert_eq!(said(&old.next()), "adopted 2");
    assert_eq!(said(&heir.ask(&adopt(4, "1"))), "4 active");
    assert_eq!(said(&old.ask(&end(5, "1"))), "5 ended", "any engine may end a call");
    assert_eq!(next_said(&mut heir, 2), ["ended 1 completed", "started 2"]);
    let back = json!({ "calls": ["2"] });
    server.post(&format!("/v1/leases/{}/adopt", old.lease), &back).expect(200);
    assert_eq!(said(&old.next()), "started 2");
    assert_eq!(said(&heir.next()), "adopted 2");
    assert_eq!(said(&heir.ask(&adopt(6, "1"))), "6 call_has_ended");
    assert_eq!(said(&heir.ask(&adopt(7, "never"))), "7 unknown_call");
}

#[test]
fn an_adoption_puts_the_lease_of_a_new_connection_to_use() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let mut engine = StreamClient::with(&server, "?grace_s=5", &server.admin);
    let adopt = json!({ "op": "adopt", "ref": 1, "id": "1" });
    assert_eq!(said(&engine.ask(&adopt)), "1 active");
    let resume = json!({ "op": "resume", "ref": 2, "lease": "another" });
    assert_eq!(said(&engine.ask(&resume)), "2 invalid_field");
    engine.drop_connection();
    let wait = json!({ "agent": "b", "type": "chat", "id": "clock", "max_wait_s": 8 });
    server.limit(1);
    server.post("/v1/calls?wait_s=60", &wait).expect(201);
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
}

#[test]
fn a_call_that_is_not_claimed_goes_back_and_is_told() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    let claimed = |id: &str| json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": id, "claim_within_s": 1 });
    assert_eq!(said(&engine.ask(&claimed("1"))), "1 active");
    let claim = json!({ "op": "claim", "ref": 2, "id": "1" });
    assert_eq!(said(&engine.ask(&claim)), "2 active");
    assert_eq!(said(&engine.ask(&claimed("2"))), "1 active");
    let expected = ["queued 2", "started 2", "queued 2", "started 2", "ended 2 unclaimed"];
    assert_eq!(next_said(&mut engine, 5), expected);
    assert_eq!(
        said(&engine.ask(&json!({ "op": "claim", "ref": 3, "id": "2" }))),
        "3 call_has_ended"
    );
}

#[test]
fn a_call_that_is_declined_is_answered_and_not_told_as_well() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::new(&server);
    let claimed = |id: &str| json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": id, "claim_within_s": 60 });
    assert_eq!(said(&engine.ask(&claimed("1"))), "1 active");
    assert_eq!(said(&engine.ask(&claimed("2"))), "1 queued");
    engine.send(&json!({ "op": "decline", "ref": 2, "id": "1" }));
    assert_eq!(next_said(&mut engine, 2), ["queued 1", "2 active"], "it is its own turn again");
    engine.send(&json!({ "op": "decline", "ref": 3, "id": "1", "for_good": true }));
    assert_eq!(next_said(&mut engine, 2), ["3 ended", "started 2"]);
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "declined");
    let claim = json!({ "op": "claim", "ref": 4, "id": "2" });
    assert_eq!(said(&engine.ask(&claim)), "4 active");
    let decline = json!({ "op": "decline", "ref": 5, "id": "2" });
    assert_eq!(said(&engine.ask(&decline)), "5 no_claim_due");
}

#[test]
fn positions_that_change_are_told_once_however_often_they_changed() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::new(&server);
    for id in ["active", "1", "2", "3", "4"] {
        engine.start("a", id);
    }
    let mut other = StreamClient::new(&server);
    other.send(&json!([end(1, "1"), end(2, "2")]));
    assert_eq!(next_said(&mut other, 2), ["1 ended", "2 ended"]);
    assert_eq!(next_said(&mut engine, 2), ["ended 1 canceled", "ended 2 canceled"]);
    let first = engine.next();
    assert_eq!(first["blocked_on"], "limit");
    assert_eq!([said(&first), said(&engine.next())], ["position 3 1", "position 4 2"]);
    assert_eq!(said(&engine.ask(&end(9, "active"))), "9 ended");
    assert_eq!(next_said(&mut engine, 2), ["started 3", "position 4 1"]);
}

#[test]
fn an_engine_that_comes_back_in_time_keeps_its_calls_and_learns_what_changed() {
    let server = TestServer::new();
    server.limit(2);
    let mut engine = StreamClient::new(&server);
    for id in ["1", "2", "3", "4"] {
        engine.start("a", id);
    }
    let lease = engine.lease.clone();
    engine.drop_connection();
    server.end("1");
    server.start("b", "chat", "other");
    server.post("/v1/calls/early/end", &json!({})).refused(404, "unknown_call", "");
    let mut again = StreamClient::new(&server);
    let believed = ["1", "2", "3", "4", "never", "other", "early"];
    again.send(&json!([
        { "op": "resume", "ref": 1, "lease": lease, "calls": believed },
        start(2, "a", "5"), end(3, "2")
    ]));
    let resumed = again.next();
    assert_eq!(resumed["op"], "resumed");
    assert_eq!([&resumed["ref"], &resumed["lease"]], [&json!(1), &json!(lease)]);
    assert_eq!([&resumed["grace_s"], &resumed["more"]], [&json!(30), &json!(false)]);
    let ids = |list: &str| {
        let calls = resumed[list].as_array().expect("calls").iter();
        calls
            .map(|call| format!("{} {}", call["id"], call["state"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("calls"), ["2 active", "3 active", "4 queued"]);
    assert_eq!(resumed["calls"][2]["position"], 1);
    assert_eq!(ids("ended"), ["1 ended"]);
    let unknown = |id, why| json!({ "id": id, "why": why });
    let expected = json!([
        unknown("never", "never_known"),
        unknown("other", "other_lease"),
        unknown("early", "ended")
    ]);
    assert_eq!(resumed["unknown"], expected);
    assert_eq!(next_said(&mut again, 3), ["2 queued", "3 ended", "started 4"]);
    assert_eq!(server.get("/v1/calls/5").expect(200)["lease"], json!(lease));
}

#[test]
fn an_engine_that_closes_its_connection_may_come_back_as_well() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    engine.start("a", "1");
    let lease = engine.lease.clone();
    engine.send_message(Message::Close(None)).expect("it is sent");
    let mut again = StreamClient::new(&server);
    let resumed = again.ask(&json!({ "op": "resume", "ref": 1, "lease": lease }));
    assert_eq!(resumed["calls"][0]["id"], "1");
}

#[test]
fn the_calls_of_an_engine_that_stays_away_end_with_its_lease() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::with(&server, "?grace_s=5", &server.admin);
    engine.start("a", "1");
    engine.start("a", "2");
    let lease = engine.lease.clone();
    engine.drop_connection();
    let queued = server.get("/v1/calls/2?wait_s=60").expect(200);
    assert_eq!([&queued["state"], &queued["reason"]], [&json!("ended"), &json!("lease_expired")]);
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
    let mut again = StreamClient::new(&server);
    let answer = again.ask(&json!({ "op": "resume", "ref": 1, "lease": lease, "calls": ["1"] }));
    assert_eq!(said(&answer), "1 lease_expired");
    assert_eq!(again.start("a", "3"), "active", "it goes on with its own lease");
}

#[test]
fn a_connection_that_lives_keeps_its_lease_for_longer_than_the_grace() {
    let server = TestServer::new();
    server.limit(1);
    let mut engine = StreamClient::with(&server, "?grace_s=5", &server.admin);
    engine.start("a", "1");
    // It ends two seconds after a lease that nobody renews.
    let wait = json!({ "agent": "b", "type": "chat", "id": "clock", "max_wait_s": 7 });
    server.post("/v1/calls?wait_s=60", &wait).expect(201);
    assert_eq!(server.get("/v1/calls/1").expect(200)["state"], "active");
}

#[test]
fn the_last_to_resume_a_lease_has_it() {
    let server = TestServer::new();
    let mut older = StreamClient::new(&server);
    older.start("a", "1");
    let lease = older.lease.clone();
    let mut newer = StreamClient::new(&server);
    let resumed = newer.ask(&json!({ "op": "resume", "ref": 1, "lease": lease }));
    assert_eq!(resumed["calls"][0]["id"], "1");
    older.closed(4001, "resumed by another connection");
    server.end("1");
    assert_eq!(said(&newer.next()), "ended 1 completed");
}

#[test]
fn a_resume_that_is_refused_leaves_the_older_connection_alone() {
    let server = TestServer::new();
    let mut older = StreamClient::new(&server);
    let mut newer = StreamClient::new(&server);
    // The older connection has not put its lease to use, so there is no such lease yet.
    let resume = json!({ "op": "resume", "ref": 1, "lease": older.lease });
    assert_eq!(said(&newer.ask(&resume)), "1 lease_expired");
    older.start("a", "1");
    server.end("1");
    assert_eq!(said(&older.next()), "ended 1 completed");
    assert_eq!(newer.start("a", "2"), "active", "it goes on with its own lease");
}

#[test]
fn a_lease_is_resumed_before_the_first_start_and_once() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    let resume =
        |reference: u64, lease: &str| json!({ "op": "resume", "ref": reference, "lease": lease });
    let own = resume(1, &engine.lease);
    assert_eq!(said(&engine.ask(&own)), "1 lease_expired");
    assert_eq!(said(&engine.ask(&resume(2, "never-was"))), "2 lease_expired");
    let opened = server.post("/v1/leases", &json!({})).expect(201);
    let opened = opened["id"].as_str().expect("an id");
    let resumed = engine.ask(&resume(3, opened));
    assert_eq!([&resumed["op"], &resumed["grace_s"]], [&json!("resumed"), &json!(15)]);
    assert_eq!(said(&engine.ask(&resume(4, opened))), "4 invalid_field");
    assert_eq!(engine.start("a", "1"), "active");
    assert_eq!(server.get("/v1/calls/1").expect(200)["lease"], opened);
    let mut started = StreamClient::new(&server);
    started.send(&json!([start(1, "a", "2"), resume(2, opened)]));
    assert_eq!(next_said(&mut started, 2), ["1 active", "2 invalid_field"]);
}

#[test]
fn only_an_engine_with_a_key_from_this_address_gets_a_connection() {
    let server = TestServer::new();
    let key = |role: &str| {
        let made = server.post("/v1/keys", &json!({ "name": role, "role": role })).expect(201);
        (
            made["id"].as_str().expect("an id").to_owned(),
            made["secret"].as_str().expect("text").to_owned(),
        )
    };
    let own = format!("http://{}", server.address);
    let bearer = |key: &str| format!("Bearer {key}");
    let (viewer, engine) = (bearer(&key("viewer").1), bearer(&key("engine").1));
    let operator = bearer(OPERATOR);
    for (headers, refused) in [
        (vec![], Some((401, "unauthenticated"))),
        (vec![("authorization", &*viewer)], Some((403, "forbidden"))),
        (vec![("authorization", &*engine)], None),
        (vec![("authorization", &*operator)], Some((422, "org_not_named"))),
        (
            vec![("authorization", &*operator), ("callslot-org", "nobody")],
            Some((404, "unknown_org")),
        ),
        (vec![("authorization", &*operator), ("callslot-org", "default")], None),
        (
            vec![("authorization", &*engine), ("origin", "http://evil.example")],
            Some((403, "forbidden")),
        ),
        (vec![("authorization", &*engine), ("origin", "null")], Some((403, "forbidden"))),
        (vec![("authorization", &*engine), ("origin", &*own)], None),
        (
            vec![("authorization", &*engine), ("sec-websocket-protocol", "other")],
            Some((426, "upgrade_required")),
        ),
        (
            vec![("authorization", &*engine), ("sec-websocket-protocol", "Callslot.V1")],
            Some((426, "upgrade_required")),
        ),
        (vec![("authorization", &*engine), ("sec-websocket-protocol", "other, callslot.v1")], None),
    ] {
        let stream = TcpStream::connect(server.address).expect("a connection");
        match (handshake(&server, "", &headers, stream), refused) {
            (Ok((_, answer)), None) => {
                let offers = headers.iter().any(|(name, _)| *name == "sec-websocket-protocol");
                let chosen =
                    answer.get("sec-websocket-protocol").map(|it| it.to_str().expect("text"));
                assert_eq!(chosen, offers.then_some("callslot.v1"));
            }
            (Err((status, problem)), Some(expected)) => {
                assert_eq!((status, problem["code"].as_str().expect("a code")), expected);
            }
            (Ok(_), Some(_)) => panic!("{headers:?} got a connection"),
            (Err(refused), None) => panic!("{headers:?}: {refused:?}"),
        }
    }
    let (id, secret) = key("engine");
    let mut revoked = StreamClient::with(&server, "", &secret);
    revoked.start("a", "1");
    server.delete(&format!("/v1/keys/{id}")).expect(204);
    revoked.send(&end(1, "1"));
    revoked.closed(1008, "revoked");
    assert_eq!(server.get("/v1/calls/1").expect(200)["state"], "active");
}

#[test]
fn a_connection_of_a_browser_ends_with_its_session() {
    let server = TestServer::new();
    let cookie = signed_in(&server, &json!({ "key": server.admin }));
    let stream = TcpStream::connect(server.address).expect("a connection");
    let opened = handshake(&server, "", &[("cookie", &cookie)], stream);
    let mut engine = StreamClient::greeted(opened.expect("a connection").0);
    assert_eq!(engine.ask(&end(1, "1"))["error"]["code"], "unknown_call");
    server.ask_plain("DELETE", "/v1/session", &Value::Null, &from_our_page(&cookie)).expect(204);
    engine.send(&end(2, "1"));
    engine.closed(1008, "signed out");
}

#[test]
fn each_frame_counts_as_a_command_of_its_key_and_one_too_many_is_told_when_to_come_back() {
    let config = ServerConfig { commands_per_second_per_key: 5, ..ServerConfig::default() };
    let server = TestServer::bare(&config);
    let mut engine = StreamClient::new(&server);
    let frames: Vec<Value> = (0..200).map(|reference| end(reference, "1")).collect();
    engine.send(&json!(frames));
    let answers: Vec<Value> = (0..200).map(|_| engine.next()).collect();
    for (reference, answer) in answers.iter().enumerate() {
        assert_eq!(answer["ref"], json!(reference));
    }
    let decided = answers.iter().filter(|answer| answer["error"]["code"] == "unknown_call");
    // The handshake was the first of a burst of five; one more comes every 200 ms.
    assert!((4..20).contains(&decided.count()));
    let problem = &answers[199]["error"];
    assert_eq!((&problem["code"], &problem["status"]), (&json!("rate_limited"), &json!(429)));
    assert_eq!(problem["per_second"], 5);
    assert!((1..=201).contains(&problem["retry_in_ms"].as_u64().expect("a number")), "{problem}");
    // The connection goes on, and takes commands again.
    let mut reference = 200;
    while engine.ask(&end(reference, "1"))["error"]["code"] == "rate_limited" {
        reference += 1;
    }
}

#[test]
fn a_request_that_opens_no_websocket_is_told_what_does() {
    let server = TestServer::new();
    let plain = server.get("/v1/connect");
    assert_eq!(plain.headers["upgrade"], "websocket");
    assert_eq!(plain.headers["sec-websocket-version"], "13");
    plain.refused(426, "upgrade_required", "WebSocket client");
    for query in ["?grace_s=4", "?grace_s=3601", "?grace_s=x"] {
        server.get(&format!("/v1/connect{query}")).refused(422, "invalid_field", "grace_s");
        let headers = [("authorization", &*format!("Bearer {}", server.admin))];
        let stream = TcpStream::connect(server.address).expect("a connection");
        let (status, problem) = handshake(&server, query, &headers, stream).expect_err("refused");
        assert_eq!((status, &problem["field"]), (422, &json!("grace_s")), "{query}");
    }
}

#[test]
fn frames_that_cannot_be_read_are_answered_and_the_connection_goes_on() {
    let server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    for (message, expected) in [
        ("", "null malformed_body"),
        ("no JSON", "null malformed_body"),
        (r#"{"op":"start""#, "null malformed_body"),
        ("7", "null invalid_field"),
        (r#"{"op":"dance","ref":1}"#, "1 invalid_field"),
        (r#"{"op":7,"ref":7}"#, "7 invalid_field"),
        (r#"{"ref":8,"id":"1"}"#, "8 invalid_field"),
        (r#"{"op":"end","ref":2,"id":"1","x":1}"#, "2 invalid_field"),
        (r#"{"op":"end","ref":3,"id":""}"#, "3 invalid_field"),
        (r#"{"op":"start","ref":4,"agent":"a","type":["chat"]}"#, "4 invalid_field"),
        (r#"{"op":"start","ref":5,"agent":"nobody","type":"chat"}"#, "5 unknown_agent"),
        (r#"{"op":"start","ref":6,"agent":"a","type":"chat","max_wait_s":-1}"#, "6 invalid_field"),
    ] {
        engine.send_text(message);
        let answer = engine.next();
        assert_eq!(said(&answer), expected, "{message}");
        assert!(answer["error"]["detail"].is_string());
    }
    let batch = |frames: usize| json!(vec![json!({ "op": "end", "id": "1" }); frames]);
    engine.send(&batch(1_001));
    let answer = engine.next();
    assert_eq!([&answer["error"]["field"], &answer["ref"]], [&json!("frames"), &Value::Null]);
    engine.send(&batch(1_000));
    assert_eq!(next_said(&mut engine, 1_000), vec!["null unknown_call"; 1_000]);
    engine.send(&json!([]));
    assert_eq!(engine.start("a", "2"), "active");
}

#[test]
fn messages_that_are_too_large_or_no_text_end_the_connection() {
    let server = TestServer::new();
    let padded = |bytes: usize| {
        let frame = end(1, "1").to_string();
        format!("{frame}{}", " ".repeat(bytes - frame.len()))
    };
    let mut engine = StreamClient::new(&server);
    engine.send_text(&padded(1 << 20));
    assert_eq!(said(&engine.next()), "1 unknown_call");
    // The rest may find that nobody reads it.
    let _ = engine.send_message(Message::text(padded((1 << 20) + 1)));
    engine.closed(1009, "1 MiB");
    let mut engine = StreamClient::new(&server);
    engine.send_message(Message::binary(vec![1, 2, 3])).expect("it is sent");
    engine.closed(1003, "text");
    server.get("/healthz").expect(200);
}

#[test]
fn a_client_that_reads_too_slowly_is_sent_away_and_loses_nothing() {
    const CALLS: usize = 7_000;
    let server = TestServer::new();
    server.limit(10_000);
    let mut engine = StreamClient::on(&server, "", &server.admin, narrow_socket(&server));
    let ids: Vec<String> = (0..CALLS).map(|n| n.to_string()).collect();
    let metadata = json!({ "x": "y".repeat(1_500) });
    for ids in ids.chunks(400) {
        let frames = ids.iter().map(|id| {
            json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": id, "metadata": metadata })
        });
        engine.send(&frames.collect());
        assert_eq!(next_said(&mut engine, ids.len()), vec!["1 active"; ids.len()]);
    }
    let mut other = StreamClient::new(&server);
    for ids in ids.chunks(400) {
        other.send(&ids.iter().map(|id| end(1, id)).collect());
        assert_eq!(next_said(&mut other, ids.len()), vec!["1 ended"; ids.len()]);
    }
    let mut told = BTreeSet::new();
    let (code, reason) = loop {
        match engine.next_or_close() {
            Ok(frame) => {
                assert_eq!(frame["op"], "ended");
                told.insert(frame["call"]["id"].as_str().expect("an id").to_owned());
            }
            Err(closed) => break closed,
        }
    };
    assert_eq!(code, 1013, "{reason}");
    assert!(reason.contains(&engine.lease), "{reason}");
    assert!(told.len() < CALLS);
    let mut again = StreamClient::new(&server);
    again.send(&json!({ "op": "resume", "lease": engine.lease, "calls": ids }));
    loop {
        let resumed = again.next();
        assert_eq!([&resumed["calls"], &resumed["unknown"]], [&json!([]), &json!([])]);
        let ended = resumed["ended"].as_array().expect("calls").iter();
        told.extend(ended.map(|call| call["id"].as_str().expect("an id").to_owned()));
        if resumed["more"] == false {
            break;
        }
    }
    assert_eq!(told.len(), CALLS);
}

#[test]
fn a_server_that_stops_answers_what_it_took_and_says_which_lease_to_resume() {
    let mut server = TestServer::new();
    let mut engine = StreamClient::new(&server);
    engine.start("a", "1");
    let mut idle = StreamClient::new(&server);
    server.stop();
    engine.closed(1001, &format!("resume {}", engine.lease.clone()));
    idle.closed(1001, "the server stops");
    let lease = engine.lease.clone();
    let server = server.restart();
    let mut again = StreamClient::new(&server);
    let resumed = again.ask(&json!({ "op": "resume", "ref": 1, "lease": lease }));
    assert_eq!(resumed["calls"][0]["id"], "1");
}

#[test]
fn a_connection_is_counted_until_it_has_ended() {
    let server = TestServer::new();
    let connections = || {
        let page = server.get("/metrics").body;
        let page = page.as_str().expect("a page").to_owned();
        let line = page.lines().find_map(|line| line.strip_prefix("callslot_connections "));
        line.and_then(|count| count.parse::<i64>().ok()).expect("a gauge")
    };
    let engines: Vec<_> = (0..5).map(|_| StreamClient::new(&server)).collect();
    let comes_to = |holds: fn(i64) -> bool| (0..100_000).any(|_| holds(connections()));
    assert!(comes_to(|open| open >= 5));
    engines.into_iter().for_each(StreamClient::drop_connection);
    assert!(comes_to(|open| open < 5));
}

#[test]
fn an_engine_that_pings_and_never_reads_is_cut_off_and_counted() {
    let server = TestServer::new();
    let is_counted = || {
        let page = server.get("/metrics").body;
        let mut lines = page.as_str().expect("a page").lines();
        lines.any(|line| line == r#"callslot_connections_cut_total{why="not_reading"} 1"#)
    };
    let is_cut = |()| {
        let socket = narrow_socket(&server);
        socket.set_write_timeout(Some(Duration::from_secs(2))).expect("a time that is not zero");
        let mut engine = StreamClient::on(&server, "", &server.admin, socket);
        let begun = Stopwatch::start();
        let ping = Message::Ping(vec![0; 125].into());
        // The answers fill the buffers in between, then the bound.
        while engine.send_message(ping.clone()).is_ok() {}
        // Without the bound it would be cut off all the same, but not before the server has sent a ping of its own.
        while begun.elapsed() < Duration::from_secs(9) {
            if is_counted() {
                return true;
            }
        }
        false
    };
    // One in ten times the kernel throws away what its full buffers cannot take, and the two wait for each other; then
    // another engine tries.
    assert!([(); 9].into_iter().any(is_cut));
    StreamClient::new(&server).start("a", "1");
}
