//! Seats: clients that stay connected, as event streams, engine streams and long polls.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use callslot_server::{ServerConfig, Stopwatch};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::support::stream_client::{StreamClient, handshake};
use crate::support::test_server::{Answer, OPERATOR, TestServer};

/// Longer than the server takes to notice that a client has left.
const PATIENCE: Duration = Duration::from_secs(30);

fn server(seats_per_key: u32, seats_per_org: u32) -> TestServer {
    let config = ServerConfig { seats_per_key, seats_per_org, ..ServerConfig::default() };
    let server = TestServer::bare(&config);
    server.put("/v1/agents/a", &json!({ "name": "a" })).expect(201);
    server
}

fn key(server: &TestServer, name: &str) -> String {
    let made = server.post("/v1/keys", &json!({ "name": name, "role": "engine" })).expect(201);
    made["secret"].as_str().expect("text").to_owned()
}

/// Sends a request without a body, and returns its connection.
fn sent(server: &TestServer, request: &str, key: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    let text = format!("{request} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\r\n");
    stream.write_all(text.as_bytes()).expect("it is sent");
    stream
}

/// An event stream that has begun.
fn followed(server: &TestServer, key: &str) -> TcpStream {
    let stream = sent(server, "GET /v1/events", key);
    let mut status = String::new();
    BufReader::new(&stream).read_line(&mut status).expect("a line");
    assert!(status.contains("200"), "{status}");
    stream
}

/// Asks for a seat for a moment: a long poll for a call that does not exist has one until it is answered.
fn glance(server: &TestServer, key: &str) -> Answer {
    server.ask("GET", "/v1/calls/none?wait_s=1", key, None, &[])
}

/// Waits until a key has a seat again.
#[track_caller]
fn freed(server: &TestServer, key: &str, how: &str) {
    let begun = Stopwatch::start();
    while glance(server, key).status == 429 {
        assert!(begun.elapsed() < PATIENCE, "{how}: its seat is never free again");
    }
}

#[test]
fn one_key_and_one_organisation_take_no_more_seats_than_their_share() {
    let server = server(2, 3);
    let (admin, [second, third]) = (server.admin.clone(), ["2", "3"].map(|id| key(&server, id)));
    let _events = followed(&server, &admin);
    let _engine = StreamClient::new(&server);
    let refused = glance(&server, &admin);
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(refused.refused(429, "too_many_seats", "this key has all 2 seats")["seats"], 2);
    server.get("/v1/events").refused(429, "too_many_seats", "--seats-per-key");
    let bearer = format!("Bearer {admin}");
    let socket = TcpStream::connect(server.address).expect("a connection");
    let (status, problem) = handshake(&server, "", &[("authorization", &bearer)], socket)
        .expect_err("the third is refused");
    assert_eq!((status, &problem["code"]), (429, &json!("too_many_seats")));
    let start = json!({ "agent": "a", "type": "chat", "id": "1" });
    server.post("/v1/calls?wait_s=1", &start).refused(429, "too_many_seats", "wait_s");
    server.get("/v1/calls/1").refused(404, "unknown_call", "");
    server.post("/v1/calls", &start).expect(201);

    let _of_second = followed(&server, &second);
    let problem = glance(&server, &third).refused(429, "too_many_seats", "this organisation has");
    assert_eq!(problem["seats"], 3);
    let other = json!({ "id": "other", "name": "Other", "plan": "standard" });
    server.operate("POST", "/v1/orgs", Some(&other)).expect(201);
    let in_other = [("callslot-org", "other")];
    let looked = server.ask("GET", "/v1/calls/none?wait_s=1", OPERATOR, None, &in_other);
    looked.refused(404, "unknown_call", "");

    let page = server.get("/metrics").body;
    for line in [
        "callslot_seats 3",
        "callslot_org_seats{org=\"default\"} 3",
        "callslot_org_seats{org=\"other\"} 0",
        "callslot_seats_refused_total{whose=\"key\"} 4",
        "callslot_seats_refused_total{whose=\"org\"} 1",
        "callslot_seats_refused_total{whose=\"all\"} 0",
    ] {
        let page = page.as_str().expect("a page");
        assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
    }
}

#[test]
fn a_seat_is_free_again_however_its_client_ends() {
    let server = server(1, 0);
    let admin = server.admin.clone();
    server.limit(0);
    server.start("a", "chat", "1");
    let freed = |how: &str| freed(&server, &admin, how);

    drop(followed(&server, &admin));
    freed("an event stream whose client leaves");
    StreamClient::new(&server).drop_connection();
    freed("an engine that leaves");
    let mut engine = StreamClient::new(&server);
    engine.send_message(Message::binary(vec![1])).expect("it is sent");
    engine.closed(1003, "text");
    freed("an engine that is sent away");
    assert_eq!(server.get("/v1/calls/1?wait_s=1").expect(200)["state"], "queued");
    freed("a long poll whose time is up");
    drop(sent(&server, "GET /v1/calls/1?wait_s=60", &admin));
    freed("a long poll whose client leaves");
    std::thread::scope(|scope| {
        let polled = scope.spawn(|| server.get("/v1/calls/1?wait_s=60").expect(200));
        let second = key(&server, "second");
        // The other key has a seat of its own.
        server.ask("POST", "/v1/calls/1/end", &second, Some(&json!({})), &[]).expect(200);
        assert_eq!(polled.join().expect("an answer")["state"], "ended");
    });
    freed("a long poll whose call has ended");
    server.get("/v1/events?after=99").refused(410, "cursor_ahead", "");
    freed("an event stream that is refused");
    let headers = [("authorization", &*format!("Bearer {OPERATOR}")), ("callslot-org", "nobody")];
    let socket = TcpStream::connect(server.address).expect("a connection");
    let refused = handshake(&server, "", &headers, socket).expect_err("there is no such org");
    assert_eq!(refused.0, 404);
    let glance = || server.ask("GET", "/v1/calls/x?wait_s=1", OPERATOR, None, &headers[1..]);
    assert_eq!(glance().expect(404)["code"], "unknown_call");
}

#[test]
fn a_revoked_key_leaves_its_seats() {
    let server = server(0, 1);
    let made = server.post("/v1/keys", &json!({ "name": "v", "role": "engine" })).expect(201);
    let (id, secret) =
        (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("text"));
    let _events = followed(&server, secret);
    assert_eq!(glance(&server, &server.admin).status, 429);
    server.delete(&format!("/v1/keys/{id}")).expect(204);
    freed(&server, &server.admin, "an event stream of a revoked key");
}
