//! A load for a running server: connections that start and end calls one after the other, as fast as they are answered.
//! Prints pairs a second and how long starts took. Plain HTTP/1.1 over kept connections, one thread each.
//!
//! `cargo run --release --example load -- 127.0.0.1:7070 KEY AGENT CONNECTIONS SECONDS`; give the organisation a limit
//! above the number of connections, or the line is measured too.
#![expect(clippy::disallowed_methods, reason = "a load measures time")]

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [address, key, agent, connections, seconds] = &words[..] else {
        eprintln!("usage: load HOST:PORT KEY AGENT CONNECTIONS SECONDS");
        std::process::exit(2);
    };
    let connections: usize = connections.parse().expect("a number");
    let lasting = Duration::from_secs(seconds.parse().expect("a number"));
    let begun = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|worker| {
            let mut connection = Connection::open(address, key);
            let body = format!("{{\"agent\":\"{agent}\",\"type\":\"chat\",\"id\":\"");
            thread::spawn(move || {
                let mut starts = Vec::new();
                for n in 0_u64.. {
                    if begun.elapsed() > lasting {
                        break;
                    }
                    let id = format!("{:08x}-{worker:04}-7000-8000-{n:012}", std::process::id());
                    let asked = Instant::now();
                    connection.post("/v1/calls", &format!("{body}{id}\"}}"));
                    starts.push(asked.elapsed());
                    connection.post(&format!("/v1/calls/{id}/end"), "{}");
                }
                starts
            })
        })
        .collect();
    let mut starts: Vec<Duration> =
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect();
    let elapsed = begun.elapsed();
    starts.sort_unstable();
    let at = |percent: usize| starts[(starts.len() - 1) * percent / 100].as_micros();
    println!(
        "{} start+end pairs in {:.1} s with {connections} connections: {:.0} pairs/s; start p50 {} µs, p99 {} µs, max {} µs",
        starts.len(),
        elapsed.as_secs_f64(),
        f64::from(u32::try_from(starts.len()).expect("fewer than 2^32 pairs"))
            / elapsed.as_secs_f64(),
        at(50),
        at(99),
        at(100),
    );
}

struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    fn open(address: &str, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP stream");
        let head = format!(
            "HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
        );
        Self { stream: BufReader::new(stream), head }
    }

    /// Sends a request and reads the whole answer, which must be a success.
    fn post(&mut self, path: &str, body: &str) {
        let request =
            format!("POST {path} {}content-length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.get_mut().write_all(request.as_bytes()).expect("the connection holds");
        let mut length = 0;
        let mut line = String::new();
        let mut is_first = true;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("an answer");
            assert!(!is_first || line.starts_with("HTTP/1.1 2"), "{path}: {line}");
            is_first = false;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line == "\r\n" {
                break;
            }
        }
        std::io::copy(&mut self.stream.by_ref().take(length), &mut std::io::sink())
            .expect("a body");
    }
}
