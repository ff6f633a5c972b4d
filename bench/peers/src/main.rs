//! `callslot-peers`: other systems that do the job of a pool, to compare with Callslot.
//!
//! `check` compares them with the rules and with Callslot, so that their work is equal; `load` measures one of them as
//! `callslot bench` measures Callslot. The crate never ships. Start reading at `scripts/`, then `system.rs`.

mod answer;
mod check;
#[path = "../../../crates/callslot/src/commands/server/bench/counts.rs"]
mod counts;
mod load;
mod pool;
mod report;
mod system;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

use crate::answer::Refused;
use crate::load::Load;
use crate::system::Target;

/// Other systems doing the job of a pool of call slots: checked, and measured.
#[derive(Debug, Parser)]
enum Command {
    /// Compare Redis and PostgreSQL with the rules, and with Callslot
    Check(Check),
    /// Load a system and print what it did as JSON
    #[command(subcommand)]
    Load(System),
}

#[derive(Debug, Args)]
struct Check {
    /// Such as `redis://127.0.0.1:6379`
    #[arg(long)]
    redis: String,
    /// Such as `postgres://postgres@127.0.0.1/postgres`
    #[arg(long)]
    postgres: String,
    /// Such as `http://127.0.0.1:7070`
    #[arg(long)]
    callslot: String,
    /// Callslot's operator's key
    #[arg(long)]
    operator_key: String,
    /// Repeats the steps of a walk
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Subcommand)]
enum System {
    /// A Redis server
    Redis(Flags),
    /// A Redis server, with the semaphore in a sorted set that many posts advise
    Semaphore(Flags),
    /// A PostgreSQL server
    Postgres(Flags),
}

#[derive(Debug, Args)]
struct Flags {
    /// Where it is
    #[arg(long)]
    url: String,
    /// Connections
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    connections: u64,
    /// Calls under way at once on each connection
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pipeline: u64,
    /// How long it measures, in seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    duration: u64,
    /// How long it runs before, in seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    warm_up: u64,
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Check(flags) => check(flags),
        Command::Load(System::Redis(flags)) => {
            load(Target::Redis { url: flags.url.clone() }, &flags)
        }
        Command::Load(System::Semaphore(flags)) => {
            load(Target::Semaphore { url: flags.url.clone() }, &flags)
        }
        Command::Load(System::Postgres(flags)) => {
            load(Target::Postgres { url: flags.url.clone() }, &flags)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("callslot-peers: {why}");
            ExitCode::FAILURE
        }
    }
}

fn check(flags: Check) -> Result<(), Refused> {
    let seed = flags.seed.unwrap_or_else(|| fastrand::u64(..));
    // The first is what the others are compared with.
    let targets = [
        Target::Callslot { url: flags.callslot, key: flags.operator_key },
        Target::Redis { url: flags.redis },
        Target::Postgres { url: flags.postgres },
    ];
    runtime()?.block_on(check::check(&targets, seed))
}

fn load(target: Target, flags: &Flags) -> Result<(), Refused> {
    let load = Load::new(target, flags.connections, flags.pipeline, flags.warm_up, flags.duration);
    let measured = runtime()?.block_on(load::run(load.into()))?;
    println!("{}", serde_json::to_string(&measured.report()).expect("numbers can be written"));
    measured
        .counts
        .first_refusal()
        .map_or(Ok(()), |refusal| Err(format!("some requests failed; the first: {refusal}")))
}

fn runtime() -> Result<Runtime, Refused> {
    // One thread, as the load of `callslot bench` has.
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no runtime: {error}"))
}
