//! TLS of the server itself: every door behind it, its bounds, and a new certificate while clients go on.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use callslot_server::{Server, ServerConfig, TlsFiles, inspect_certificate};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, client};

use crate::support::certificates::{Files, Tls, made};
use crate::support::http2::{HEADERS, WHOLE, block, frame, preface};
use crate::support::test_server::{TestServer, open_store};

/// The ends of 2049 and 2060, in seconds since 1970.
const END_OF_2049: u64 = 2_524_521_600;
const END_OF_2060: u64 = 2_871_676_800;

fn server() -> (Files, TestServer) {
    let files = Files::new(2049);
    let server = TestServer::bare(&files.config());
    server.put("/v1/agents/a", &json!({ "name": "A" })).expect(201);
    (files, server)
}

/// Asks on a connection that stays open; returns the head of the answer.
fn head(tls: &mut Tls, request: &str) -> String {
    tls.write_all(request.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        tls.read_exact(&mut byte).expect("an answer");
        answer.push(byte[0]);
    }
    String::from_utf8(answer).expect("a head")
}

fn metric(server: &TestServer, name: &str) -> Option<u64> {
    let page = server.get("/metrics").body;
    let lines = page.as_str().expect("a page").lines().map(str::to_owned).collect::<Vec<_>>();
    lines.iter().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn requests_long_polls_and_event_streams_are_answered_over_tls() {
    let (files, server) = server();
    server.start("a", "chat", "one");
    let long = server.get("/v1/calls/one?wait_s=30").expect(200);
    assert_eq!(long["state"], "active");
    let mut events = files.connect(server.address, &[]);
    let asked = format!(
        "GET /v1/events?after=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        server.admin
    );
    assert!(head(&mut events, &asked).starts_with("HTTP/1.1 200"));
    server.end("one");
    let ended = BufReader::new(events).lines().map(|line| line.expect("the stream goes on"));
    assert!(ended.take(100).any(|line| line.starts_with("event: call.ended")));
    assert_eq!(metric(&server, "callslot_tls_certificate_expiry_seconds"), Some(END_OF_2049));
}

#[test]
fn an_engine_streams_over_tls() {
    let (files, server) = server();
    let url = format!("wss://{}/v1/connect", server.address);
    let mut request = url.into_client_request().expect("a request");
    let bearer = HeaderValue::try_from(format!("Bearer {}", server.admin)).expect("a key");
    request.headers_mut().insert("authorization", bearer);
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("callslot.v1"));
    let stream = files.connect(server.address, &[b"http/1.1"]);
    let (mut socket, _) = client::client(request, stream).expect("a connection");
    let next = |socket: &mut tokio_tungstenite::tungstenite::WebSocket<Tls>| loop {
        if let Message::Text(text) = socket.read().expect("a message") {
            return serde_json::from_str::<Value>(&text).expect("JSON");
        }
    };
    assert_eq!(next(&mut socket)["op"], "hello");
    let start = json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": "s" });
    socket.send(Message::text(start.to_string())).expect("it is sent");
    let mut answer = next(&mut socket);
    if let Some(frames) = answer.as_array_mut() {
        answer = frames.remove(0);
    }
    assert_eq!(answer["ref"], 1, "{answer}");
    assert_eq!(server.get("/v1/calls/s").expect(200)["state"], "active");
}

#[test]
fn a_client_that_offers_http_2_gets_it() {
    let (files, server) = server();
    let mut tls = files.connect(server.address, &[b"h2", b"http/1.1"]);
    let fields =
        [(":method", "GET"), (":scheme", "https"), (":path", "/healthz"), (":authority", "x")];
    tls.write_all(&[preface(), frame(1, HEADERS, WHOLE, &block(&fields))].concat())
        .expect("a request");
    let is_answered = loop {
        let mut frame_head = [0; 9];
        tls.read_exact(&mut frame_head).expect("a frame");
        let length = u32::from_be_bytes([0, frame_head[0], frame_head[1], frame_head[2]]);
        let mut payload = vec![0; length as usize];
        tls.read_exact(&mut payload).expect("a frame");
        if frame_head[3] == HEADERS {
            // RFC 7541, appendix A: the status 200.
            break payload[0] == 0x88;
        }
    };
    assert!(is_answered);
    assert_eq!(tls.conn.alpn_protocol(), Some(&b"h2"[..]));
    let mut old = files.connect(server.address, &[b"http/1.1"]);
    assert!(head(&mut old, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 200"));
    assert_eq!(old.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
}

#[test]
fn a_browser_gets_a_cookie_for_tls_alone_and_a_page_without_tls_is_not_ours() {
    let (_files, server) = server();
    let key = json!({ "key": server.admin });
    let signed_in = server.ask_plain("POST", "/v1/session", &key, &[]);
    let cookie = signed_in.headers["set-cookie"].to_str().expect("text").to_owned();
    signed_in.expect(200);
    assert!(
        cookie.starts_with("__Host-callslot_session=") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().expect("a cookie");
    let put = json!({ "name": "B" });
    let at = server.address;
    for (origin, status) in [(format!("http://{at}"), 403), (format!("https://{at}"), 201)] {
        let headers = [("cookie", cookie), ("origin", &*origin)];
        server.ask_plain("PUT", "/v1/agents/b", &put, &headers).expect(status);
    }
    // One that a page without TLS could have set.
    let headers = [("cookie", cookie.trim_start_matches("__Host-"))];
    server.ask_plain("GET", "/v1/agents", &json!(null), &headers).expect(401);
}

#[test]
fn clients_that_do_not_finish_a_handshake_or_take_nothing_are_cut_off() {
    let (files, server) = server();
    let mut whole = Vec::new();
    let mut shaking = files.connect(server.address, &[]);
    shaking.conn.write_tls(&mut whole).expect("a first message");
    std::thread::scope(|scope| {
        for beginning in [&b""[..], &whole[..40], &whole[..]] {
            let mut client = TcpStream::connect(server.address).expect("a connection");
            scope.spawn(move || {
                client.write_all(beginning).expect("a beginning");
                // It ends once the server closes the connection, and not before.
                let _ = client.read_to_end(&mut Vec::new());
            });
        }
        scope.spawn(|| {
            let mut plain = TcpStream::connect(server.address).expect("a connection");
            plain
                .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .expect("a request");
            let mut answer = String::new();
            plain.read_to_string(&mut answer).expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("https://"), "{answer}");
        });
        scope.spawn(|| {
            let mut deaf = files.connect(server.address, &[]);
            while deaf.write_all(b"GET /docs HTTP/1.1\r\nhost: x\r\n\r\n").is_ok() {}
        });
    });
    let cut =
        |why: &str| metric(&server, &format!("callslot_connections_cut_total{{why=\"{why}\"}}"));
    // Also the client that has sent nothing of the message that it made for the others.
    assert_eq!(cut("slow_head"), Some(4));
    assert_eq!(cut("not_reading"), Some(1));
    assert_eq!(metric(&server, "callslot_tls_handshakes_failed_total"), Some(0));
}

#[test]
fn a_new_certificate_is_shown_while_clients_that_are_connected_go_on() {
    const REQUEST: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let (files, server) = server();
    let is_over = AtomicBool::new(false);
    let answered = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let mut busy: Vec<_> = (0..4).map(|_| files.connect(server.address, &[])).collect();
        for tls in &mut busy {
            head(tls, REQUEST);
        }
        let busy = busy.into_iter().map(|mut tls| {
            let (is_over, answered) = (&is_over, &answered);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    tls.read_exact(&mut [0; "ok\n".len()]).expect("the rest");
                    assert!(head(&mut tls, REQUEST).starts_with("HTTP/1.1 200"));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        let busy: Vec<_> = busy.collect();
        let new = files.renew(2060);
        let shown = || {
            let mut tls = files.connect(server.address, &[]);
            // With the old certificate this client, which trusts the new one alone, does not finish the handshake.
            let asked =
                tls.write_all(REQUEST.as_bytes()).and_then(|()| tls.read_exact(&mut [0; 12]));
            asked.ok().and_then(|()| Some(tls.conn.peer_certificates()?[0].clone()))
        };
        // Nobody asks for it: the server sees it by itself.
        let found = (0..20_000).find_map(|_| shown());
        let before = answered.load(Ordering::Relaxed);
        let is_enough = || answered.load(Ordering::Relaxed) >= before + 100;
        while !is_enough() && !busy.iter().any(std::thread::ScopedJoinHandle::is_finished) {
            std::thread::yield_now();
        }
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(found, Some(new));
        assert!(is_enough());
    });
}

#[test]
fn a_certificate_that_cannot_be_used_leaves_the_old_one() {
    let (files, server) = server();
    let old = fs::read(files.certificate()).expect("a file");
    fs::write(files.certificate(), made(2060).0).expect("a file");
    server.renewal.as_ref().expect("it speaks TLS").ask();
    // The page is made anew at intervals.
    let is_counted = || metric(&server, "callslot_tls_certificates_refused_total") == Some(1);
    assert!((0..100_000).any(|_| is_counted()));
    assert_eq!(metric(&server, "callslot_tls_certificate_expiry_seconds"), Some(END_OF_2049));
    fs::write(files.certificate(), old).expect("a file");
    let mut tls = files.connect(server.address, &[]);
    assert!(head(&mut tls, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 200"));
}

#[test]
fn files_that_a_server_cannot_use_are_named_with_what_is_wrong() {
    let (one, other) = (Files::new(2060), Files::new(2049));
    let inspect = |certificate: &std::path::Path, key: &std::path::Path| {
        inspect_certificate(&TlsFiles { certificate: certificate.into(), key: key.into() })
    };
    let refused = |certificate: &std::path::Path, key: &std::path::Path| {
        inspect(certificate, key).expect_err("it cannot be used").to_string()
    };
    let found = inspect(&one.certificate(), &one.key()).expect("a pair");
    assert_eq!(found.expires_at_s, END_OF_2060);
    assert!(
        refused(&one.certificate(), &other.key()).contains("is not that of the certificate in")
    );
    assert!(refused(&one.certificate(), &one.certificate()).contains("no private key"));
    assert!(refused(&one.key(), &one.key()).contains("no certificate"));
    assert!(
        refused(&one.certificate().with_extension("no"), &one.key()).contains("cannot be read")
    );
    let damaged = one.certificate().with_extension("damaged");
    fs::write(&damaged, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .expect("a file");
    assert!(refused(&damaged, &one.key()).contains("cannot be used"));
    let both = one.certificate().with_extension("both");
    let texts =
        [one.certificate(), one.key()].map(|path| fs::read_to_string(path).expect("a file"));
    fs::write(&both, texts.concat()).expect("a file");
    assert_eq!(inspect(&both, &both).expect("a pair in one file"), found);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let alone = ServerConfig { tls_key: Some(one.key()), ..ServerConfig::default() };
    let started = runtime.block_on(Server::start(alone, open_store));
    assert!(started.err().expect("it is refused").to_string().contains("--tls-cert"));
}
