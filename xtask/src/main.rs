//! The project's own chores: `cargo xtask test` runs every check and test, `cargo xtask bench` the benches.
//!
//! Each chore is a list of steps; a step is a command line that a person could type. Start reading at [`test`].

#![expect(clippy::disallowed_methods, reason = "a chore says how long its steps took")]

mod bench;
mod checks;
mod process;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use bench::scale;
use checks::{dashboard, fuzz, instructions, planted, schemathesis, tidy};
use process::packages;

const HELP: &str = "\
Chores of the Callslot repository.

Usage: cargo xtask <CHORE>

Chores:
  test     format, lints, tidy, all tests (with cargo-nextest where it is installed), the dashboard's in Chromium, the
           simulation, the core's instructions, a little fuzzing
  tidy     the repository's own rules: dependencies, file sizes, names, links
  sim      the simulation: --seed S, --seeds N, --minutes M, small-world; --help says more
  fuzz     the fuzz targets, each on its corpus and on: --seconds N, --minutes M, --merge, TARGET
  planted  looks for the planted bugs with the simulation
  instructions
           counts what the core's operations take, against what is recorded; --update records
  bench    all benches, or one part: core (what a decision costs), peers (durable calls, beside Redis, PostgreSQL and
           BullMQ: --rounds N, --seconds N), check (whether these do the same work), slow-clients
  slow-clients
           that part of the benches: calls beside 5,000 dribbling sockets
  scale    how much one server holds: a million calls, thousands of organisations and streams; --help says more
  schemathesis
           asks every operation of docs/openapi.json what it allows and what not; --minutes M for longer
  dashboard
           builds the web app into crates/callslot-dashboard/bundle, checks and tests it, the last in Chromium against the
           release binary; `build` only builds, `check` fails where the bundle is not of these sources (as `test` does)
  dev      the demonstration and the web app with hot reload, behind one address
  help     this text
";

/// How much of the simulation belongs to every test run: as much as `docs/reliability.md` promises.
const SIMULATED: &str = "--seeds 50000";

fn main() -> ExitCode {
    let chore = env::args().nth(1).unwrap_or_else(|| "help".into());
    let outcome = match chore.as_str() {
        "test" => test(),
        "tidy" => tidy::tidy(&root()),
        "bench" => bench::bench(&env::args().skip(2).collect::<Vec<_>>()),
        "slow-clients" => bench::slow_clients(),
        "scale" => scale::scale(&env::args().skip(2).collect::<Vec<_>>()),
        "dashboard" => dashboard::dashboard(&env::args().skip(2).collect::<Vec<_>>()),
        "dev" => dashboard::dev(),
        "planted" => planted::planted(),
        "instructions" => instructions::instructions(&env::args().skip(2).collect::<Vec<_>>()),
        "fuzz" => fuzz::fuzz(&env::args().skip(2).collect::<Vec<_>>()),
        "schemathesis" => schemathesis::schemathesis(&env::args().skip(2).collect::<Vec<_>>()),
        "sim" => sim(&env::args().skip(2).collect::<Vec<_>>().join(" ")),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no chore `{other}`; `cargo xtask help` lists them")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What the tests against running servers watch and mislead them with: a program, and the package it is in.
const NEEDED: [(&str, &str); 2] = [("strace", "strace"), ("faketime", "faketime")];

/// Every check and test, in the order in which a mistake shows soonest.
fn test() -> Result<(), String> {
    let has_nextest = succeeds("cargo nextest --version");
    let all_tests = if has_nextest {
        "cargo nextest run --workspace --all-targets"
    } else {
        println!("cargo-nextest is not installed; using `cargo test` (slower, same tests)");
        "cargo test --workspace --all-targets"
    };
    let begun = Instant::now();
    for (program, package) in NEEDED {
        packages::need(program, package)?;
    }
    packages::need_node()?;
    for step in [
        "cargo fmt --all --check",
        "cargo clippy --workspace --all-targets --quiet -- -D warnings",
        // Tests against the real server need it.
        "cargo build --release --quiet --package callslot --bins --examples",
        all_tests,
        "cargo test --workspace --doc --quiet",
    ] {
        run(step)?;
    }
    tidy::tidy(&root())?;
    dashboard::check()?;
    sim("small-world")?;
    sim(SIMULATED)?;
    planted::planted()?;
    instructions::instructions(&[])?;
    fuzz::fuzz(&[])?;
    schemathesis::schemathesis(&[])?;
    println!("all steps passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// The simulation, optimised.
fn sim(arguments: &str) -> Result<(), String> {
    run("cargo build --release --quiet --package callslot-sim --bin callslot-sim")?;
    run(&format!("target/release/callslot-sim {arguments}"))
}

/// Runs one step from the repository's root, showing what it prints.
fn run(step: &str) -> Result<(), String> {
    run_in(&root(), step)
}

/// Runs one step from a folder, showing what it prints.
fn run_in(folder: &Path, step: &str) -> Result<(), String> {
    show(step, command(step).current_dir(folder))
}

/// Runs one step from the repository's root with these variables, showing what it prints.
fn run_with(variables: &[(&str, &str)], step: &str) -> Result<(), String> {
    show(step, command(step).envs(variables.iter().copied()))
}

fn show(step: &str, command: &mut Command) -> Result<(), String> {
    println!("── {step}");
    let begun = Instant::now();
    let status = command.status().map_err(|error| format!("`{step}` did not start: {error}"))?;
    println!("── {} s", begun.elapsed().as_secs());
    if status.success() { Ok(()) } else { Err(format!("`{step}` failed; run it alone to repeat")) }
}

/// The repository's root.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn succeeds(step: &str) -> bool {
    command(step).output().is_ok_and(|output| output.status.success())
}

fn command(step: &str) -> Command {
    let mut words = step.split_whitespace();
    let mut command = Command::new(words.next().expect("a step names a program"));
    command.args(words).current_dir(root());
    // What Cargo tells of this package would have others built anew that ask for it, such as `ring`.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}
