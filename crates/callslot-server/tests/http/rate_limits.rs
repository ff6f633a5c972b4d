//! Keys that send too many requests, and guesses at keys.

use callslot_server::ServerConfig;

use crate::support::test_server::TestServer;

#[test]
fn a_key_that_asks_too_often_waits() {
    let server = TestServer::bare(&ServerConfig {
        requests_per_second_per_key: 5,
        ..ServerConfig::default()
    });
    let refused =
        (0..50).map(|_| server.get("/v1/concurrency")).find(|answer| answer.status == 429);
    let refused = refused.expect("50 requests at once are too many");
    assert_eq!(refused.headers["retry-after"], "1");
    refused.refused(429, "rate_limited", "5 requests a second");
}

#[test]
fn guessing_keys_is_slowed_down() {
    let server = TestServer::new();
    let guess = |n: usize| server.ask("GET", "/v1/concurrency", &format!("guess-{n}"), None, &[]);
    assert!((0..2_000).map(guess).any(|answer| answer.status == 429));
    server.get("/v1/concurrency").expect(200);
}
