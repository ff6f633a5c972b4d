//! A server at its first start, which can be killed and started again, and the binary as a person would run it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

pub const BINARY: &str = env!("CARGO_BIN_EXE_callslot");
/// How often something is looked at that has to come, and the pause between two looks.
const LOOKS: u32 = 10_000;

/// A server.
pub struct Server {
    process: Child,
    pub url: String,
    pub admin: String,
    operator: String,
    pub directory: TempDir,
}

impl Server {
    /// One with an agent, `sales`.
    pub fn with_agent() -> Self {
        let server = Self::start();
        server.said(&["agent", "put", "sales"]);
        server
    }

    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (process, mut said) = serve(&directory, "127.0.0.1:0");
        let admin = value_after(&mut said, "admin key of \"default\"");
        let operator = value_after(&mut said, "operator key");
        let url = value_after(&mut said, "Callslot listens on ");
        let url = url.split(';').next().expect("an address").to_owned();
        // What it says later is read, or it would wait for that.
        std::thread::spawn(move || said.for_each(drop));
        Self { process, url, admin, operator, directory }
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it is gone");
    }

    /// Starts it again with its data, at its address.
    pub fn start_again(&mut self) {
        let address = self.url.strip_prefix("http://").expect("an address").to_owned();
        let (process, mut said) = serve(&self.directory, &address);
        value_after(&mut said, "Callslot listens on ");
        std::thread::spawn(move || said.for_each(drop));
        self.process = process;
    }

    /// A command of the binary.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(words)
            .env("CALLSLOT_URL", &self.url)
            .env("CALLSLOT_KEY", &self.admin)
            .current_dir(self.directory.path());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).stdin(Stdio::null()).output().expect("the command runs")
    }

    #[track_caller]
    pub fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// What a command says as JSON.
    #[track_caller]
    pub fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[words, &["--json"]].concat())).expect("JSON")
    }

    /// Runs a command as the operator.
    #[track_caller]
    pub fn operate(&self, words: &[&str]) {
        self.said(&[words, &["--key", &self.operator]].concat());
    }

    /// Writes a file into the directory where commands run.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// Starts a feed of the standard input through the gate `spring`.
    pub fn feed(&self, more: &[&str]) -> Running {
        let run = ["campaign", "run", "-", "--agent", "sales", "--gate", "spring", "--json"];
        let mut command = self.command(&[&run[..], more].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().expect("it starts"))
    }

    /// Waits until the gate `spring` is as it should be.
    #[track_caller]
    pub fn wait_for_gate(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..LOOKS {
            let output = self.run(&["gate", "show", "spring", "--json"]);
            let gate: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            if output.status.success() && is_so(&gate) {
                return gate;
            }
        }
        panic!("in time: {what}; it is {}", self.said(&["gate", "show", "spring"]));
    }

    /// The ids of the live calls of `spring`, and how many there are: more, if one is there twice.
    #[track_caller]
    pub fn live(&self) -> (BTreeSet<String>, usize) {
        let calls = self.json(&["call", "list", "--gate", "spring", "--most", "1000000"]);
        let calls = calls.as_array().expect("a list");
        let ids = calls.iter().map(|call| call["id"].as_str().expect("an id").to_owned());
        (ids.collect(), calls.len())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A feed that runs.
pub struct Running(Child);

impl Running {
    /// Gives it rows.
    pub fn give(&mut self, rows: &str) {
        let input = self.0.stdin.as_mut().expect("its input");
        input.write_all(rows.as_bytes()).expect("it reads");
    }

    /// Stops it as Ctrl-C does, and waits for its end.
    pub fn interrupt(self) -> Output {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, Signal::INT).expect("it runs");
        self.end_with_open_input()
    }

    /// Ends its input, and waits for its end.
    pub fn end(mut self) -> Output {
        drop(self.0.stdin.take());
        self.0.wait_with_output().expect("it ends")
    }

    fn end_with_open_input(mut self) -> Output {
        let input = self.0.stdin.take();
        let output = self.0.wait_with_output().expect("it ends");
        drop(input);
        output
    }
}

fn serve(directory: &TempDir, listen: &str) -> (Child, std::io::Lines<BufReader<ChildStdout>>) {
    let mut process = Command::new(BINARY)
        .args(["serve", "--listen", listen, "--log-level", "warn", "--data"])
        .arg(directory.path().join("data"))
        .current_dir(directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let said = BufReader::new(process.stdout.take().expect("its output")).lines();
    (process, said)
}

fn value_after(said: &mut std::io::Lines<BufReader<ChildStdout>>, words: &str) -> String {
    let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
    let line = line.expect("it is said").expect("it is text");
    let rest = line.split(words).nth(1).expect("a value").to_owned();
    rest.trim_start_matches(|c: char| c == '"' || c.is_whitespace()).to_owned()
}
