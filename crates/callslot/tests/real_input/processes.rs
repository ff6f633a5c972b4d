//! The processes of the real-input test, and plain HTTP to the server.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::Request;

use crate::PATIENCE;

const OPERATOR: &str = "operator-key-of-the-test";

/// Builds the binary and the clients as they are released; quick when they are there.
pub fn build_release() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "build",
            "--release",
            "--package",
            "callslot",
            "--bins",
            "--examples",
            "--target-dir",
        ])
        .arg(target())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the release build failed");
}

/// Cargo's target directory: this test is at `target/PROFILE/deps/NAME`.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    own.ancestors().nth(3).expect("a target directory").to_owned()
}

fn release(path: &str) -> Command {
    let mut command = Command::new(target().join("release").join(path));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

pub struct Server {
    data: TempDir,
    process: Child,
    address: SocketAddr,
    pub admin: String,
    http: ureq::Agent,
}

impl Server {
    pub fn start() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let (process, address, admin) = serve(&data, any_port);
        let http = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Self { data, process, address, admin: admin.expect("a first start shows a key"), http }
    }

    /// `kill -9`, and a new process on the same data and address.
    pub fn kill_and_restart(&mut self) {
        self.process.kill().expect("the server runs");
        self.process.wait().expect("the server is gone");
        (self.process, ..) = serve(&self.data, self.address);
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn get(&self, path: &str) -> Value {
        self.send("GET", path, None)
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url()))
            .header("authorization", format!("Bearer {}", self.admin))
            .header("content-type", "application/json")
            .body(body.map(|body| body.to_string()).unwrap_or_default())
            .expect("a request");
        let mut answer = self.http.run(request).expect("an answer");
        let json: Value = answer.body_mut().read_json().expect("JSON");
        assert!(answer.status().is_success(), "{method} {path}: {json}");
        json
    }

    pub fn set_up_the_worked_example(&self) {
        for agent in ["a", "b", "c"] {
            self.send("PUT", &format!("/v1/agents/{agent}"), Some(json!({ "name": agent })));
        }
        let reservations = json!([
            { "agent": "a", "webcall": 2, "chat": 3, "outbound": 4, "inbound": 3 },
            { "agent": "b", "webcall": 1, "chat": 1, "outbound": 2, "inbound": 1 },
        ]);
        self.send("PUT", "/v1/reservations", Some(json!({ "reservations": reservations })));
    }

    /// Waits until so many calls have ended since the beginning.
    pub fn wait_for_ends(&self, count: u64) {
        let mut seen = 0;
        self.follow("&types=call.ended", |_| {
            seen += 1;
            seen >= count
        });
    }

    /// All events up to this number.
    pub fn events_up_to(&self, last: u64) -> Vec<Value> {
        let mut events = Vec::new();
        self.follow("", |event| {
            let is_last = event["data"]["seq"] == last;
            events.push(event);
            is_last
        });
        events
    }

    /// Reads events from the first on until `is_enough`.
    fn follow(&self, filter: &str, mut is_enough: impl FnMut(Value) -> bool) {
        let request = Request::get(format!("{}/v1/events?after=0{filter}", self.url()))
            .header("authorization", format!("Bearer {}", self.admin))
            .body(())
            .expect("a request");
        let answer = self.http.run(request).expect("a stream");
        let mut name = String::new();
        for line in BufReader::new(answer.into_body().into_reader()).lines() {
            let line = line.expect("the stream goes on");
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                let data: Value = serde_json::from_str(data).expect("JSON");
                if is_enough(json!({ "event": name, "data": data })) {
                    return;
                }
            }
        }
        panic!("the stream ended too early");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server and reads where it listens and, at a first start, the admin's key.
fn serve(data: &TempDir, listen: SocketAddr) -> (Child, SocketAddr, Option<String>) {
    let mut process = release("callslot")
        .args(["serve", "--listen", &listen.to_string(), "--data"])
        .arg(data.path().join("data"))
        .env("CALLSLOT_OPERATOR_KEY", OPERATOR)
        .spawn()
        .expect("the server starts");
    let mut admin = None;
    let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    for line in lines.map_while(Result::ok) {
        if line.contains("admin key of") {
            admin = line.split_whitespace().last().map(str::to_owned);
        }
        if let Some(rest) = line.strip_prefix("Callslot listens on http://") {
            let address = rest.split(';').next().expect("an address").parse().expect("an address");
            return (process, address, admin);
        }
    }
    let ended = process.wait();
    panic!("the server did not start: {ended:?}");
}

/// Client processes, each with calls of its own.
pub struct Engines(Vec<(Child, JoinHandle<Vec<Value>>)>);

impl Engines {
    pub fn start(server: &Server, processes: u64, calls_each: u64) -> Self {
        let start = |number: u64| {
            let mut process = release("examples/engine")
                .args([&server.url(), &server.admin, &format!("engine{number}")])
                .args([calls_each, 10, number + 1].map(|number| number.to_string()))
                .spawn()
                .expect("a client starts");
            let output = BufReader::new(process.stdout.take().expect("its output"));
            let reading = thread::spawn(move || {
                let lines = output.lines().map_while(Result::ok);
                lines.map(|line| serde_json::from_str(&line).expect("JSON")).collect()
            });
            (process, reading)
        };
        Self((0..processes).map(start).collect())
    }

    /// Waits for all of them, and returns every answer they got.
    pub fn finish(self) -> Vec<Value> {
        let finished = self.0.into_iter().flat_map(|(mut process, reading)| {
            let answers = reading.join().expect("the output is readable");
            assert!(process.wait().expect("it ends").success(), "a client gave up");
            answers
        });
        finished.collect()
    }
}

/// The process that changes settings.
pub struct Steering {
    process: Child,
    input: ChildStdin,
}

impl Steering {
    pub fn start(server: &Server) -> Self {
        let mut process = release("examples/steering")
            .args([&server.url(), &server.admin, OPERATOR, "default", "7"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts");
        let input = process.stdin.take().expect("its input");
        Self { process, input }
    }

    pub fn stop(mut self) {
        drop(self.input);
        assert!(self.process.wait().expect("it ends").success());
    }
}
