//! Clients that do not send, or do not read what they are sent, are cut off, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::support::documented::documented;
use crate::support::http2::{HEADERS, RST_STREAM, SETTINGS, WHOLE, block, frame, preface};
use crate::support::raw_connection::answers;
use crate::support::test_server::{OPERATOR, TestServer};

/// What the server sends until it closes the connection. Until then this waits.
fn all_that_comes(client: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    // A connection that is reset was closed as well.
    let _ = client.read_to_end(&mut answer);
    answer
}

#[test]
fn clients_that_do_not_get_to_a_request_are_cut_off() {
    let server = TestServer::new();
    let beginnings = [
        "",
        "PRI * HTTP/2.0\r\n",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n",
        // All of HTTP/2's preface and empty settings, but no request.
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0",
    ];
    std::thread::scope(|scope| {
        let clients = beginnings.map(|beginning| {
            let mut client = TcpStream::connect(server.address).expect("a connection");
            client.write_all(beginning.as_bytes()).expect("a beginning");
            scope.spawn(move || all_that_comes(&mut client))
        });
        let mut second = TcpStream::connect(server.address).expect("a connection");
        second.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").expect("a request");
        second.read_exact(&mut [0; 12]).expect("an answer");
        second.write_all(b"GET /healthz").expect("a part of another");
        all_that_comes(&mut second);
        for client in clients {
            let answer = client.join().expect("it ends");
            assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
        }
    });
    // None of them was taken for a client between two requests, which has longer.
    let page = server.get("/metrics").expect(200);
    let cut = r#"callslot_connections_cut_total{why="slow_head"} 5"#;
    let lines = page.as_str().expect("a page");
    assert!(lines.lines().any(|line| line == cut), "{lines}");
}

#[test]
fn a_client_that_takes_no_answers_is_cut_off() {
    let server = TestServer::new();
    let mut deaf = TcpStream::connect(server.address).expect("a connection");
    // Once its answers fill the buffers in between, the server stops reading as well, and this waits to be cut off.
    while deaf.write_all(b"GET /docs HTTP/1.1\r\nhost: x\r\n\r\n").is_ok() {}
    let page = server.get("/metrics").body;
    let cut = r#"callslot_connections_cut_total{why="not_reading"} 1"#;
    assert!(page.as_str().expect("a page").lines().any(|line| line == cut), "{page}");
}

#[test]
fn a_client_that_leaves_an_answer_without_a_window_over_http_2_is_cut_off() {
    let server = TestServer::new();
    let fields = [(":method", "GET"), (":scheme", "http"), (":path", "/docs"), (":authority", "x")];
    // RFC 9113 §6.5.2: streams begin with a window of 64 bytes.
    let small_windows = frame(0, SETTINGS, 0, &[0, 4, 0, 0, 0, 64]);
    let asked = |stream| frame(stream, HEADERS, WHOLE, &block(&fields));
    let mut deaf = TcpStream::connect(server.address).expect("a connection");
    deaf.write_all(&[preface(), small_windows, asked(1)].concat()).expect("a request");
    // Other requests go on, so the connection is neither idle nor blocked.
    let every = Some(Duration::from_millis(500));
    deaf.set_read_timeout(every).expect("a TCP stream");
    for stream in (3..203).step_by(2) {
        // Nothing more comes until the connection is closed.
        while deaf.read(&mut [0; 1_024]).is_ok_and(|length| length > 0) {}
        // A request that is canceled at once (RFC 9113 §6.4): its answer is not waiting.
        let canceled = frame(stream, RST_STREAM, 0, &[0, 0, 0, 8]);
        if deaf.write_all(&[asked(stream), canceled].concat()).is_err() {
            break;
        }
    }
    let page = server.get("/metrics").body;
    let cut = r#"callslot_connections_cut_total{why="not_reading"} 1"#;
    assert!(page.as_str().expect("a page").lines().any(|line| line == cut), "{page}");
}

/// The head of a request whose body comes later.
fn head(method: &str, path: &str, key: Option<&str>, of_body: &str) -> String {
    let key = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\n{key}content-type: application/json\r\n{of_body}\r\n\r\n"
    )
}

#[test]
fn a_body_is_read_only_after_its_key_and_role_were_checked() {
    let server = TestServer::new();
    let create = json!({ "name": "looks", "role": "viewer" });
    let viewer = server.post("/v1/keys", &create).expect(201);
    let viewer = viewer["secret"].as_str().expect("a secret");
    let takes_body = documented().into_iter().filter(|(_, path, operation)| {
        !operation["requestBody"].is_null() && path != "/v1/session"
    });
    let mut count = 0;
    for (method, path, _) in takes_body {
        let path = path.replace("{id}", "none").replace("{agent}", "none");
        for (key, status) in [(None, 401), (Some("no"), 401), (Some(viewer), 403)] {
            // The body never comes, and is not waited for.
            let head = head(&method, &path, key, "content-length: 1000000");
            let answers = answers(server.address, head.as_bytes());
            let statuses: Vec<_> = answers.iter().map(|(status, _)| *status).collect();
            assert_eq!(statuses, [status], "{method} {path}: {answers:?}");
        }
        count += 1;
    }
    assert!(count > 10, "{count} operations take a body");
}

#[test]
fn what_comes_without_a_key_is_small_and_comes_soon() {
    let server = TestServer::new();
    let sign_in = |of_body: &str, body: &str| {
        let message = head("POST", "/v1/session", None, of_body) + body;
        answers(server.address, message.as_bytes())
    };
    let status = |answers: Vec<(u16, String)>| {
        answers.into_iter().map(|(status, _)| status).collect::<Vec<_>>()
    };
    let guess = format!("{{\"key\":\"guess\"}}{}", " ".repeat(4_096 - 15));
    assert_eq!(status(sign_in("content-length: 4096\r\nconnection: close", &guess)), [401]);
    assert_eq!(status(sign_in("content-length: 4097\r\nconnection: close", "")), [413]);
    let chunks = format!("1001\r\n{guess} \r\n0\r\n\r\n");
    assert_eq!(status(sign_in("transfer-encoding: chunked\r\nconnection: close", &chunks)), [413]);
    // Nothing more comes: it is answered, and the connection is closed.
    let answers = sign_in("content-length: 4096", "{");
    assert!(answers[0].1.contains("did not arrive within 5 s"), "{answers:?}");
    assert_eq!(status(answers), [408]);
}

#[test]
fn bodies_that_stall_take_the_share_of_their_key_alone() {
    let server = TestServer::new();
    let began = |key: &str| {
        let mut client = TcpStream::connect(server.address).expect("a connection");
        let head = head("POST", "/v1/calls/batch", Some(key), "content-length: 1048576");
        client.write_all(head.as_bytes()).expect("a head");
        client.write_all(&vec![b' '; 100_000]).expect("a part of the body");
        client
    };
    let is_reserved = |mebibytes: usize| {
        let line = format!("callslot_body_bytes {}", mebibytes << 20);
        let page = server.get("/metrics").body;
        page.as_str().expect("a page").lines().any(|found| found == line)
    };
    let stalled: Vec<_> = (0..8).map(|_| began(&server.admin)).collect();
    while !is_reserved(8) {}
    let mut ninth = began(&server.admin);
    let mut answer = [0; 2_000];
    let bytes = ninth.read(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..bytes]).to_lowercase();
    assert!(answer.starts_with("http/1.1 429"), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    // Small bodies need no room, and large ones of others have theirs.
    server.start("a", "chat", "1");
    let calls =
        vec![json!({ "agent": "a", "type": "chat", "metadata": { "x": "y".repeat(900) } }); 900];
    let headers = [("callslot-org", "default")];
    let body = json!({ "calls": calls });
    server.ask("POST", "/v1/calls/batch", OPERATOR, Some(&body), &headers).expect(200);
    server.post("/v1/calls/batch", &body).refused(429, "too_many_bodies", "this key");
    drop(stalled);
    while !is_reserved(0) {}
    server.post("/v1/calls/batch", &body).expect(200);
}

#[test]
fn a_request_whose_key_is_revoked_while_its_body_arrives_is_refused() {
    let server = TestServer::new();
    let create = json!({ "name": "leaves", "role": "admin" });
    let leaver = server.post("/v1/keys", &create).expect(201);
    let [id, secret] = ["id", "secret"].map(|field| leaver[field].as_str().expect("a text"));
    let body = json!({ "name": "stays", "role": "admin" }).to_string();
    let (begun, size) = (100_000, 1 << 20);

    let mut client = TcpStream::connect(server.address).expect("a connection");
    let of_body = format!("connection: close\r\ncontent-length: {size}");
    let head = head("POST", "/v1/keys", Some(secret), &of_body);
    client.write_all(head.as_bytes()).expect("a head");
    client.write_all(&vec![b' '; begun]).expect("a part of the body");
    // The body has room: its key was good.
    let has_room = || {
        let page = server.get("/metrics").body;
        page.as_str().expect("a page").lines().any(|line| line == "callslot_body_bytes 1048576")
    };
    while !has_room() {}
    assert_eq!(server.delete(&format!("/v1/keys/{id}")).status, 204);
    client.write_all(&vec![b' '; size - begun - body.len()]).expect("more of the body");
    client.write_all(body.as_bytes()).expect("the rest");
    let answer = String::from_utf8_lossy(&all_that_comes(&mut client)).to_lowercase();
    assert!(answer.starts_with("http/1.1 401"), "{answer}");
    assert!(answer.contains("was revoked"), "{answer}");
    let keys = server.get("/v1/keys").expect(200);
    assert!(!keys.to_string().contains("stays"), "{keys}");
}
