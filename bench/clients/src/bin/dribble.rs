//! Clients that never finish a request: each socket sends a byte of a head every two seconds, and is opened again when
//! the server has cut it off. Runs until it is killed.
//!
//! `cargo run --release -p callslot-bench-clients --bin dribble -- 127.0.0.1:7070 5000`; prints a line once they are open.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// In how many parts all sockets are taken, and the pause after each: two seconds a round.
const PARTS: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, count] = &words[..] else {
        eprintln!("usage: dribble HOST:PORT COUNT");
        std::process::exit(2);
    };
    let count: usize = count.parse().expect("a number");
    let allowed = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum })
        .expect("as many files as the system allows");
    let open = || {
        let mut socket = TcpStream::connect(address).expect("the server listens");
        socket.write_all(b"GET /healthz HTTP/1.1\r\nx: ").expect("a connection");
        socket
    };
    let mut sockets: Vec<_> = (0..count).map(|_| open()).collect();
    println!("{count} sockets are open");
    loop {
        for part in sockets.chunks_mut(count.div_ceil(PARTS).max(1)) {
            for socket in part {
                if socket.write_all(b"y").is_err() {
                    *socket = open();
                }
            }
            std::thread::sleep(PAUSE);
        }
    }
}
