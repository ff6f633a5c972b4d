//! `cargo xtask dashboard`: builds the web app into the bundle that the binary embeds, checks it and tests it.
//! `cargo xtask dev`: the demonstration's server and the app with hot reload, behind one address.
//!
//! Only these need Node.js. Start reading at [`dashboard`].

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::{env, fs, process};

use crate::process::packages;
use crate::{root, run, run_in};

/// Where the demonstration listens while somebody works on the app.
const DEMO: &str = "127.0.0.1:7070";
/// Where Vite listens, and people look.
const VITE: &str = "127.0.0.1:5173";
/// The oldest Node.js that builds the web app.
const LEAST_NODE: (u32, u32) = (20, 19);
/// The finished app, as it is committed.
const BUNDLE: &str = "crates/callslot-dashboard/bundle";
/// What it is made of, in `dashboard/`.
const SOURCES: &str =
    "src public index.html package.json package-lock.json vite.config.ts tsconfig.json";

/// Builds, checks and tests the web app, or does one of these.
pub fn dashboard(arguments: &[String]) -> Result<(), String> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => build().and_then(|()| test()),
        ["build"] => build(),
        ["check"] => check(),
        _ => Err("`cargo xtask dashboard` takes `build`, `check` or nothing".into()),
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
    packages::need("chromium", "chromium")?;
    run("cargo build --release --quiet --package callslot --bins")?;
    for step in ["check", "test", "e2e"] {
        run_in(&folder(), &format!("npm run --silent {step}"))?;
    }
    Ok(())
}

/// Installs the packages that the lock file names, unless that is done. None of them runs anything of its own meanwhile.
fn install() -> Result<(), String> {
    packages::need_node()?;
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

/// Runs until somebody ends it.
pub fn dev() -> Result<(), String> {
    install()?;
    run("cargo build --quiet --package callslot --bins")?;
    let mut demo = Running::start(
        Command::new(root().join("target/debug/callslot"))
            .args(["demo", "--listen", DEMO])
            .stdout(Stdio::piped()),
    )?;
    let said = demo.0.stdout.take().ok_or("the demonstration says nothing")?;
    let _vite = Running::start(
        // Not through npm, which would outlive a signal meant for Vite.
        Command::new("node")
            .args(["node_modules/vite/bin/vite.js", "--strictPort", "--clearScreen=false"])
            .current_dir(folder())
            .env("CALLSLOT_URL", format!("http://{DEMO}")),
    )?;
    // Links lead to the app as it is being written. It says no more once it has ended.
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        println!("{}", line.replace(DEMO, VITE));
    }
    match demo.0.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("the demonstration ended; its last words are above".into()),
    }
}

fn folder() -> PathBuf {
    root().join("dashboard")
}

/// A program that ends with this one.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.spawn().map(Self).map_err(|error| format!("`{name}` did not start: {error}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
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
