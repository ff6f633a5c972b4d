//! `callslot doctor`: diagnoses common problems, each with its fix.

#[cfg(feature = "postgres")]
mod database;
mod finding;

use std::fs::{self, File};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use callslot_api::{Problem, Time};
use callslot_server::{
    Stopwatch, TlsFiles, doubted_ms, inspect_certificate, wall_now, with_advice,
};
use callslot_store::{Position, StoreError};
use callslot_store_sqlite::{Inspection, inspect, seen_time_in};
use clap::Args;
use rustix::process::{Resource, getrlimit};

use self::finding::{Finding, Outcome, finding, row};
use crate::commands::server::ready::any_certificate;
use crate::commands::server::serve::reachable;
use crate::failure::Failure;
use crate::output::{print_json, print_table, span};
use crate::settings::{DataDirectory, Database};
#[cfg(not(feature = "postgres"))]
use crate::store;

/// How many small writes are synced to measure the disk.
const SYNCS: u32 = 20;
/// A disk that takes longer than this for a sync, on average, slows calls down.
const SLOW_SYNC: Duration = Duration::from_millis(10);
/// How long a program that listens on the server's address has to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// With fewer, a server with many connections runs out of files.
const ENOUGH_FILES: u64 = 4_096;
/// A certificate that expires within 14 days should have been renewed.
const SOON_EXPIRED_MS: u64 = 14 * 86_400_000;
/// 2024-01-01, in milliseconds since the epoch: no correct clock shows less.
const PLAUSIBLE_SINCE_MS: u64 = 1_704_067_200_000;

/// Diagnoses common problems.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot doctor\n  callslot doctor --data /var/lib/callslot --listen 0.0.0.0:7070"
)]
pub struct Doctor {
    #[command(flatten)]
    data: DataDirectory,
    /// The PostgreSQL database that holds the data in the place of the data directory
    #[arg(long, env = "CALLSLOT_STORE", hide_env_values = true, value_name = "URL", value_parser = Database::from_str)]
    store: Option<Database>,
    /// The address the server will listen on
    #[arg(long, env = "CALLSLOT_LISTEN", default_value = "127.0.0.1:7070")]
    listen: SocketAddr,
    /// The PEM file of the certificate that the server will show
    #[arg(long, env = "CALLSLOT_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The PEM file of its key (default: that of --tls-cert)
    #[arg(long, env = "CALLSLOT_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Runs all checks and fails if one is bad.
    pub fn run(&self) -> Result<(), Failure> {
        let mut findings = match &self.store {
            Some(database) => self.on_database(database),
            None => self.on_directory(),
        };
        if let Some(certificate) = &self.tls_cert {
            let key = self.tls_key.as_ref().unwrap_or(certificate).clone();
            findings.push(tls(&TlsFiles { certificate: certificate.clone(), key }));
        }
        if self.json {
            print_json(&findings);
        } else {
            print_table(&findings.iter().map(row).collect::<Vec<_>>());
        }
        match findings.iter().filter(|finding| finding.outcome == Outcome::Bad).count() {
            0 => Ok(()),
            bad => {
                Err(Failure::said(format!("{bad} of {} checks failed; see above", findings.len())))
            }
        }
    }
}

impl Doctor {
    fn on_directory(&self) -> Vec<Finding> {
        let data = &self.data.data;
        let inspected = inspect(data);
        let is_running = matches!(inspected, Ok(Inspection::InUse));
        vec![
            port(self.listen, is_running),
            store(data, inspected),
            disk(data),
            files(),
            clock(data),
        ]
    }

    fn on_database(&self, url: &Database) -> Vec<Finding> {
        #[cfg(feature = "postgres")]
        let (found, is_held) = database::findings(&url.0);
        #[cfg(not(feature = "postgres"))]
        let (found, is_held) = (without_postgres(&url.0), false);
        let mut findings = vec![port(self.listen, is_held)];
        findings.extend(found);
        findings.push(files());
        findings
    }
}

#[cfg(not(feature = "postgres"))]
fn without_postgres(url: &str) -> Vec<Finding> {
    let failed = |error| (with_advice(&error), "use a binary with the feature `postgres`");
    vec![finding("store", store::open_database(url, None).map(|_| String::new()).map_err(failed))]
}

/// `is_running` says whether a server has the data directory open.
fn port(address: SocketAddr, is_running: bool) -> Finding {
    let found = match TcpListener::bind(address) {
        Ok(_) => Ok(format!("{address} is free")),
        Err(error) if !is_callslot(address) => Err((
            format!("cannot listen on {address} ({error}), and no Callslot answers there"),
            "stop the program that has the address, or choose another one with --listen",
        )),
        Err(_) if is_running => Ok(format!("Callslot is running at {address}")),
        Err(_) => Err((
            format!("Callslot is running at {address} with another data directory"),
            "name that directory with --data, or choose another address with --listen",
        )),
    };
    finding("address", found)
}

/// Whether Callslot answers at this address, with TLS or without. It refuses a request without a key, in a form of its own.
fn is_callslot(address: SocketAddr) -> bool {
    let http = any_certificate(ANSWER_TIMEOUT);
    ["http", "https"].into_iter().any(|scheme| {
        let url = format!("{scheme}://{}/v1/concurrency", reachable(address));
        let answer = http.get(url).call().and_then(|mut answer| answer.body_mut().read_json());
        answer.is_ok_and(|problem: Problem| problem.kind.starts_with("urn:callslot:"))
    })
}

/// Whether the certificate and its key can be used, and for how long.
fn tls(files: &TlsFiles) -> Finding {
    let place = files.certificate.display();
    let found = match inspect_certificate(files) {
        Ok(found) => found,
        Err(error) => {
            let fix = "the server will not start until this is fixed";
            return finding("certificate", Err((error.to_string(), fix)));
        }
    };
    let expires_at = Time(found.expires_at_s.saturating_mul(1000));
    let left_ms = expires_at.0.saturating_sub(wall_now().0);
    match left_ms {
        0 => finding(
            "certificate",
            Err((
                format!("{place} expired at {expires_at}"),
                "renew it; a running server shows the new one by itself",
            )),
        ),
        1..SOON_EXPIRED_MS => Finding {
            check: "certificate",
            outcome: Outcome::Soon,
            found: format!("{place} expires in {}, at {expires_at}", span(left_ms)),
            fix: Some("renew it; a running server shows the new one by itself".into()),
        },
        _ => finding("certificate", Ok(format!("{place} expires at {expires_at}"))),
    }
}

fn store(data: &Path, inspected: Result<Inspection, StoreError>) -> Finding {
    let place = data.display();
    let found = inspected.map(|found| match found {
        Inspection::Nothing => format!("{place} does not exist yet; the first start creates it"),
        Inspection::InUse => format!("{place} is open in a running server"),
        Inspection::Records { of_shards } => match &of_shards[..] {
            [(start, end)] => format!("{place} holds records {} to {}", start.0, end.0),
            several => {
                let kept = |&(start, end): &(Position, Position)| end.next().0 - start.0;
                let records: u64 = several.iter().map(kept).sum();
                format!("{place} holds {} shards, and {records} records in them", several.len())
            }
        },
    });
    let failed = |error| (with_advice(&error), "the server will not start until this is fixed");
    finding("store", found.map_err(failed))
}

fn disk(data: &Path) -> Finding {
    let directory = if data.is_dir() { data } else { data.parent().unwrap_or(Path::new(".")) };
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    match sync_latency(directory) {
        Ok(latency) if latency <= SLOW_SYNC => {
            finding("disk", Ok(format!("a durable write takes {} µs", latency.as_micros())))
        }
        Ok(latency) => Finding {
            check: "disk",
            outcome: Outcome::Slow,
            found: format!("a durable write takes {} ms", latency.as_millis()),
            fix: Some("every call waits for one; put the data directory on a faster disk".into()),
        },
        Err(error) => finding(
            "disk",
            Err((
                format!("cannot write to {} ({error})", directory.display()),
                "free some space, or give this user write permission",
            )),
        ),
    }
}

/// How long a small write takes to be durable, on average.
fn sync_latency(directory: &Path) -> std::io::Result<Duration> {
    let path = directory.join(format!(".callslot-doctor-{}", std::process::id()));
    let mut file = File::create(&path)?;
    let measure = |file: &mut File| {
        let begun = Stopwatch::start();
        for _ in 0..SYNCS {
            file.write_all(&[0; 512])?;
            file.sync_data()?;
        }
        Ok(begun.elapsed() / SYNCS)
    };
    let latency = measure(&mut file);
    fs::remove_file(&path)?;
    latency
}

fn files() -> Finding {
    // The server raises its own limit that far.
    let limit = getrlimit(Resource::Nofile).maximum;
    finding(
        "open files",
        match limit {
            Some(limit) if limit < ENOUGH_FILES => Err((
                format!("a server started here may open {limit} files"),
                "each connection needs one; raise the limit (`ulimit -Hn 65536`, or LimitNOFILE= in systemd)",
            )),
            Some(limit) => Ok(format!("a server started here may open {limit} files")),
            None => Ok("a server started here may open any number of files".into()),
        },
    )
}

fn clock(data: &Path) -> Finding {
    let now = wall_now();
    let shows = format!("it shows {}", callslot_api::Time(now.0));
    if now.0 < PLAUSIBLE_SINCE_MS {
        return finding("clock", Err((shows, "set it, for example with NTP")));
    }
    // A store that cannot be read is a finding of its own.
    let seen = seen_time_in(data).ok().flatten();
    let ahead_ms = seen.and_then(|seen| doubted_ms(&seen, now));
    finding(
        "clock",
        ahead_ms.map_or(Ok(shows.clone()), |ahead_ms| Err(unbelieved(&shows, ahead_ms))),
    )
}

/// What there is to say of a clock that is too far ahead of what the server has seen.
fn unbelieved(shows: &str, ahead_ms: u64) -> (String, &'static str) {
    let hours = ahead_ms / 3_600_000;
    (
        format!("{shows}, {hours} hours more than the data say, so nothing is removed from them"),
        "set the clock, or if it is right, start once with `callslot serve --confirm-clock`",
    )
}
