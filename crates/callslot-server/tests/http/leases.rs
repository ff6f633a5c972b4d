//! Leases over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn a_lease_vouches_for_calls_and_reconciles_them() {
    let server = TestServer::new();
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 60 })).expect(201);
    assert_eq!((&lease["ttl_s"], &lease["expires_in_ms"]), (&json!(60), &json!(60_000)));
    let id = lease["id"].as_str().expect("an id");
    for call in ["1", "2"] {
        let body = json!({ "agent": "a", "type": "chat", "id": call, "lease": id });
        assert_eq!(server.post("/v1/calls", &body).expect(201)["lease"], id);
    }
    // SHA-256 of "1" begins with 6b86b273ff34fce1 and that of "2" with d4735e3a265e16ee.
    let known = json!({ "count": 2, "digest": format!("{:016x}", 0x6b86_b273_ff34_fce1_u64 ^ 0xd473_5e3a_265e_16ee) });
    let renew = format!("/v1/leases/{id}/renew");
    assert_eq!(server.post(&renew, &known).expect(200)["reconcile"], false);
    let other = json!({ "count": 1, "digest": "6b86b273ff34fce1" });
    assert_eq!(server.post(&renew, &other).expect(200)["reconcile"], true);
    let reconcile = |ids: &[&str]| {
        let path = format!("/v1/leases/{id}/reconcile");
        server.post(&path, &json!({ "active": ids })).expect(200)
    };
    server.start("b", "chat", "other");
    server.post("/v1/calls/early/end", &json!({})).refused(404, "unknown_call", "");
    let unknown = |id: &str, why: &str| json!({ "id": id, "why": why });
    let expected =
        [unknown("9", "never_known"), unknown("other", "other_lease"), unknown("early", "ended")];
    let found = reconcile(&["1", "2", "9", "other", "early"]);
    assert_eq!(found, json!({ "ended": [], "unknown": expected }));
    server.end("2");
    server.limit(2);
    let queued = json!({ "agent": "a", "type": "chat", "id": "3", "lease": id });
    server.post("/v1/calls", &queued).expect(201);
    let expected = [unknown("2", "ended"), unknown("3", "queued")];
    let found = reconcile(&["2", "3"]);
    assert_eq!(found, json!({ "ended": [], "unknown": expected }), "call 1 is too young to end");
    assert_eq!(server.delete(&format!("/v1/leases/{id}")).status, 204);
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
    server.post(&renew, &json!({})).refused(404, "lease_expired", "POST /v1/leases");
}

#[test]
fn a_call_that_its_engine_does_not_name_ends_once_it_is_one_ttl_old() {
    let server = TestServer::new();
    server.limit(1);
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 5 })).expect(201);
    let path = |end: &str| format!("/v1/leases/{}/{end}", lease["id"].as_str().expect("an id"));
    let body = json!({ "agent": "a", "type": "chat", "id": "1", "lease": lease["id"] });
    server.post("/v1/calls", &body).expect(201);
    server.start("b", "chat", "2");
    for (waits, ended) in [("3", json!([])), ("3", json!(["1"]))] {
        server.get(&format!("/v1/calls/2?wait_s={waits}")).expect(200);
        let found = server.post(&path("reconcile"), &json!({ "active": [] })).expect(200);
        assert_eq!(found, json!({ "ended": ended, "unknown": [] }));
    }
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "reconciled");
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "active");
}

#[test]
fn pages_of_a_reconciliation_are_decided_together_and_a_restart_between_them_ends_nothing() {
    let server = TestServer::new();
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 5 })).expect(201);
    let path = format!("/v1/leases/{}/reconcile", lease["id"].as_str().expect("an id"));
    for call in ["1", "2", "3"] {
        let body = json!({ "agent": "a", "type": "chat", "id": call, "lease": lease["id"] });
        server.post("/v1/calls", &body).expect(201);
    }
    server.limit(3);
    server.start("b", "chat", "4");
    // A page renews the lease.
    server.get("/v1/calls/4?wait_s=3").expect(200);
    let first = json!({ "active": ["1"], "more": true });
    let kept = server.post(&path, &first).expect(200);
    assert_eq!(kept, json!({ "ended": [], "unknown": [], "next": kept["next"] }));
    let server = server.restart();
    let second = json!({ "active": ["9"], "cursor": kept["next"] });
    server.post(&path, &second).refused(409, "reconciliation_lost", "from the first one");
    server.post(&path, &second).refused(409, "reconciliation_lost", "from the first one");
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "active");
    let kept = server.post(&path, &first).expect(200);
    server.get("/v1/calls/4?wait_s=3").expect(200);
    let second = json!({ "active": ["9"], "cursor": kept["next"] });
    let decided = server.post(&path, &second).expect(200);
    let unknown = json!([{ "id": "9", "why": "never_known" }]);
    assert_eq!(decided, json!({ "ended": ["2", "3"], "unknown": unknown }));
    server.post(&path, &second).refused(409, "reconciliation_lost", "decided them already");
    let wrong = json!({ "active": [], "cursor": "1" });
    server.post(&path, &wrong).refused(422, "invalid_field", "`next`");
    let ids: Vec<_> = (0..10_001).map(|number| number.to_string()).collect();
    let long = json!({ "active": ids, "more": true });
    server.post(&path, &long).refused(422, "invalid_field", "10,000");
}

#[test]
fn a_lease_that_is_not_renewed_frees_its_slots() {
    let server = TestServer::new();
    server.limit(1);
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 5 })).expect(201);
    let body = json!({ "agent": "a", "type": "chat", "id": "1", "lease": lease["id"] });
    server.post("/v1/calls", &body).expect(201);
    let waiting = json!({ "agent": "b", "type": "chat", "id": "2" });
    assert_eq!(server.post("/v1/calls?wait_s=60", &waiting).expect(201)["state"], "active");
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
}

#[test]
fn a_live_call_is_not_started_under_another_lease_than_its_own() {
    let server = TestServer::new();
    let [own, other] = [(); 2].map(|()| server.post("/v1/leases", &json!({})).expect(201));
    let start = |lease: &serde_json::Value| {
        let body = json!({ "agent": "a", "type": "chat", "id": "1", "lease": lease["id"] });
        server.post("/v1/calls", &body)
    };
    start(&own).expect(201);
    assert_eq!(start(&own).expect(200)["state"], "active");
    let words = format!("held by lease {}", own["id"].as_str().expect("an id"));
    start(&other).refused(409, "held_by_other_lease", &words);
    let unnamed = json!({ "agent": "a", "type": "chat", "id": "1" });
    assert_eq!(server.post("/v1/calls", &unnamed).expect(200)["lease"], own["id"]);
    server.start("a", "chat", "2");
    let body = json!({ "agent": "a", "type": "chat", "id": "2", "lease": own["id"] });
    server.post("/v1/calls", &body).refused(409, "held_by_other_lease", "held by no lease");
    server.end("1");
    assert_eq!(start(&other).expect(200)["state"], "ended");
}

#[test]
fn a_lease_adopts_calls_each_on_its_own_and_holds_them_from_then_on() {
    let server = TestServer::new();
    server.limit(2);
    let [old, heir] = [(); 2].map(|()| server.post("/v1/leases", &json!({ "ttl_s": 60 })));
    let [old, heir] = [old, heir].map(|lease| lease.expect(201)["id"].clone());
    let path = |lease: &serde_json::Value, end: &str| {
        format!("/v1/leases/{}{end}", lease.as_str().expect("an id"))
    };
    for (id, lease) in [("1", json!(old)), ("2", json!(null)), ("3", json!(old))] {
        let body = json!({ "agent": "a", "type": "chat", "id": id, "lease": lease });
        server.post("/v1/calls", &body).expect(201);
    }
    server.start("a", "chat", "over");
    server.end("over");
    let calls = json!({ "calls": ["1", "2", "3", "over", "never", "not an id"] });
    let adopted = server.post(&path(&heir, "/adopt"), &calls).expect(200);
    let said: Vec<String> = adopted["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|result| {
            let call = &result["call"];
            let state = call["state"].as_str().or(result["error"]["code"].as_str());
            assert!(call.is_null() || call["lease"] == heir, "{call}");
            state.unwrap_or_default().to_owned()
        })
        .collect();
    let codes = ["call_has_ended", "unknown_call", "invalid_field"];
    assert_eq!(said, [["active", "active", "queued"], codes].concat());
    assert_eq!(adopted["results"][5]["error"]["field"], "calls[5]");
    assert_eq!(adopted["results"][2]["call"], server.get("/v1/calls/3").expect(200));

    server.delete(&path(&old, "")).expect(204);
    server.post(&path(&old, "/adopt"), &calls).refused(404, "lease_expired", "POST /v1/leases");
    assert_eq!(server.get("/v1/calls/1").expect(200)["state"], "active");
    let many = json!({ "calls": vec!["1"; 1_001] });
    server.post(&path(&heir, "/adopt"), &many).refused(422, "invalid_field", "at most 1,000");
    let server = server.restart();
    assert_eq!(server.get("/v1/calls/1").expect(200)["lease"], heir);
    server.delete(&path(&heir, "")).expect(204);
    for id in ["1", "2", "3"] {
        assert_eq!(server.get(&format!("/v1/calls/{id}")).expect(200)["reason"], "lease_expired");
    }
}

#[test]
fn leases_are_listed_in_pages_with_who_opened_them_and_their_calls_and_a_viewer_may_read_them() {
    let server = TestServer::new();
    let made = |name: &str, role: &str| {
        let key = server.post("/v1/keys", &json!({ "name": name, "role": role })).expect(201);
        let text = |field: &str| key[field].as_str().expect("a text").to_owned();
        (text("id"), text("secret"))
    };
    let (engine, secret) = made("engine", "engine");
    let (_, viewer) = made("viewer", "viewer");
    let open = json!({ "ttl_s": 60 });
    let lease = server.ask("POST", "/v1/leases", &secret, Some(&open), &[]).expect(201);
    server.limit(1);
    for call in ["1", "2", "3"] {
        let body = json!({ "agent": "a", "type": "chat", "id": call, "lease": lease["id"] });
        server.post("/v1/calls", &body).expect(201);
    }
    let other = server.post("/v1/leases", &json!({})).expect(201);
    let read = |path: &str| server.ask("GET", path, &viewer, None, &[]).expect(200);
    let all = read("/v1/leases");
    assert_eq!(all["next"], json!(null));
    let listed = all["items"].as_array().expect("a list");
    let ids: Vec<_> = listed.iter().map(|lease| lease["id"].clone()).collect();
    let mut expected = [lease["id"].clone(), other["id"].clone()];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(ids, expected);
    let found = listed.iter().find(|listed| listed["id"] == lease["id"]).expect("it is listed");
    let left_ms = found["expires_in_ms"].as_u64().expect("a number");
    assert!((1..=60_000).contains(&left_ms), "{left_ms}");
    let shown = json!({ "id": lease["id"], "ttl_s": 60, "expires_in_ms": left_ms, "key": engine, "active": 1, "queued": 2 });
    assert_eq!(*found, shown);

    let first = read("/v1/leases?limit=1");
    let first_ids: Vec<_> =
        first["items"].as_array().into_iter().flatten().map(|it| &it["id"]).collect();
    assert_eq!(first_ids, [&expected[0]]);
    let next = first["next"].as_str().expect("a cursor");
    let second = read(&format!("/v1/leases?limit=1&cursor={next}"));
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&expected[1], &json!(null)));
    server.get("/v1/leases?cursor=6731").refused(422, "invalid_field", "cursor");

    let server = server.restart();
    let kept = server.get("/v1/leases").expect(200);
    let kept = kept["items"].as_array().expect("a list");
    let found = kept.iter().find(|kept| kept["id"] == lease["id"]).expect("it is listed");
    assert_eq!(found["key"], engine, "it is kept");
    server.delete(&format!("/v1/leases/{}", lease["id"].as_str().expect("an id")));
    let left = server.get("/v1/leases").expect(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "{left}");
}
