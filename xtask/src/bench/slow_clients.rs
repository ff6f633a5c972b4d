//! What slow and hostile clients cost: how long the starts of others take with thousands of dribbling clients, and how much
//! memory the server takes while clients do their worst.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::bench::load_results::Measured;
use crate::process::server::{OPERATOR, Server, release};
use crate::process::step::run;

const CALLERS: &str = "4";
const DRIBBLERS: &str = "5000";
const SECONDS: &str = "5";

/// The kinds of hostile clients, how many there are of each, and who they are. `bench/clients/src/bin/hostile.rs` has them.
const HOSTILE: [(&str, &str, &str); 10] = [
    ("heads", "1000", "heads of 30 KiB that never end"),
    ("sign-ins", "300", "bodies without a key, a byte a piece"),
    ("bodies", "300", "bodies with a key that stall before their last byte"),
    ("pings", "20", "engine streams that ping and never read"),
    ("engines", "50", "engine streams that start and end calls and never read"),
    ("silent", "1000", "engine streams that never say anything"),
    ("events", "300", "event streams that are never read, while calls start and end"),
    ("polls", "2000", "long polls of queued calls with 4 KB of metadata"),
    ("pipelined", "300", "requests one behind the other whose answers are never read"),
    ("lists", "300", "lists of 1,000 calls of 4 KB each that are never read"),
];
/// For how long the clients do their worst.
const WORST: Duration = Duration::from_secs(25);
/// How long the server has to come to rest before them.
const SETTLE: Duration = Duration::from_secs(3);

/// Measures the starts of others, then the memory.
pub fn slow_clients() -> Result<(), String> {
    run(
        "cargo build --locked --release --quiet --package callslot --package callslot-bench-clients --bins",
    )?;
    starts_of_others()?;
    println!("── the server's memory while clients do their worst, for {} s each", WORST.as_secs());
    for (kind, count, who) in HOSTILE {
        let above_mib = memory_above_rest(kind, count)? >> 20;
        println!("{above_mib:>5} MiB above rest at the peak: {count} {who} (`{kind}`)");
    }
    Ok(())
}

/// The most memory that the server took because of such clients, in bytes.
fn memory_above_rest(kind: &str, count: &str) -> Result<u64, String> {
    let mut server = Server::start()?;
    let limit = if kind == "polls" { "0" } else { "100000" };
    server.said(&["org", "set", "default", "--limit", limit], OPERATOR)?;
    sleep(SETTLE);
    let (rest, _) = server.memory()?;
    let hostile = Clients::start(&server, "hostile", &[kind, count])?;
    sleep(WORST);
    let (_, peak) = server.memory()?;
    drop(hostile);
    if !server.is_well() {
        return Err(format!("the server did not survive `{kind}`"));
    }
    Ok(peak.saturating_sub(rest))
}

/// Measures both, three times in turn.
fn starts_of_others() -> Result<(), String> {
    println!(
        "── durable calls of {CALLERS} callers, without and with {DRIBBLERS} dribbling sockets"
    );
    let server = Server::start()?;
    server.said(&["org", "set", "default", "--limit", "100000"], OPERATOR)?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        without.push(p99_us(&server)?);
        let dribblers = Clients::start(&server, "dribble", &[DRIBBLERS])?;
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

/// Clients that do their worst until this is dropped.
struct Clients(Child);

impl Clients {
    fn start(server: &Server, program: &str, words: &[&str]) -> Result<Self, String> {
        let mut process = release(program)
            .arg(server.address())
            .args(words)
            .env("CALLSLOT_KEY", &server.admin)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the clients do not run: {error}"))?;
        let output = process.stdout.take();
        let clients = Self(process);
        let first = output.and_then(|output| BufReader::new(output).lines().next());
        match first {
            Some(Ok(_)) => Ok(clients),
            Some(Err(_)) | None => Err("the clients could not begin".into()),
        }
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        // It may have ended on its own.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
