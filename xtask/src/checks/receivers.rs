//! `cargo xtask receivers`: the receivers of docs/webhooks.md, run as they are printed, get real deliveries of the release binary.
//!
//! They verify signatures with the libraries of Standard Webhooks from `PyPI`, npm and crates.io, also while a secret rotates; each takes what
//! the server signs, and refuses what it did not. Start reading at [`receivers`].

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver as Channel, channel};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::process::node;
use crate::process::server::Server;
use crate::process::step::{command, root, run, run_in};
use crate::process::tools;

const PAGE: &str = "docs/webhooks.md";
const SOURCES: &str = "xtask/receivers";
/// Where the packages of npm are, and the receivers of the page.
const FOLDER: &str = "target/receivers";
const PYTHON: &str = "target/receivers-python";
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs each receiver.
pub fn receivers() -> Result<(), String> {
    node::provide()?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    run("cargo build --locked --quiet --package callslot --example webhook_receiver")?;
    tools::from_npm(FOLDER, SOURCES)?;
    let python = tools::from_pypi(PYTHON, &format!("{SOURCES}/requirements.txt"))?;
    let page = fs::read_to_string(root().join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    for (language, file) in [("python", "receiver.py"), ("typescript", "receiver.ts")] {
        let path = root().join(FOLDER).join(file);
        let text = block(&page, language)?;
        fs::write(path, text).map_err(|error| format!("{file}: {error}"))?;
    }
    run_in(&root().join(FOLDER), "node_modules/.bin/tsc --project tsconfig.json")?;
    let example = "crates/callslot/examples/webhook_receiver.rs";
    let source = fs::read_to_string(root().join(example)).map_err(|error| error.to_string())?;
    // Its first line says where it is printed.
    if source.split_once("\n\n").map(|(_, program)| program) != Some(block(&page, "rust")?) {
        return Err(format!("{PAGE} has another receiver in Rust than {example}"));
    }

    let server = Server::start_with(&["--webhook-allow", "127.0.0.0/8"])?;
    server.said(&["agent", "put", "support"], &server.admin)?;
    for (language, line) in [
        ("Python", format!("{python}/python {FOLDER}/receiver.py")),
        // In one process, which is the one that is stopped.
        (
            "TypeScript",
            format!(
                "node --import ./{FOLDER}/node_modules/tsx/dist/loader.mjs {FOLDER}/receiver.ts"
            ),
        ),
        ("Rust", "target/debug/examples/webhook_receiver".to_owned()),
    ] {
        let judged = judge(&server, language, &line);
        judged.map_err(|problem| format!("the receiver in {language}: {problem}"))?;
    }
    Ok(())
}

/// The first block in a language.
fn block<'a>(page: &'a str, language: &str) -> Result<&'a str, String> {
    let opening = format!("```{language}\n");
    let after = page.split_once(opening.as_str()).map(|(_, after)| after);
    let block = after.and_then(|after| after.split_once("```\n")).map(|(block, _)| block);
    block.ok_or_else(|| format!("{PAGE} has no receiver in {language}"))
}

/// Sends a receiver what it must take and what it must not.
fn judge(server: &Server, language: &str, line: &str) -> Result<(), String> {
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}/hook");
    let callslot = |words: &[&str]| server.said(words, &server.admin);
    let add = ["webhook", "add", &url, "--events", "call.started,call.ended", "--json"];
    let added = json(&callslot(&add)?)?;
    let (id, secret) = (text(&added, "id")?, text(&added, "secret")?);
    let call = |name: &str| -> Result<(), String> {
        let call = format!("{language}-{name}");
        callslot(&["call", "start", "support", "chat", "--id", &call])?;
        callslot(&["call", "end", &call]).map(drop)
    };

    let receiver = Receiver::start(line, port, &secret)?;
    call("first")?;
    let first = receiver.two_events()?;
    for (forged, signed) in [
        ("", ""),
        ("webhook-signature: v1,AAAA\r\n", "now"),
        ("webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=\r\n", "now"),
    ] {
        let status = forge(port, forged, !signed.is_empty())?;
        if status != 401 {
            return Err(format!("it answers {status} to a forged delivery"));
        }
    }
    // What comes a second time is taken, and done once.
    let deliveries = json(&callslot(&["webhook", "deliveries", &id, "--json"])?)?;
    let again = text(&deliveries[0], "id")?;
    callslot(&["webhook", "redeliver", &id, "--ids", &again])?;
    wait_for(|| {
        let shown = json(&callslot(&["webhook", "deliveries", &id, "--json"])?)?;
        let taken = shown.as_array().is_some_and(|all| {
            all.len() == 3 && all.iter().all(|one| one["outcome"] == "delivered")
        });
        Ok(taken.then_some(()))
    })?;
    // Both secrets sign while they change over.
    let rotated = json(&callslot(&["webhook", "rotate", &id, "--json"])?)?;
    call("rotating")?;
    let second = receiver.two_events()?;
    drop(receiver);
    let receiver = Receiver::start(line, port, &text(&rotated, "secret")?)?;
    call("rotated")?;
    let third = receiver.two_events()?;
    if !(first < second && second < third) {
        return Err(format!("it printed the events {first:?}, {second:?} and {third:?}"));
    }
    let shown = json(&callslot(&["webhook", "show", &id, "--json"])?)?;
    // A connection may close when the receiver starts again; an answer that is no success is what matters.
    if shown["last_failure"]["status"] != serde_json::Value::Null {
        return Err(format!("a delivery was not taken: {shown}"));
    }
    callslot(&["webhook", "remove", &id])?;
    println!("{language}: 7 deliveries verified, 3 forged ones refused");
    Ok(())
}

/// A receiver that runs until this is dropped.
struct Receiver {
    process: Child,
    lines: Channel<String>,
}

impl Receiver {
    fn start(line: &str, port: u16, secret: &str) -> Result<Self, String> {
        let mut process = command(line)
            .env("CALLSLOT_WEBHOOK_SECRET", secret)
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("`{line}` does not start: {error}"))?;
        let output = process.stdout.take().ok_or("it has no output")?;
        let (say, lines) = channel();
        std::thread::spawn(move || {
            // Nobody may listen any more.
            let _ = BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| say.send(line));
        });
        let receiver = Self { process, lines };
        wait_for(|| Ok(TcpStream::connect(("127.0.0.1", port)).ok().map(drop)))?;
        Ok(receiver)
    }

    /// The numbers of the start and the end that it prints next.
    fn two_events(&self) -> Result<(u64, u64), String> {
        let next = |name: &str| {
            let line = self.lines.recv_timeout(PATIENCE).map_err(|_| format!("no {name} came"))?;
            let number = line.strip_prefix(name).and_then(|number| number.trim().parse().ok());
            number.ok_or_else(|| format!("it printed `{line}` and not a {name}"))
        };
        Ok((next("call.started")?, next("call.ended")?))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may have ended on its own.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends what the server did not sign; returns the status.
fn forge(port: u16, signature: &str, is_timely: bool) -> Result<u16, String> {
    let said = |error: std::io::Error| error.to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    let at = if is_timely { now.as_secs() } else { 1_700_000_000 };
    let body = r#"{"type":"call.started","seq":0}"#;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(said)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(said)?;
    write!(
        stream,
        "POST /hook HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\nwebhook-id: evt_forged\r\n\
         webhook-timestamp: {at}\r\n{signature}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .map_err(said)?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).map_err(said)?;
    let status = String::from_utf8_lossy(&answer[9..]).parse();
    status.map_err(|_| "it answers no HTTP".to_owned())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| error.to_string())
}

fn json(text: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))
}

fn text(json: &serde_json::Value, field: &str) -> Result<String, String> {
    json[field].as_str().map(ToOwned::to_owned).ok_or_else(|| format!("no `{field}` in {json}"))
}

fn wait_for<T>(mut look: impl FnMut() -> Result<Option<T>, String>) -> Result<T, String> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look()? {
            return Ok(found);
        }
        sleep(Duration::from_millis(20));
    }
    Err("it took too long".into())
}
