//! The server's process: the release binary, started, stopped, killed and started again on the same data and address.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::PATIENCE;
use crate::http::Client;

pub const OPERATOR: &str = "operator-key-of-the-test";
const READY: &str = "Callslot listens on http://";

/// Builds the binary as it is released, and the clients without optimizations; quick when they are there.
pub fn build() {
    cargo(&["build", "--release", "--package", "callslot", "--bins", "--quiet"]);
    cargo(EXAMPLES);
}

/// As in `cargo xtask test`: with the features of the whole workspace, which its libraries are built with already.
const EXAMPLES: &[&str] = &["build", "--workspace", "--examples", "--quiet"];

fn cargo(arguments: &[&str]) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // Cargo's variables about this package would cause rebuilds of others that read them, such as `ring`.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    let status = command
        .args(arguments)
        .arg("--target-dir")
        .arg(target())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "`cargo {}` failed", arguments.join(" "));
}

/// Cargo's target directory: this test is at `target/PROFILE/deps/NAME`.
pub fn target() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    own.ancestors().nth(3).expect("a target directory").to_owned()
}

pub fn release(path: &str) -> PathBuf {
    target().join("release").join(path)
}

/// A client among the examples of this package.
pub fn example(name: &str) -> PathBuf {
    target().join("debug/examples").join(name)
}

/// How a server is started.
pub struct Setup {
    pub data: PathBuf,
    pub address: SocketAddr,
    /// A command line that the server's is appended to.
    pub under: Vec<OsString>,
    pub environment: Vec<(String, OsString)>,
    /// Flags of the server beyond its address and data.
    pub flags: Vec<&'static str>,
    /// Where its log goes.
    log: PathBuf,
    _directory: TempDir,
}

impl Setup {
    pub fn new() -> Self {
        build();
        let directory = tempfile::tempdir().expect("a directory");
        Self {
            data: directory.path().join("data"),
            address: free_address(),
            under: Vec::new(),
            environment: Vec::new(),
            flags: Vec::new(),
            log: directory.path().join("log"),
            _directory: directory,
        }
    }

    /// A directory for the test's own use.
    pub fn scratch(&self) -> &Path {
        self.log.parent().expect("the log is in the directory")
    }

    /// Starts a process and does not wait for it.
    pub fn spawn(&self) -> Process {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log");
        let mut words = self.under.clone();
        words.push(release("callslot").into());
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .args(["serve", "--listen", &self.address.to_string(), "--data"])
            .arg(&self.data)
            .args(&self.flags)
            .env("CALLSLOT_OPERATOR_KEY", OPERATOR)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.scratch())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server's process starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (say, said) = channel();
        thread::spawn(move || {
            // The test may have heard enough.
            let _ = output.lines().map_while(Result::ok).try_for_each(|line| say.send(line));
        });
        Process { child, said, admin: None }
    }

    /// Starts a server for the first time on its data.
    pub fn start(self) -> Server {
        let mut process = self.spawn();
        self.wait_until_ready(&mut process);
        let admin = process.admin.clone().expect("a first start shows a key");
        Server { client: Client::new(self.address, admin), process, setup: self }
    }

    fn wait_until_ready(&self, process: &mut Process) {
        let is_ready = process.is_ready_within(PATIENCE);
        assert!(is_ready, "the server did not start:\n{}", self.logged());
    }

    /// What `callslot doctor` finds, and whether all is good.
    pub fn diagnosed(&self) -> (String, bool) {
        let output = Command::new(release("callslot"))
            .args(["doctor", "--listen", &self.address.to_string(), "--data"])
            .arg(&self.data)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("it runs");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }

    /// What the server's processes said of their work so far.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// An address that stays this server's while it is down. Ports from which connections go out are no good: a client that tries
/// such a port again and again connects to itself in the end, and then the server cannot listen there.
fn free_address() -> SocketAddr {
    (0..1_000)
        .map(|_| SocketAddr::from(([127, 0, 0, 1], fastrand::u16(10_000..32_000))))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a port is free")
}

/// A server's process. It is killed when it is dropped.
pub struct Process {
    pub child: Child,
    said: Receiver<String>,
    admin: Option<String>,
}

impl Process {
    /// Waits until it says that it listens; false when it has not within that time, or has ended.
    pub fn is_ready_within(&mut self, time: Duration) -> bool {
        while let Ok(line) = self.said.recv_timeout(time) {
            if line.contains("admin key of") {
                self.admin = line.split_whitespace().last().map(str::to_owned);
            }
            if line.starts_with(READY) {
                return true;
            }
        }
        false
    }

    /// Waits until it has ended; false when it has not within that time.
    pub fn has_ended_within(&mut self, time: Duration) -> bool {
        loop {
            match self.said.recv_timeout(time) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }

    pub fn signal(&self, signal: Signal) {
        send_signal(&self.child, signal);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    /// Waits for it to end on its own.
    pub fn ended(&mut self) -> ExitStatus {
        assert!(self.has_ended_within(PATIENCE), "the server does not end");
        self.child.wait().expect("it has ended")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn send_signal(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id");
    kill_process(id, signal).expect("the process is there");
}

/// A server that has been ready once.
pub struct Server {
    pub client: Client,
    pub process: Process,
    pub setup: Setup,
}

impl Server {
    /// A new process on the same data and address, once the last one has ended.
    pub fn start_again(&mut self) {
        self.process = self.setup.spawn();
        self.setup.wait_until_ready(&mut self.process);
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        self.process.signal(Signal::TERM);
        self.process.ended()
    }
}
