//! Whether a server is up, and what it counts, as operators and monitoring see it.

use callslot_server::ServerConfig;
use serde_json::{Value, json};

use crate::support::test_server::TestServer;

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
