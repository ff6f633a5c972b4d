//! `cargo xtask scale`: how much one server holds, on this machine: a million live calls, a million queued ones, thousands of
//! organisations and of open streams. Prints a line a figure, with what is to be reached beside it.
//!
//! Each part has a server of its own, and the crowds of `bench/clients/src/bin/crowd` for clients.

use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::process::server::{OPERATOR, Server, release};
use crate::run;

const HELP: &str = "\
Measures how much one server holds.

Usage: cargo xtask scale [PART]… [--calls N] [--queued N] [--orgs N] [--streams N] [--waits N]

Parts, all of them when none is named:
  live      --calls live calls (1,000,000): memory, the starts of others, restart
  platform  the same with 6,000 starts a second, and the ended calls that are remembered at that pace: memory, restart
  queued    --queued calls queued in one organisation (1,000,000): memory, ends, reads, a limit that is raised
  orgs      --orgs organisations (10,000): memory, restart
  streams   --streams idle event streams, and as many engines (10,000 each): processor time, memory
  told      --waits clients that wait for a slot, by long poll and by stream (2,000 each): how long until they know
See also `cargo xtask slow-clients`.
";

/// What a part is measured with.
struct Sizes {
    calls: u64,
    queued: u64,
    orgs: u64,
    streams: u64,
    waits: u64,
}

/// A part of the measurement, by its name.
type Part = (&'static str, fn(&Sizes) -> Result<(), String>);

const PARTS: [Part; 6] = [
    ("live", live),
    ("platform", platform),
    ("queued", queued),
    ("orgs", orgs),
    ("streams", streams),
    ("told", told),
];
/// How long the server has to put things away before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(15);
/// How often it is looked at then.
const LOOKS: u32 = 15;
/// For how long an idle server's processor time is measured.
const IDLE: Duration = Duration::from_secs(30);
/// Slots for calls of others beside the crowd.
const OTHERS: u64 = 10_000;
/// The load of those others, for some seconds.
const BENCH: &str = "bench --json --connections 16 --warm-up 1 --rate 500 --duration";
/// That of a large platform; how long it is measured, and how long it runs.
const PLATFORM: &str =
    "bench --json --door stream --connections 16 --pipeline 64 --warm-up 2 --rate 6000 --duration";
const PLATFORM_MEASURED: &str = "20";
const PLATFORM_RUNS: Duration = Duration::from_secs(2 + 20);
/// One that ends calls as fast as it goes.
const FLOOD: &str =
    "bench --json --door stream --connections 50 --pipeline 16 --warm-up 0 --duration";
/// Calls that end at the pace of a large platform while an ended call is remembered: 6,000 a second for ten minutes.
const REMEMBERED: u64 = 3_600_000;
/// Slots of the organisation in which so many calls are queued.
const FEW_SLOTS: u64 = 100;
/// How many queued calls a raised limit starts at once.
const RAISES: [u64; 2] = [10_000, 100_000];

pub fn scale(words: &[String]) -> Result<(), String> {
    let mut sizes =
        Sizes { calls: 1_000_000, queued: 1_000_000, orgs: 10_000, streams: 10_000, waits: 2_000 };
    let mut wanted: Vec<Part> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(part) = PARTS.into_iter().find(|(name, _)| name == word) {
            wanted.push(part);
            continue;
        }
        let size = match word.as_str() {
            "--calls" => &mut sizes.calls,
            "--queued" => &mut sizes.queued,
            "--orgs" => &mut sizes.orgs,
            "--streams" => &mut sizes.streams,
            "--waits" => &mut sizes.waits,
            "--help" => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(format!("`{other}` is neither a part nor a size; see --help")),
        };
        let number = words.next().and_then(|number| number.parse().ok());
        *size = number.ok_or_else(|| format!("{word} needs a number"))?;
    }
    run(
        "cargo build --release --quiet --package callslot --package callslot-bench-clients --bins",
    )?;
    for (name, part) in if wanted.is_empty() { PARTS.to_vec() } else { wanted } {
        println!("── {name}");
        part(&sizes)?;
    }
    Ok(())
}

fn live(sizes: &Sizes) -> Result<(), String> {
    let mut server = Server::start()?;
    let limit = (sizes.calls + OTHERS).to_string();
    server.said(&["org", "set", "default", "--limit", &limit], OPERATOR)?;
    tell_starts_of_others(&server)?;
    let (engines, live) = fill(&server, sizes.calls, 2)?;
    tell_starts_of_others(&server)?;
    say("data on disk", mib(server.stored()), "");
    server.kill();
    drop(engines);
    tell_restart(&mut server, "restart after kill -9", live)?;
    say("graceful stop, with a snapshot", seconds(server.stop()?), "");
    tell_restart(&mut server, "restart after a stop", live)
}

fn platform(sizes: &Sizes) -> Result<(), String> {
    let mut server = Server::start()?;
    let limit = (sizes.calls + OTHERS).to_string();
    server.said(&["org", "set", "default", "--limit", &limit], OPERATOR)?;
    let (engines, live) = fill(&server, sizes.calls, 2)?;
    let (before, _) = server.memory()?;
    let mut ended = 0;
    while ended < REMEMBERED * sizes.calls / 1_000_000 {
        let said = output_of(&mut load(&server, FLOOD, "10")?)?;
        ended += figure(&said, "pairs")?.parse::<u64>().map_err(|error| error.to_string())?;
        say("calls started and ended beside them", per_second_of(&said)?, "");
    }
    let (full, most) = at_rest(&server)?;
    say(
        &format!("memory an ended call, of {ended}"),
        bytes(full.saturating_sub(before) / ended.max(1)),
        "",
    );
    say("memory in all, and at the most", format!("{} and {}", mib(full), mib(most)), "");
    let before = server.processor_time()?;
    let said = output_of(&mut load(&server, PLATFORM, PLATFORM_MEASURED)?)?;
    let took = server.processor_time()?.saturating_sub(before);
    say("calls started and ended then, at 6,000 a second", per_second_of(&said)?, "");
    say("  p99 of their starts", us(figure(&said, "p99")?), "≤ 5 ms");
    say("  processor time", percent(share(took, PLATFORM_RUNS)?), "");
    say("data on disk", mib(server.stored()), "");
    server.kill();
    drop(engines);
    tell_restart(&mut server, "restart after kill -9", live)
}

fn queued(sizes: &Sizes) -> Result<(), String> {
    let mut server = Server::start()?;
    server.said(&["org", "set", "default", "--limit", &FEW_SLOTS.to_string()], OPERATOR)?;
    // With one connection they stand in line by their numbers, so that it is known which of them have slots.
    let (engines, live) = fill(&server, sizes.queued, 1)?;
    tell_starts_of_others(&server)?;
    let ends = (sizes.queued / 50).min(20_000);
    let said = crowd(&server, &server.admin, &format!("end 0 {ends} 50"))?;
    say("ends that dispatch, on 50 connections", per_second(&said)?, "");
    say("their p99", us(figure(&said, "p99")?), "");
    let middle = sizes.queued / 2;
    let said = crowd(&server, &server.admin, &format!("read {middle} {ends} 4"))?;
    say("reads of a queued call with its position, p99", us(figure(&said, "p99")?), "");
    let mut limit = FEW_SLOTS;
    for raise in RAISES.into_iter().filter(|raise| *raise < sizes.queued / 2) {
        limit += raise;
        let mut others = load(&server, BENCH, "4")?;
        sleep(Duration::from_secs(3));
        let begun = std::time::Instant::now();
        server.said(&["org", "set", "default", "--limit", &limit.to_string()], OPERATOR)?;
        let took = begun.elapsed();
        let said = output_of(&mut others)?;
        say(&format!("a limit raised by {raise}: answered after"), seconds(took), "");
        say("  and the longest start beside it", us(figure(&said, "max")?), "");
    }
    server.kill();
    drop(engines);
    tell_restart(&mut server, "restart after kill -9", live - ends)
}

fn orgs(sizes: &Sizes) -> Result<(), String> {
    let mut server = Server::start()?;
    let count = sizes.orgs;
    let (empty, _) = server.memory()?;
    let said = crowd(&server, OPERATOR, &format!("orgs {count} 32"))?;
    say("organisations with two agents created", per_second(&said)?, "");
    sleep(SETTLE);
    let (with_orgs, _) = server.memory()?;
    say("memory an organisation", bytes(with_orgs.saturating_sub(empty) / count), "");
    let said = crowd(&server, OPERATOR, &format!("org-calls {count} 32"))?;
    say("ten calls started in each: organisations", per_second(&said)?, "");
    sleep(SETTLE);
    let (with_calls, _) = server.memory()?;
    say("memory a call", bytes((with_calls - with_orgs) / (count * 10)), "");
    say("memory in all", mib(with_calls), "");
    tell_starts_of_others(&server)?;
    server.kill();
    let took = server.start_again()?;
    say("restart after kill -9", seconds(took), "≤ 5 s");
    Ok(())
}

fn streams(sizes: &Sizes) -> Result<(), String> {
    for (crowd, name) in [("events", "idle event streams"), ("engines", "idle streams of engines")]
    {
        let server = Server::start()?;
        let count = sizes.streams;
        let (empty, _) = server.memory()?;
        say("processor time of an empty server", percent(idle_share(&server)?), "");
        let (holding, _) = Holding::start(&server, &format!("{crowd} {count}"))?;
        sleep(SETTLE);
        say(&format!("processor time with {count} {name}"), percent(idle_share(&server)?), "< 2 %");
        let (held, _) = server.memory()?;
        say("memory a stream", bytes(held.saturating_sub(empty) / count), "");
        drop(holding);
    }
    Ok(())
}

fn told(sizes: &Sizes) -> Result<(), String> {
    let server = Server::start()?;
    server.said(&["org", "set", "default", "--limit", &OTHERS.to_string()], OPERATOR)?;
    for (by, name) in [("poll", "by long poll"), ("stream", "by stream")] {
        let said = crowd(&server, &server.admin, &format!("told {by} {} 20", sizes.waits))?;
        say(&format!("slots freed, their clients waiting {name}"), per_second(&said)?, "");
        say("  told after, p50", us(figure(&said, "p50")?), "");
        say("  told after, p99", us(figure(&said, "p99")?), "≤ 10 ms");
    }
    Ok(())
}

/// Fills a server with calls and tells what they take; how many are live. Their engines stay until the crowd is dropped.
fn fill(server: &Server, calls: u64, connections: u64) -> Result<(Holding, u64), String> {
    let (empty, _) = server.memory()?;
    let (engines, said) = Holding::start(server, &format!("fill {calls} {connections}"))?;
    say(
        &format!("{calls} calls started over streams in"),
        format!("{} s", figure(&said, "seconds")?),
        "",
    );
    let (full, most) = at_rest(server)?;
    say("memory a call", bytes(full.saturating_sub(empty) / calls.max(1)), "≤ 600 B");
    say("memory in all, and at the most", format!("{} and {}", mib(full), mib(most)), "");
    Ok((engines, live_calls(server)?))
}

/// The memory once a snapshot that is being made is kept and its memory given back, and the most so far.
fn at_rest(server: &Server) -> Result<(u64, u64), String> {
    sleep(SETTLE);
    let (mut least, mut most) = server.memory()?;
    for _ in 0..LOOKS {
        sleep(SETTLE / LOOKS);
        let (now, most_now) = server.memory()?;
        (least, most) = (least.min(now), most_now);
    }
    Ok((least, most))
}

fn tell_starts_of_others(server: &Server) -> Result<(), String> {
    let said = output_of(&mut load(server, BENCH, "5")?)?;
    say("starts of others at 500 a second, p99", us(figure(&said, "p99")?), "≤ 5 ms");
    Ok(())
}

/// A load of other callers, for so many seconds.
fn load(server: &Server, what: &str, seconds: &str) -> Result<Child, String> {
    release("callslot")
        .args(what.split_whitespace())
        .args([seconds, "--url", &server.url, "--key", &server.admin])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_run)
}

fn tell_restart(server: &mut Server, how: &str, live: u64) -> Result<(), String> {
    let took = server.start_again()?;
    say(&format!("{how}, until it is ready"), seconds(took), "≤ 5 s");
    sleep(SETTLE);
    let (now, most) = server.memory()?;
    say("  memory in all, and at the most", format!("{} and {}", mib(now), mib(most)), "");
    match live_calls(server)? {
        found if found == live => Ok(()),
        found => Err(format!("{found} calls are live after the restart, and were {live} before")),
    }
}

fn live_calls(server: &Server) -> Result<u64, String> {
    let said = server.said(&["org", "show", "default", "--json"], OPERATOR)?;
    figure(&said, "\"live_calls\":")?.parse().map_err(|_| format!("no number of calls in {said}"))
}

/// The part of one processor that a server takes while nothing happens, in thousandths.
fn idle_share(server: &Server) -> Result<u64, String> {
    let before = server.processor_time()?;
    sleep(IDLE);
    share(server.processor_time()?.saturating_sub(before), IDLE)
}

/// Thousandths of a time.
fn share(part: Duration, of: Duration) -> Result<u64, String> {
    u64::try_from(part.as_millis() * 1_000 / of.as_millis()).map_err(|error| error.to_string())
}

/// Runs a crowd to its end; what it says.
fn crowd(server: &Server, key: &str, what: &str) -> Result<String, String> {
    output_of(&mut start_crowd(server, key, what)?)
}

fn start_crowd(server: &Server, key: &str, what: &str) -> Result<Child, String> {
    release("crowd")
        .arg(server.address())
        .args(what.split(' '))
        .env("CALLSLOT_KEY", key)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_run)
}

fn output_of(child: &mut Child) -> Result<String, String> {
    let output = child.stdout.take().ok_or("it says nothing")?;
    let said = std::io::read_to_string(output).map_err(|error| error.to_string())?;
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(said) } else { Err("the load failed".into()) }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn not_run(error: std::io::Error) -> String {
    format!("the load does not run: {error}")
}

/// A crowd that holds something open until this is dropped.
struct Holding(Child);

impl Holding {
    /// Starts one; what it says once all is open.
    fn start(server: &Server, what: &str) -> Result<(Self, String), String> {
        let mut holding = Self(start_crowd(server, &server.admin, what)?);
        let output = holding.0.stdout.take();
        match output.and_then(|output| BufReader::new(output).lines().next()) {
            Some(Ok(said)) => Ok((holding, said)),
            Some(Err(_)) | None => Err(format!("`{what}` could not be held open")),
        }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The figure behind a name.
fn figure<'a>(said: &'a str, name: &str) -> Result<&'a str, String> {
    let rest = said.split(name).nth(1).ok_or_else(|| format!("no {name} in {said}"))?;
    let rest = rest.trim_start_matches([' ', '"', ':']);
    let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(rest.len());
    Ok(&rest[..end])
}

fn per_second(said: &str) -> Result<String, String> {
    Ok(format!("{} a second", figure(said, "per_s")?))
}

/// The same of what a load of other callers says.
fn per_second_of(said: &str) -> Result<String, String> {
    let figure = figure(said, "pairs_per_s")?;
    Ok(format!("{} a second", figure.split('.').next().unwrap_or(figure)))
}

fn us(figure: &str) -> String {
    format!("{figure} µs")
}

fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

fn bytes(count: u64) -> String {
    format!("{count} B")
}

fn mib(count: u64) -> String {
    format!("{} MiB", count >> 20)
}

fn percent(thousandths: u64) -> String {
    format!("{}.{} % of a processor", thousandths / 10, thousandths % 10)
}

/// Prints a figure, and what is to be reached.
fn say(what: &str, figure: impl Display, target: &str) {
    let target = if target.is_empty() { String::new() } else { format!("(target: {target})") };
    println!("{what:<56} {figure:>24}  {target}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_behind_its_name() {
        let said = "ends 20, seconds 1.5, per_s 13, p50 2, p99 4, max 5\n";
        assert_eq!(figure(said, "per_s"), Ok("13"));
        assert_eq!(figure(said, "seconds"), Ok("1.5"));
        assert_eq!(figure(said, "max"), Ok("5"));
        let json = "{\n  \"start_us\": {\n    \"p99\": 812,\n    \"p99_9\": 900,\n    \"max\": 7";
        assert_eq!(figure(json, "p99"), Ok("812"));
        assert_eq!(figure(json, "max"), Ok("7"));
        assert!(figure(json, "p50").is_err());
    }
}
