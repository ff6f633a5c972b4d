//! How long starts take with and without thousands of dribbling clients.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::bench::measured::Measured;
use crate::process::server::{OPERATOR, Server, release};
use crate::process::step::run;

const CALLERS: &str = "4";
const DRIBBLERS: &str = "5000";
const SECONDS: &str = "5";

/// Measures both, three times in turn.
pub fn slow_clients() -> Result<(), String> {
    run(
        "cargo build --locked --release --quiet --package callslot --package callslot-bench-clients --bins",
    )?;
    println!(
        "── durable calls of {CALLERS} callers, without and with {DRIBBLERS} dribbling sockets"
    );
    let server = Server::start()?;
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

/// The p99 of a start, in microseconds.
fn p99_us(server: &Server) -> Result<u64, String> {
    let load = ["bench", "--connections", CALLERS, "--duration", SECONDS, "--json"];
    let measured = Measured::read(&server.said(&load, &server.admin)?)?;
    let Measured { pairs_per_s, start_p50_us, start_p99_us } = measured;
    println!("{pairs_per_s:.0} pairs/s; start p50 {start_p50_us} µs, p99 {start_p99_us} µs");
    Ok(start_p99_us)
}

/// Clients that dribble until this is dropped.
struct Dribblers(Child);

impl Dribblers {
    fn start(server: &Server) -> Result<Self, String> {
        let mut process = release("dribble")
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
        // It may have ended on its own.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
