//! The server and the bridge as processes, which can be killed and started again.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use callslot_api::{AgentPut, Client, KeyCreate, Role};
use tempfile::TempDir;

pub const BINARY: &str = env!("CARGO_BIN_EXE_callslot");
pub const TOKEN: &str = "0123456789abcdef";

/// A program that is killed when it is dropped.
struct Program(Child);

impl Program {
    /// Starts it, and reads what it says until a line that ends the beginning.
    fn start(command: &mut Command, mut is_ready: impl FnMut(&str) -> bool) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut said = BufReader::new(child.stdout.take().expect("what it says")).lines();
        while !is_ready(&said.next().expect("it says more").expect("it is text")) {}
        // What it says later is read, or it would wait for that.
        std::thread::spawn(move || said.for_each(drop));
        Self(child)
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.0.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A server with the agents `support` and `sales`.
pub struct Server {
    program: Program,
    directory: TempDir,
    pub url: String,
    pub key: String,
    /// A key of the role that a bridge needs.
    engine: String,
}

impl Server {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (program, key, url) = serve(directory.path(), "127.0.0.1:0");
        let (key, engine) = (key.expect("an admin key"), String::new());
        let mut server = Self { program, directory, url, key, engine };
        let (name, role) = ("phone".to_owned(), Role::Engine);
        let create = KeyCreate { name, role, expires_at: None, expires_in_s: None };
        let key = server.client().create_key(&create).expect("a key");
        server.engine = key.secret.expect("a new key has a secret");
        for agent in ["support", "sales"] {
            let put = AgentPut { name: agent.to_owned(), cap: None, pace: None };
            server.client().put_agent(agent, &put).expect("an agent");
        }
        server
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url, &self.key, None)
    }

    /// Lets that many calls of `support` be active at once.
    pub fn cap(&self, cap: u32) {
        let put = AgentPut { name: "support".to_owned(), cap: Some(cap), pace: None };
        self.client().put_agent("support", &put).expect("a cap");
    }

    /// Runs the campaign `spring` of `sales` with a list.
    pub fn campaign(&self, list: &str) {
        std::fs::write(self.directory.path().join("list.csv"), list).expect("it can be written");
        let words = "campaign run list.csv --id row --agent sales --gate spring --claim-within 30";
        let run = Command::new(BINARY)
            .args(words.split(' '))
            .current_dir(self.directory.path())
            .env("CALLSLOT_URL", &self.url)
            .env("CALLSLOT_KEY", &self.key)
            .stdout(Stdio::null())
            .status();
        assert!(run.expect("it runs").success());
    }

    pub fn kill_and_start_again(&mut self) {
        self.program.kill();
        let address = self.url.trim_start_matches("http://").to_owned();
        (self.program, _, _) = serve(self.directory.path(), &address);
    }
}

fn serve(directory: &Path, listen: &str) -> (Program, Option<String>, String) {
    let (mut key, mut url) = (None, String::new());
    let data = directory.join("data");
    let mut command = Command::new(BINARY);
    command
        .args([
            "serve",
            "--listen",
            listen,
            "--log-level",
            "warn",
            "--webhook-allow",
            "127.0.0.0/8",
        ])
        .arg("--data")
        .arg(data)
        .current_dir(directory);
    let program = Program::start(&mut command, |line| {
        if line.contains("admin key of") {
            key = line.split_whitespace().last().map(str::to_owned);
        }
        let Some((_, rest)) = line.split_once("Callslot listens on ") else { return false };
        rest.split(';').next().expect("an address").trim().clone_into(&mut url);
        true
    });
    (program, key, url)
}

/// A bridge, with its settings file.
pub struct Bridge {
    program: Program,
    directory: TempDir,
    server: (String, String),
    secret: Option<String>,
    /// The public key of Telnyx, if it speaks `TeXML`.
    telnyx: Option<String>,
    /// Where it listens; the same after a new start.
    pub address: String,
    pub metrics: String,
}

impl Bridge {
    /// Starts one. `settings` lack the addresses.
    pub fn start(server: &Server, settings: &str, telnyx: Option<&str>) -> Self {
        Self::at(server, settings, free_address(), None, telnyx)
    }

    /// Starts one in the place of another, with a secret for Callslot's webhook.
    pub fn start_at(other: &mut Self, server: &Server, settings: &str, secret: &str) -> Self {
        other.stop();
        Self::at(server, settings, other.address.clone(), Some(secret), None)
    }

    fn at(
        server: &Server,
        settings: &str,
        address: String,
        secret: Option<&str>,
        telnyx: Option<&str>,
    ) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let metrics = free_address();
        write(directory.path(), &address, &metrics, settings);
        let (secret, telnyx) = (secret.map(str::to_owned), telnyx.map(str::to_owned));
        let access = (server.url.clone(), server.engine.clone());
        let program = run(directory.path(), &access, secret.as_deref(), telnyx.as_deref());
        Self { program, directory, server: access, secret, telnyx, address, metrics }
    }

    pub fn kill_and_start_again(&mut self) {
        self.program.kill();
        self.start_again();
    }

    /// Stops it as an operator would, and starts it again.
    pub fn replace(&mut self) {
        self.stop();
        self.start_again();
    }

    fn stop(&mut self) {
        self.program.signal("-TERM");
        assert!(self.program.0.wait().expect("it ends").success());
    }

    fn start_again(&mut self) {
        let (secret, telnyx) = (self.secret.as_deref(), self.telnyx.as_deref());
        self.program = run(self.directory.path(), &self.server, secret, telnyx);
    }

    /// Gives it other settings.
    pub fn reload(&self, settings: &str) {
        write(self.directory.path(), &self.address, &self.metrics, settings);
        self.program.signal("-HUP");
    }

    /// A figure of its metrics; 0 if it is not there yet.
    pub fn figure(&self, name: &str) -> f64 {
        let page = ureq::get(format!("http://{}/metrics", self.metrics)).call().expect("metrics");
        let page = page.into_body().read_to_string().expect("text");
        let line = page.lines().find(|line| line.split_once(' ').is_some_and(|(it, _)| it == name));
        line.and_then(|line| line.split_once(' ')?.1.parse().ok()).unwrap_or_default()
    }
}

fn run(
    directory: &Path,
    (url, key): &(String, String),
    secret: Option<&str>,
    telnyx: Option<&str>,
) -> Program {
    let mut command = Command::new(BINARY);
    command
        .args(["bridge", "twilio", "--log-level", "warn"])
        .current_dir(directory)
        .env("CALLSLOT_URL", url)
        .env("CALLSLOT_KEY", key)
        .env("TWILIO_AUTH_TOKEN", TOKEN);
    if let Some(public_key) = telnyx {
        command.args(["--dialect", "texml"]);
        command.env("TELNYX_PUBLIC_KEY", public_key).env("TELNYX_API_KEY", TOKEN);
    }
    if let Some(secret) = secret {
        command.env("CALLSLOT_WEBHOOK_SECRET", secret);
    }
    Program::start(&mut command, |line| line.starts_with("The bridge listens on"))
}

fn write(directory: &Path, address: &str, metrics: &str, settings: &str) {
    let text = format!("listen = \"{address}\"\nmetrics_listen = \"{metrics}\"\n{settings}");
    std::fs::write(directory.join("bridge.toml"), text).expect("it can be written");
}

/// An address that nobody listens on.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    listener.local_addr().expect("an address").to_string()
}
