//! Thousands of clients that never finish a request: everybody else is served, and in the end they are cut off.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::PATIENCE;
use crate::server::{Server, Setup};

const DRIBBLERS: usize = 5_000;
/// How many connect at once: fewer than the system keeps for a server that has not accepted them yet.
const AT_ONCE: usize = 100;
/// Fewer files than there are connections to come.
const FILES: u32 = 1_024;

/// A server that finds as few files allowed as a shell usually gives.
fn server() -> Server {
    let mut setup = Setup::new();
    let script = format!("ulimit -Sn {FILES}; exec \"$0\" \"$@\"");
    setup.under = ["sh", "-c", &script].map(Into::into).into();
    setup.start()
}

/// A client that asks one thing after another on one connection.
struct Ordinary {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Ordinary {
    fn connect(address: SocketAddr, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        Self { stream: BufReader::new(stream), key: key.to_owned() }
    }

    /// Asks, and returns the body of the answer, which must be a success.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("it stays connected");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.stream.read_line(&mut head).expect("an answer");
            assert!(read > 0, "an ordinary client was cut off: {head}");
        }
        assert!(head.starts_with("HTTP/1.1 2"), "{path}: {head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.expect("a length").parse().expect("a number")];
        self.stream.read_exact(&mut body).expect("a body");
        String::from_utf8(body).expect("text")
    }

    /// Starts and ends a call.
    fn make_a_call(&mut self, id: usize) {
        let call = format!("{{\"agent\":\"a\",\"type\":\"chat\",\"id\":\"{id}\"}}");
        assert!(self.ask("POST", "/v1/calls", &call).contains("\"active\""));
        self.ask("POST", &format!("/v1/calls/{id}/end"), "{}");
    }
}

/// A client that sends a byte of a head now and then.
struct Dribbler(TcpStream);

impl Dribbler {
    fn connect(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(b"GET /healthz HTTP/1.1\r\nx: ").expect("a beginning");
        stream.set_nonblocking(true).expect("a socket");
        Self(stream)
    }

    /// Sends the next byte; false when the server has cut it off.
    fn goes_on(&mut self) -> bool {
        let is_open = match self.0.read(&mut [0]) {
            Ok(0) => false,
            Ok(_) => panic!("half a request was answered"),
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        is_open && self.0.write_all(b"y").is_ok()
    }
}

/// Signals the end when it is dropped, also by a check that fails, so that nothing runs forever.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn five_thousand_dribbling_sockets_do_not_hurt_others_and_are_cut_off() {
    let allowed = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum })
        .expect("the test may open more files");
    let server = server();
    let (address, key) = (server.setup.address, &server.client.key);
    let mut ordinary = Ordinary::connect(address, key);
    ordinary.ask("PUT", "/v1/agents/a", "{\"name\":\"a\"}");
    let mut dribblers = Vec::new();
    while dribblers.len() < DRIBBLERS {
        dribblers.extend((0..AT_ONCE).map(|_| Dribbler::connect(address)));
        // Later clients are accepted after them.
        Ordinary::connect(address, key).ask("GET", "/v1/concurrency", "");
    }
    let is_over = AtomicBool::new(false);
    let (more, told) = channel::<()>();
    let calls = std::thread::scope(|scope| {
        let serving = scope.spawn(|| {
            let mut calls = 0;
            while !is_over.load(Ordering::Relaxed) {
                ordinary.make_a_call(calls);
                // Newcomers are served as well.
                Ordinary::connect(address, key).ask("GET", "/v1/concurrency", "");
                calls += 1;
            }
            calls
        });
        let end = End(&is_over);
        let metrics = Ordinary::connect(address, key).ask("GET", "/metrics", "");
        let open = metrics.lines().find_map(|line| line.strip_prefix("callslot_connections "));
        let open: usize = open.expect("they are counted").parse().expect("a number");
        assert!(open > DRIBBLERS, "only {open} connections are open");
        for round in 0.. {
            dribblers.retain_mut(Dribbler::goes_on);
            if dribblers.is_empty() {
                break;
            }
            assert!(round < PATIENCE.as_secs(), "{} dribblers are still there", dribblers.len());
            // Nothing comes: it is the time between two bytes.
            let _ = told.recv_timeout(Duration::from_secs(1));
        }
        drop(end);
        serving.join().expect("others are served")
    });
    drop(more);
    assert!(calls > 100, "only {calls} calls were made meanwhile");
}
