//! A server for a chore: the release binary on data of its own and a free port, gone when the chore is done with it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::root;

/// The operator's key of every such server.
pub const OPERATOR: &str = "operator-key-of-the-chores";

/// A server that runs until it is dropped.
pub struct Server {
    process: Child,
    data: PathBuf,
    /// Where it listens.
    pub url: String,
    /// The key of the admin of its organisation `default`.
    pub admin: String,
}

impl Server {
    /// Starts one for the first time.
    pub fn start() -> Result<Self, String> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let own = format!(
            "callslot-chore-{}-{}",
            std::process::id(),
            STARTED.fetch_add(1, Ordering::Relaxed)
        );
        let data = std::env::temp_dir().join(own);
        let process = release("callslot")
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--data"])
            .arg(&data)
            .env("CALLSLOT_OPERATOR_KEY", OPERATOR)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server did not start: {error}"))?;
        let mut server = Self { process, data, url: String::new(), admin: String::new() };
        server.listen_to_its_words()?;
        Ok(server)
    }

    fn listen_to_its_words(&mut self) -> Result<(), String> {
        let output = self.process.stdout.take().ok_or("the server says nothing")?;
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.contains("admin key of") {
                line.split_whitespace().last().unwrap_or_default().clone_into(&mut self.admin);
            }
            if let Some(rest) = line.strip_prefix("Callslot listens on ") {
                rest.split(';').next().unwrap_or_default().clone_into(&mut self.url);
                return Ok(());
            }
        }
        Err("the server did not say where it listens".into())
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Runs a command of the binary against it with a key, and returns what that says.
    pub fn said(&self, words: &[&str], key: &str) -> Result<String, String> {
        let output = release("callslot")
            .args(words)
            .args(["--url", &self.url, "--key", key])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("callslot does not run: {error}"))?;
        if !output.status.success() {
            return Err(format!("`callslot {}` failed", words.join(" ")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it still runs.
    pub fn is_well(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
        // What it wrote is of no use to anyone.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A program of the release build.
pub fn release(path: &str) -> Command {
    let mut command = Command::new(root().join("target/release").join(path));
    command.stdin(Stdio::null());
    command
}
