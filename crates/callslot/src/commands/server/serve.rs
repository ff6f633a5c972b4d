//! `callslot serve`: runs the server until it is stopped.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use callslot_api::Time;
use callslot_server::{FirstStart, Server, ServerConfig, wall_now};
use clap::Args;

use crate::failure::Failure;
use crate::output::print_line;
use crate::process::logging::log_to_stderr;
use crate::process::runtime;
use crate::process::signals::{Signals, on_hangup};
use crate::process::{memory, open_files};
use crate::settings::{Resolved, Settings};
use crate::store;
use crate::web_app::{self, sign_in_link};

/// Flags of the server. Settings that are not given come from the settings file, and then from the defaults.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot serve\n  callslot serve --listen 0.0.0.0:7070 --data /var/lib/callslot\n  \
    CALLSLOT_OPERATOR_KEY=... callslot serve --log-format json\n  \
    callslot serve --listen 0.0.0.0:7443 --tls-cert fullchain.pem --tls-key privkey.pem\n\n\
    Every flag is also a key of the settings file: `listen = \"0.0.0.0:7070\"`."
)]
pub struct Serve {
    /// The settings file (default: callslot.toml, if it exists)
    #[arg(long, env = "CALLSLOT_CONFIG")]
    config: Option<PathBuf>,
    /// Says, for one start, that the clock is right although it is more than a day ahead of the log's last time
    #[arg(long)]
    confirm_clock: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Serve {
    pub fn run(self) -> Result<(), Failure> {
        let mut settings = Resolved::of(self.settings, self.config.as_deref())?;
        settings.server.confirms_clock = self.confirm_clock;
        log_to_stderr(settings.log_filter()?, settings.log_format);
        open_files::allow_as_many_as_possible();
        memory::use_small_pages();
        runtime()?.block_on(serve(settings))
    }
}

async fn serve(settings: Resolved) -> Result<(), Failure> {
    let is_tls = settings.server.tls_cert.is_some();
    let store = settings.store.map(|database| database.0);
    let place = match &store {
        Some(_) => "a PostgreSQL database".to_owned(),
        None => settings.server.data.display().to_string(),
    };
    if !settings.behind_proxy
        && !is_tls
        && let Some(warning) = exposed(settings.server.listen)
    {
        tracing::warn!("{warning}");
    }
    let config = ServerConfig { dashboard: web_app::embedded(), ..settings.server };
    let shards = settings.shards.map(|shards| shards.0);
    let open = |data: &Path| match &store {
        Some(url) => store::open_database(url, shards),
        None => store::open(data, shards),
    };
    let server = Server::start(config, open).await?;
    let address = server
        .local_addr()
        .map_err(|error| Failure::said(format!("the address listened on is unknown: {error}")))?;
    let scheme = if is_tls { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    if let Some(renewal) = server.certificate_renewal() {
        let expires_at = Time(renewal.expires_at_s().saturating_mul(1000));
        if expires_at.0 <= wall_now().0 {
            tracing::warn!("the certificate expired at {expires_at}; clients will refuse it");
        }
        on_hangup(move || renewal.ask());
    }
    // A reader of the line below may tell it to stop at once.
    let signals = Signals::catch();
    if let Some(first) = server.first_start() {
        print_line(&first_words(first, &format!("{scheme}://{}", reachable(address))));
    }
    print_line(&format!("Callslot listens on {url}; its data is in {place}"));
    if let Some(address) = server.metrics_addr() {
        print_line(&format!("Metrics are at http://{address}/metrics"));
    }
    server.run_until(signals.told_to_stop()).await;
    print_line("Callslot has stopped; everything answered is on disk");
    Ok(())
}

/// What to warn of where other machines reach an address: keys would travel in the clear.
fn exposed(listen: SocketAddr) -> Option<String> {
    let is_loopback = listen.ip().to_canonical().is_loopback();
    (!is_loopback).then(|| {
        format!(
            "other machines reach {listen}, and Callslot speaks plain HTTP: keys and calls can be read on the way; give it a \
             certificate with --tls-cert, or let a proxy in front speak TLS and set --behind-proxy, or listen on 127.0.0.1"
        )
    })
}

/// An address that a browser on this machine reaches.
pub fn reachable(listening: SocketAddr) -> SocketAddr {
    match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, listening.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, listening.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => listening,
    }
}

/// The message of a first start, printed only once.
fn first_words(first: &FirstStart, url: &str) -> String {
    let operator = match &first.operator_key {
        Some(key) => format!("  operator key              {key}\n"),
        None => String::new(),
    };
    format!(
        "First start. Sign in to the dashboard with this link; it works once, within an hour:\n\
         \x20 {link}\n\n\
         These keys are shown only once; save them:\n\
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_other_machines_reach_is_warned_of() {
        let warns = |address: &str| exposed(address.parse().expect("an address")).is_some();
        for loopback in ["127.0.0.1:7070", "127.9.9.9:1", "[::1]:7070", "[::ffff:127.0.0.1]:1"] {
            assert!(!warns(loopback), "{loopback}");
        }
        for reached in ["0.0.0.0:7070", "[::]:7070", "192.0.2.1:1", "[2001:db8::1]:1"] {
            assert!(warns(reached), "{reached}");
        }
    }
}
