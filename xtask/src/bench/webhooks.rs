//! `cargo xtask bench webhooks`: how many deliveries a second come, how soon after a slot is freed, what a million events behind cost in
//! memory, and what receivers that hang do to the others. `bench/clients/src/bin/webhooks` loads and receives.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::process::server::{OPERATOR, Server, release};
use crate::process::step::run;

const ALLOW: [&str; 2] = ["--webhook-allow", "127.0.0.0/8"];
const EVENTS: &str = "100000";
const BEHIND: &str = "1000000";
const DELAY: [&str; 2] = ["500", "10"];
/// Calls a second, and for how long; ten webhooks that answer hear of each.
const CROWD_LOAD: [&str; 2] = ["50", "10"];
/// For how long memory is watched with events behind.
const BEHIND_FOR: Duration = Duration::from_secs(20);
/// How long a server has to come to rest before its memory is measured.
const SETTLE: Duration = Duration::from_secs(10);

/// Measures each, this often.
pub fn webhooks(rounds: u32) -> Result<(), String> {
    run(
        "cargo build --locked --release --quiet --package callslot --package callslot-bench-clients --bins",
    )?;
    for _ in 0..rounds {
        let server = server()?;
        println!("rate: {}", said(&server, &server.admin, &["rate", EVENTS])?);
    }
    for _ in 0..rounds {
        let server = server()?;
        let [rate, seconds] = DELAY;
        println!("delay at {rate}/s: {}", said(&server, &server.admin, &["delay", rate, seconds])?);
    }
    for (good, hanging) in [("50", "0"), ("50", "50")] {
        for _ in 0..rounds {
            let server = server()?;
            let [rate, seconds] = CROWD_LOAD;
            let words = ["crowded", good, hanging, rate, seconds];
            println!(
                "{good} that answer, {hanging} that hang: {}",
                said(&server, OPERATOR, &words)?
            );
        }
    }
    memory()
}

fn server() -> Result<Server, String> {
    let server = Server::start_with(&ALLOW)?;
    server.said(&["org", "set", "default", "--limit", "100000"], OPERATOR)?;
    Ok(server)
}

/// The last line that a load prints.
fn said(server: &Server, key: &str, words: &[&str]) -> Result<String, String> {
    let output =
        start(server, key, words)?.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("the load `{}` failed", words.join(" ")));
    }
    Ok(text.lines().last().unwrap_or_default().to_owned())
}

fn start(server: &Server, key: &str, words: &[&str]) -> Result<Child, String> {
    release("webhooks")
        .arg(server.address())
        .args(words)
        .env("CALLSLOT_KEY", key)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the load does not run: {error}"))
}

/// What a webhook costs in memory that has a million events behind and a receiver that never answers.
fn memory() -> Result<(), String> {
    let server = server()?;
    let mut load = start(&server, &server.admin, &["behind", BEHIND])?;
    let line = load.stdout.take().and_then(|output| BufReader::new(output).lines().next());
    let line = line.and_then(Result::ok).ok_or("the load ended")?;
    let webhook = line.split_whitespace().last().unwrap_or_default().to_owned();
    sleep(SETTLE);
    let (before, _) = server.memory()?;
    server.said(&["webhook", "edit", &webhook, "--enabled", "true"], &server.admin)?;
    let mut most = before;
    for _ in 0..BEHIND_FOR.as_secs() {
        sleep(Duration::from_secs(1));
        most = most.max(server.memory()?.0);
    }
    let shown = server.said(&["webhook", "show", &webhook], &server.admin)?;
    let _ = load.kill();
    let _ = load.wait();
    println!(
        "memory with {BEHIND} events behind: {} MiB before, {} MiB more at the peak; {}",
        before >> 20,
        (most - before) >> 20,
        shown.lines().next().unwrap_or_default()
    );
    Ok(())
}
