//! Clients that do not send, or do not read what they are sent, are cut off, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::test_server::TestServer;

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
    server.get("/healthz").expect(200);
}

#[test]
fn a_client_that_takes_no_answers_is_cut_off() {
    let server = TestServer::new();
    let mut deaf = TcpStream::connect(server.address).expect("a connection");
    // Once its answers fill the buffers in between, the server stops reading as well, and this waits to be cut off.
    while deaf.write_all(b"GET /docs HTTP/1.1\r\nhost: x\r\n\r\n").is_ok() {}
    server.get("/healthz").expect(200);
}
