//! `cargo xtask bench`: the cost of a decision, of a durable call next to other systems that could do the job, and of slow
//! clients to other clients; and `cargo xtask estimate`. Start reading at `bench/peers.rs`.

mod campaign;
mod load_results;
mod pace;
mod peer_servers;
mod peers;
mod peers_table;
pub mod scale;
mod slow_clients;
mod systems;
mod webhooks;

use crate::process::step::run;

pub use slow_clients::slow_clients;

/// Runs all benchmarks, or one part of them.
#[derive(Debug, clap::Args)]
pub struct Bench {
    #[arg(value_enum)]
    part: Option<Part>,
    /// How often each peer is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// How long each of those runs takes
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// How long the list of a campaign is
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    numbers: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Part {
    /// The cost of a decision
    Core,
    /// Whether Redis and PostgreSQL do the same work as Callslot
    Check,
    /// Durable calls next to Redis, PostgreSQL, BullMQ and DBOS
    Peers,
    /// The cost of slow clients for the others
    SlowClients,
    /// How exactly a server holds a pace (for `--seconds`, 60 is telling)
    Pace,
    /// What a list of `--numbers` takes to feed, pause, resume and cancel
    Campaign,
    /// Deliveries a second, their delay, and what hanging receivers and a long backlog cost
    Webhooks,
}

impl Bench {
    /// Runs the part that is named, or all of them.
    pub fn run(self) -> Result<(), String> {
        let peers = || peers::peers(self.rounds.into(), self.seconds.into());
        match self.part {
            None => core().and_then(|()| peers()).and_then(|()| slow_clients()),
            Some(Part::Core) => core(),
            Some(Part::Check) => peers::check(),
            Some(Part::Peers) => peers(),
            Some(Part::SlowClients) => slow_clients(),
            Some(Part::Pace) => pace::pace(self.seconds.into()),
            Some(Part::Webhooks) => webhooks::webhooks(self.rounds.into()),
            Some(Part::Campaign) => campaign::campaign(self.numbers),
        }
    }
}

fn core() -> Result<(), String> {
    run("cargo bench --locked --package callslot-core")
}

/// Prints how right the estimated waits are: `crates/callslot-sim/src/estimate.rs`.
pub fn estimate() -> Result<(), String> {
    run("cargo run --locked --release --quiet --package callslot-sim --bin estimate")
}
