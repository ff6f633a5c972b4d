//! `cargo xtask test`: every check and test, in the order in which a mistake shows soonest.
//!
//! CI runs this and nothing else. It prints first what it needs, and last which steps and tests took longest. Start reading
//! at [`Test::run`].

mod slowest;

use std::time::Instant;

use crate::checks::asterisk::Asterisk;
use crate::checks::fuzz::Fuzz;
use crate::checks::instructions::Instructions;
use crate::checks::schemathesis::Schemathesis;
use crate::checks::{
    dashboard, kamailio, lint, openapi, planted, receivers, recipes, sdk, sim, telephony, tidy,
    words,
};
use crate::package;
use crate::process::packages::{self, Package, Sudo};
use crate::process::step::{run, succeeds};

/// Packages that the steps need besides Rust and a C compiler.
const NEEDED: [Package; 13] = [
    packages::STRACE,
    packages::FAKETIME,
    packages::CHROMIUM,
    packages::FIREFOX,
    packages::VALGRIND,
    packages::CXX,
    packages::PYTHON,
    packages::PYTHON_VENV,
    packages::PROMETHEUS,
    packages::POSTGRESQL,
    packages::KAMAILIO,
    packages::KAMAILIO_EXTRA,
    packages::SIPP,
];

/// Runs everything that must pass. Prints first what it needs; root gets missing packages from Debian.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Install missing Debian packages with sudo
    #[arg(long)]
    install: bool,
}

impl Test {
    /// Runs all steps, and stops at the first that fails.
    pub fn run(self) -> Result<(), String> {
        let begun = Instant::now();
        packages::show(&NEEDED);
        packages::need_with(&NEEDED, if self.install { Sudo::Allowed } else { Sudo::No })?;
        let outcome = steps();
        slowest::show();
        let verdict = if outcome.is_ok() { "all steps passed" } else { "a step failed" };
        println!("{verdict} after {} s", begun.elapsed().as_secs());
        outcome
    }
}

fn steps() -> Result<(), String> {
    tidy::tidy()?;
    lint::lint()?;
    words::words()?;
    for step in [
        // Tests against the real server need these. Examples would be linked with all optimizations each, so they stay debug.
        "cargo build --locked --release --quiet --package callslot --bins",
        "cargo build --locked --quiet --workspace --examples",
        &all_tests(),
        "cargo test --locked --workspace --doc --quiet",
    ] {
        run(step)?;
    }
    dashboard::check()?;
    sdk::packages()?;
    sim::small_world()?;
    sim::seeds_of_every_test_run()?;
    planted::planted()?;
    Instructions::default().run()?;
    Fuzz::default().run()?;
    Schemathesis::default().run()?;
    package::monitoring()?;
    openapi::openapi()?;
    receivers::receivers()?;
    telephony::telephony()?;
    recipes::recipes()?;
    kamailio::Kamailio::default().run()?;
    Asterisk::default().run()
}

fn all_tests() -> String {
    if !succeeds("cargo nextest --version") {
        println!("cargo-nextest is not installed; using `cargo test` (slower, same tests)");
        return "cargo test --locked --workspace --all-targets".into();
    }
    // Many tests wait, for a timeout or another process, while others compute.
    let threads = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    format!("cargo nextest run --locked --workspace --all-targets --test-threads {threads}")
}
