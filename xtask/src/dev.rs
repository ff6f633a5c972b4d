//! `cargo xtask dev`: the demo's server and the web app with hot reload, behind one address.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::checks::dashboard;
use crate::process::step::{command, root, run};

/// Where the demo listens while somebody works on the app.
const DEMO: &str = "127.0.0.1:7070";
/// Where Vite listens, and people look.
const VITE: &str = "127.0.0.1:5173";

/// Runs until somebody ends it.
pub fn dev() -> Result<(), String> {
    dashboard::install()?;
    run("cargo build --locked --quiet --package callslot --bins")?;
    let mut demo = Running::start(
        Command::new(root().join("target/debug/callslot"))
            .args(["demo", "--listen", DEMO])
            .stdout(Stdio::piped()),
    )?;
    let said = demo.0.stdout.take().ok_or("the demo prints nothing")?;
    let _vite = Running::start(
        // Not through npm, which would outlive a signal meant for Vite.
        command("node node_modules/vite/bin/vite.js --strictPort --clearScreen=false")
            .current_dir(dashboard::folder())
            .env("CALLSLOT_URL", format!("http://{DEMO}")),
    )?;
    // Links lead to the app as it is being written. There are no more lines once the demo has ended.
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        println!("{}", line.replace(DEMO, VITE));
    }
    match demo.0.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("the demo failed; its last lines are above".into()),
    }
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
        // It may have ended on its own.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
