//! Calls over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn a_new_call_is_201_and_a_repeated_id_is_200_with_the_call_as_it_stands() {
    let server = TestServer::new();
    let start =
        json!({ "agent": "a", "type": "chat", "id": "sip-1@pbx", "metadata": { "room": 7 } });
    let call = server.post("/v1/calls", &start).expect(201);
    assert_eq!(call["state"], "active");
    assert_eq!(call["slot"], "shared");
    assert_eq!(call["metadata"], json!({ "room": 7 }));
    for absent in
        ["position", "blocked_on", "estimated_wait_ms", "ended_at", "reason", "note", "lease"]
    {
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
    assert_eq!(results["results"][1]["error"]["code"], "unknown_agent");
    assert_eq!(results["results"][2]["error"]["code"], "invalid_field");
    assert_eq!(results["results"][3]["call"]["state"], "active");
    let many = json!({ "calls": vec![json!({ "agent": "a", "type": "chat" }); 1_001] });
    server.post("/v1/calls/batch", &many).refused(422, "invalid_field", "0 to 1000");
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
    // `q` and the last number there is: nothing comes after it.
    let end = "713138343436373434303733373039353531363135";
    assert_eq!(ids(&format!("/v1/calls?state=queued&cursor={end}")), (vec![], None));
    again(&format!("/v1/calls?state=active&cursor={next}"));
    again(&format!("/v1/calls?state=ended&cursor={next}"));
    again(&format!("/v1/agents?cursor={next}"));
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
