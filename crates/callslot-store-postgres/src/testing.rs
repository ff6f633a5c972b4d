//! A PostgreSQL of its own for tests: Debian's programs, a folder of its own, loopback only. Not part of a release.
//!
//! Start reading at [`TestPostgres::start`].

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, thread};

use postgres::{Client, NoTls};

/// How many were started in this process.
static STARTED: AtomicU32 = AtomicU32::new(0);
/// How often a start is tried: after a kill, what it left behind is in its way for a moment.
const TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// A PostgreSQL that ends with this value.
#[derive(Debug)]
pub struct TestPostgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl TestPostgres {
    /// Makes and starts one in a new folder below `parent`. None, with a line that says so, where this machine has no PostgreSQL.
    #[must_use]
    pub fn start(parent: &Path) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!(
                "\n!!! SKIPPED: this machine has no PostgreSQL, so nothing of its store is tested. \
                 `apt-get install postgresql` brings it.\n"
            );
            return None;
        };
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("postgres-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = free.expect("a free port").port();
        let postgres = Self { programs, folder, port, databases: AtomicU32::new(0) };
        give_away(&postgres.folder);
        let mut create = postgres.program("initdb");
        create.args(["--auth=trust", "--username=postgres", "--no-sync", "--pgdata"]);
        let created = create.arg(postgres.data()).stdout(Stdio::null()).status();
        assert!(created.is_ok_and(|status| status.success()), "initdb fails");
        postgres.start_again();
        Some(postgres)
    }

    /// Starts it after it was stopped or killed, and waits until it answers.
    pub fn start_again(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=60",
            self.port
        );
        for _ in 0..TRIES {
            let mut start = self.program("pg_ctl");
            start.arg("-D").arg(self.data()).args(["-w", "-s", "-o", &options, "-l"]);
            start.arg(self.folder.join("log")).arg("start");
            let started = start.stdout(Stdio::null()).stderr(Stdio::null()).status();
            if started.is_ok_and(|status| status.success()) {
                return;
            }
            thread::park_timeout(BETWEEN_TRIES);
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start:\n{log}");
    }

    /// Kills it with SIGKILL, as a machine that loses its power would.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        let pid = pid.lines().next().expect("its number");
        let killed = Command::new("kill").args(["-KILL", pid]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the kill fails");
    }

    /// Stops it in an orderly way, with its connections.
    pub fn stop(&self) {
        self.end("fast");
    }

    /// A new database without tables.
    #[must_use]
    pub fn new_database(&self) -> String {
        self.make("template1")
    }

    /// A copy of the database at `url`, which nobody has open.
    #[must_use]
    pub fn copy_of(&self, url: &str) -> String {
        self.make(url.rsplit('/').next().unwrap_or_default())
    }

    fn make(&self, template: &str) -> String {
        let name = format!("trial_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut client = self.client("postgres");
        let made = client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        made.expect("a database");
        self.url(&name)
    }

    /// A connection to the database at `url`, as any program has it.
    #[must_use]
    pub fn client_of(url: &str) -> Client {
        Client::connect(url, NoTls).expect("a connection")
    }

    fn client(&self, database: &str) -> Client {
        Self::client_of(&self.url(database))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn end(&self, mode: &str) {
        let mut stop = self.program("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-w", "-s", "-m", mode, "stop"]);
        // It may have ended already.
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }

    /// One of its programs. It refuses to run as root, so it then runs as the user of its package, or as nobody.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder);
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        command
    }
}

fn give_away(folder: &Path) {
    if let Some((user, group)) = other_user() {
        chown(folder, Some(user), Some(group)).expect("the folder is given away");
    }
    fs::set_permissions(folder, PermissionsExt::from_mode(0o700)).expect("it is private");
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        self.end("immediate");
        // Nobody needs its data.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The user and group to run it as, if this is root.
fn other_user() -> Option<(u32, u32)> {
    if id(&["-u"])? != 0 {
        return None;
    }
    ["postgres", "nobody"].into_iter().find_map(|user| id(&["-u", user]).zip(id(&["-g", user])))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let said = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

/// The folder of PostgreSQL's programs: the newest of Debian's packages, or one in the search path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    packaged.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).unwrap_or_default();
        version.to_string_lossy().parse::<u32>().unwrap_or_default()
    });
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = packaged.into_iter().rev().chain(env::split_paths(&path));
    folders.find(|folder| {
        ["initdb", "postgres", "pg_ctl"].iter().all(|name| folder.join(name).is_file())
    })
}
