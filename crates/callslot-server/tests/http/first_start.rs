//! A server as those who run it meet it: its first start, its keys, its health and its figures.

use std::path::Path;

use callslot_server::{FirstStart, ServeError, Server, ServerConfig};
use serde_json::{Value, json};

use crate::support::test_server::{OPERATOR, TestServer};

/// Starts a server on `data` and asks for the pool with the keys it made.
fn first_start(data: &Path, operator_key: Option<&str>) -> Result<Option<FirstStart>, ServeError> {
    let config = ServerConfig {
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        data: data.into(),
        operator_key: operator_key.map(str::to_owned),
        ..ServerConfig::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start(config).await?;
        let first = server.first_start().cloned();
        server.run_until(async {}).await;
        Ok(first)
    })
}

#[test]
fn a_first_start_makes_an_admin_key_and_an_operator_key_and_a_second_start_none() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let first = first_start(directory.path(), None).expect("it starts").expect("it is the first");
    assert_eq!(first.org, "default");
    assert!(first.admin_key.starts_with("cs_admin_"));
    assert!(first.operator_key.expect("none was given").starts_with("cs_operator_"));
    assert!(first_start(directory.path(), None).expect("it starts again").is_none());
}

#[test]
fn an_operator_key_that_is_easily_guessed_or_fits_no_header_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for key in ["", "short", "has spaces in it, and is long", "ends with a newline\n"] {
        let refused = first_start(directory.path(), Some(key)).expect_err("it is refused");
        assert!(refused.to_string().contains("at least 16 characters"), "{refused}");
    }
    assert!(first_start(directory.path(), Some(OPERATOR)).expect("it starts").is_some());
}

#[test]
fn an_operator_key_of_the_settings_replaces_the_one_before() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (old, new) = ("the-operator-key-before", "the-operator-key-after");
    first_start(directory.path(), Some(old)).expect("it starts");
    first_start(directory.path(), Some(new)).expect("it starts again");
    let server = TestServer::on(directory);
    for key in [old, new] {
        server.ask("GET", "/v1/orgs", key, None, &[]).refused(401, "unauthenticated", "Bearer");
    }
    server.operate("GET", "/v1/orgs", None).expect(200);
}

#[test]
fn a_server_that_can_write_is_alive_and_ready() {
    let server = TestServer::new();
    for (path, said) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        assert_eq!(server.ask("GET", path, "", None, &[]).expect(200), json!(said));
    }
}

#[test]
fn metrics_show_slots_line_waits_commits_and_answers() {
    let server = TestServer::new();
    server.limit(1);
    server.put("/v1/reservations", &json!({ "reservations": [{ "agent": "a", "chat": 1 }] }));
    server.start("a", "chat", "1");
    server.start("a", "chat", "2");
    server.start("b", "inbound", "3");
    server.end("1");
    server.end("2");
    let page = server.get("/metrics");
    assert!(page.headers["content-type"].to_str().expect("text").contains("openmetrics"));
    let page = page.body.as_str().expect("a page").to_owned();
    for line in [
        "callslot_limit{org=\"default\"} 1",
        "callslot_slots_reserved{org=\"default\"} 1",
        "callslot_slots_active{org=\"default\"} 0",
        "callslot_queue_depth{org=\"default\",type=\"inbound\"} 1",
        "callslot_queue_wait_seconds_count{org=\"default\",type=\"chat\"} 1",
        "callslot_call_starts_total{org=\"default\",type=\"chat\"} 2",
        "callslot_call_ends_total{org=\"default\",reason=\"completed\"} 2",
        "callslot_request_duration_seconds_count{route=\"/v1/calls\",status=\"201\"} 3",
        "callslot_failed_commits_total 0",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
    }
    assert!(page.contains("callslot_build_info{version="));
    assert!(page.ends_with("# EOF\n"));
}

#[test]
fn metrics_with_a_listener_of_their_own_are_nowhere_else() {
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let server =
        TestServer::bare(&ServerConfig { metrics_listen: Some(listen), ..ServerConfig::default() });
    server.get("/metrics").refused(404, "unknown_route", "");
    let at = |path: &str| {
        let address = server.metrics.expect("a listener for metrics");
        let request = ureq::get(format!("http://{address}{path}")).config();
        let mut answer = request.http_status_as_error(false).build().call().expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
    };
    assert!(at("/metrics").1.contains("callslot_build_info"));
    let (status, problem) = at("/v1/concurrency");
    let problem: Value = serde_json::from_str(&problem).expect("JSON");
    assert_eq!((status, &problem["code"]), (404, &json!("unknown_route")));
}
