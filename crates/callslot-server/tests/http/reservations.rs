//! Reservations and the pool over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn reservations_are_applied_whole_or_not_at_all() {
    let server = TestServer::new();
    let put =
        |reservations| server.put("/v1/reservations", &json!({ "reservations": reservations }));
    let refused = put(json!([{ "agent": "a", "chat": 15 }, { "agent": "b", "inbound": 6 }]))
        .refused(409, "reservations_exceed_limit", "20 are left");
    assert_eq!(
        (&refused["asked"], &refused["limit"], &refused["left"]),
        (&json!(21), &json!(20), &json!(20))
    );
    assert_eq!(server.get("/v1/concurrency").expect(200)["reserved"], 0);
    put(json!([{ "agent": "a", "chat": 15 }, { "agent": "b", "inbound": 5 }])).expect(200);
    put(json!([{ "agent": "a", "chat": 1 }, { "agent": "a", "chat": 2 }])).refused(
        422,
        "invalid_field",
        "named twice",
    );
    put(json!([{ "agent": "nobody", "chat": 1 }])).refused(
        404,
        "unknown_agent",
        "PUT /v1/agents/nobody",
    );
    put(json!([{ "agent": "a", "chat": -1 }])).refused(422, "invalid_field", "chat");
    put(json!([{ "agent": "a", "chat": 1.5 }])).refused(422, "invalid_field", "chat");
    assert_eq!(server.get("/v1/concurrency").expect(200)["reserved"], 20);
}

#[test]
fn reservations_that_somebody_else_changed_are_not_overwritten() {
    let server = TestServer::new();
    let etag = |answer: crate::support::test_server::Answer| {
        answer.headers["etag"].to_str().expect("text").to_owned()
    };
    let before = etag(server.get("/v1/concurrency"));
    let body = json!({ "reservations": [{ "agent": "a", "chat": 1 }] });
    let put = |version: &str| {
        server.ask("PUT", "/v1/reservations", &server.admin, Some(&body), &[("if-match", version)])
    };
    let after = etag(put(&before));
    assert_ne!(before, after);
    let other = json!({ "reservations": [{ "agent": "b", "chat": 1 }] });
    server
        .ask("PUT", "/v1/reservations", &server.admin, Some(&other), &[("if-match", &before)])
        .refused(412, "version_mismatch", "someone else");
    put(&after).expect(200);
    for no_tag in ["nonsense", "1", "\"1", "\"+1\"", "\"1\", \"2\""] {
        let refused = put(no_tag).refused(422, "invalid_field", "one `ETag`");
        assert_eq!(refused["field"], "if-match", "{no_tag}");
    }
    let again = [("if-match", &*after), ("if-match", &*after)];
    server.ask("PUT", "/v1/reservations", &server.admin, Some(&body), &again).refused(
        400,
        "malformed_request",
        "`if-match` is there 2 times",
    );
}

#[test]
fn each_of_many_writers_at_once_is_answered_with_its_own_version_and_pool() {
    const WRITES: u64 = 25;
    let server = TestServer::new();
    // Each of the two agents has a writer, who changes its reservation from write to write.
    let shown: Vec<String> = std::thread::scope(|scope| {
        let writers = ["a", "b"].map(|agent| {
            let server = &server;
            scope.spawn(move || {
                (1..=WRITES)
                    .map(|write| {
                        let slots = 1 + write % 2;
                        let reserved = json!([{ "agent": agent, "chat": slots }]);
                        let answer =
                            server.put("/v1/reservations", &json!({ "reservations": reserved }));
                        let etag = answer.headers["etag"].to_str().expect("text").to_owned();
                        let pool = answer.expect(200);
                        assert_eq!(etag, format!("\"{}\"", pool["version"]));
                        let place = usize::from(agent == "b");
                        assert_eq!(pool["agents"][place]["reserved"], slots);
                        etag
                    })
                    .collect::<Vec<_>>()
            })
        });
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect()
    });
    let versions: std::collections::BTreeSet<&String> = shown.iter().collect();
    assert_eq!(versions.len(), shown.len(), "every write has a version of its own: {shown:?}");
}

#[test]
fn removing_an_agents_reservations_returns_its_slots_to_the_shared_pool() {
    let server = TestServer::new();
    let body = json!({ "reservations": [{ "agent": "a", "chat": 4, "inbound": 2 }] });
    assert_eq!(server.put("/v1/reservations", &body).expect(200)["shared"]["size"], 14);
    let pool = server.delete("/v1/reservations/a").expect(200);
    assert_eq!((&pool["reserved"], &pool["shared"]["size"]), (&json!(0), &json!(20)));
}

#[test]
fn the_pool_shows_every_agent_and_class() {
    let server = TestServer::new();
    let body = json!({ "reservations": [{ "agent": "a", "chat": 2 }] });
    server.put("/v1/reservations", &body).expect(200);
    for id in ["1", "2", "3"] {
        server.start("a", "chat", id);
    }
    let pool = server.get("/v1/concurrency").expect(200);
    assert_eq!(pool["org"], "default");
    assert_eq!(
        (&pool["plan"], &pool["limit"], &pool["settling"]),
        (&json!("standard"), &json!(20), &json!(0))
    );
    assert_eq!(pool["agents"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        pool["agents"][0]["types"]["chat"],
        json!({ "reserved": 2, "active": 3, "reserved_in_use": 2, "shared_in_use": 1, "queued": 0 })
    );
}

#[test]
fn a_preview_says_what_saving_would_lead_to_and_changes_nothing() {
    let server = TestServer::new();
    let reserve = |path: &str, method: &str, reservations| {
        let body = json!({ "reservations": reservations });
        server.ask(method, path, &server.admin, Some(&body), &[])
    };
    let preview = |reservations| reserve("/v1/reservations/preview", "POST", reservations);
    reserve("/v1/reservations", "PUT", json!([{ "agent": "a", "chat": 18 }])).expect(200);
    for id in ["1", "2", "3", "4"] {
        server.start("b", "chat", id);
    }
    let before = server.get("/v1/concurrency");
    let version = before.headers["etag"].clone();
    let before = before.expect(200);

    let answer = preview(json!([{ "agent": "a", "chat": 17 }, { "agent": "b", "chat": 0 }]));
    assert_eq!(answer.headers["etag"], version);
    assert_eq!(
        answer.expect(200),
        json!({
            "fits": true, "problem": null, "starts": [{ "agent": "b", "type": "chat", "count": 1 }], "first_starts": ["3"],
            "waits_longer": [], "settling": 0, "over_reservation": [], "shared_after": 3,
        })
    );
    let told = preview(json!([{ "agent": "a", "chat": 19, "inbound": 1 }])).expect(200);
    assert_eq!(told["settling"], 2);
    assert_eq!(told["over_reservation"], json!([{ "agent": "b", "calls": 2 }]));
    assert_eq!(
        told["waits_longer"],
        json!([{ "agent": "b", "type": "chat", "queued": 2, "slots_now": 2, "slots_after": 0 }])
    );

    let told = preview(json!([{ "agent": "a", "chat": 21 }])).expect(200);
    assert_eq!((&told["fits"], &told["shared_after"]), (&json!(false), &json!(2)));
    assert_eq!(told["problem"]["code"], "reservations_exceed_limit");
    assert_eq!((&told["problem"]["asked"], &told["problem"]["left"]), (&json!(21), &json!(20)));
    let after = server.get("/v1/concurrency").expect(200);
    assert_eq!((&after["version"], &after["as_of"]), (&before["version"], &before["as_of"]));

    let saved =
        reserve("/v1/reservations", "PUT", json!([{ "agent": "a", "chat": 17 }])).expect(200);
    assert_eq!((&saved["shared"]["size"], &saved["queued"]), (&json!(3), &json!(1)));
}

#[test]
fn a_preview_is_refused_as_saving_would_be() {
    let server = TestServer::new();
    let preview = |reservations, headers: &[(&str, &str)]| {
        let body = json!({ "reservations": reservations });
        server.ask("POST", "/v1/reservations/preview", &server.admin, Some(&body), headers)
    };
    let twice = json!([{ "agent": "a", "chat": 1 }, { "agent": "a", "chat": 2 }]);
    preview(twice, &[]).refused(422, "invalid_field", "named twice");
    let unknown = preview(json!([{ "agent": "nobody", "chat": 1 }]), &[]).refused(
        404,
        "unknown_agent",
        "PUT /v1/agents/nobody",
    );
    assert_eq!(unknown["field"], "reservations[0].agent");
    preview(json!([{ "agent": "a", "chat": 1.5 }]), &[]).refused(422, "invalid_field", "chat");
    let other = [("if-match", "\"99\"")];
    preview(json!([{ "agent": "a" }]), &other).refused(412, "version_mismatch", "someone else");
    server.put("/v1/agents/a", &json!({ "name": "A", "cap": 2 })).expect(200);
    let told = preview(json!([{ "agent": "b" }, { "agent": "a", "chat": 3 }]), &[]).expect(200);
    assert_eq!(told["problem"]["code"], "reservations_exceed_cap");
    assert_eq!(told["problem"]["field"], "reservations[1].agent");
}
