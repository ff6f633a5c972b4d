//! `cargo xtask dashboard`: the web app's checks and tests, the last of them in Chromium against the release binary.
//! `cargo xtask dev`: the demonstration's server and the app with hot reload, behind one address.
//!
//! The app's packages come with the binary: `crates/callslot-dashboard/build.rs` installs them.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::process::packages;
use crate::{root, run, run_in};

/// Where the demonstration listens while somebody works on the app.
const DEMO: &str = "127.0.0.1:7070";
/// Where Vite listens, and people look.
const VITE: &str = "127.0.0.1:5173";

/// Checks and tests the web app.
pub fn dashboard() -> Result<(), String> {
    packages::need_node()?;
    packages::need("chromium", "chromium")?;
    run("cargo build --release --quiet --package callslot --bins")?;
    for step in ["check", "test", "e2e"] {
        run_in(&folder(), &format!("npm run --silent {step}"))?;
    }
    Ok(())
}

/// Runs until somebody ends it.
pub fn dev() -> Result<(), String> {
    packages::need_node()?;
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
