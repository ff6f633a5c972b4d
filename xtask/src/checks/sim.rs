//! `cargo xtask sim`: builds and runs the simulation, which is in `crates/callslot-sim`.

use crate::process::step::run;

/// How much of the simulation belongs to every test run: as much as `docs/reliability.md` promises.
const OF_EVERY_TEST_RUN: &str = "--seeds 30000";

/// Runs `callslot-sim` with these arguments; its `--help` describes them.
#[derive(Debug, clap::Args)]
pub struct Sim {
    /// Arguments of callslot-sim
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Sim {
    /// Builds and runs it.
    pub fn run(self) -> Result<(), String> {
        simulate(&self.arguments.join(" "))
    }
}

/// Every interleaving of a tiny organisation.
pub fn small_world() -> Result<(), String> {
    simulate("small-world")
}

/// The seeds of every test run.
pub fn seeds_of_every_test_run() -> Result<(), String> {
    simulate(OF_EVERY_TEST_RUN)
}

fn simulate(arguments: &str) -> Result<(), String> {
    run("cargo build --locked --release --quiet --package callslot-sim --bin callslot-sim")?;
    run(&format!("target/release/callslot-sim {arguments}"))
}
