//! `cargo xtask mutants`: changes the sources one small piece at a time, and lists the changes that no test notices.
//!
//! It takes an hour or more, so it is run by hand. Which files and which tests is in `.cargo/mutants.toml`.

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
    /// Builds and runs it.
    pub fn run(self) -> Result<(), String> {
        let mutants = tools::from_crate("cargo-mutants", VERSION, "")?;
        run(&format!("{mutants} mutants {}", self.arguments.join(" ")))
    }
}
