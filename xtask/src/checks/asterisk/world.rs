//! The programs: a server, a bridge, an Asterisk, an engine and callers, which can be killed and started again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::TALK_MS;
use super::debian::Debian;
use super::printed::{self, Ports};
use crate::process::server::{Server, release};
use crate::process::step::root;

/// Where everything is written.
const FOLDER: &str = "target/asterisk/run";
const SCENARIOS: &str = "xtask/asterisk";
/// How long a program has to be ready.
const READY_WITHIN: Duration = Duration::from_secs(20);
const STOPS_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A process that ends with this.
pub struct Running(Child);

impl Running {
    fn start(command: &mut Command, name: &str) -> Result<Self, String> {
        let log = fs::File::options().create(true).append(true).open(log_file(name));
        let log = log.map_err(|error| format!("{name}: {error}"))?;
        let errors = log.try_clone().map_err(|error| format!("{name}: {error}"))?;
        let process = command.stdout(log).stderr(errors).spawn();
        process.map(Self).map_err(|error| format!("{name}: {error}"))
    }

    /// Waits for its end; whether it ended well.
    pub fn ends_well(&mut self, within: Duration) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            match self.0.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("some calls failed ({status})")),
                Ok(None) => sleep(LOOK_EVERY),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(format!("it still runs after {} s", within.as_secs()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// All programs.
pub struct World {
    debian: Debian,
    folder: PathBuf,
    pub ports: Ports,
    pub server: Server,
    asterisk: Option<Running>,
    bridge: Option<Running>,
    engine: Option<Running>,
    /// Keeps a port that nobody answers at.
    _dead: UdpSocket,
    /// How many crowds of callers there were, and how many Asterisks.
    started: u16,
    asterisks: usize,
}

impl World {
    /// Starts everything.
    pub fn start(debian: Debian) -> Result<Self, String> {
        let folder = root().canonicalize().map_err(|error| error.to_string())?.join(FOLDER);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let dead = UdpSocket::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let dead_port = dead.local_addr().map_err(|error| error.to_string())?.port();
        let ports = Ports {
            ari: tcp_port()?,
            sip: udp_port()?,
            engine: udp_port()?,
            dead: dead_port,
            metrics: tcp_port()?,
        };
        let server = Server::start()?;
        printed::asterisk(&folder, &debian, &ports, (&server.url, &server.engine))?;
        printed::bridge(&folder.join("bridge.toml"), &ports)?;
        for agent in ["support", "sales"] {
            server.said(&["agent", "put", agent], &server.admin)?;
        }
        let mut world = Self {
            debian,
            folder,
            ports,
            server,
            asterisk: None,
            bridge: None,
            engine: None,
            _dead: dead,
            started: 0,
            asterisks: 0,
        };
        world.start_asterisk()?;
        world.examine()?;
        world.start_bridge()?;
        world.bridge_is_connected()?;
        world.take_calls(TALK_MS)?;
        Ok(world)
    }

    /// Has the bridge's own doctor look at everything.
    pub fn examine(&self) -> Result<(), String> {
        let status = release("callslot")
            .args(["bridge", "doctor", "--config"])
            .arg(self.folder.join("bridge.toml"))
            .env("CALLSLOT_URL", &self.server.url)
            .env("CALLSLOT_KEY", &self.server.engine)
            .env("ASTERISK_ARI_PASSWORD", printed::password()?)
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => Err("`callslot bridge doctor` finds something wrong".into()),
        }
    }

    /// Starts Asterisk, as after a crash if it ran.
    pub fn start_asterisk(&mut self) -> Result<(), String> {
        let mut command = self.debian.program("usr/sbin/asterisk");
        command.args(["-f", "-C"]).arg(self.folder.join("etc/asterisk.conf"));
        self.asterisk = Some(Running::start(&mut command, "asterisk")?);
        self.asterisks += 1;
        let said = || fs::read_to_string(log_file("asterisk")).unwrap_or_default();
        until("Asterisk", || said().matches("Asterisk Ready").count() == self.asterisks)
    }

    /// Ends Asterisk as a crash would.
    pub fn kill_asterisk(&mut self) {
        self.asterisk = None;
    }

    pub fn start_bridge(&mut self) -> Result<(), String> {
        let mut command = release("callslot");
        command
            .args(["bridge", "asterisk", "--log-level", "info", "--config"])
            .arg(self.folder.join("bridge.toml"))
            .env("CALLSLOT_URL", &self.server.url)
            .env("CALLSLOT_KEY", &self.server.engine)
            .env("ASTERISK_ARI_PASSWORD", printed::password()?);
        self.bridge = Some(Running::start(&mut command, "bridge")?);
        Ok(())
    }

    /// Starts a second bridge, which is the bridge from now on, and waits until the first has ended, as one that failed.
    pub fn start_bridge_beside(&mut self) -> Result<(), String> {
        let mut first = self.bridge.take().ok_or("no bridge runs")?;
        self.ports.metrics = tcp_port()?;
        printed::bridge(&self.folder.join("bridge.toml"), &self.ports)?;
        self.start_bridge()?;
        self.bridge_is_connected()?;
        match first.ends_well(STOPS_WITHIN) {
            Err(why) if why.starts_with("some calls failed") => Ok(()),
            other => Err(format!("the first bridge: {other:?}")),
        }
    }

    /// Ends the bridge as a crash would.
    pub fn kill_bridge(&mut self) {
        self.bridge = None;
    }

    /// Asks the bridge to stop, and waits until it has.
    pub fn stop_bridge(&mut self) -> Result<(), String> {
        let mut bridge = self.bridge.take().ok_or("no bridge runs")?;
        let told = Command::new("kill").arg(bridge.0.id().to_string()).status();
        told.map_err(|error| format!("kill: {error}"))?;
        bridge.ends_well(STOPS_WITHIN).map_err(|why| format!("the bridge does not stop: {why}"))
    }

    /// Waits until Asterisk's events come to the bridge.
    pub fn bridge_is_connected(&self) -> Result<(), String> {
        until("the bridge's connection with Asterisk", || {
            self.metric("connected").is_some_and(|is_connected| is_connected == 1)
        })
    }

    /// A figure of the bridge.
    pub fn metric(&self, name: &str) -> Option<u64> {
        use std::io::{Read as _, Write as _};
        let mut stream = TcpStream::connect(("127.0.0.1", self.ports.metrics)).ok()?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
        let mut page = String::new();
        stream.read_to_string(&mut page).ok()?;
        let begin = format!("callslot_bridge_{name} ");
        page.lines().find_map(|line| line.strip_prefix(&begin)?.trim().parse().ok())
    }

    /// Has the engine take calls, each for that long.
    pub fn take_calls(&mut self, talk_ms: u32) -> Result<(), String> {
        self.engine = None;
        let pbx = format!("127.0.0.1:{}", self.ports.sip);
        let port = self.ports.engine.to_string();
        let talk = talk_ms.to_string();
        let mut command = self.sipp("engine.xml", "127.0.0.1", &port, &talk);
        command.args(["-key", "pbx", &pbx]);
        self.engine = Some(Running::start(&mut command, "engine")?);
        Ok(())
    }

    /// Callers: which scenario, from which address, to which number, how many, how many in a second, and how long they pause in it.
    pub fn call(&mut self, callers: &Callers) -> Result<Running, String> {
        let port = udp_port()?.to_string();
        let mut command =
            self.sipp(callers.scenario, callers.from, &port, &callers.pause_ms.to_string());
        let (count, rate) = (callers.count.to_string(), callers.rate.to_string());
        command.arg(format!("127.0.0.1:{}", self.ports.sip));
        command.args(["-s", callers.number, "-m", &count, "-r", &rate, "-l", &count]);
        self.started += 1;
        Running::start(&mut command, &format!("callers-{}", self.started))
    }

    fn sipp(&self, scenario: &str, from: &str, port: &str, pause_ms: &str) -> Command {
        let mut command = self.debian.program("usr/bin/sipp");
        command
            .args(["-sf", &format!("{SCENARIOS}/{scenario}"), "-i", from, "-p", port])
            .args(["-d", pause_ms, "-nostdin", "-trace_err", "-error_file"])
            .arg(self.folder.join(format!("errors-{port}.log")))
            .env("TERM", "dumb");
        command
    }

    /// Waits until no call is live: neither a slot nor a place in line is held.
    pub fn all_are_over(&self, within: Duration) -> Result<(), String> {
        let begun = Instant::now();
        let mut left = Vec::new();
        while begun.elapsed() < within {
            left = self.live()?;
            if left.is_empty() {
                return Ok(());
            }
            sleep(LOOK_EVERY);
        }
        Err(format!("{} calls are still live: {:?}", left.len(), left.first()))
    }

    /// The states of all live calls.
    pub fn live(&self) -> Result<Vec<String>, String> {
        let list = self.server.said(&["call", "list", "--json"], &self.server.admin)?;
        let list: Value = serde_json::from_str(&list).map_err(|error| error.to_string())?;
        let items = list["items"].as_array().or_else(|| list.as_array());
        let items = items.ok_or_else(|| format!("what is {list}?"))?;
        let said = |call: &Value| format!("{} {}", call["id"], call["state"]);
        Ok(items.iter().map(said).collect())
    }

    /// The events of calls, as the server's log has them: which, of which call, and its note.
    pub fn events(&self) -> Result<Vec<(String, String, String)>, String> {
        let mut following = release("callslot")
            .args(["events", "--json", "--after", "0", "--url", &self.server.url])
            .args(["--types", "call.queued,call.started,call.ended", "--key", &self.server.admin])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        // It would follow them indefinitely; what there is comes at once.
        let id = following.id();
        let stop = std::thread::spawn(move || {
            sleep(Duration::from_millis(400));
            let _ = Command::new("kill").arg(id.to_string()).status();
        });
        let output = following.stdout.take().ok_or("no events")?;
        let mut events = Vec::new();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let event: Value =
                serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?;
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let call = &event["data"]["call"];
            events.push((text(&event["event"]), text(&call["id"]), text(&call["note"])));
        }
        let _ = (following.wait(), stop.join());
        Ok(events)
    }
}

/// Some callers.
pub struct Callers {
    pub scenario: &'static str,
    pub from: &'static str,
    pub number: &'static str,
    pub count: u32,
    pub rate: u32,
    pub pause_ms: u32,
}

fn log_file(name: &str) -> PathBuf {
    root().join(FOLDER).join(format!("{name}.out"))
}

fn until(what: &str, mut is_there: impl FnMut() -> bool) -> Result<(), String> {
    let begun = Instant::now();
    while begun.elapsed() < READY_WITHIN {
        if is_there() {
            return Ok(());
        }
        sleep(LOOK_EVERY);
    }
    Err(format!("{what}: not there after {} s", READY_WITHIN.as_secs()))
}

fn tcp_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

fn udp_port() -> Result<u16, String> {
    let socket = UdpSocket::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    socket.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}
