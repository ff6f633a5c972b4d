//! `cargo xtask telephony`: Twilio's own libraries sign for the bridge, and Twilio's own description of its API judges what it asks.
//!
//! The libraries come from npm and `PyPI`; Prism plays the API after `xtask/telephony/twilio-calls.json`. Start reading at [`telephony`].

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::process::node;
use crate::process::server::{Server, release};
use crate::process::step::{command, root, run};
use crate::process::tools;

const SOURCES: &str = "xtask/telephony";
const NODE: &str = "target/telephony";
const PYTHON: &str = "target/telephony-python";
const PUBLIC: &str = "https://phone.example/bridge";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NUMBER: &str = "+4930123456";
/// How often it is looked whether Prism listens.
const TRIES: u32 = 600;

/// A process that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Installs, starts all, signs and asks.
pub fn telephony() -> Result<(), String> {
    node::provide()?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    tools::from_npm(NODE, SOURCES)?;
    let python = tools::from_pypi(PYTHON, &format!("{SOURCES}/requirements.txt"))?;
    let server = Server::start()?;
    let key = server.admin.clone();
    for agent in ["support", "sales"] {
        server.said(&["agent", "put", agent], &key)?;
    }
    let (api, _prism) = prism()?;
    let (address, metrics) = (free_address()?, free_address()?);
    let _bridge = bridge(&server, &settings(&address, &metrics, &api))?;
    let _listening = listen(&server, &address)?;
    let target = format!("http://{address} {PUBLIC} {TOKEN} {NUMBER}");
    run(&format!("node {NODE}/sign.mjs {target}"))?;
    run(&format!("{python}/python {SOURCES}/sign.py {target}"))?;
    let server = &server.url;
    run(&format!("node {NODE}/carrier.mjs {target} http://{metrics}/metrics {server} {key}"))
}

fn settings(address: &str, metrics: &str, api: &str) -> String {
    format!(
        "listen = \"{address}\"\nmetrics_listen = \"{metrics}\"\npublic_url = \"{PUBLIC}\"\nask_after_s = 2\n\
         [carrier]\naccount = \"{ACCOUNT}\"\napi = \"{api}\"\n\
         [[number]]\nnumber = \"{NUMBER}\"\nagent = \"support\"\nhold_music = \"https://phone.example/music.mp3\"\n\
         connect = {{ stream = \"wss://engine.example\" }}\n\
         [[outbound]]\nagent = \"sales\"\nfrom = \"{NUMBER}\"\ndetect_machines = true\n\
         connect = {{ stream = \"wss://engine.example\" }}\n"
    )
}

/// Plays Twilio's API; where it is.
fn prism() -> Result<(String, Running), String> {
    let address = free_address()?;
    let port = address.rsplit(':').next().unwrap_or_default();
    let description = format!("{SOURCES}/twilio-calls.json");
    let mut playing = command(&format!(
        "node {NODE}/node_modules/@stoplight/prism-cli/dist/index.js mock -p {port} {description}"
    ));
    let playing =
        playing.stdout(Stdio::null()).spawn().map_err(|error| format!("Prism: {error}"))?;
    let playing = Running(playing);
    for _ in 0..TRIES {
        if TcpStream::connect(&address).is_ok() {
            return Ok((format!("http://{address}"), playing));
        }
        sleep(Duration::from_millis(50));
    }
    Err("Prism does not listen".into())
}

/// Brings what happens to the bridge, as a webhook would that may call this machine.
fn listen(server: &Server, bridge: &str) -> Result<Running, String> {
    let mut process = release("callslot");
    process
        .args(["listen", "--forward", &format!("http://{bridge}/dispatch"), "--secret", SECRET])
        .env("CALLSLOT_URL", &server.url)
        .env("CALLSLOT_KEY", &server.admin)
        .stdout(Stdio::null());
    process.spawn().map(Running).map_err(|error| format!("callslot listen: {error}"))
}

fn bridge(server: &Server, settings: &str) -> Result<Running, String> {
    let file = root().join(NODE).join("bridge.toml");
    fs::write(&file, settings).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut process = release("callslot");
    process
        .args(["bridge", "twilio", "--log-level", "warn", "--config"])
        .arg(file)
        .env("CALLSLOT_URL", &server.url)
        .env("CALLSLOT_KEY", &server.engine)
        .env("TWILIO_AUTH_TOKEN", TOKEN)
        .env("CALLSLOT_WEBHOOK_SECRET", SECRET)
        .stdout(Stdio::piped());
    let mut process = process.spawn().map_err(|error| format!("the bridge: {error}"))?;
    let said = process.stdout.take().ok_or("the bridge has no output")?;
    let running = Running(process);
    let first = BufReader::new(said).lines().next().and_then(Result::ok).unwrap_or_default();
    if first.starts_with("The bridge listens") {
        Ok(running)
    } else {
        Err("the bridge does not run".into())
    }
}

/// An address that nobody listens on.
fn free_address() -> Result<String, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.to_string()).map_err(|error| error.to_string())
}
