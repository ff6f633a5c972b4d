//! `cargo xtask dashboard`: builds the web app into the bundle that the binary embeds, checks it and tests it.
//!
//! Only this and `cargo xtask dev` need Node.js. Start reading at [`Dashboard::run`].

use std::path::PathBuf;
use std::{env, fs, process};

use crate::process::step::{root, run, run_in};
use crate::process::{node, packages};

/// The finished app, as it is committed.
const BUNDLE: &str = "crates/callslot-dashboard/bundle";
/// What it is made of, in `dashboard/`.
const SOURCES: &str =
    "src public index.html package.json package-lock.json vite.config.ts tsconfig.json";

/// Without an argument: builds the bundle, checks and tests it.
#[derive(Debug, clap::Args)]
pub struct Dashboard {
    #[arg(value_enum)]
    only: Option<Only>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Only {
    /// Build the bundle that the binary embeds
    Build,
    /// Fail where the committed bundle was not built from these sources, then test, as `cargo xtask test` does
    Check,
}

impl Dashboard {
    /// Builds, checks and tests the web app, or does one of these.
    pub fn run(self) -> Result<(), String> {
        match self.only {
            None => build().and_then(|()| test()),
            Some(Only::Build) => build(),
            Some(Only::Check) => check(),
        }
    }
}

/// Fails unless the committed bundle is made of these sources and all tests pass. Changes nothing.
pub fn check() -> Result<(), String> {
    install()?;
    compare_bundle()?;
    test()
}

/// Makes the bundle of the sources.
fn build() -> Result<(), String> {
    install()?;
    run_in(&folder(), "npm run --silent build -- --logLevel warn")
}

/// Builds the app in another folder: the same sources must make the same bytes anywhere.
fn compare_bundle() -> Result<(), String> {
    let elsewhere = env::temp_dir().join(format!("callslot-dashboard-{}", process::id()));
    fs::create_dir_all(&elsewhere).map_err(|error| format!("{}: {error}", elsewhere.display()))?;
    let (there, packages) = (elsewhere.display(), folder().join("node_modules"));
    let outcome = run_in(&folder(), &format!("cp -r {SOURCES} {there}"))
        .and_then(|()| run_in(&elsewhere, &format!("ln -s {} .", packages.display())))
        .and_then(|()| {
            let build = "npm run --silent build -- --logLevel warn --outDir";
            run_in(&elsewhere, &format!("{build} {there}/bundle"))
        })
        .and_then(|()| {
            run(&format!("diff --recursive --brief {BUNDLE} {there}/bundle")).map_err(|_| {
                format!(
                    "{BUNDLE} was not built from dashboard/ as it is; run `cargo xtask dashboard build` and commit both"
                )
            })
        });
    fs::remove_dir_all(&elsewhere).map_err(|error| format!("{}: {error}", elsewhere.display()))?;
    outcome
}

/// Form, types and tests, the last of them in Chromium and Firefox against the release binary.
fn test() -> Result<(), String> {
    packages::need(&[packages::CHROMIUM, packages::FIREFOX])?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    for step in ["check", "test", "e2e"] {
        run_in(&folder(), &format!("npm run --silent {step}"))?;
    }
    Ok(())
}

/// Installs the packages that the lock file names, unless that is done. None of them runs anything of its own meanwhile.
pub fn install() -> Result<(), String> {
    node::provide()?;
    let changed =
        |name: &str| fs::metadata(folder().join(name)).and_then(|file| file.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        run_in(&folder(), "npm ci --include=dev --ignore-scripts --no-audit --no-fund")?;
    }
    Ok(())
}

/// Where the web app is.
pub fn folder() -> PathBuf {
    root().join("dashboard")
}
