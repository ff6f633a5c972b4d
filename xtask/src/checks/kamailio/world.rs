//! The programs: the server, Kamailio, the bridge, an engine and callers, on ports of this machine that nobody uses.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::server::{Server, release};
use crate::process::step::{command, root};

const PAGE: &str = include_str!("../../../../docs/telephony/kamailio.md");
const SOURCES: &str = "xtask/kamailio";
const FOLDER: &str = "target/kamailio";
/// How many calls come in a second.
const RATE: u32 = 100;
/// How soon what is waited for happens.
const SOON: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
/// What a bridge's metrics have that is connected.
const CONNECTED: &str = "\ncallslot_bridge_connected 1\n";
/// The library of Debian's package `libfaketime`, as its `faketime` has it.
const FAKETIME: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// A program that is killed with all its processes when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Kamailio is many processes, in a group of their own.
        let _ = command(&format!("kill -KILL -- -{}", self.0.id())).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// Where everything is.
struct Places {
    sip: u16,
    events: u16,
    metrics: u16,
    /// Of a second bridge.
    other_metrics: u16,
    engine: u16,
    /// Where somebody hears everything and answers nothing.
    nobody: u16,
}

/// All programs.
pub struct World {
    pub server: Server,
    kamailio: Option<Running>,
    bridge: Option<Running>,
    _engine: Running,
    /// An engine that says nothing.
    _silent: UdpSocket,
    places: Places,
    folder: PathBuf,
}

/// How the calls of an agent stand.
pub struct Pool {
    pub active: u64,
    pub queued: u64,
}

/// A bridge that waits until the first is gone.
pub struct Second(Running);

/// Callers that `SIPp` plays; dropped, they vanish without a word.
pub struct Callers {
    running: Running,
    errors: PathBuf,
}

impl World {
    /// Starts all.
    pub fn start() -> Result<Self, String> {
        let folder = root().join(FOLDER);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let server = Server::start()?;
        let silent = UdpSocket::bind("127.0.0.1:0").map_err(failed)?;
        let nobody = silent.local_addr().map_err(failed)?.port();
        let places = Places {
            sip: free_udp()?,
            events: free_tcp()?,
            metrics: free_tcp()?,
            other_metrics: free_tcp()?,
            engine: free_udp()?,
            nobody,
        };
        fs::write(folder.join("kamailio.cfg"), configuration(&places)?).map_err(failed)?;
        fs::write(folder.join("bridge.toml"), settings(&places)).map_err(failed)?;
        let engine = sipp("engine", &folder, places.engine, &[])?;
        let mut world = Self {
            server,
            kamailio: None,
            bridge: None,
            _engine: engine,
            _silent: silent,
            places,
            folder,
        };
        world.server.said(&["agent", "put", "sales"], &world.server.admin)?;
        world.cap(1)?;
        world.replace_kamailio()?;
        world.replace_bridge()?;
        let config = world.folder.join("bridge.toml").display().to_string();
        world.server.said(&["bridge", "doctor", "--config", &config], &world.server.engine)?;
        Ok(world)
    }

    /// Lets that many calls of `support` be active at once.
    pub fn cap(&self, cap: u32) -> Result<(), String> {
        let words = ["agent", "put", "support", "--cap", &cap.to_string()];
        self.server.said(&words, &self.server.admin).map(drop)
    }

    /// Kills Kamailio.
    pub fn kill_kamailio(&mut self) {
        self.kamailio = None;
    }

    /// Kills Kamailio, if it runs, and starts it.
    pub fn replace_kamailio(&mut self) -> Result<(), String> {
        self.kill_kamailio();
        let log =
            File::create(self.folder.join("kamailio.log")).map_err(|error| error.to_string())?;
        let mut kamailio = Command::new("/usr/sbin/kamailio");
        kamailio
            .args(["-DD", "-E", "-m", "64", "-Y"])
            .arg(&self.folder)
            .arg("-f")
            .arg(self.folder.join("kamailio.cfg"))
            .stdout(Stdio::null())
            .stderr(log);
        self.kamailio = Some(start(&mut kamailio)?);
        let events = ("127.0.0.1", self.places.events);
        until("Kamailio listens", SOON, || Ok(TcpStream::connect(events).is_ok()))?;
        if self.bridge.is_some() { self.bridge_is_connected() } else { Ok(()) }
    }

    /// Kills the bridge.
    pub fn kill_bridge(&mut self) {
        self.bridge = None;
    }

    /// Kills the bridge, if it runs, and starts it.
    pub fn replace_bridge(&mut self) -> Result<(), String> {
        self.kill_bridge();
        self.bridge = Some(self.start_bridge(&[])?);
        self.bridge_is_connected()
    }

    /// The same, with a system clock that [`set_clock`](Self::set_clock) sets.
    pub fn replace_bridge_with_clock(&mut self) -> Result<(), String> {
        self.kill_bridge();
        self.set_clock("+0")?;
        let clock = self.folder.join("clock").display().to_string();
        self.bridge = Some(self.start_bridge(&[
            ("LD_PRELOAD", FAKETIME),
            ("FAKETIME_TIMESTAMP_FILE", &clock),
            ("FAKETIME_NO_CACHE", "1"),
            // Nobody sets that one.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ])?);
        self.bridge_is_connected()
    }

    /// Sets the bridge's system clock, as far from the right time as `offset` says.
    pub fn set_clock(&self, offset: &str) -> Result<(), String> {
        fs::write(self.folder.join("clock"), offset).map_err(|error| error.to_string())
    }

    /// Starts a second bridge with the same settings, but for where its metrics are.
    pub fn start_second_bridge(&mut self) -> Result<Second, String> {
        let Places { metrics, other_metrics, .. } = self.places;
        self.places.metrics = other_metrics;
        let written = fs::write(self.folder.join("bridge.toml"), settings(&self.places));
        let started =
            written.map_err(|error| error.to_string()).and_then(|()| self.start_bridge(&[]));
        (self.places.metrics, self.places.other_metrics) = (metrics, other_metrics);
        started.map(Second)
    }

    /// Kills the first bridge, and waits until the second is connected, which is the first from now on.
    pub fn hand_over(&mut self, second: Second) -> Result<(), String> {
        self.bridge = Some(second.0);
        std::mem::swap(&mut self.places.metrics, &mut self.places.other_metrics);
        self.bridge_is_connected()
    }

    fn start_bridge(&self, environment: &[(&str, &str)]) -> Result<Running, String> {
        let mut bridge = release("callslot");
        bridge
            .args(["bridge", "sip-proxy", "--log-level", "error", "--config"])
            .arg(self.folder.join("bridge.toml"))
            .env("CALLSLOT_URL", &self.server.url)
            .env("CALLSLOT_KEY", &self.server.engine)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped());
        let mut running = start(&mut bridge)?;
        let said = running.0.stdout.take().ok_or("the bridge has no output")?;
        let first = BufReader::new(said).lines().next().and_then(Result::ok).unwrap_or_default();
        if !first.starts_with("The bridge runs") {
            return Err("the bridge does not run".into());
        }
        Ok(running)
    }

    /// Has the bridge do nothing more, not even end.
    pub fn freeze_bridge(&self) -> Result<(), String> {
        let bridge = self.bridge.as_ref().ok_or("no bridge runs")?;
        let told = command(&format!("kill -STOP {}", bridge.0.id())).status();
        told.map(drop).map_err(|error| error.to_string())
    }

    /// Whether the first bridge has the proxy's calls, and the second waits.
    pub fn first_is_connected(&self) -> Result<(), String> {
        let of = |port| metrics(port).map(|page| page.contains(CONNECTED));
        match (of(self.places.metrics)?, of(self.places.other_metrics)?) {
            (true, false) => Ok(()),
            other => Err(format!("which of the bridges are connected: {other:?}")),
        }
    }

    /// Stops the bridge as an operator would.
    pub fn stop_bridge(&mut self) -> Result<(), String> {
        let mut bridge = self.bridge.take().ok_or("no bridge runs")?;
        command(&format!("kill -TERM {}", bridge.0.id())).status().map_err(|it| it.to_string())?;
        let mut status = None;
        until("the bridge stops", SOON, || {
            status = bridge.0.try_wait().map_err(|error| error.to_string())?;
            Ok(status.is_some())
        })?;
        let is_well = status.is_some_and(|status| status.success());
        if is_well { Ok(()) } else { Err("the bridge did not stop well".into()) }
    }

    /// Kills the server, and starts it.
    pub fn replace_server(&mut self) -> Result<(), String> {
        self.server.kill();
        self.server.start_again_there().map(drop)
    }

    fn bridge_is_connected(&self) -> Result<(), String> {
        until("the bridge is connected", SOON, || {
            Ok(metrics(self.places.metrics)?.contains(CONNECTED))
        })
    }

    /// Has callers call a number, who talk for that many milliseconds.
    pub fn call(
        &self,
        scenario: &str,
        number: &str,
        calls: u32,
        talk_ms: u32,
    ) -> Result<Callers, String> {
        self.call_with(scenario, number, calls, talk_ms, &[])
    }

    /// One caller with that Call-ID.
    pub fn call_as(
        &self,
        call_id: &str,
        scenario: &str,
        number: &str,
        talk_ms: u32,
    ) -> Result<Callers, String> {
        let nobody = self.places.nobody.to_string();
        let words = ["-cid_str", call_id, "-key", "nobody", &nobody];
        self.call_with(scenario, number, 1, talk_ms, &words)
    }

    fn call_with(
        &self,
        scenario: &str,
        number: &str,
        calls: u32,
        talk_ms: u32,
        more: &[&str],
    ) -> Result<Callers, String> {
        let port = free_udp()?;
        let proxy = format!("127.0.0.1:{}", self.places.sip);
        let (calls, talk_ms, rate) = (calls.to_string(), talk_ms.to_string(), RATE.to_string());
        let words = [&*proxy, "-s", number, "-m", &calls, "-r", &rate, "-d", &talk_ms];
        let running = sipp(scenario, &self.folder, port, &[&words, more].concat())?;
        Ok(Callers { running, errors: errors(&self.folder, port) })
    }

    /// Waits until the calls of an agent stand so.
    pub fn until(
        &self,
        what: &str,
        agent: &str,
        is_so: impl Fn(&Pool) -> bool,
    ) -> Result<(), String> {
        until(what, SOON, || self.pool(agent).map(|pool| is_so(&pool)))
    }

    /// Waits until no call of an agent holds a slot or waits.
    pub fn all_are_free(&self, agent: &str, within: Duration) -> Result<(), String> {
        until("no slot is held", within, || {
            self.pool(agent).map(|pool| pool.active == 0 && pool.queued == 0)
        })
    }

    fn pool(&self, agent: &str) -> Result<Pool, String> {
        let said = self.server.said(&["status", "--json"], &self.server.admin)?;
        let pool: Value =
            serde_json::from_str(&said).map_err(|error| format!("{said}: {error}"))?;
        let agents = pool["agents"].as_array().ok_or("there are no agents")?;
        let it = agents.iter().find(|it| it["id"] == agent).ok_or("no such agent")?;
        let figure = |name: &str| it[name].as_u64().ok_or_else(|| format!("no {name}"));
        Ok(Pool { active: figure("active")?, queued: figure("queued")? })
    }

    /// The last of what Kamailio says.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("kamailio.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Callers {
    /// Waits until all are done, each as its scenario says.
    pub fn get_through(mut self, within: Duration) -> Result<(), String> {
        let mut status = None;
        until("the callers are done", within, || {
            status = self.running.0.try_wait().map_err(|error| error.to_string())?;
            Ok(status.is_some())
        })?;
        if status.is_some_and(|status| status.success()) {
            return Ok(());
        }
        let errors = fs::read_to_string(&self.errors).unwrap_or_default();
        let begin: Vec<&str> = errors.lines().take(12).collect();
        Err(format!("not all callers got through\n{}", begin.join("\n")))
    }
}

fn metrics(port: u16) -> Result<String, String> {
    let page = command(&format!("curl -s http://127.0.0.1:{port}/metrics"))
        .output()
        .map_err(|error| format!("curl: {error}"))?;
    Ok(String::from_utf8_lossy(&page.stdout).into_owned())
}

/// The configuration that the page prints, with other addresses.
fn configuration(places: &Places) -> Result<String, String> {
    let printed = PAGE.split("```kamailio\n").nth(1).and_then(|rest| rest.split("```").next());
    let printed = printed.ok_or("the page has no configuration")?;
    if printed.lines().count() > 150 {
        return Err("the configuration of the page is longer than 150 lines".into());
    }
    let mut text = printed.to_owned();
    let (sip, events) = (places.sip, places.events);
    for (old, new) in [
        ("udp:0.0.0.0:5060", format!("udp:127.0.0.1:{sip}")),
        ("127.0.0.1:8448", format!("127.0.0.1:{events}")),
    ] {
        if !text.contains(old) {
            return Err(format!("the configuration of the page has no {old}"));
        }
        text = text.replace(old, &new);
    }
    Ok(text)
}

fn settings(places: &Places) -> String {
    let Places { events, metrics, engine, nobody, .. } = places;
    let number = |number: &str, agent: &str, max_wait_s: u32, more: &str| {
        format!(
            "[[number]]\nnumber = \"{number}\"\nagent = \"{agent}\"\nmax_wait_s = {max_wait_s}\n{more}\n"
        )
    };
    let there = format!("connect = {{ sip = \"sip:{{to}}@127.0.0.1:{engine}\" }}");
    let nowhere = format!(
        "connect = {{ sip = \"sip:{{to}}@127.0.0.1:{nobody}\" }}\noverflow = [{{ sip = \"sip:{{to}}@127.0.0.1:{engine}\" }}]"
    );
    let redirect = format!("{there}\noverflow = [{{ redirect = \"sip:voicemail@127.0.0.1\" }}]");
    [
        format!(
            "metrics_listen = \"127.0.0.1:{metrics}\"\ngrace_s = 5\nask_after_s = 2\n\
             [sip_proxy]\nevents = \"127.0.0.1:{events}\"\nretry_after_s = 7\n"
        ),
        number("+4930", "support", 60, &there),
        number("+4931", "sales", 60, &nowhere),
        number("+4932", "support", 1, &there),
        number("+4933", "support", 1, &redirect),
        number("+4934", "sales", 60, &there),
    ]
    .concat()
}

/// Plays a scenario.
fn sipp(scenario: &str, folder: &Path, port: u16, words: &[&str]) -> Result<Running, String> {
    let mut sipp = Command::new("sipp");
    sipp.args(words)
        .arg("-sf")
        .arg(root().join(SOURCES).join(format!("{scenario}.xml")))
        .args(["-i", "127.0.0.1", "-p", &port.to_string(), "-nostdin", "-aa", "-trace_err"])
        .arg("-error_file")
        .arg(errors(folder, port))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    start(&mut sipp)
}

fn errors(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!("sipp-{port}.log"))
}

/// Starts a program in a group of its own.
fn start(program: &mut Command) -> Result<Running, String> {
    let name = program.get_program().to_string_lossy().into_owned();
    let child = program.stdin(Stdio::null()).process_group(0).spawn();
    child.map(Running).map_err(|error| format!("{name}: {error}"))
}

fn until(
    what: &str,
    within: Duration,
    mut is_so: impl FnMut() -> Result<bool, String>,
) -> Result<(), String> {
    let begun = Instant::now();
    while !is_so()? {
        if begun.elapsed() >= within {
            return Err(format!("waited for {} s in vain until {what}", within.as_secs()));
        }
        sleep(PAUSE);
    }
    Ok(())
}

fn free_udp() -> Result<u16, String> {
    let socket = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    socket.map(|address| address.port()).map_err(|error| error.to_string())
}

fn free_tcp() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| error.to_string())
}
