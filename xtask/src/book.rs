//! `cargo xtask book`: the documentation as a site, made by mdBook from `docs/` in the order of `docs/SUMMARY.md`.

use crate::process::step::{root, run};
use crate::process::tools;

const MDBOOK: &str = "0.5.4";
/// Without what watches and serves; with the search.
const FLAGS: &str = "--no-default-features --features search";

/// Builds the site below `target/book`.
pub fn book() -> Result<(), String> {
    let mdbook = tools::from_crate("mdbook", MDBOOK, FLAGS)?;
    run(&format!("{mdbook} build"))?;
    println!("open {}", root().join("target/book/index.html").display());
    Ok(())
}
