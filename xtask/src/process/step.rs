//! Steps: command lines that a person could type, run from the repository's root, showing what they print.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, iter};

/// Where a Node.js of our own is installed, if the machine's is too old. Steps look there for programs first.
pub const NODE: &str = "target/tools/node";

static TIMES: Mutex<Vec<Time>> = Mutex::new(Vec::new());

/// How long something took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    pub name: String,
    pub took: Duration,
}

/// Runs one step from the repository's root.
pub fn run(step: &str) -> Result<(), String> {
    run_in(&root(), step)
}

/// Runs one step from a folder.
pub fn run_in(folder: &Path, step: &str) -> Result<(), String> {
    show(step, command(step).current_dir(folder))
}

/// Runs one step from the repository's root with these environment variables.
pub fn run_with(variables: &[(&str, &str)], step: &str) -> Result<(), String> {
    show(step, command(step).envs(variables.iter().copied()))
}

/// Whether a step succeeds; shows nothing.
pub fn succeeds(step: &str) -> bool {
    command(step).output().is_ok_and(|output| output.status.success())
}

/// The command of a step, to be run from the repository's root.
pub fn command(step: &str) -> Command {
    let mut words = step.split_whitespace();
    let mut command = Command::new(words.next().expect("a step names a program"));
    command.args(words).current_dir(root());
    let node = root().join(NODE).join("bin");
    if node.exists() {
        let rest = env::var_os("PATH").unwrap_or_default();
        let folders = iter::once(node).chain(env::split_paths(&rest));
        command.env("PATH", env::join_paths(folders).expect("a path has no separator in it"));
    }
    // Packages such as `ring` read these variables, which Cargo sets for this one, and would be rebuilt.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn show(step: &str, command: &mut Command) -> Result<(), String> {
    timed(step, || {
        let status =
            command.status().map_err(|error| format!("`{step}` did not start: {error}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("`{step}` failed; run it alone to repeat"))
        }
    })
}

/// Does a piece of work, prints its name before and its time after, and keeps both for [`times`].
pub fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    println!("── {name}");
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    println!("── {:.1} s", took.as_secs_f64());
    TIMES.lock().expect("nobody panics here").push(Time { name: name.to_owned(), took });
    done
}

/// How long the steps took so far, in the order in which they ended.
pub fn times() -> Vec<Time> {
    TIMES.lock().expect("nobody panics here").clone()
}
