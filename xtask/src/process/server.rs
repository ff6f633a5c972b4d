//! A server for a chore: the release binary on data of its own and a free port, removed when the chore is done with it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::process::step::{command, root};

/// The operator's key of every such server.
pub const OPERATOR: &str = "operator-key-of-the-chores";

/// On a free port.
const ANYWHERE: &str = "127.0.0.1:0";

/// A server that runs until it is dropped.
pub struct Server {
    process: Child,
    data: PathBuf,
    /// What it is started with beyond its address and data.
    flags: Vec<String>,
    /// Where it listens.
    pub url: String,
    /// The key of the admin of its organisation `default`.
    pub admin: String,
    /// A key there of the role that bridges and engines need.
    pub engine: String,
}

impl Server {
    /// Starts one for the first time.
    pub fn start() -> Result<Self, String> {
        Self::start_with(&[])
    }

    /// Starts one for the first time, with more flags.
    pub fn start_with(flags: &[&str]) -> Result<Self, String> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let own = format!(
            "callslot-chore-{}-{}",
            std::process::id(),
            STARTED.fetch_add(1, Ordering::Relaxed)
        );
        let data = std::env::temp_dir().join(own);
        let flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        let process = serve(&data, &flags, ANYWHERE)?;
        let (url, admin, engine) = (String::new(), String::new(), String::new());
        let mut server = Self { process, data, flags, url, admin, engine };
        server.listen_to_its_words()?;
        let made = server.said(&["key", "create", "chore", "engine"], &server.admin)?;
        made.lines().last().unwrap_or_default().clone_into(&mut server.engine);
        Ok(server)
    }

    fn listen_to_its_words(&mut self) -> Result<(), String> {
        let output = self.process.stdout.take().ok_or("the server has no output")?;
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

    /// Runs a command of the binary against it with a key, and returns the output.
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

    /// Ends it as a crash would, without time to clean up.
    pub fn kill(&mut self) {
        // It may have ended on its own.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Asks it to stop; returns how long that took.
    pub fn stop(&mut self) -> Result<Duration, String> {
        let begun = Instant::now();
        let told = command(&format!("kill -TERM {}", self.process.id())).status();
        match told.and_then(|_| self.process.wait()) {
            Ok(status) if status.success() => Ok(begun.elapsed()),
            other => Err(format!("the server did not stop well: {other:?}")),
        }
    }

    /// Starts it again on the same data, once it has ended; returns how long it took until it was ready.
    pub fn start_again(&mut self) -> Result<Duration, String> {
        self.start_again_at(ANYWHERE)
    }

    /// The same at its address, where its clients look for it.
    pub fn start_again_there(&mut self) -> Result<Duration, String> {
        let address = self.address().to_owned();
        self.start_again_at(&address)
    }

    fn start_again_at(&mut self, address: &str) -> Result<Duration, String> {
        let begun = Instant::now();
        self.process = serve(&self.data, &self.flags, address)?;
        self.listen_to_its_words()?;
        while !self.is_ready() {
            if !self.is_well() {
                return Err("the server did not start again".into());
            }
            sleep(Duration::from_millis(5));
        }
        Ok(begun.elapsed())
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(self.address())?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// The memory it takes, and the most it took since it was started, in bytes.
    pub fn memory(&self) -> Result<(u64, u64), String> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let kib = |name: &str| {
            let rest = status.lines().find_map(|line| line.strip_prefix(name));
            rest.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        };
        match (kib("VmRSS:"), kib("VmHWM:")) {
            (Some(now), Some(most)) => Ok((now << 10, most << 10)),
            _ => Err(format!("{path} does not show its memory")),
        }
    }

    /// The processor time it has taken.
    pub fn processor_time(&self) -> Result<Duration, String> {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        // See proc(5): fields 14 and 15, counted in hundredths of a second; field 2 may hold spaces and ends with `)`.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
        let ticks: Option<Vec<u64>> = fields.take(2).map(|field| field.parse().ok()).collect();
        ticks
            .map(|ticks| Duration::from_millis(10 * ticks.iter().sum::<u64>()))
            .ok_or_else(|| format!("{path} does not show its processor time"))
    }

    /// The size of its data on disk, in bytes.
    pub fn stored(&self) -> u64 {
        let files = fs::read_dir(&self.data).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// Whether it still runs.
    pub fn is_well(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        // Nobody needs its data.
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// Serves a data directory at an address.
fn serve(data: &Path, flags: &[String], address: &str) -> Result<Child, String> {
    release("callslot")
        .args(["serve", "--listen", address, "--log-level", "error", "--data"])
        .arg(data)
        .args(flags)
        .env("CALLSLOT_OPERATOR_KEY", OPERATOR)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the server did not start: {error}"))
}

/// A program of the release build.
pub fn release(path: &str) -> Command {
    let mut command = Command::new(root().join("target/release").join(path));
    command.stdin(Stdio::null());
    command
}
