//! `cargo xtask bench`: what a decision costs, and durable calls over HTTP against the release binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::run;
use crate::server::{OPERATOR, Server, release};

/// Connections and seconds of each round over HTTP.
const ROUNDS: [(&str, &str); 4] = [("50", "5"), ("50", "5"), ("50", "5"), ("4", "3")];
/// Of the round with slow clients.
const CALLERS: &str = "4";
const DRIBBLERS: &str = "5000";

pub fn bench() -> Result<(), String> {
    run("cargo build --release --package callslot --bins --examples")?;
    run("cargo bench --package callslot-core")?;
    over_http()?;
    slow_clients()
}

fn over_http() -> Result<(), String> {
    println!("── durable calls over HTTP, SQLite, one agent, limit 100,000");
    let server = Server::start()?;
    server.said(&["agent", "put", "bench"], &server.admin)?;
    server.said(&["org", "set", "default", "--limit", "100000"], OPERATOR)?;
    for (connections, seconds) in ROUNDS {
        let status = release("examples/load")
            .args([server.address(), &server.admin, "bench", connections, seconds])
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return Err("the load failed".into());
        }
    }
    Ok(())
}

/// How long starts take while thousands of clients dribble, against how long they take without, one beside the other.
pub fn slow_clients() -> Result<(), String> {
    run("cargo build --release --quiet --package callslot --bins --examples")?;
    println!(
        "── durable calls of {CALLERS} callers, without and with {DRIBBLERS} dribbling sockets"
    );
    let server = Server::start()?;
    server.said(&["agent", "put", "bench"], &server.admin)?;
    server.said(&["org", "set", "default", "--limit", "100000"], OPERATOR)?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        without.push(p99_us(&server)?);
        let dribblers = Dribblers::start(&server)?;
        with.push(p99_us(&server)?);
        drop(dribblers);
    }
    without.sort_unstable();
    with.sort_unstable();
    println!(
        "p99 of a start, the middle of three rounds each: {} µs without, {} µs with them: {}.{:02} times",
        without[1],
        with[1],
        with[1] / without[1],
        with[1] * 100 / without[1] % 100
    );
    Ok(())
}

/// The p99 of a start, in microseconds, as the load says it.
fn p99_us(server: &Server) -> Result<u64, String> {
    let output = release("examples/load")
        .args([server.address(), &server.admin, "bench", CALLERS, "5"])
        .output()
        .map_err(|error| format!("the load does not run: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    let p99 = said.split("p99 ").nth(1).and_then(|rest| rest.split(' ').next());
    p99.and_then(|p99| p99.parse().ok()).ok_or_else(|| "the load failed".into())
}

/// Clients that dribble until this is dropped.
struct Dribblers(Child);

impl Dribblers {
    fn start(server: &Server) -> Result<Self, String> {
        let mut process = release("examples/dribble")
            .args([server.address(), DRIBBLERS])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the dribblers do not run: {error}"))?;
        let output = process.stdout.take();
        let dribblers = Self(process);
        let first = output.and_then(|output| BufReader::new(output).lines().next());
        match first {
            Some(Ok(_)) => Ok(dribblers),
            Some(Err(_)) | None => Err("the sockets of the dribblers could not be opened".into()),
        }
    }
}

impl Drop for Dribblers {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
