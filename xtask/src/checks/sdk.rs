//! `cargo xtask sdk`: checks, tests, judges and builds the packages for Python and TypeScript, with everything they need below `target/` and
//! `node_modules`, and judges the crate for Rust, which the workspace's own checks cover otherwise.
//!
//! Their sources, tests and settings are in `sdk/python` and `sdk/typescript`, and the suite that judges every SDK is in `sdk/conformance`.
//! Tests run against the release binary; those of `LiveKit` and `Pipecat` against the real packages. Start reading at [`Sdk::run`].

use std::path::PathBuf;
use std::{env, fs};

use crate::process::step::{root, run, run_in, succeeds};
use crate::process::{node, tools};

const PACKAGE: &str = "sdk/python";
const REQUIREMENTS: &str = "sdk/python/requirements.txt";
const FOLDER: &str = "target/sdk-python";
/// What builds the package alone, for those who do not test it.
const BUILD_REQUIREMENTS: &str = "sdk/python/requirements-build.txt";
const BUILD_FOLDER: &str = "target/sdk-python-build";
/// The oldest Python and aiohttp that the package allows.
const OLDEST: &str = "python3.10";
const OLDEST_REQUIREMENTS: &str = "sdk/python/requirements-oldest.txt";
const OLDEST_FOLDER: &str = "target/sdk-python-oldest";
/// Where the wheel is built; the tests of the documentation install it from there.
const BUILT: &str = "target/sdk-python-dist";
const CONFORMANCE: &str = "sdk/conformance/run.py";
const PROGRAM: &str = "sdk/python/tests/conformance_program.py";
const RUST_PROGRAM: &str = "target/debug/examples/conformance";
const TYPESCRIPT: &str = "sdk/typescript";
const TYPESCRIPT_PROGRAM: &str = "sdk/typescript/conformance/program.mjs";
/// The version of the workspace, which every SDK has too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Without an argument: all of them.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Sdk {
    #[arg(value_enum)]
    language: Option<Language>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Language {
    /// The package in `sdk/python`
    Python,
    /// The package in `sdk/typescript`
    Typescript,
    /// The crate `callslot-client`
    Rust,
}

impl Sdk {
    /// Runs everything of one SDK, or of all.
    pub fn run(self) -> Result<(), String> {
        run("cargo build --locked --release --quiet --package callslot --bins")?;
        match self.language {
            None => python().and_then(|()| typescript()).and_then(|()| rust()),
            Some(Language::Python) => python(),
            Some(Language::Typescript) => typescript(),
            Some(Language::Rust) => rust(),
        }
    }
}

/// What `cargo xtask test` does with them, in seconds once their tools are there: whether the types that are generated are those of the API,
/// and whether the packages for Python and TypeScript could be published as they are.
pub fn packages() -> Result<(), String> {
    node::provide()?;
    run(&format!("python3 {PACKAGE}/scripts/generate.py --check"))?;
    run(&format!("node {TYPESCRIPT}/scripts/generate.mjs --check"))?;
    let package = node_modules()?;
    run_in(&package, "npm run --silent build")?;
    run_in(&package, "npm run --silent package")?;
    build(&tools::from_pypi(BUILD_FOLDER, BUILD_REQUIREMENTS)?)
}

/// Builds the wheel and the source archive, and checks what `PyPI` would.
fn build(programs: &str) -> Result<(), String> {
    run(&format!("rm -rf {BUILT}"))?;
    run(&format!("{programs}/python -m build --no-isolation --outdir {BUILT} {PACKAGE}"))?;
    run(&format!(
        "{programs}/twine check --strict {BUILT}/callslot-{VERSION}.tar.gz {BUILT}/callslot-{VERSION}-py3-none-any.whl"
    ))
}

/// Installs what the package for TypeScript needs, unless that is done. Returns its folder.
fn node_modules() -> Result<PathBuf, String> {
    let package = root().join(TYPESCRIPT);
    let changed =
        |name: &str| fs::metadata(package.join(name)).and_then(|file| file.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        run_in(&package, "npm ci --include=dev --ignore-scripts --no-audit --no-fund")?;
    }
    Ok(package)
}

/// Checks types and style, tests, runs the short conformance suite, and builds what would be published.
fn python() -> Result<(), String> {
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
    build(&programs)?;
    run_in(&package, &format!("../../{programs}/python -m pytest"))?;
    oldest()?;
    for (seed, way) in [("1", "--quiet"), ("2", "--no-websockets")] {
        run(&format!(
            "{programs}/python {CONFORMANCE} --quiet {way} --seed {seed} -- {programs}/python {PROGRAM}"
        ))?;
    }
    Ok(())
}

/// Tests with the oldest Python, if it is there, without `LiveKit` and `Pipecat`. `CALLSLOT_PYTHON_OLDEST` is its program.
fn oldest() -> Result<(), String> {
    let python = env::var("CALLSLOT_PYTHON_OLDEST").unwrap_or_else(|_| OLDEST.to_owned());
    if !succeeds(&format!("{python} --version")) {
        println!("{OLDEST} is not there, so the package is not tested with it");
        return Ok(());
    }
    let programs = tools::from_pypi_for(&python, OLDEST_FOLDER, OLDEST_REQUIREMENTS)?;
    let wheel = format!("{BUILT}/callslot-{VERSION}-py3-none-any.whl");
    run(&format!(
        "{programs}/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall {wheel}"
    ))?;
    // The tests of the documentation install newer packages.
    run_in(
        &root().join(PACKAGE),
        &format!("../../{programs}/python -m pytest --ignore tests/test_docs.py"),
    )
}

/// Checks form, types and the package, tests, and runs the short conformance suite. `npm run runtimes` there tries other runtimes, by hand.
fn typescript() -> Result<(), String> {
    node::provide()?;
    let package = node_modules()?;
    run_in(&package, "npm run --silent check")?;
    let programs = tools::from_pypi(FOLDER, REQUIREMENTS)?;
    run(&format!("{programs}/python {CONFORMANCE} --quiet --seed 3 -- node {TYPESCRIPT_PROGRAM}"))
}

/// Runs the short conformance suite.
fn rust() -> Result<(), String> {
    run("cargo build --locked --quiet --package callslot-client --example conformance")?;
    let programs = tools::from_pypi(FOLDER, REQUIREMENTS)?;
    for (seed, way) in [("4", "--quiet"), ("5", "--no-websockets")] {
        run(&format!(
            "{programs}/python {CONFORMANCE} --quiet {way} --seed {seed} -- {RUST_PROGRAM}"
        ))?;
    }
    Ok(())
}
