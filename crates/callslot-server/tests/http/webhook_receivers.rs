//! Receivers that mean harm or are broken: what they answer, never answer, or lead to is bounded, and nobody else waits for them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use callslot_server::{Allowed, ServerConfig, Stopwatch};
use serde_json::{Value, json};

use crate::support::receiver::{Receiver, TAKEN};
use crate::support::test_server::{OPERATOR, TestServer};

fn server() -> TestServer {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let config = ServerConfig { webhook_allow: Allowed(vec![loopback]), ..ServerConfig::default() };
    let server = TestServer::bare(&config);
    server.put("/v1/agents/a", &json!({ "name": "a" })).expect(201);
    server
}

/// Does with each connection what `act` says; returns where, and how many there were.
fn raw(act: impl Fn(TcpStream) + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (act, count) = (Arc::new(act), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
            let act = Arc::clone(&act);
            std::thread::spawn(move || act(stream.expect("a connection")));
        }
    });
    (address, count)
}

/// Reads the request as far as it has come, and answers with these bytes.
fn answer(mut stream: &TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    let _ = stream.read(&mut [0; 4096])?;
    stream.write_all(bytes)
}

fn create(server: &TestServer, url: &str) -> Value {
    let body = json!({ "url": url, "events": ["call.started"], "claims": false });
    server.post("/v1/webhooks", &body).expect(201)
}

fn test(server: &TestServer, webhook: &Value) -> Value {
    let id = webhook["id"].as_str().expect("an id");
    server.post(&format!("/v1/webhooks/{id}/test"), &Value::Null).expect(200)
}

#[test]
fn an_answer_without_an_end_is_read_only_so_far() {
    let written = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&written);
    let (address, _) = raw(move |mut stream| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n";
        let mut went_well = answer(&stream, head);
        while went_well.is_ok() {
            went_well = stream.write_all(&vec![b'x'; 65_536]);
            counted.fetch_add(65_536, Ordering::Relaxed);
        }
    });
    let server = server();
    let webhook = create(&server, &format!("http://{address}/"));
    let tested = test(&server, &webhook);
    assert_eq!((&tested["taken"], &tested["status"]), (&json!(true), &json!(200)));
    assert_eq!(tested["body"].as_str().map(str::len), Some(4_096));
    // What the system's buffers hold, and no more.
    assert!(
        written.load(Ordering::Relaxed) < 64 << 20,
        "{} bytes",
        written.load(Ordering::Relaxed)
    );
}

#[test]
fn what_is_no_whole_answer_is_not_taken_and_said() {
    let server = server();
    let endless = format!("HTTP/1.1 200 OK\r\n{}", "x-more: and more\r\n".repeat(100_000));
    let cases: [(Vec<u8>, &str); 6] = [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".into(), "broke off"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".into(), "broke off"),
        (b"".into(), ""),
        (b"SSH-2.0-banana\r\n".into(), ""),
        (b"HTTP/1.1 99999 OK\r\n\r\n".into(), ""),
        (endless.into_bytes(), ""),
    ];
    for (bytes, words) in cases {
        let said = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        let (address, _) = raw(move |stream| drop(answer(&stream, &bytes)));
        let webhook = create(&server, &format!("http://{address}/"));
        let tested = test(&server, &webhook);
        let cause = tested["cause"].as_str().expect("a cause");
        assert_eq!(tested["taken"], false, "{said}: {tested}");
        assert!(cause.contains(words) && cause.chars().count() <= 300, "{said}: {cause}");
    }
}

#[test]
fn a_redirect_is_followed_nowhere() {
    let server = server();
    let (inside, calls) = raw(|stream| drop(answer(&stream, b"HTTP/1.1 204 No Content\r\n\r\n")));
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let redirect =
            format!("HTTP/1.1 {status}\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n");
        let (address, _) = raw(move |stream| drop(answer(&stream, redirect.as_bytes())));
        let tested = test(&server, &create(&server, &format!("http://{address}/")));
        assert_eq!(tested["taken"], false);
        let cause = tested["cause"].as_str().expect("a cause");
        assert!(cause.contains("redirects are not followed"), "{cause}");
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}

#[test]
fn no_way_to_write_a_private_address_reaches_it() {
    let server = TestServer::new();
    let (inside, calls) = raw(|stream| drop(answer(&stream, b"HTTP/1.1 204 No Content\r\n\r\n")));
    let port = inside.port();
    for host in [
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "127.0.0.1.",
    ] {
        let body = json!({ "url": format!("http://{host}:{port}/"), "events": ["*"] });
        let made = server.post("/v1/webhooks", &body);
        if made.status == 422 {
            continue;
        }
        let webhook = made.expect(201);
        let tested = test(&server, &webhook);
        assert_eq!((&tested["taken"], &tested["status"]), (&json!(false), &Value::Null), "{host}");
        let id = webhook["id"].as_str().expect("an id");
        server.delete(&format!("/v1/webhooks/{id}")).expect(204);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0, "something inside was called");
    for url in [
        "http:///x",
        "http://",
        "https://exa mple.com",
        "http://[::1",
        "http://a@b.c",
        "//a.b",
        "http://ä.de",
        "gopher://a.b",
        "http://a.b/#x",
        "",
    ] {
        let body = json!({ "url": url, "events": ["*"] });
        server.post("/v1/webhooks", &body).refused(422, "invalid_field", "url");
    }
}

#[test]
fn receivers_that_never_answer_hold_up_neither_calls_nor_other_receivers() {
    let server = server();
    for drips in [false, true] {
        let (address, _) = raw(move |mut stream| {
            let mut went_well = Ok(());
            while drips && went_well.is_ok() {
                went_well = stream.write_all(b"H");
                std::thread::park_timeout(Duration::from_millis(100));
            }
            // It never reads, and keeps the connection.
            loop {
                std::thread::park();
            }
        });
        for _ in 0..5 {
            create(&server, &format!("http://{address}/"));
        }
    }
    let receiver = Receiver::new(|_| TAKEN);
    create(&server, &receiver.url());
    let begun = Stopwatch::start();
    for call in 0..200 {
        let id = format!("call-{call}");
        server.start("a", "chat", &id);
        server.end(&id);
    }
    for call in 0..200 {
        assert_eq!(receiver.next().body["type"], "call.started", "{call}");
    }
    // Far less than one of the others is waited for.
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    // One that hangs is changed while it hangs, and so are others meanwhile.
    let all = server.get("/v1/webhooks").expect(200);
    for webhook in all["items"].as_array().expect("items").iter().take(2) {
        let path = format!("/v1/webhooks/{}", webhook["id"].as_str().expect("an id"));
        server.delete(&path).expect(204);
    }
}

#[test]
fn an_organisation_is_deleted_without_waiting_for_each_receiver_that_hangs() {
    let server = server();
    let (hanging, calls) =
        raw(|mut stream| while stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {});
    let org = json!({ "id": "other", "name": "Other", "plan": "standard" });
    server.operate("POST", "/v1/orgs", Some(&org)).expect(201);
    let of_other = [("callslot-org", "other")];
    let ask =
        |method, path, body: &Value| server.ask(method, path, OPERATOR, Some(body), &of_other);
    for _ in 0..3 {
        let body = json!({ "url": format!("http://{hanging}/"), "events": ["agent.changed"] });
        ask("POST", "/v1/webhooks", &body).expect(201);
    }
    // So that they have no room and read no further, and do not see by themselves that the organisation is gone.
    ask("PUT", "/v1/agents/a", &json!({ "name": "a" })).expect(201);
    for number in 0..260 {
        ask("PUT", "/v1/agents/a", &json!({ "name": format!("a {number}") })).expect(200);
    }
    while calls.load(Ordering::Relaxed) < 3 {
        std::thread::yield_now();
    }
    let watch = Stopwatch::start();
    server.operate("DELETE", "/v1/orgs/other", None).expect(204);
    assert!(watch.elapsed() < Duration::from_secs(4), "{:?}", watch.elapsed());
}
