//! Input that is wrong or too large.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::test_server::TestServer;

#[test]
fn unknown_fields_and_parameters_are_refused_by_name() {
    let server = TestServer::new();
    let field = |path: &str, body: Value| {
        let problem = server.post(path, &body).refused(422, "invalid_field", "");
        problem["field"].as_str().expect("a field").to_owned()
    };
    assert_eq!(field("/v1/calls", json!({ "agent": "a", "type": "chat", "prio": 1 })), "prio");
    assert_eq!(field("/v1/calls", json!({ "agent": "a", "type": "fax" })), "type");
    assert_eq!(field("/v1/calls", json!({ "type": "chat" })), "agent");
    assert_eq!(field("/v1/calls", json!({ "agent": "a b", "type": "chat" })), "agent");
    assert_eq!(
        field("/v1/calls", json!({ "agent": "a", "type": "chat", "max_wait_s": -1 })),
        "max_wait_s"
    );
    let claim = json!({ "agent": "a", "type": "chat", "claim_within_s": 0 });
    assert_eq!(field("/v1/calls", claim), "claim_within_s");
    let large = json!({ "agent": "a", "type": "chat", "metadata": { "x": "y".repeat(5_000) } });
    assert_eq!(field("/v1/calls", large), "metadata");
    assert_eq!(field("/v1/leases", json!({ "ttl_s": 4 })), "ttl_s");
    assert_eq!(
        field("/v1/calls/batch", json!({ "calls": [{ "agent": "a", "type": "chat", "x": 1 }] })),
        "calls[0].x"
    );
    let parameter =
        |path: &str| server.get(path).refused(422, "invalid_field", "")["field"].clone();
    assert_eq!(parameter("/v1/calls?agnet=a"), "agnet");
    assert_eq!(parameter("/v1/calls?limit=0"), "limit");
    assert_eq!(parameter("/v1/calls/1?wait_s=61"), "wait_s");
    assert_eq!(parameter("/v1/calls/1?wait_s=abc"), "wait_s");
    assert_eq!(parameter("/v1/calls?state=lost"), "state");
    assert_eq!(parameter("/v1/calls?limit=1&limit=2"), "limit");
    assert_eq!(parameter("/v1/concurrency?wait=1"), "wait");
    let unprintable = server.put("/v1/agents/c", &json!({ "name": "bell\u{7}" }));
    unprintable.refused(422, "invalid_field", "control characters");
}

#[test]
fn metadata_comes_back_as_it_was_sent_and_no_deeper_than_readers_go() {
    let server = TestServer::new();
    let nested = |depth: usize| (1..depth).fold(json!({}), |inner, _| json!({ "m": inner }));
    let deep = json!({ "agent": "a", "type": "chat", "id": "deep", "metadata": nested(64) });
    assert_eq!(server.post("/v1/calls", &deep).expect(201)["metadata"], nested(64));
    assert_eq!(server.get("/v1/calls?limit=9").expect(200)["items"][0]["metadata"], nested(64));
    // The reader of these tests takes such a key for JSON inside a text, as the server once did.
    let hidden = json!({ "$serde_json::private::RawValue": nested(65).to_string() });
    let odd = json!({ "agent": "a", "type": "chat", "id": "odd", "metadata": { "m": hidden } });
    assert_eq!(server.post("/v1/calls", &odd).expect(201)["metadata"]["m"], nested(65));
    server.get("/v1/calls/odd").expect(200);
    let start = json!({ "agent": "a", "type": "chat", "metadata": nested(65) });
    server.post("/v1/calls", &start).refused(422, "invalid_field", "nested 65 deep");
}

#[test]
fn arrays_and_objects_do_not_stand_for_one_another() {
    let server = TestServer::new();
    let refused = |answer: crate::support::test_server::Answer| {
        answer.refused(422, "invalid_field", "invalid type")["field"].clone()
    };
    server.post("/v1/calls", &json!(["a", "chat"])).refused(422, "invalid_field", "an object");
    let batch = json!({ "calls": [["a", "chat"]] });
    assert_eq!(refused(server.post("/v1/calls/batch", &batch)), "calls[0]");
    let start = json!({ "agent": "a", "type": { "chat": null } });
    assert_eq!(refused(server.post("/v1/calls", &start)), "type");
    let patch = json!({ "max_wait_s": [1, 2] });
    assert_eq!(refused(server.operate("PATCH", "/v1/orgs/default", Some(&patch))), "max_wait_s");
    let reservations = json!({ "reservations": [["a", 1, 1, 1, 1]] });
    assert_eq!(refused(server.put("/v1/reservations", &reservations)), "reservations[0]");
}

#[test]
fn a_renewal_speaks_of_count_and_digest_together_and_within_bounds() {
    let server = TestServer::new();
    let lease = server.post("/v1/leases", &json!({})).expect(201);
    let renew = format!("/v1/leases/{}/renew", lease["id"].as_str().expect("an id"));
    let digest = "0123456789abcdef";
    let counted = |count: u64| server.post(&renew, &json!({ "count": count, "digest": digest }));
    counted(1_000_000_000).expect(200);
    counted(1_000_000_001).refused(422, "invalid_field", "0 to 1000000000");
    for half in [json!({ "count": 1, "digest": null }), json!({ "count": null })] {
        server.post(&renew, &half).refused(422, "invalid_field", "null");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused_with_where_reading_stopped() {
    let server = TestServer::new();
    let send = |body: &str, kind: &str| {
        let request = ureq::post(server.url("/v1/calls"))
            .config()
            .http_status_as_error(false)
            .build()
            .header("authorization", &format!("Bearer {}", server.admin))
            .header("content-type", kind);
        let mut answer = request.send(body).expect("an answer");
        let json: Value = answer.body_mut().read_json().expect("JSON");
        (answer.status().as_u16(), json["code"].as_str().expect("a code").to_owned())
    };
    assert_eq!(send("{\"agent\":", "application/json"), (400, "malformed_body".into()));
    assert_eq!(send("{} {}", "application/json"), (422, "invalid_field".into()));
    assert_eq!(
        send("agent=a", "application/x-www-form-urlencoded"),
        (415, "unsupported_media_type".into())
    );
}

#[test]
fn a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() {
    let server = TestServer::new();
    let mut client = TcpStream::connect(server.address).expect("a connection");
    let head = format!(
        "POST /v1/calls HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 2000000\r\n\r\n",
        server.admin
    );
    client.write_all(head.as_bytes()).expect("a head");
    let mut answer = [0; 12];
    client.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[test]
fn a_connection_goes_on_after_a_refusal_that_came_before_the_body() {
    let server = TestServer::new();
    let mut client = TcpStream::connect(server.address).expect("a connection");
    let mut answered = |sent: &str| {
        client.write_all(sent.as_bytes()).expect("the connection holds");
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") && !answer.ends_with(b"ok\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).expect("an answer");
            answer.push(byte[0]);
        }
        String::from_utf8(answer).expect("text")
    };
    for (length, body) in [("content-length: 2", "{}"), ("transfer-encoding: chunked", "0\r\n\r\n")]
    {
        let head = format!("POST /v1/calls HTTP/1.1\r\nhost: x\r\n{length}\r\n\r\n");
        assert!(answered(&head).starts_with("HTTP/1.1 401"));
        let next = format!("{body}GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
        assert!(answered(&next).starts_with("HTTP/1.1 200"));
    }
}

#[test]
fn addresses_and_methods_that_do_not_exist_are_problems_too() {
    let server = TestServer::new();
    server.get("/v1/nothing").refused(404, "unknown_route", "/docs");
    let answer = server.delete("/v1/concurrency");
    assert!(answer.headers["allow"].to_str().expect("text").contains("GET"));
    answer.refused(405, "method_not_allowed", "/docs");
}

#[test]
fn every_answer_carries_a_request_id_and_a_strict_policy() {
    let server = TestServer::new();
    for path in ["/", "/docs", "/v1/concurrency", "/v1/nothing"] {
        let answer = server.get(path);
        assert!(answer.headers.contains_key("x-request-id"), "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    }
    let page = server.get("/docs").body;
    let page = page.as_str().expect("a page");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}
