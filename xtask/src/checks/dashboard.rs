//! `cargo xtask dashboard`: builds the web app into the bundle that the binary embeds, checks it and tests it.
//!
//! Only this and `cargo xtask dev` need Node.js. Start reading at [`Dashboard::run`].

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, process};

use crate::process::packages;
use crate::process::step::{root, run, run_in};

/// The oldest Node.js that builds the web app.
const LEAST_NODE: (u32, u32) = (20, 19);
/// The finished app, as it is committed.
const BUNDLE: &str = "crates/callslot-dashboard/bundle";
/// What it is made of, in `dashboard/`.
const SOURCES: &str =
    "src public index.html package.json package-lock.json vite.config.ts tsconfig.json";

/// Without a word: builds the bundle, checks and tests it.
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

/// Form, types and tests, the last of them in Chromium against the release binary.
fn test() -> Result<(), String> {
    packages::need(&[packages::CHROMIUM])?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    for step in ["check", "test", "e2e"] {
        run_in(&folder(), &format!("npm run --silent {step}"))?;
    }
    Ok(())
}

/// Installs the packages that the lock file names, unless that is done. None of them runs anything of its own meanwhile.
pub fn install() -> Result<(), String> {
    packages::need(&[packages::NODE, packages::NPM])?;
    check_node()?;
    let changed =
        |name: &str| fs::metadata(folder().join(name)).and_then(|file| file.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        run_in(&folder(), "npm ci --include=dev --ignore-scripts --no-audit --no-fund")?;
    }
    Ok(())
}

fn check_node() -> Result<(), String> {
    let output =
        Command::new("node").arg("--version").output().map_err(|error| error.to_string())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if version_of(&version) >= Some(LEAST_NODE) {
        return Ok(());
    }
    let (major, minor) = LEAST_NODE;
    Err(format!(
        "the web app needs Node.js {major}.{minor} or newer (https://nodejs.org), and this is {version}"
    ))
}

/// The first two numbers in the output of `node --version`, such as `v20.19.4`.
fn version_of(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Where the web app is.
pub fn folder() -> PathBuf {
    root().join("dashboard")
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn versions_of_node_are_compared_by_number() {
        assert_eq!(version_of("v20.19.4"), Some((20, 19)));
        assert!(version_of("v9.11.2") < version_of("v20.19.0"));
        assert!(version_of("v20.9.0") < version_of("v20.19.0"));
        for nonsense in ["", "v", "20.19.0", "v20", "vx.y"] {
            assert_eq!(version_of(nonsense), None, "{nonsense}");
        }
    }
}
