//! `cargo xtask picture`: the moving picture of the README, taken of the real thing.

use crate::process::step::run;
use crate::process::tools;

const REQUIREMENTS: &str = "xtask/picture/requirements.txt";
const PYTHON: &str = "target/picture/python";
const PICTURE: &str = "docs/images/top.svg";

/// Runs the demo and `callslot top` in a terminal, and keeps what stood there.
pub fn picture() -> Result<(), String> {
    let python = tools::from_pypi(PYTHON, REQUIREMENTS)?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    run(&format!("{python}/python xtask/picture/top.py target/release/callslot {PICTURE}"))
}
