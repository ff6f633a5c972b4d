//! Other projects' servers for the bench: each on a free port and data of its own, set up as its manual advises for the
//! machine, and removed with its data when the bench is done with it. Never the machine's own services.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use crate::process::packages;

/// How often a starting server is asked whether it is ready, and how long between: 20 s in all.
const ASKED: (u32, Duration) = (400, Duration::from_millis(50));
/// More memory than this for PostgreSQL's own cache does not help a load of small rows.
const MOST_SHARED_BUFFERS_MIB: u64 = 8 << 10;

/// How Redis keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// Synced before each answer.
    Always,
    /// Synced once a second.
    EverySecond,
    /// Not at all.
    None,
}

impl Persistence {
    fn settings(self) -> [&'static str; 4] {
        match self {
            Self::Always => ["--appendonly", "yes", "--appendfsync", "always"],
            Self::EverySecond => ["--appendonly", "yes", "--appendfsync", "everysec"],
            Self::None => ["--appendonly", "no", "--appendfsync", "no"],
        }
    }
}

/// A server that runs until it is dropped.
pub struct Running {
    process: Option<Child>,
    folder: PathBuf,
    /// Where it listens, on this machine.
    pub port: u16,
}

impl Running {
    /// Starts Redis.
    pub fn redis(persistence: Persistence) -> Result<Self, String> {
        packages::need(&[packages::REDIS])?;
        let mut running = Self::prepared("redis")?;
        let port = running.port.to_string();
        let mut server = Command::new("redis-server");
        server.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--dir"]);
        server.arg(&running.folder).args(persistence.settings());
        server.args(["--maxmemory-policy", "noeviction"]);
        // A run is too short for Callslot's first snapshot, so it has none of these either.
        server.args(["--auto-aof-rewrite-percentage", "0"]);
        running.start(server, Command::new("redis-cli").args(["-p", &port, "ping"]))?;
        Ok(running)
    }

    /// Starts PostgreSQL, on a cluster that it creates.
    pub fn postgres() -> Result<Self, String> {
        let programs = postgres_programs()?;
        let mut running = Self::prepared("postgres")?;
        let cluster = running.folder.join("cluster");
        let mut create = as_postgres(&programs.join("initdb"), &running.folder)?;
        create.args(["--auth=trust", "--username=postgres", "--no-sync", "--pgdata"]).arg(&cluster);
        let created = create.stdout(Stdio::null()).status();
        if !created.is_ok_and(|status| status.success()) {
            return Err("PostgreSQL's initdb failed".into());
        }
        let port = running.port.to_string();
        let memory_mib = memory_mib()?;
        let mut server = as_postgres(&programs.join("postgres"), &running.folder)?;
        server.arg("-D").arg(&cluster);
        for setting in [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            format!("shared_buffers={}MB", (memory_mib / 4).min(MOST_SHARED_BUFFERS_MIB)),
            format!("effective_cache_size={}MB", memory_mib / 2),
            "max_wal_size=4GB".into(),
            "synchronous_commit=on".into(),
        ] {
            server.args(["-c", &setting]);
        }
        let mut is_ready = Command::new(programs.join("pg_isready"));
        running.start(server, is_ready.args(["--host=127.0.0.1", "--port", &port]))?;
        Ok(running)
    }

    /// Gives it a folder and a port.
    fn prepared(name: &str) -> Result<Self, String> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let own = format!("callslot-bench-{}-{name}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir(&folder).map_err(failed)?;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = free.map_err(failed)?.port();
        Ok(Self { process: None, folder, port })
    }

    /// Starts it and waits until it is ready.
    fn start(&mut self, mut server: Command, is_ready: &mut Command) -> Result<(), String> {
        let name = server.get_program().to_string_lossy().into_owned();
        let words = self.folder.join("words");
        let file = fs::File::create(&words).map_err(|error| format!("{name}: {error}"))?;
        let and_errors = file.try_clone().map_err(|error| format!("{name}: {error}"))?;
        let started = server.stdin(Stdio::null()).stdout(file).stderr(and_errors).spawn();
        self.process = Some(started.map_err(|error| format!("{name} did not start: {error}"))?);
        is_ready.stdout(Stdio::null()).stderr(Stdio::null());
        for _ in 0..ASKED.0 {
            if is_ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            sleep(ASKED.1);
        }
        let words = fs::read_to_string(words).unwrap_or_default();
        Err(format!("{name} did not become ready; its output was:\n{words}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // A kill would leave the processes that PostgreSQL has started. It may have ended on its own.
            let asked = Command::new("kill").args(["-INT", &process.id().to_string()]).status();
            if !asked.is_ok_and(|status| status.success()) {
                let _ = process.kill();
            }
            let _ = process.wait();
        }
        // Nobody needs its data.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of PostgreSQL's programs: the newest of Debian's packages, or one in the search path.
pub fn postgres_programs() -> Result<PathBuf, String> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    packages::need(&[packages::POSTGRESQL])?;
    find_postgres().ok_or_else(|| "PostgreSQL is installed, but its `initdb` is not found".into())
}

fn find_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    packaged.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).unwrap_or_default();
        version.to_string_lossy().parse::<u32>().unwrap_or_default()
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = packaged.into_iter().rev().chain(std::env::split_paths(&path));
    folders.find(|folder| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

/// A program of PostgreSQL. It refuses to run as root, so it then runs as the user of its package.
fn as_postgres(program: &Path, folder: &Path) -> Result<Command, String> {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if id(&["-u"])? == 0 {
        let (user, group) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?);
        let given = chown(folder, Some(user), Some(group));
        let private =
            given.and_then(|()| fs::set_permissions(folder, PermissionsExt::from_mode(0o700)));
        private.map_err(|error| format!("{}: {error}", folder.display()))?;
        command.uid(user).gid(group);
    }
    Ok(command)
}

fn id(words: &[&str]) -> Result<u32, String> {
    let said = Command::new("id").args(words).output().map(|output| output.stdout);
    let number = said.ok().and_then(|said| String::from_utf8(said).ok()?.trim().parse().ok());
    number.ok_or_else(|| format!("`id {}` says no number", words.join(" ")))
}

/// How much memory the machine has.
pub fn memory_mib() -> Result<u64, String> {
    let told = fs::read_to_string("/proc/meminfo").map_err(|error| format!("memory: {error}"))?;
    let total = told.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = total.and_then(|total| total.split_whitespace().next()?.parse::<u64>().ok());
    kib.map(|kib| kib >> 10).ok_or_else(|| "/proc/meminfo does not tell the memory".into())
}

/// A program's own line about its version.
pub fn version_of(program: impl Into<OsString>) -> String {
    let output = Command::new(program.into()).arg("--version").output();
    output
        .map_or_else(|_| "?".into(), |output| String::from_utf8_lossy(&output.stdout).trim().into())
}
