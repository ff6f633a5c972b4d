//! Input up to each limit is accepted; input just beyond it is refused and does the server no harm.

use serde_json::{Value, json};

use crate::support::raw_connection::{LAST, answers};
use crate::support::test_server::{Answer, TestServer};

#[test]
fn ids_names_notes_and_metadata_are_taken_up_to_their_bound() {
    let server = TestServer::new();
    let start = |id: usize, metadata: usize| {
        let metadata = json!({ "x": "y".repeat(metadata) });
        let call =
            json!({ "agent": "a", "type": "chat", "id": "i".repeat(id), "metadata": metadata });
        server.post("/v1/calls", &call)
    };
    let end = |note: usize| {
        let note = "é".repeat(note);
        server.post(&format!("/v1/calls/{}/end", "i".repeat(128)), &json!({ "note": note }))
    };
    let agent = |id: usize, name: usize| {
        server.put(&format!("/v1/agents/{}", "g".repeat(id)), &json!({ "name": "é".repeat(name) }))
    };
    // `{"x":""}` has 8 bytes.
    start(128, 4_096 - 8).expect(201);
    refused(start(129, 1), "id");
    refused(start(128, 4_096 - 7), "metadata");
    refused(end(1_001), "note");
    end(1_000).expect(200);
    agent(64, 200).expect(201);
    refused(agent(65, 200), "id");
    refused(agent(64, 201), "name");
    refused(agent(64, 0), "name");
    refused(server.get(&format!("/v1/calls/{}", "i".repeat(256))), "id");
    // Earlier versions made longer ones.
    server.get(&format!("/v1/calls/{}", "j".repeat(255))).refused(404, "unknown_call", "");
}

#[track_caller]
fn refused(answer: Answer, field: &str) {
    assert_eq!(answer.refused(422, "invalid_field", "")["field"], field);
}

#[test]
fn lists_are_taken_up_to_their_bound() {
    let server = TestServer::new();
    let calls = |count: usize| {
        let calls = vec![json!({ "agent": "a", "type": "chat" }); count];
        server.post("/v1/calls/batch", &json!({ "calls": calls }))
    };
    let started = calls(1_000).expect(200);
    assert_eq!(started["results"].as_array().map(Vec::len), Some(1_000));
    refused(calls(1_001), "calls");
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 3_600 })).expect(201);
    let reconcile = format!("/v1/leases/{}/reconcile", lease["id"].as_str().expect("an id"));
    let active = |count: usize| {
        let ids: Vec<_> = (0..count).map(|n| n.to_string()).collect();
        server.post(&reconcile, &json!({ "active": ids }))
    };
    let unknown = active(100_000).expect(200);
    assert_eq!(unknown["unknown"].as_array().map(Vec::len), Some(100_000));
    refused(active(100_001), "active");
    let reserve = |count: usize| {
        let entries: Vec<_> = (0..count).map(|n| json!({ "agent": n.to_string() })).collect();
        server.put("/v1/reservations", &json!({ "reservations": entries }))
    };
    reserve(10_000).refused(404, "unknown_agent", "");
    refused(reserve(10_001), "reservations");
    refused(server.get("/v1/calls?limit=1001"), "limit");
    server.get("/v1/calls?limit=1000").expect(200);
}

/// Statuses of the answers to a message and to one more request behind it.
fn statuses(server: &TestServer, message: &str) -> Vec<u16> {
    let answers = answers(server.address, format!("{message}{LAST}").as_bytes());
    for (status, body) in &answers {
        // What HTTP itself cannot read is answered without a body; whatever got through to an address is a problem.
        let problem: Value = serde_json::from_str(body).unwrap_or_default();
        assert!(body.is_empty() || *status < 400 || problem["status"] == *status, "{body}");
    }
    answers.into_iter().map(|(status, _)| status).collect()
}

#[test]
fn a_body_is_taken_up_to_a_mebibyte_however_it_comes() {
    let server = TestServer::new();
    let head = |line: &str| {
        format!(
            "POST /v1/leases HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\n{line}\r\n\r\n",
            server.admin
        )
    };
    let chunked = |body: &str| {
        let chunks: Vec<_> = body
            .as_bytes()
            .chunks(60_000)
            .map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk)))
            .collect();
        format!("{}{}0\r\n\r\n", head("transfer-encoding: chunked"), chunks.concat())
    };
    let largest = format!("{{}}{}", " ".repeat((1 << 20) - 2));
    let whole = format!("{}{largest}", head("content-length: 1048576"));
    assert_eq!(statuses(&server, &whole), [201, 200]);
    assert_eq!(statuses(&server, &chunked(&largest)), [201, 200]);
    // Nobody reads what is announced to be too large, so it is not sent here.
    assert_eq!(statuses(&server, &head("content-length: 1048577")), [413]);
    assert_eq!(statuses(&server, &chunked(&format!("{largest} "))), [413, 200]);
    server.get("/healthz").expect(200);
}

#[test]
fn a_head_is_taken_up_to_its_bounds() {
    let server = TestServer::new();
    let with_headers = |count: usize| {
        let more: Vec<_> = (1..count).map(|n| format!("x-{n}: y\r\n")).collect();
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", more.concat())
    };
    assert_eq!(statuses(&server, &with_headers(64)), [200, 200]);
    assert_eq!(statuses(&server, &with_headers(65)), [431]);
    let with_bytes = |bytes: usize| {
        let rest = "GET /healthz HTTP/1.1\r\nhost: x\r\nx: \r\n\r\n".len();
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(bytes - rest))
    };
    assert_eq!(statuses(&server, &with_bytes(32 << 10)), [200, 200]);
    assert_eq!(statuses(&server, &with_bytes((32 << 10) + 1)), [431]);
    let with_path =
        |bytes: usize| format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "y".repeat(bytes));
    assert_eq!(statuses(&server, &with_path(30 << 10)), [404, 200]);
    assert_eq!(statuses(&server, &with_path(70 << 10)), [431]);
    server.get("/healthz").expect(200);
}
