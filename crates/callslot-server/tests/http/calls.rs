//! Calls over HTTP.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::test_server::{OPERATOR, TestServer};

#[test]
fn a_new_call_is_201_and_a_repeated_id_is_200_with_the_call_as_it_stands() {
    let server = TestServer::new();
    let start =
        json!({ "agent": "a", "type": "chat", "id": "sip-1@pbx", "metadata": { "room": 7 } });
    let call = server.post("/v1/calls", &start).expect(201);
    assert_eq!(call["state"], "active");
    assert_eq!(call["slot"], "shared");
    assert_eq!(call["metadata"], json!({ "room": 7 }));
    for absent in [
        "position",
        "position_in_class",
        "blocked_on",
        "blocked_by",
        "estimated_wait_ms",
        "ended_at",
        "reason",
        "note",
        "lease",
    ] {
        assert!(call.get(absent).is_some_and(serde_json::Value::is_null), "{absent}");
    }
    assert_eq!(server.post("/v1/calls", &start).expect(200), call);
    assert_eq!(server.get("/v1/calls/sip-1%40pbx").expect(200), call);
    assert_eq!(server.get("/v1/concurrency").expect(200)["active"], 1);
}

#[test]
fn the_worked_example_comes_out_as_written() {
    let server = TestServer::new();
    server.put("/v1/agents/c", &json!({ "name": "C" })).expect(201);
    let reservations = json!({ "reservations": [
        { "agent": "a", "webcall": 2, "chat": 3, "outbound": 4, "inbound": 3 },
        { "agent": "b", "webcall": 1, "chat": 1, "outbound": 2, "inbound": 1 },
    ]});
    let pool = server.put("/v1/reservations", &reservations).expect(200);
    assert_eq!(pool["shared"], json!({ "size": 3, "in_use": 0, "free": 3 }));
    let starts = |agent: &str, counts: [(&str, u32); 4], slot: &str| {
        for (call_type, count) in counts {
            for _ in 0..count {
                let body = json!({ "agent": agent, "type": call_type });
                assert_eq!(server.post("/v1/calls", &body).expect(201)["slot"], slot);
            }
        }
    };
    starts("a", [("webcall", 2), ("chat", 3), ("outbound", 4), ("inbound", 2)], "reserved");
    server.start("a", "inbound", "i1");
    starts("a", [("webcall", 0), ("chat", 1), ("outbound", 0), ("inbound", 2)], "shared");
    starts("b", [("webcall", 1), ("chat", 1), ("outbound", 2), ("inbound", 1)], "reserved");
    let waiting = server.start("c", "chat", "q1");
    assert_eq!((&waiting["position"], &waiting["blocked_on"]), (&json!(1), &json!("limit")));
    let behind = server.start("c", "inbound", "q2");
    assert_eq!((&behind["position"], &behind["position_in_class"]), (&json!(2), &json!(1)));
    server.end("q2");
    assert_eq!(server.end("i1")["reason"], "completed");
    assert_eq!(server.get("/v1/calls/q1").expect(200)["state"], "active");
    let pool = server.get("/v1/concurrency").expect(200);
    assert_eq!((&pool["active"], &pool["queued"]), (&json!(20), &json!(0)));
}

#[test]
fn a_long_poll_is_answered_when_the_call_gets_its_slot() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "first");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let body = json!({ "agent": "b", "type": "chat", "id": "second" });
            server.post("/v1/calls?wait_s=60", &body).expect(201)
        });
        while server.get("/v1/concurrency").expect(200)["queued"] == 0 {
            assert!(!waiting.is_finished());
        }
        server.end("first");
        assert_eq!(waiting.join().expect("an answer")["state"], "active");
    });
}

#[test]
fn a_long_poll_ends_when_its_key_is_revoked() {
    let server = TestServer::new();
    server.limit(0);
    server.start("a", "chat", "1");
    let made = server.post("/v1/keys", &json!({ "name": "poll", "role": "viewer" })).expect(201);
    let text = |field: &str| made[field].as_str().expect("a text").to_owned();
    let (id, secret) = (text("id"), text("secret"));
    std::thread::scope(|scope| {
        let waiting =
            scope.spawn(|| server.ask("GET", "/v1/calls/1?wait_s=60", &secret, None, &[]));
        // A key that was used has let its request in, which can only wait from then on.
        let is_in = || {
            let keys = server.get("/v1/keys").expect(200);
            let used =
                |key: &serde_json::Value| key["id"] == *id && key["last_used_at"].is_string();
            keys["items"].as_array().is_some_and(|keys| keys.iter().any(used))
        };
        while !is_in() {
            assert!(!waiting.is_finished());
        }
        server.delete(&format!("/v1/keys/{id}")).expect(204);
        let answer = waiting.join().expect("an answer");
        answer.refused(401, "unauthenticated", "while this request waited");
    });
}

#[test]
fn a_long_poll_whose_time_is_up_says_queued() {
    let server = TestServer::new();
    server.limit(0);
    let body = json!({ "agent": "a", "type": "chat", "id": "1" });
    assert_eq!(server.post("/v1/calls?wait_s=1", &body).expect(201)["state"], "queued");
}

#[test]
fn a_call_that_waits_for_its_slot_when_the_server_stops_is_accepted_all_the_same() {
    let mut server = TestServer::new();
    server.limit(0);
    let (address, key) = (server.address, format!("Bearer {}", server.admin));
    let waiting = std::thread::spawn(move || {
        let url = format!("http://{address}/v1/calls?wait_s=60");
        let request = ureq::post(url).header("authorization", key);
        let body = json!({ "agent": "a", "type": "chat", "id": "1" });
        let mut answer = request.send_json(&body).expect("an answer");
        let call: serde_json::Value = answer.body_mut().read_json().expect("JSON");
        (answer.status().as_u16(), call["state"].clone())
    });
    while server.get("/v1/concurrency").expect(200)["queued"] == 0 {
        assert!(!waiting.is_finished());
    }
    server.stop();
    assert_eq!(waiting.join().expect("an answer"), (201, json!("queued")));
    assert_eq!(server.restart().get("/v1/calls/1").expect(200)["state"], "queued");
}

#[test]
fn a_call_beyond_the_bound_of_the_queue_is_not_accepted() {
    let server = TestServer::new();
    let patch = json!({ "limit_override": 0, "max_queued": 1 });
    server.operate("PATCH", "/v1/orgs/default", Some(&patch)).expect(200);
    server.start("a", "chat", "1");
    let answer = server.post("/v1/calls", &json!({ "agent": "a", "type": "chat", "id": "2" }));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(answer.refused(429, "queue_full", "was not accepted")["max_queued"], 1);
    server.get("/v1/calls/2").refused(404, "unknown_call", "check the id");
}

#[test]
fn an_id_belongs_to_one_agent_and_type() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let other = json!({ "agent": "b", "type": "chat", "id": "1" });
    server.post("/v1/calls", &other).refused(409, "call_id_taken", "new id");
}

#[test]
fn ending_a_queued_call_cancels_it_and_ending_it_again_changes_nothing() {
    let server = TestServer::new();
    server.limit(0);
    server.start("a", "chat", "1");
    let ended = server.post("/v1/calls/1/end", &json!({ "note": "hung up" })).expect(200);
    assert_eq!((&ended["reason"], &ended["note"]), (&json!("canceled"), &json!("hung up")));
    assert_eq!(server.post("/v1/calls/1/end", &json!({ "note": "again" })).expect(200), ended);
    assert_eq!(server.ask("POST", "/v1/calls/1/end", &server.admin, None, &[]).expect(200), ended);
}

#[test]
fn a_call_can_be_claimed_and_a_queued_one_cannot() {
    let server = TestServer::new();
    server.limit(1);
    let body = json!({ "agent": "a", "type": "chat", "id": "1", "claim_within_s": 600 });
    server.post("/v1/calls", &body).expect(201);
    let none = json!({});
    assert_eq!(server.post("/v1/calls/1/claim", &none).expect(200)["state"], "active");
    let body = json!({ "agent": "a", "type": "chat", "id": "2", "claim_within_s": 600 });
    server.post("/v1/calls", &body).expect(201);
    server.post("/v1/calls/2/claim", &none).refused(409, "call_not_dispatched", "wait_s");
    server.end("1");
    server.post("/v1/calls/1/claim", &none).refused(409, "call_has_ended", "GET it");
    server.post("/v1/calls/9/claim", &none).refused(404, "unknown_call", "check the id");
}

#[test]
fn the_first_claim_wins() {
    let server = TestServer::new();
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 600 })).expect(201)["id"].clone();
    let start = |id: &str, lease: Option<&Value>| {
        let mut body = json!({ "agent": "a", "type": "chat", "id": id, "claim_within_s": 600 });
        if let Some(lease) = lease {
            body["lease"] = lease.clone();
        }
        server.post("/v1/calls", &body).expect(201);
    };
    let claim = |id: &str, body: &Value| server.post(&format!("/v1/calls/{id}/claim"), body);
    start("1", None);
    let claimed = claim("1", &json!({ "claimant": "worker/7" })).expect(200);
    assert_eq!(claim("1", &json!({ "claimant": "worker/7" })).expect(200), claimed);
    claim("1", &json!({})).refused(409, "claimed_by_other", "claimed by worker/7");
    claim("1", &json!({ "claimant": "a b" })).refused(422, "invalid_field", "\"a b\"");
    start("2", Some(&lease));
    claim("2", &json!({})).expect(200);
    claim("2", &json!({ "claimant": lease })).expect(200);
    claim("2", &json!({ "claimant": "worker/7" })).refused(409, "claimed_by_other", "lease_");
    start("3", None);
    server.ask("POST", "/v1/calls/3/claim", &server.admin, None, &[]).expect(200);
    let org = [("callslot-org", "default")];
    let by_operator = server.ask("POST", "/v1/calls/3/claim", OPERATOR, None, &org);
    by_operator.refused(409, "claimed_by_other", "claimed by key_");
}

#[test]
fn an_ended_call_is_erased_and_the_audit_says_by_whom() {
    let server = TestServer::new();
    let secret = json!({ "caller": "Ada Lovelace" });
    let start = json!({ "agent": "a", "type": "chat", "id": "sip-1@pbx", "metadata": secret });
    server.post("/v1/calls", &start).expect(201);
    let erase = || server.ask("POST", "/v1/calls/sip-1%40pbx/erase", &server.admin, None, &[]);
    erase().refused(409, "call_is_live", "end it first");
    let end = json!({ "note": "Ada hung up" });
    let ended = server.post("/v1/calls/sip-1%40pbx/end", &end).expect(200);
    assert_eq!((&ended["metadata"], &ended["note"]), (&secret, &json!("Ada hung up")));
    let mut expected = ended.clone();
    (expected["metadata"], expected["note"]) = (json!({}), Value::Null);
    for _ in 0..2 {
        assert_eq!(erase().expect(200), expected);
    }
    assert_eq!(server.get("/v1/calls/sip-1%40pbx").expect(200), expected, "in memory");
    assert_eq!(server.post("/v1/calls", &start).expect(200), expected, "it is known as before");
    let listed = server.get("/v1/calls?state=ended").expect(200);
    assert_eq!(listed["items"], json!([expected]), "in the history");
    let unknown = server.ask("POST", "/v1/calls/never/erase", &server.admin, None, &[]);
    unknown.refused(404, "unknown_call", "never");
    loop {
        let audit = server.get("/v1/audit?action=call.erased").expect(200);
        let entries = audit["items"].as_array().expect("items");
        assert!(!audit.to_string().contains("Ada"), "{audit}");
        if entries.len() == 2 {
            assert_eq!(entries[0]["object"], "sip-1@pbx");
            assert_eq!(entries[0]["actor"]["kind"], "key");
            assert_eq!((&entries[0]["before"], &entries[0]["after"]), (&Value::Null, &Value::Null));
            break;
        }
    }
}

#[test]
fn a_call_can_be_declined_for_now_or_for_good() {
    let server = TestServer::new();
    server.limit(1);
    for id in ["1", "2"] {
        let body = json!({ "agent": "a", "type": "chat", "id": id, "claim_within_s": 600 });
        server.post("/v1/calls", &body).expect(201);
    }
    let decline = |id: &str, body: &Value| server.post(&format!("/v1/calls/{id}/decline"), body);
    decline("2", &json!({})).refused(409, "call_not_dispatched", "wait_s");
    assert_eq!(decline("1", &json!({ "note": "busy" })).expect(200)["state"], "active");
    let again = server.ask("POST", "/v1/calls/1/decline", &server.admin, None, &[]).expect(200);
    assert_eq!([&again["state"], &again["note"]], [&json!("active"), &json!(null)]);
    let ended = decline("1", &json!({ "note": "busy" })).expect(200);
    assert_eq!([&ended["reason"], &ended["note"]], [&json!("unclaimed"), &json!("busy")]);
    let refused = decline("2", &json!({ "for_good": true, "note": "no Finnish" })).expect(200);
    assert_eq!([&refused["reason"], &refused["note"]], [&json!("declined"), &json!("no Finnish")]);
    assert_eq!(server.get("/v1/calls/2").expect(200), refused);
    server.get("/v1/calls?state=ended&reason=declined").expect(200);
    decline("2", &json!({})).refused(409, "call_has_ended", "GET it");
    decline("9", &json!({})).refused(404, "unknown_call", "check the id");
    server.start("a", "chat", "3");
    decline("3", &json!({})).refused(409, "no_claim_due", "waits for no claim");
    decline("3", &json!({ "for_good": "yes" })).refused(422, "invalid_field", "for_good");
}

#[test]
fn a_batch_answers_each_call_in_order_and_refusals_among_them() {
    let server = TestServer::new();
    let batch = json!({ "calls": [
        { "agent": "a", "type": "chat", "id": "1" },
        { "agent": "nobody", "type": "chat" },
        { "agent": "a", "type": "chat", "id": "has space" },
        { "agent": "b", "type": "inbound", "id": "2" },
    ]});
    let results = server.post("/v1/calls/batch", &batch).expect(200);
    assert_eq!(results["results"][0]["call"]["id"], "1");
    let unknown = &results["results"][1]["error"];
    assert_eq!(unknown["code"], "unknown_agent");
    assert!(unknown["detail"].as_str().expect("a sentence").starts_with("`calls[1]`: no agent"));
    let misnamed = &results["results"][2]["error"];
    assert_eq!([&misnamed["code"], &misnamed["field"]], ["invalid_field", "calls[2].id"]);
    assert_eq!(results["results"][3]["call"]["state"], "active");
    let many = json!({ "calls": vec![json!({ "agent": "a", "type": "chat" }); 1_001] });
    server.post("/v1/calls/batch", &many).refused(422, "invalid_field", "has 1,001 calls");
}

#[test]
fn queued_calls_are_listed_in_the_order_of_the_line_page_by_page() {
    let server = TestServer::new();
    server.limit(1);
    for n in 0..6 {
        server.start(if n % 2 == 0 { "a" } else { "b" }, "chat", &n.to_string());
    }
    let ids = |path: &str| {
        let page = server.get(path).expect(200);
        let items = page["items"].as_array().expect("items").clone();
        let ids: Vec<String> =
            items.iter().map(|call| call["id"].as_str().expect("an id").to_owned()).collect();
        (ids, page["next"].as_str().map(str::to_owned))
    };
    let (first, next) = ids("/v1/calls?state=queued&limit=2");
    assert_eq!(first, ["1", "2"]);
    let next = next.expect("there is more");
    let (second, _) = ids(&format!("/v1/calls?state=queued&limit=3&cursor={next}"));
    assert_eq!(second, ["3", "4", "5"]);
    assert_eq!(ids("/v1/calls?state=queued&agent=b").0, ["1", "3", "5"]);
    assert_eq!(ids("/v1/calls?state=active").0, ["0"]);
    assert_eq!(ids("/v1/calls?limit=1000").0.len(), 6);
    let again = |path: &str| {
        server.get(path).refused(422, "invalid_field", "start again");
    };
    again("/v1/calls?cursor=zz");
    // `q` and the last ticket that was given: nothing comes after it.
    let end = "7136";
    assert_eq!(ids(&format!("/v1/calls?state=queued&cursor={end}")), (vec![], None));
    again(&format!("/v1/calls?state=active&cursor={next}"));
    again(&format!("/v1/calls?state=ended&cursor={next}"));
    again(&format!("/v1/agents?cursor={next}"));
}

#[test]
fn a_cursor_ahead_of_a_list_of_calls_is_refused() {
    let server = TestServer::new();
    server.limit(1);
    for id in ["1", "2", "3"] {
        server.start("a", "chat", id);
    }
    server.end("1");
    let as_of = server.get("/v1/concurrency").expect(200)["as_of"].as_u64().expect("a number");
    let cursor = |letter: char, place: u64| {
        let text = format!("{letter}{place}");
        let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
        let hex = digits.map(|digit| char::from_digit(digit.into(), 16).expect("a digit"));
        hex.collect::<String>()
    };
    for (state, letter, last) in [("queued", 'q', 3), ("ended", 'e', as_of)] {
        let page = |place| {
            server.get(&format!("/v1/calls?state={state}&cursor={}", cursor(letter, place)))
        };
        assert_eq!(page(last).expect(200)["next"], Value::Null, "{state}");
        for ahead in [last + 1, u64::MAX] {
            let problem = page(ahead).refused(410, "cursor_ahead", "start again without it");
            assert_eq!(problem["field"], "cursor", "{state}");
        }
    }
}

#[test]
fn ended_calls_are_read_back_newest_first_also_after_a_restart() {
    let server = TestServer::new();
    for id in ["1", "2", "3"] {
        server.start("a", "chat", id);
        server.end(id);
    }
    let server = server.restart();
    let page = server.get("/v1/calls?state=ended&limit=2").expect(200);
    assert_eq!(page["items"][0]["id"], "3");
    assert_eq!(page["items"][1]["reason"], "completed");
    let next = page["next"].as_str().expect("there is more");
    let rest = server.get(&format!("/v1/calls?state=ended&cursor={next}")).expect(200);
    assert_eq!(rest["items"][0]["id"], "1");
    assert!(rest["next"].is_null());
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "ended");
}

#[test]
fn a_page_of_large_calls_is_sent_in_pieces_and_is_whole() {
    let server = TestServer::new();
    server.limit(200);
    let calls: Vec<_> = (0..150)
        .map(|n| {
            let metadata = json!({ "n": n, "x": "y".repeat(4_000) });
            json!({ "agent": "a", "type": "chat", "id": n.to_string(), "metadata": metadata })
        })
        .collect();
    server.post("/v1/calls/batch", &json!({ "calls": calls })).expect(200);
    let numbers = |server: &TestServer, path: &str| {
        let page = server.get(path).expect(200);
        let items = page["items"].as_array().expect("items");
        let each = items.iter().map(|call| {
            assert_eq!(call["metadata"]["x"], "y".repeat(4_000));
            call["metadata"]["n"].as_u64().expect("a number")
        });
        (each.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    let (mut live, next) = numbers(&server, "/v1/calls?limit=1000");
    live.sort_unstable();
    assert_eq!((live, next), ((0..150).collect(), None));
    server.post("/v1/calls/end", &json!({ "agent": "a" })).expect(200);
    let server = server.restart();
    let (first, next) = numbers(&server, "/v1/calls?state=ended&limit=120");
    let next = next.expect("there is more");
    let rest = format!("/v1/calls?state=ended&limit=120&cursor={next}");
    let (second, end) = numbers(&server, &rest);
    let mut all = [first.clone(), second].concat();
    assert_eq!((first.len(), end), (120, None));
    all.sort_unstable();
    assert_eq!(all, (0..150).collect::<Vec<_>>());
    let csv = [("accept", "text/csv")];
    let table = server.ask("GET", "/v1/calls?state=ended&limit=120", &server.admin, None, &csv);
    assert!(table.headers["link"].to_str().expect("text").contains(&next), "{:?}", table.headers);
    let table = table.expect(200);
    let rows = table.as_str().expect("a text").lines();
    assert_eq!(rows.filter(|row| row.contains("yyyy")).count(), 120);
}

#[test]
fn what_was_answered_is_there_after_a_restart() {
    let server = TestServer::new();
    server.limit(1);
    let active = server.start("a", "chat", "1");
    server.start("b", "chat", "2");
    let server = server.restart();
    assert_eq!(server.get("/v1/calls/1").expect(200), active);
    assert_eq!(server.get("/v1/calls/2").expect(200)["position"], 1);
    server.end("1");
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "active");
}

#[test]
fn an_end_that_comes_before_its_start_keeps_the_call_from_taking_a_slot() {
    let server = TestServer::new();
    let end = |id: &str| server.post(&format!("/v1/calls/{id}/end"), &json!({}));
    end("1").refused(404, "unknown_call", "no call has the id 1");
    let server = server.restart();
    let late = server.start("a", "chat", "1");
    assert_eq!([&late["state"], &late["reason"]], [&json!("ended"), &json!("canceled")]);
    assert_eq!([&late["slot"], &late["started_at"]], [&json!(null), &json!(null)]);
    assert_eq!(server.get("/v1/calls/1").expect(200), late);
    assert_eq!(server.get("/v1/concurrency").expect(200)["active"], 0);
    assert_eq!(server.start("a", "chat", "2")["state"], "active");
}

#[test]
fn a_call_ends_when_it_has_lasted_as_long_as_it_may() {
    let server = TestServer::new();
    let body = json!({ "agent": "a", "type": "chat", "id": "1", "max_duration_s": 1 });
    assert_eq!(server.post("/v1/calls", &body).expect(201)["state"], "active");
    server.limit(1);
    server.start("b", "chat", "2");
    assert_eq!(server.get("/v1/calls/2?wait_s=20").expect(200)["state"], "active");
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "max_duration");
}

#[test]
fn a_call_that_may_not_wait_is_answered_as_started_or_ended() {
    let server = TestServer::new();
    server.limit(1);
    let start = |id: &str| {
        let body = json!({ "agent": "a", "type": "chat", "id": id, "max_wait_s": 0 });
        server.post("/v1/calls?wait_s=5", &body)
    };
    assert_eq!(start("1").expect(201)["state"], "active");
    let ended = start("2").expect(201);
    assert_eq!([&ended["state"], &ended["reason"]], [&json!("ended"), &json!("max_wait")]);
    assert_eq!([&ended["slot"], &ended["started_at"]], [&json!(null), &json!(null)]);
    assert_eq!(start("2").expect(200), ended);
    assert_eq!(server.get("/v1/concurrency").expect(200)["queued"], 0);
}

#[test]
fn an_idempotency_key_is_the_id_of_a_call_whose_body_has_none() {
    let server = TestServer::new();
    let start = |body: &Value, keys: &[&str]| {
        let keys: Vec<_> = keys.iter().map(|key| ("idempotency-key", *key)).collect();
        server.ask("POST", "/v1/calls", &server.admin, Some(body), &keys)
    };
    let unnamed = json!({ "agent": "a", "type": "chat" });
    let first = start(&unnamed, &["order-7"]).expect(201);
    assert_eq!(first["id"], "order-7");
    assert_eq!(start(&unnamed, &["order-7"]).expect(200), first);
    assert_eq!(start(&unnamed, &["\"order-7\""]).expect(200), first, "a structured string");
    let named = json!({ "agent": "a", "type": "chat", "id": "order-7" });
    assert_eq!(start(&named, &["order-7"]).expect(200), first);
    let words = "\"order-8\" and `id` is \"order-7\"";
    start(&named, &["order-8"]).refused(422, "invalid_field", words);
    start(&unnamed, &["batch"]).refused(422, "invalid_field", "`idempotency-key` is \"batch\"");
    start(&unnamed, &["a b"]).refused(422, "invalid_field", "idempotency-key");
    start(&unnamed, &["1", "1"]).refused(400, "malformed_request", "2 times");
    let (batch, key) = (json!({ "calls": [unnamed] }), [("idempotency-key", "order-9")]);
    let batch = server.ask("POST", "/v1/calls/batch", &server.admin, Some(&batch), &key);
    batch.refused(422, "invalid_field", "its own `id`");
}

#[test]
fn all_calls_that_match_are_ended_at_once() {
    let server = TestServer::new();
    server.limit(2);
    for (agent, call_type, id) in
        [("a", "chat", "1"), ("b", "chat", "2"), ("a", "inbound", "3"), ("a", "chat", "4")]
    {
        server.start(agent, call_type, id);
    }
    let end = |body: Value| server.post("/v1/calls/end", &body);
    let some = json!({ "agent": "a", "type": "chat", "state": "queued", "note": "stopped" });
    assert_eq!(end(some).expect(200), json!({ "ended": 1 }));
    let ended = server.get("/v1/calls/4").expect(200);
    assert_eq!([&ended["reason"], &ended["note"]], [&json!("canceled"), &json!("stopped")]);
    assert_eq!(end(json!({ "ids": ["1", "4", "9"] })).expect(200), json!({ "ended": 1 }));
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "completed");
    assert_eq!(server.get("/v1/calls/3").expect(200)["state"], "active", "a slot was free");
    assert_eq!(end(json!({ "state": "active" })).expect(200), json!({ "ended": 2 }));

    end(json!({ "note": "all" })).refused(422, "invalid_field", "one of `agent`");
    end(json!({ "state": "ended" })).refused(422, "invalid_field", "state");
    end(json!({ "agent": "z" })).refused(404, "unknown_agent", "z");
    end(json!({ "ids": ["1", "end"] })).refused(422, "invalid_field", "ids[1]");
    let many: Vec<String> = (0..10_001).map(|number| number.to_string()).collect();
    end(json!({ "ids": many })).refused(422, "invalid_field", "10,000");
}

#[test]
fn a_call_ends_if_the_client_goes_away_that_waits_for_its_start_and_asked_for_that() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "1");
    let start = |id: &str, cancels: bool| {
        let body =
            json!({ "agent": "a", "type": "chat", "id": id, "cancel_on_disconnect": cancels });
        let (body, key) = (body.to_string(), &server.admin);
        let mut socket = TcpStream::connect(server.address).expect("a connection");
        write!(
            socket,
            "POST /v1/calls?wait_s=60 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("a request");
        let is_queued = || server.get(&format!("/v1/calls/{id}")).status == 200;
        while !is_queued() {
            std::thread::yield_now();
        }
        socket
    };
    let (kept, repeated, canceled) = (start("2", false), start("2", true), start("3", true));
    // Also if it has sent more: an empty line, its next request, or more than the server reads meanwhile.
    let next = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for (id, more) in [("5", "\r\n"), ("6", next), ("7", &next.repeat(2_000))] {
        let mut socket = start(id, true);
        socket.write_all(more.as_bytes()).expect("it is sent");
        assert_eq!(server.get(&format!("/v1/calls/{id}")).expect(200)["state"], "queued");
        drop(socket);
        let ended = server.get(&format!("/v1/calls/{id}?wait_s=20")).expect(200);
        assert_eq!([&ended["state"], &ended["reason"]], [&json!("ended"), &json!("canceled")]);
    }
    drop(kept);
    // It is not the request that made the call.
    drop(repeated);
    drop(canceled);
    let ended = server.get("/v1/calls/3?wait_s=20").expect(200);
    assert_eq!([&ended["state"], &ended["reason"]], [&json!("ended"), &json!("canceled")]);
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "queued");

    let body = json!({ "agent": "a", "type": "chat", "id": "4", "cancel_on_disconnect": true });
    server.post("/v1/calls", &body).refused(422, "invalid_field", "wait_s");
    let answered = server.post("/v1/calls?wait_s=1", &body).expect(201);
    assert_eq!(answered["state"], "queued");
    server.end("1");
    server.end("2");
    assert_eq!(server.get("/v1/calls/4").expect(200)["state"], "active", "its answer had come");
    let batch = json!({ "calls": [body] });
    let results = server.post("/v1/calls/batch", &batch).expect(200);
    assert_eq!(results["results"][0]["error"]["field"], "calls[0].cancel_on_disconnect");
}

#[test]
fn an_id_that_only_earlier_versions_made_is_looked_up_at_every_address_and_a_longer_one_refused() {
    let server = TestServer::new();
    for (length, status, code) in [
        (128, 404, "unknown_call"),
        (129, 404, "unknown_call"),
        (255, 404, "unknown_call"),
        (256, 422, "invalid_field"),
    ] {
        let id = "x".repeat(length);
        server.get(&format!("/v1/calls/{id}")).refused(status, code, "");
        for action in ["end", "claim", "decline"] {
            let answer = server.post(&format!("/v1/calls/{id}/{action}"), &json!({}));
            answer.refused(status, code, "");
        }
    }
}

#[test]
fn metadata_beyond_what_memory_has_room_for_is_answered_from_the_history() {
    let server = TestServer::new();
    server.limit(100_000);
    server.put("/v1/agents/a", &json!({ "name": "A" }));
    // 36 MB of the 32 MiB that are kept in memory.
    let (per_batch, batches) = (240, 38);
    let text = "x".repeat(4_000);
    let start = |id: String| json!({ "agent": "a", "type": "chat", "metadata": { "of": id, "text": text }, "id": id });
    for batch in 0..batches {
        let calls: Vec<_> =
            (0..per_batch).map(|n| start(format!("{}", batch * per_batch + n))).collect();
        server.post("/v1/calls/batch", &json!({ "calls": calls })).expect(200);
        server.post("/v1/calls/end", &json!({ "agent": "a" })).expect(200);
    }
    let expected = |id: &str| json!({ "of": id, "text": text });
    for id in ["0", "255", "9119"] {
        assert_eq!(server.get(&format!("/v1/calls/{id}")).expect(200)["metadata"], expected(id));
        assert_eq!(server.end(id)["metadata"], expected(id));
        let again = server.post("/v1/calls", &start(id.to_owned())).expect(200);
        assert_eq!((&again["state"], &again["metadata"]), (&json!("ended"), &expected(id)));
        let row = server.post("/v1/calls/batch", &json!({ "calls": [start(id.to_owned())] }));
        assert_eq!(row.expect(200)["results"][0]["call"]["metadata"], expected(id));
    }
}
