//! `cargo xtask bench`: what a decision costs, and durable calls over HTTP against the release binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{root, run};

const OPERATOR: &str = "operator-key-of-the-bench";
/// Connections and seconds of each round over HTTP.
const ROUNDS: [(&str, &str); 4] = [("50", "5"), ("50", "5"), ("50", "5"), ("4", "3")];

pub fn bench() -> Result<(), String> {
    run("cargo build --release --package callslot --bins --examples")?;
    run("cargo bench --package callslot-core")?;
    let data = std::env::temp_dir().join(format!("callslot-bench-{}", std::process::id()));
    let outcome = over_http(&data.to_string_lossy());
    // What the server wrote is of no use to anyone.
    let _ = std::fs::remove_dir_all(&data);
    outcome
}

fn over_http(data: &str) -> Result<(), String> {
    println!("── durable calls over HTTP, SQLite, one agent, limit 100,000");
    let mut server = release("callslot")
        .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--data", data])
        .env("CALLSLOT_OPERATOR_KEY", OPERATOR)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the server did not start: {error}"))?;
    let outcome = rounds(&mut server);
    // It may have ended by itself.
    let _ = server.kill();
    let _ = server.wait();
    outcome
}

fn rounds(server: &mut Child) -> Result<(), String> {
    let output = server.stdout.take().ok_or("the server says nothing")?;
    let mut admin = None;
    let mut url = None;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if line.contains("admin key of") {
            admin = line.split_whitespace().last().map(str::to_owned);
        }
        if let Some(rest) = line.strip_prefix("Callslot listens on ") {
            url = rest.split(';').next().map(str::to_owned);
            break;
        }
    }
    let (Some(admin), Some(url)) = (admin, url) else {
        return Err("the server did not say where it listens".into());
    };
    let callslot = |words: &[&str], key: &str| {
        let status = release("callslot").args(words).args(["--url", &url, "--key", key]).status();
        status
            .is_ok_and(|status| status.success())
            .then_some(())
            .ok_or(format!("`{}` failed", words.join(" ")))
    };
    callslot(&["agent", "put", "bench"], &admin)?;
    callslot(&["org", "set", "default", "--limit", "100000"], OPERATOR)?;
    let address = url.trim_start_matches("http://");
    for (connections, seconds) in ROUNDS {
        let status = release("examples/load")
            .args([address, &admin, "bench", connections, seconds])
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return Err("the load failed".into());
        }
    }
    Ok(())
}

fn release(path: &str) -> Command {
    let mut command = Command::new(root().join("target/release").join(path));
    command.stdin(Stdio::null());
    command
}
