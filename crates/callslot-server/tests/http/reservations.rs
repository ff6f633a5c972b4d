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
