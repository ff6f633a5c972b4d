//! `cargo xtask sdk python`: checks, tests, judges and builds the Python package, with everything it needs below `target/`.
//!
//! Its sources, tests and settings are in `sdk/python`, and the suite that judges every SDK is in `sdk/conformance`. Tests run
//! against the release binary; those of LiveKit and Pipecat against the real packages. Start reading at [`python`].

use crate::process::step::{root, run, run_in};
use crate::process::tools;

const PACKAGE: &str = "sdk/python";
const REQUIREMENTS: &str = "sdk/python/requirements.txt";
const FOLDER: &str = "target/sdk-python";
/// Where the wheel is built; the tests of the documentation install it from there.
const BUILT: &str = "target/sdk-python-dist";
const CONFORMANCE: &str = "sdk/conformance/run.py";
const PROGRAM: &str = "sdk/python/tests/conformance_program.py";
/// The version of the workspace, which every SDK has too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which SDK to check.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Sdk {
    #[arg(value_enum)]
    language: Language,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Language {
    /// The package in `sdk/python`
    Python,
}

impl Sdk {
    /// Runs everything of one SDK.
    pub fn run(self) -> Result<(), String> {
        match self.language {
            Language::Python => python(),
        }
    }
}

/// Checks types and style, tests, runs the short conformance suite, and builds what would be published.
pub fn python() -> Result<(), String> {
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    let programs = tools::from_pypi(FOLDER, REQUIREMENTS)?;
    // The package itself is installed as it is edited; what it depends on is above.
    run(&format!(
        "{programs}/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable {PACKAGE}"
    ))?;
    let package = root().join(PACKAGE);
    for check in [
        "ruff format --check --quiet . ../conformance",
        "ruff check --quiet . ../conformance",
        "mypy --no-error-summary",
        "pyright --pythonpath ../../target/sdk-python/bin/python",
    ] {
        run_in(&package, &format!("../../{programs}/{check}"))?;
    }
    run(&format!("rm -rf {BUILT}"))?;
    run(&format!("{programs}/python -m build --no-isolation --outdir {BUILT} {PACKAGE}"))?;
    run(&format!(
        "{programs}/twine check --strict {BUILT}/callslot-{VERSION}.tar.gz {BUILT}/callslot-{VERSION}-py3-none-any.whl"
    ))?;
    run_in(&package, &format!("../../{programs}/python -m pytest"))?;
    for (seed, way) in [("1", "--quiet"), ("2", "--no-websockets")] {
        run(&format!(
            "{programs}/python {CONFORMANCE} --quiet {way} --seed {seed} -- {programs}/python {PROGRAM}"
        ))?;
    }
    Ok(())
}
