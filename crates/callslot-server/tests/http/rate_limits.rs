//! Keys that send too many requests, and guesses at keys.

use callslot_server::ServerConfig;
use serde_json::{Value, json};

use crate::support::test_server::TestServer;

#[test]
fn a_key_that_asks_too_often_waits() {
    let server = TestServer::bare(&ServerConfig {
        commands_per_second_per_key: 5,
        ..ServerConfig::default()
    });
    let refused =
        (0..50).map(|_| server.get("/v1/concurrency")).find(|answer| answer.status == 429);
    let refused = refused.expect("50 requests at once are too many");
    assert_eq!(refused.headers["retry-after"], "1");
    let problem = refused.refused(429, "rate_limited", "5 commands a second");
    assert!((1..=201).contains(&problem["retry_in_ms"].as_u64().expect("a number")), "{problem}");
}

#[test]
fn each_call_of_a_batch_counts_as_a_command() {
    let server = TestServer::bare(&ServerConfig {
        commands_per_second_per_key: 50,
        ..ServerConfig::default()
    });
    server.put("/v1/agents/a", &json!({ "name": "a" })).expect(201);
    let calls: Vec<Value> =
        (0..1_000).map(|n| json!({ "agent": "a", "type": "chat", "id": n.to_string() })).collect();
    let answer = server.post("/v1/calls/batch", &json!({ "calls": calls })).expect(200);
    let results = answer["results"].as_array().expect("results");
    let started = results.iter().filter(|result| result["call"].is_object()).count();
    // Two were taken before it, and some may have come back since.
    assert!((40..100).contains(&started), "{started}");
    let problem = &results[999]["error"];
    assert_eq!(problem["code"], "rate_limited");
    assert!(problem["detail"].as_str().expect("a sentence").starts_with("`calls[999]`: "));
    // What was refused was not started, and what was started is there.
    for (n, result) in results.iter().enumerate().filter(|(n, _)| [0, 999].contains(n)) {
        let read = || server.get(&format!("/v1/calls/{n}"));
        let mut read_now = read();
        while read_now.status == 429 {
            read_now = read();
        }
        assert_eq!(read_now.status, if result["call"].is_object() { 200 } else { 404 });
    }
}

#[test]
fn guessing_keys_is_slowed_down() {
    let server = TestServer::new();
    let guess = |n: usize| server.ask("GET", "/v1/concurrency", &format!("guess-{n}"), None, &[]);
    assert!((0..2_000).map(guess).any(|answer| answer.status == 429));
    server.get("/v1/concurrency").expect(200);
}
