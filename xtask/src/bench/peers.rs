//! Callslot and other systems that could do its job, side by side: one system at a time under the same load, several rounds
//! in turn, and their medians in one table. First it checks that the peers do the same.

use std::process::{Command, Stdio};

use crate::bench::load_results::{Measured, Rounds};
use crate::bench::peer_servers::{Persistence, Running};
use crate::bench::peers_table;
use crate::bench::systems::{CONNECTIONS, Load, System, bullmq, dbos, loads};
use crate::process::node;
use crate::process::server::{OPERATOR, Server, release};
use crate::process::step::{run, run_in};

const WARM_UP_S: u32 = 2;
/// More than any load has under way, so that no call queues.
const LIMIT: &str = "100000";

/// Measures all, and prints the table.
pub fn peers(rounds: usize, seconds: u32) -> Result<(), String> {
    check()?;
    let mut results: Vec<_> = loads().into_iter().map(|load| (load, Rounds::default())).collect();
    in_turn(&mut results, rounds, seconds)?;
    let mut half: Vec<_> = results.iter().filter_map(at_half_of_its_peak).collect();
    in_turn(&mut half, rounds, seconds)?;
    results.extend(half);
    println!("\n{}", peers_table::table(&results));
    println!("\n{}", peers_table::NOTES);
    println!("\n{}", peers_table::environment(rounds, seconds)?);
    Ok(())
}

/// Whether the peers do the same job: the scenario and the random walk of `callslot-peers check`.
pub fn check() -> Result<(), String> {
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    run("cargo build --locked --release --quiet --package callslot-peers")?;
    node::provide()?;
    for folder in [bullmq(), dbos()] {
        run_in(&folder, "npm ci --silent")?;
    }
    println!("── checking that the peers do as Callslot does");
    let (callslot, redis, postgres) =
        (Server::start()?, Running::redis(Persistence::None)?, Running::postgres()?);
    let mut check = release("callslot-peers");
    check.args(["check", "--callslot", &callslot.url, "--operator-key", OPERATOR]);
    check.args(["--redis", &redis_url(&redis), "--postgres", &postgres_url(&postgres)]);
    if check.status().is_ok_and(|status| status.success()) {
        Ok(())
    } else {
        Err("a peer does not do the same work; nothing was measured".into())
    }
}

/// Callslot at half of its peak, over the interfaces as their users would use them.
fn at_half_of_its_peak((load, rounds): &(Load, Rounds)) -> Option<(Load, Rounds)> {
    let is_usual = match load.system {
        System::CallslotStream => load.pipeline > 1,
        System::CallslotHttp => true,
        System::Redis(_)
        | System::Semaphore(_)
        | System::Postgres
        | System::BullMq(_)
        | System::Dbos => false,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "calls a second")]
    let rate = (rounds.median().pairs_per_s / 2.0) as u32;
    is_usual.then(|| (Load { rate: Some(rate.max(1)), ..*load }, Rounds::default()))
}

/// Each once, and again, so that other work on the machine affects all alike.
fn in_turn(results: &mut [(Load, Rounds)], rounds: usize, seconds: u32) -> Result<(), String> {
    for round in 1..=rounds {
        for (load, measured) in results.iter_mut() {
            let one = measure(*load, seconds)?;
            let [system, durability, shape] = peers_table::names(*load);
            println!(
                "round {round} of {rounds}: {system}, {durability}, {shape}: {:.0} pairs/s",
                one.pairs_per_s
            );
            measured.add(one);
        }
    }
    Ok(())
}

/// Starts the system on data of its own, loads it, and stops it.
fn measure(load: Load, seconds: u32) -> Result<Measured, String> {
    let pipeline = load.pipeline.to_string();
    let (connections, seconds) = (CONNECTIONS.to_string(), seconds.to_string());
    let warm_up = WARM_UP_S.to_string();
    let shape = ["--connections", &connections, "--pipeline", &pipeline];
    let times = ["--duration", &seconds, "--warm-up", &warm_up];
    match load.system {
        System::CallslotStream | System::CallslotHttp => {
            let server = callslot()?;
            let door = if load.system == System::CallslotHttp { "http" } else { "stream" };
            let rate = load.rate.map(|rate| rate.to_string());
            let mut words = vec!["bench", "--json", "--door", door];
            words.extend(shape);
            words.extend(times);
            words.extend(rate.iter().flat_map(|rate| ["--rate", rate]));
            Measured::read(&server.said(&words, &server.admin)?)
        }
        System::Redis(persistence) | System::Semaphore(persistence) => {
            let redis = Running::redis(persistence)?;
            let name =
                if load.system == System::Redis(persistence) { "redis" } else { "semaphore" };
            let mut command = release("callslot-peers");
            command.args(["load", name, "--url", &redis_url(&redis)]).args(shape).args(times);
            said(&mut command)
        }
        System::Postgres => {
            let postgres = Running::postgres()?;
            let mut command = release("callslot-peers");
            let url = postgres_url(&postgres);
            command.args(["load", "postgres", "--url", &url]).args(shape).args(times);
            said(&mut command)
        }
        System::BullMq(persistence) => {
            let redis = Running::redis(persistence)?;
            let mut command = Command::new("node");
            command.arg(bullmq().join("load.mjs")).arg(redis.port.to_string());
            said(command.args([connections, pipeline, seconds, warm_up]))
        }
        System::Dbos => {
            let postgres = Running::postgres()?;
            let mut command = Command::new("node");
            command.arg("--no-deprecation").arg(dbos().join("load.mjs"));
            command.arg(postgres_url(&postgres));
            said(command.args([connections, pipeline, seconds, warm_up]))
        }
    }
}

/// Callslot, with a pool like the one that the peers are given.
fn callslot() -> Result<Server, String> {
    let server = Server::start()?;
    server.said(&["org", "set", "default", "--limit", LIMIT], OPERATOR)?;
    server.said(&["agent", "put", "reserved"], &server.admin)?;
    server.said(&["reserve", "reserved", "--inbound", "5"], &server.admin)?;
    Ok(server)
}

fn said(load: &mut Command) -> Result<Measured, String> {
    let output = load.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("a load does not run: {error}"))?;
    if !output.status.success() {
        return Err("a load failed; its output is above".into());
    }
    Measured::read(&String::from_utf8_lossy(&output.stdout))
}

fn redis_url(redis: &Running) -> String {
    format!("redis://127.0.0.1:{}", redis.port)
}

fn postgres_url(postgres: &Running) -> String {
    format!("postgres://postgres@127.0.0.1:{}/postgres", postgres.port)
}
