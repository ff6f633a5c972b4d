//! `cargo xtask bench pace`: how exactly a pace is held by a server, from the calls that have started.
//!
//! A campaign of more calls than can start is fed through a gate, and its starts are counted between two moments.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::scale::figures::figure;
use crate::process::server::Server;
use crate::process::step::run;

/// Starts per second, and the burst.
const PACES: [(u64, u64); 3] = [(1, 1), (50, 1), (1_000, 1)];
/// Before it is counted, so that the feed is over and what was saved up is used.
const SETTLE: Duration = Duration::from_secs(5);

/// Measures each pace for that many seconds.
pub fn pace(seconds: u64) -> Result<(), String> {
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    println!("pace, starts per second over {seconds} s, off by");
    for (starts, burst) in PACES {
        let server = Server::start()?;
        let measured = held(&server, starts, burst, seconds)?;
        let off = (measured / wide(starts) - 1.0) * 100.0;
        println!("{starts}/s burst {burst}: {measured:.2} {off:+.2} %");
    }
    Ok(())
}

/// Starts per second.
fn held(server: &Server, starts: u64, burst: u64, seconds: u64) -> Result<f64, String> {
    let calls = starts * (seconds + 30) + 10;
    make_room(server, calls)?;
    let list = std::env::temp_dir().join(format!("callslot-pace-{}.csv", std::process::id()));
    let rows: Vec<String> = (0..calls).map(|number| format!("n{number}")).collect();
    let text = format!("id\n{}\n", rows.join("\n"));
    fs::write(&list, text).map_err(|error| format!("the list: {error}"))?;
    let (pace, burst) = (format!("{starts}/s"), burst.to_string());
    let list_name = list.to_string_lossy().into_owned();
    let words = ["campaign", "run", &list_name, "--agent", "sales", "--gate", "spring"];
    let words = [&words[..], &["--pace", &pace, "--burst", &burst, "--json"]].concat();
    server.said(&words, &server.admin)?;
    let _ = fs::remove_file(list);
    sleep(SETTLE);
    let (begun, before) = (Instant::now(), started(server)?);
    sleep(Duration::from_secs(seconds));
    let (after, took) = (started(server)?, begun.elapsed());
    Ok(wide(after - before) / took.as_secs_f64())
}

/// An agent, and a limit that holds nothing back.
pub fn make_room(server: &Server, calls: u64) -> Result<(), String> {
    let limit = calls.to_string();
    let operator = crate::process::server::OPERATOR;
    server.said(&["org", "set", "default", "--limit", &limit], operator)?;
    server.said(&["agent", "put", "sales", "--name", "Sales"], &server.admin).map(drop)
}

/// How many calls of the campaign have started: none ends here.
fn started(server: &Server) -> Result<u64, String> {
    let gate = server.said(&["gate", "show", "spring", "--json"], &server.admin)?;
    figure(&gate, "\"active\"")?.parse().map_err(|_| format!("no number: {gate}"))
}

#[expect(clippy::cast_precision_loss, reason = "far below what a float counts exactly")]
fn wide(count: u64) -> f64 {
    count as f64
}
