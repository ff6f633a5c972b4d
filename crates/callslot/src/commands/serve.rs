//! `callslot serve`, and the commands that work on its data directory.

use std::io::IsTerminal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use callslot_server::{Dashboard, DashboardFile, FirstStart, Naming, Server, ServerConfig};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, Serve};
use crate::output::{Failure, print_line};
use crate::process::open_files;
use crate::settings::Settings;

/// Runs the server until it is told to stop.
pub fn serve(flags: &Serve) -> Result<(), Failure> {
    let settings = Settings::of(flags)?;
    log_to_stderr(settings.log_filter()?, settings.log_format);
    open_files::allow_as_many_as_possible();
    runtime()?.block_on(run(settings))
}

/// The threads that a server runs on.
pub fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::said(format!("threads cannot be started: {error}")))
}

async fn run(settings: Settings) -> Result<(), Failure> {
    let data = settings.server.data.clone();
    let config = ServerConfig { dashboard: dashboard(), ..settings.server };
    let server = Server::start(config).await?;
    let address = server
        .local_addr()
        .map_err(|error| Failure::said(format!("the address listened on is unknown: {error}")))?;
    let url = format!("http://{address}");
    // Whoever reads that it listens may tell it to stop at once.
    let signals = Signals::catch();
    if let Some(first) = server.first_start() {
        print_line(&first_words(first, &format!("http://{}", reachable(address))));
    }
    print_line(&format!("Callslot listens on {url}; its data is in {}", data.display()));
    if let Some(address) = server.metrics_addr() {
        print_line(&format!("Metrics are at http://{address}/metrics"));
    }
    server.run_until(signals.told_to_stop()).await;
    print_line("Callslot has stopped; everything answered is on disk");
    Ok(())
}

/// An address that a browser on this machine reaches.
fn reachable(listening: SocketAddr) -> SocketAddr {
    match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, listening.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, listening.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => listening,
    }
}

/// The dashboard that was built into this binary, if there is one.
pub fn dashboard() -> Option<Dashboard> {
    Dashboard::of(callslot_dashboard::FILES.iter().map(|file| DashboardFile {
        path: file.path,
        content_type: file.content_type,
        bytes: file.bytes,
        brotli: file.brotli,
        naming: if file.is_named_by_content { Naming::ByContent } else { Naming::ByPlace },
    }))
}

/// What a first start tells, this once.
fn first_words(first: &FirstStart, url: &str) -> String {
    let operator = match &first.operator_key {
        Some(key) => format!("  operator key              {key}\n"),
        None => String::new(),
    };
    format!(
        "This is the first start. This link signs you in to the dashboard, once and within an hour:\n\
         \x20 {link}\n\n\
         These keys are shown this once; keep them:\n\
         \x20 admin key of \"{org}\"    {admin}\n{operator}\n\
         Create an agent and start a call:\n\
         \x20 curl -X PUT {url}/v1/agents/support -H 'authorization: Bearer {admin}' \\\n\
         \x20   -H 'content-type: application/json' -d '{{\"name\":\"Support\"}}'\n\
         \x20 curl -X POST {url}/v1/calls -H 'authorization: Bearer {admin}' \\\n\
         \x20   -H 'content-type: application/json' -d '{{\"agent\":\"support\",\"type\":\"chat\"}}'\n\n\
         API reference: {url}/docs\n",
        link = sign_in_link(url, &first.sign_in_code),
        org = first.org,
        admin = first.admin_key,
    )
}

/// The page that signs a browser in with a code. What stands behind the `#` is sent to no server and is in no log.
pub fn sign_in_link(url: &str, code: &str) -> String {
    format!("{}/sign-in#{code}", url.trim_end_matches('/'))
}

/// Writes what the server says of its work to standard error.
pub fn log_to_stderr(filter: EnvFilter, format: LogFormat) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    match format {
        LogFormat::Pretty => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// The signals that ask a server to stop.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From now on they no longer end the process by themselves.
    pub fn catch() -> Self {
        let caught = |kind| signal(kind).expect("signals can be waited for");
        Self {
            interrupt: caught(SignalKind::interrupt()),
            terminate: caught(SignalKind::terminate()),
        }
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits for the first one. A second one ends the process at once.
    pub async fn told_to_stop(mut self) {
        self.next().await;
        print_line(
            "Callslot is stopping: open requests finish first (a second signal ends it at once)",
        );
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }
}

/// Copies the data to a file.
pub fn backup(data: &Path, file: &Path) -> Result<(), Failure> {
    callslot_server::backup(data, file)?;
    print_line(&format!("{} is in {}", data.display(), file.display()));
    Ok(())
}

/// Makes a data directory from a backup.
pub fn restore(file: &Path, data: &Path) -> Result<(), Failure> {
    callslot_server::restore(file, data)?;
    print_line(&format!(
        "{} holds what was in {}; start it with `callslot serve --data {}`",
        data.display(),
        file.display(),
        data.display()
    ));
    Ok(())
}
