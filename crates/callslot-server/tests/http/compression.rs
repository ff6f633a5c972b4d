//! Which answers are compressed, and for whom.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request};

use crate::support::test_server::TestServer;

/// A server with agents and keys enough to make lists of them long.
fn server() -> TestServer {
    let server = TestServer::new();
    for number in 0..30 {
        let name = format!("An agent with a long name, number {number}");
        server.put(&format!("/v1/agents/agent-{number}"), &json!({ "name": name })).expect(201);
        server.post("/v1/keys", &json!({ "name": name, "role": "viewer" })).expect(201);
    }
    server
}

/// The headers of an answer, and its body as it was sent.
fn ask(server: &TestServer, method: &str, path: &str, accepted: &str) -> (HeaderMap, Vec<u8>) {
    let request = Request::builder()
        .method(method)
        .uri(server.url(path))
        .header("authorization", format!("Bearer {}", server.admin))
        .header("accept-encoding", accepted)
        .body(())
        .expect("a request");
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let (parts, mut body) = agent.run(request).expect("an answer").into_parts();
    (parts.headers, body.read_to_vec().expect("a body"))
}

fn coding(headers: &HeaderMap) -> &str {
    headers.get("content-encoding").map_or("", |coding| coding.to_str().expect("text"))
}

#[test]
fn a_long_answer_is_compressed_for_clients_that_take_gzip() {
    let server = server();
    for path in ["/v1/agents", "/v1/concurrency", "/v1/history", "/openapi.json", "/docs"] {
        let (headers, plain) = ask(&server, "GET", path, "identity");
        assert_eq!(coding(&headers), "", "{path}");
        let (headers, sent) = ask(&server, "GET", path, "deflate, GZIP;q=0.5, br");
        assert_eq!(coding(&headers), "gzip", "{path}");
        let varies = headers.get_all("vary").iter();
        assert!(varies.into_iter().any(|vary| vary == "accept-encoding"), "{path}");
        assert_eq!(headers["content-length"], sent.len().to_string(), "{path}");
        assert!(sent.len() < plain.len() / 2, "{path}: {} of {}", sent.len(), plain.len());
        let mut read = Vec::new();
        GzDecoder::new(&*sent).read_to_end(&mut read).expect("gzip");
        if path != "/v1/history" {
            assert_eq!(read, plain, "{path}");
        }
    }
    for refused in ["", "gzip;q=0", "br", "*"] {
        let (headers, _) = ask(&server, "GET", "/v1/agents", refused);
        assert_eq!(
            (coding(&headers), &headers["vary"]),
            ("", &"accept-encoding".parse().expect("text"))
        );
    }
    let (headers, _) = ask(&server, "HEAD", "/v1/agents", "gzip");
    assert_eq!(coding(&headers), "");
}

#[test]
fn the_version_of_a_compressed_pool_is_one_for_if_match() {
    let server = server();
    let (headers, _) = ask(&server, "GET", "/v1/concurrency", "gzip");
    let version = headers["etag"].to_str().expect("text");
    assert!(version.starts_with("W/\""), "{version}");
    let body = json!({ "reservations": [{ "agent": "a", "chat": 1 }] });
    let if_match = [("if-match", version)];
    server.ask("PUT", "/v1/reservations", &server.admin, Some(&body), &if_match).expect(200);
}

#[test]
fn answers_that_are_short_or_secret_or_a_callers_words_or_repeat_the_request_stay_as_they_are() {
    let server = server();
    let long = "x".repeat(3_000);
    let metadata: Value =
        json!({ "agent": "a", "type": "chat", "id": "1", "metadata": { "said": long } });
    server.post("/v1/calls", &metadata).expect(201);
    let unknown = format!("/v1/agents/{}", "x".repeat(1_500));
    for path in ["/v1/plans", "/v1/keys", "/v1/calls", "/v1/calls/1", "/v1/session", &unknown] {
        let (headers, body) = ask(&server, "GET", path, "gzip");
        assert_eq!(coding(&headers), "", "{path}");
        assert!(std::str::from_utf8(&body).is_ok(), "{path}");
    }
}
