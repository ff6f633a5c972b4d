//! `cargo xtask scale`: how much one server holds, on this machine: a million live calls, a million queued ones, thousands of
//! organisations and of open streams. Prints a line for each figure, with its target.
//!
//! Each part has a server of its own, and the crowds of `bench/clients/src/bin/crowd` for clients.

mod crowd;
pub mod figures;
mod neighbour;

use std::thread::sleep;
use std::time::Duration;

use clap::ValueEnum as _;

use crowd::{Holding, crowd, load, output_of};
use figures::{bytes, figure, mib, per_second, per_second_of, percent, say, seconds, us};

use crate::process::server::{OPERATOR, Server};
use crate::process::step::run;

/// Measures how much one server holds. See also `cargo xtask slow-clients`.
#[derive(Debug, clap::Args)]
pub struct Scale {
    /// All of them when none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    #[command(flatten)]
    sizes: Sizes,
}

/// How large each part is.
#[derive(Debug, clap::Args)]
struct Sizes {
    /// Live calls
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    calls: u64,
    /// Queued calls
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    queued: u64,
    /// Organisations
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    orgs: u64,
    /// Idle event streams, and as many engines
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    streams: u64,
    /// Clients that wait for a slot, by long poll and by stream each
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    waits: u64,
    /// Only the attacks on a neighbour whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "")]
    attack: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Live calls: memory, the starts of others, restart
    Live,
    /// The same with 6,000 starts a second, and the ended calls that are remembered at that pace: memory, restart
    Platform,
    /// Calls queued in one organisation: memory, ends, reads, a limit that is raised
    Queued,
    /// Organisations: memory, restart
    Orgs,
    /// Idle event streams and streams of engines: processor time, memory
    Streams,
    /// Clients that wait for a slot: how long until they know
    Told,
    /// What one organisation does: the starts of another one
    Neighbour,
}

/// How long the server has to settle before its memory is measured.
const SETTLE: Duration = Duration::from_secs(15);
/// How often it is measured then.
const LOOKS: u32 = 15;
/// For how long an idle server's processor time is measured.
const IDLE: Duration = Duration::from_secs(30);
/// Slots for other callers' calls next to the crowd.
const OTHERS: u64 = 10_000;
/// The load of those others, for some seconds.
const BENCH: &str = "bench --json --connections 16 --warm-up 1 --rate 500 --duration";
/// That of a large platform; how long it is measured, and how long it runs.
const PLATFORM: &str =
    "bench --json --door stream --connections 16 --pipeline 64 --warm-up 2 --rate 6000 --duration";
const PLATFORM_MEASURED: &str = "20";
const PLATFORM_RUNS: Duration = Duration::from_secs(2 + 20);
/// One that ends calls as fast as it can.
const FLOOD: &str =
    "bench --json --door stream --connections 50 --pipeline 16 --warm-up 0 --duration";
/// Calls that end at the pace of a large platform while an ended call is remembered: 6,000 a second for ten minutes.
const REMEMBERED: u64 = 3_600_000;
/// Slots of the organisation whose queue is measured.
const FEW_SLOTS: u64 = 100;
/// How many queued calls a raised limit starts at once.
const RAISES: [u64; 2] = [10_000, 100_000];

impl Scale {
    /// Measures the parts that are named, or all of them.
    pub fn run(self) -> Result<(), String> {
        run(
            "cargo build --locked --release --quiet --package callslot --package callslot-bench-clients --bins",
        )?;
        let all = Part::value_variants();
        for part in if self.parts.is_empty() { all } else { &self.parts } {
            println!("── {part:?}");
            let measure = match part {
                Part::Live => live,
                Part::Platform => platform,
                Part::Queued => queued,
                Part::Orgs => orgs,
                Part::Streams => streams,
                Part::Told => told,
                Part::Neighbour => |sizes: &Sizes| neighbour::neighbour(&sizes.attack),
            };
            measure(&self.sizes)?;
        }
        Ok(())
    }
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
        say("calls started and ended next to them", per_second_of(&said)?, "");
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
    // With one connection they queue in the order of their numbers, so it is known which of them have slots.
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
        say("  and the longest start meanwhile", us(figure(&said, "max")?), "");
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

/// Fills a server with calls, prints their memory, and returns how many are live. Their engines stay until the crowd is
/// dropped.
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

/// The memory once a snapshot in progress is done and its memory is free again, and the peak so far.
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
