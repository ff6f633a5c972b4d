//! `cargo xtask bench`: what a decision costs, and durable calls over HTTP against the release binary.

use crate::run;
use crate::server::{OPERATOR, Server, release};

/// Connections and seconds of each round over HTTP.
const ROUNDS: [(&str, &str); 4] = [("50", "5"), ("50", "5"), ("50", "5"), ("4", "3")];

pub fn bench() -> Result<(), String> {
    run("cargo build --release --package callslot --bins --examples")?;
    run("cargo bench --package callslot-core")?;
    over_http()
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
