//! `cargo xtask mutants`: changes the sources one small piece at a time, and lists the changes that no test notices.
//!
//! Core's own tests come first: they notice most changes, in seconds. Only what they miss is left to the simulation's tests.
//! All of it takes hours, so it is run by hand. Which files, and which tests first, is in `.cargo/mutants.toml`.

use crate::process::step::run;
use crate::process::tools;

const VERSION: &str = "27.1.0";

/// Runs cargo-mutants with these arguments, such as `--file crates/callslot-core/src/org/pool.rs`.
#[derive(Debug, clap::Args)]
pub struct Mutants {
    /// Arguments of cargo-mutants
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Mutants {
    /// Builds and runs it: a second time with the simulation's tests, if the first leaves anything.
    pub fn run(self) -> Result<(), String> {
        let mutants = tools::from_crate("cargo-mutants", VERSION, "")?;
        let arguments = self.arguments.join(" ");
        if run(&format!("{mutants} mutants {arguments}")).is_ok() {
            return Ok(());
        }
        run(&format!("{mutants} mutants --iterate --test-package callslot-sim {arguments}"))
    }
}
