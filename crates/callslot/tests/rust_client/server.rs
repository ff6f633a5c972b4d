//! A server at its first start, which can be killed and started again.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use callslot_api::AgentPut;
use callslot_client::{Settings, Slots};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_callslot");

/// A server with the agent `support`.
pub struct Server {
    process: Child,
    directory: TempDir,
    url: String,
    key: String,
}

impl Server {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (process, key, url) = serve(&directory, "127.0.0.1:0");
        let server = Self { process, directory, url, key: key.expect("an admin key") };
        let put = AgentPut { name: "Support".to_owned(), cap: Some(1), pace: None };
        server.slots().api().put_agent("support", &put).expect("an agent");
        server
    }

    /// A client with a short grace.
    pub fn slots(&self) -> Slots {
        let settings =
            Settings { grace: Duration::from_secs(5), ..Settings::new(&self.url, &self.key) };
        Slots::new(settings).expect("a client")
    }

    /// A client with another key.
    pub fn slots_with(&self, key: &str) -> Slots {
        Slots::new(Settings::new(&self.url, key)).expect("a client")
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it is gone");
    }

    /// Starts it again with its data, at its address.
    pub fn start_again(&mut self) {
        let address = self.url.strip_prefix("http://").expect("an address").to_owned();
        (self.process, _, _) = serve(&self.directory, &address);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts it: its process, the admin key at its first start, and its address.
fn serve(directory: &TempDir, listen: &str) -> (Child, Option<String>, String) {
    let mut process = Command::new(BINARY)
        .args(["serve", "--listen", listen, "--log-level", "warn", "--data"])
        .arg(directory.path().join("data"))
        .current_dir(directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the server starts");
    let mut said = BufReader::new(process.stdout.take().expect("what it says")).lines();
    let mut key = None;
    let url = loop {
        let line = said.next().expect("it says more").expect("it is text");
        if line.contains("admin key of") {
            key = line.split_whitespace().last().map(str::to_owned);
        }
        if let Some((_, rest)) = line.split_once("Callslot listens on ") {
            break rest.split(';').next().expect("an address").trim().to_owned();
        }
    };
    // What it says later is read, or it would wait for that.
    std::thread::spawn(move || said.for_each(drop));
    (process, key, url)
}
