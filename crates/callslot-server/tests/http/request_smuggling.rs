//! Messages that two programs might parse differently: no request hides in another. Each is refused and its connection closed,
//! or read in the one way that RFC 9112 §6 allows.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::http2::{ALL_HEADERS, DATA, HEADERS, block, frame, preface};
use crate::support::raw_connection::{LAST, answers};
use crate::support::test_server::TestServer;

/// A request that must never be answered: it is where only part of another request can be.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n";

/// Sends a message, and behind it one more request. Each line is what the message looks like, and the statuses of all
/// answers; where the last one's is missing, the connection was closed before it.
#[track_caller]
fn check(server: &TestServer, what: &str, message: &str, statuses: &[u16]) {
    let answers = answers(server.address, format!("{message}{LAST}").as_bytes());
    let found: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(found, statuses, "{what}: {answers:?}");
    assert!(!answers.iter().any(|(_, body)| body.contains("unknown_route")), "{what}: {answers:?}");
}

/// A request to open a lease, with these lines in its head and this body.
fn post(server: &TestServer, lines: &str, body: &str) -> String {
    format!(
        "POST /v1/leases HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\n{lines}\r\n\r\n{body}",
        server.admin
    )
}

#[test]
fn a_message_with_two_lengths_is_never_taken_for_two() {
    let server = TestServer::new();
    let hidden_in_chunk = format!("{:x}\r\n{HIDDEN}\r\n0\r\n\r\n", HIDDEN.len());
    let length = hidden_in_chunk.len();
    for (lines, body, statuses) in [
        ("content-length: 2\r\ncontent-length: 2", "{}".to_owned(), &[201, 200][..]),
        ("content-length: 2\r\ncontent-length: 3", "{} ".to_owned(), &[400]),
        ("content-length: 2, 3", "{} ".to_owned(), &[400]),
        ("content-length: +2", "{}".to_owned(), &[400]),
        ("content-length: -2", "{}".to_owned(), &[400]),
        ("content-length: 0x2", "{}".to_owned(), &[400]),
        ("content-length: 2.0", "{}".to_owned(), &[400]),
        ("content-length:", "{}".to_owned(), &[400]),
        ("content-length: 18446744073709551618", "{}".to_owned(), &[400]),
        // Both: chunks count, and the connection is closed behind the answer.
        (
            &format!("content-length: {length}\r\ntransfer-encoding: chunked"),
            "2\r\n{}\r\n0\r\n\r\n".to_owned(),
            &[201],
        ),
        (
            &format!("transfer-encoding: chunked\r\ncontent-length: {length}"),
            "2\r\n{}\r\n0\r\n\r\n".to_owned(),
            &[201],
        ),
        ("content-length: 4\r\ntransfer-encoding: chunked", hidden_in_chunk, &[400]),
        ("content-length: 40\r\ntransfer-encoding: chunked", format!("0\r\n\r\n{HIDDEN}"), &[201]),
    ] {
        check(&server, lines, &post(&server, lines, &body), statuses);
    }
}

#[test]
fn chunks_are_announced_in_one_way() {
    let server = TestServer::new();
    let chunks = "2\r\n{}\r\n0\r\n\r\n";
    for (lines, statuses) in [
        ("transfer-encoding: chunked", &[201, 200][..]),
        ("Transfer-Encoding: CHUNKED", &[201, 200]),
        ("transfer-encoding : chunked", &[400]),
        ("transfer-encoding\t: chunked", &[400]),
        (" transfer-encoding: chunked", &[400]),
        ("x: y\r\n transfer-encoding: chunked", &[400]),
        ("transfer-encoding:\r\n chunked", &[400]),
        ("transfer-encoding: chunked, identity", &[400]),
        ("transfer-encoding: identity", &[400]),
        ("transfer-encoding: gzip, chunked", &[400, 200]),
        ("transfer-encoding: chunked, chunked", &[400, 200]),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked", &[400, 200]),
        ("transfer-encoding: xchunked", &[400]),
        ("transfer-encoding: \"chunked\"", &[400]),
        ("transfer-encoding: chunked\r\ntransfer-encoding: identity", &[400]),
        ("transfer-encoding: chunked\0", &[400]),
        ("transfer-encoding: chunked\rx: y", &[400]),
        ("transfer\0-encoding: chunked", &[400]),
    ] {
        check(&server, lines, &post(&server, lines, chunks), statuses);
    }
}

#[test]
fn a_chunk_says_its_size_in_hexadecimal_digits_and_nothing_else() {
    let server = TestServer::new();
    let large = "x".repeat(20 << 10);
    for (what, chunks, statuses) in [
        ("an extension", "2;a=b\r\n{}\r\n0\r\n\r\n", &[201, 200][..]),
        ("zeros", "0002\r\n{}\r\n000\r\n\r\n", &[201, 200]),
        ("trailers", "2\r\n{}\r\n0\r\ncontent-length: 99\r\n\r\n", &[201, 200]),
        ("a sign", "+2\r\n{}\r\n0\r\n\r\n", &[400]),
        ("a negative size", "-2\r\n{}\r\n0\r\n\r\n", &[400]),
        ("another base", "0x2\r\n{}\r\n0\r\n\r\n", &[400]),
        ("no size", "\r\n{}\r\n0\r\n\r\n", &[400]),
        ("a size that overflows", "10000000000000002\r\n{}\r\n0\r\n\r\n", &[400]),
        ("lines that end in a line feed", "2\n{}\n0\n\n", &[400]),
        ("a chunk that is longer than it says", "1\r\n{}\r\n0\r\n\r\n", &[400]),
        ("extensions without end", &format!("2;{large}\r\n{{}}\r\n0\r\n\r\n"), &[400]),
        ("trailers without end", &format!("2\r\n{{}}\r\n0\r\nx: {large}\r\n\r\n"), &[400]),
    ] {
        check(&server, what, &post(&server, "transfer-encoding: chunked", chunks), statuses);
    }
}

#[test]
fn the_head_of_a_request_is_read_in_one_way() {
    let server = TestServer::new();
    for (message, statuses) in [
        ("\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", &[200, 200][..]),
        // RFC 9112 §2.2 lets a line end in a line feed alone.
        ("GET /healthz HTTP/1.1\nhost: x\n\n", &[200, 200]),
        // RFC 9112 §3.2.2: the target overrides the header.
        ("GET http://other/healthz HTTP/1.1\r\nhost: x\r\n\r\n", &[200, 200]),
        ("GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n", &[400]),
        ("GET /heal\0thz HTTP/1.1\r\nhost: x\r\n\r\n", &[400]),
        ("GET /healthz HTTP/1.1 x\r\nhost: x\r\n\r\n", &[400]),
        ("GET /healthz HTTP/2.0\r\nhost: x\r\n\r\n", &[400]),
        ("GET /healthz HTTP/1.1\r\nhost\r\n\r\n", &[400]),
        ("GET /healthz HTTP/1.1\r\n: x\r\n\r\n", &[400]),
        ("GET /healthz HTTP/1.1\r\nho st: x\r\n\r\n", &[400]),
        ("G\u{7f}T /healthz HTTP/1.1\r\nhost: x\r\n\r\n", &[400]),
    ] {
        check(&server, message, message, statuses);
    }
    let old = post(&server, "transfer-encoding: chunked", "2\r\n{}\r\n0\r\n\r\n");
    check(&server, "chunks in HTTP/1.0", &old.replacen("HTTP/1.1", "HTTP/1.0", 1), &[400]);
}

#[test]
fn a_request_over_http_1_1_names_its_host_once_and_legibly() {
    let server = TestServer::new();
    for (head, statuses) in [
        ("GET /healthz HTTP/1.1\r\nhost: [::1]:7070\r\n", &[200, 200][..]),
        ("GET /healthz HTTP/1.1\r\nhost:\r\n", &[400, 200]),
        ("GET /healthz HTTP/1.1\r\nhost: x, y\r\n", &[400, 200]),
        ("GET /healthz HTTP/1.1\r\nhost: user@x\r\n", &[400, 200]),
        ("GET /healthz HTTP/1.1\r\nhost: x\r\nhost: x\r\n", &[400, 200]),
        ("GET /healthz HTTP/1.1\r\nhost: x\r\nHost: y\r\n", &[400, 200]),
        ("GET http://x/healthz HTTP/1.1\r\n", &[400, 200]),
        ("GET /healthz HTTP/1.1\r\n", &[400, 200]),
        // HTTP/1.0 does not know the header, and closes the connection.
        ("GET /healthz HTTP/1.0\r\n", &[200]),
        ("GET /healthz HTTP/1.0\r\nhost: x\r\nhost: x\r\n", &[400]),
    ] {
        check(&server, head, &format!("{head}\r\n"), statuses);
    }
    // What its key could do is not done either.
    let twice = post(&server, "host: x\r\ncontent-length: 2", "{}");
    let (status, body) = &answers(server.address, format!("{twice}{LAST}").as_bytes())[0];
    assert!(*status == 400 && body.contains("\"malformed_request\""), "{body}");
    assert!(body.contains("the header `host` is there 2 times; send it once"), "{body}");
    let of_atoms = format!("GET /atoms/v1/concurrency HTTP/1.1\r\n\r\n{LAST}");
    let (status, body) = &answers(server.address, of_atoms.as_bytes())[0];
    assert!(*status == 400 && body.starts_with("{\"success\":false,\"errors\":[\""), "{body}");
    assert!(body.contains("send this server's host and port"), "{body}");
}

/// The kinds of frames that come on stream 1, or that end the connection, up to the one that settles the request.
fn settled_by(server: &TestServer, fields: &[(&str, &str)], body: &str) -> u8 {
    let mut client = TcpStream::connect(server.address).expect("a connection");
    let head = frame(1, HEADERS, ALL_HEADERS, &block(fields));
    let sent = [preface(), head, frame(1, DATA, 1, body.as_bytes())].concat();
    client.write_all(&sent).expect("it is sent");
    loop {
        let mut head = [0; 9];
        client.read_exact(&mut head).expect("a frame");
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        client.read_exact(&mut vec![0; length]).expect("its payload");
        if matches!(head[3], 1 | 3 | 7) {
            return head[3];
        }
    }
}

#[test]
fn http_2_takes_no_lengths_or_connections_from_http_1() {
    let server = TestServer::new();
    let bearer = format!("Bearer {}", server.admin);
    let settled = |field: (&str, &str)| {
        let fields = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", "/v1/leases"),
            (":authority", "x"),
            ("authorization", &bearer),
            ("content-type", "application/json"),
            field,
        ];
        settled_by(&server, &fields, "{}")
    };
    assert_eq!(settled(("content-length", "2")), HEADERS);
    for field in [
        ("content-length", "1"),
        ("content-length", "3"),
        ("content-length", "+2"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("Upper", "case"),
    ] {
        assert_ne!(settled(field), HEADERS, "{field:?}");
    }
}
