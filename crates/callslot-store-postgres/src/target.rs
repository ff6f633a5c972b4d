//! Where the database is, how to reach it, and how each connection is set up.
//!
//! TLS is verified in full unless the database is on this machine: see [`Target::parse`].

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callslot_store::{Failure, StoreError};
use postgres::config::{Host, SslMode, TargetSessionAttrs};
use postgres::{Config, NoTls};

use crate::errors::{Error, failed, of_postgres};
use crate::limits::{CONNECT_TIMEOUT, SILENCE, SILENCES, UNACKNOWLEDGED};
use crate::session::Session;
use crate::tls::{Tls, verified};

/// What every connection of the store sets. Commits wait for the disk. Nothing is ever cancelled, and so there is no time-out of
/// statements: an append that was cancelled while it waited for a replica would look like one that succeeded. The tables of the log have
/// no statistics, so the planner is told to use their indexes.
const OPTIONS: &str = "-c search_path=callslot -c synchronous_commit=on -c statement_timeout=0 \
    -c idle_in_transaction_session_timeout=10s -c client_connection_check_interval=2s -c enable_seqscan=off -c enable_bitmapscan=off \
    -c jit=off -c plan_cache_mode=force_generic_plan -c client_min_messages=warning";

/// A database, and how to reach it.
pub(crate) struct Target {
    config: Config,
    tls: Option<Tls>,
    shown: String,
}

impl Target {
    /// Reads `postgres://user:password@host:port/database?…`. Besides what PostgreSQL's own programs know there, `sslmode` is `verify-full`
    /// or `disable`; it is the former unless every host is a socket or this machine. `sslrootcert` names a file of authorities in the
    /// place of those that browsers trust. The password may come from `PGPASSWORD`.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let (url, own) = without_own(url)?;
        let mut config = Config::from_str(&url).map_err(|error| of_postgres(&error))?;
        if config.get_hosts().is_empty() {
            config.host("127.0.0.1");
        }
        if config.get_password().is_none()
            && let Some(password) = std::env::var_os("PGPASSWORD")
        {
            config.password(password.as_encoded_bytes());
        }
        let is_here = config.get_hosts().iter().all(is_here);
        let verifies = own.verifies.unwrap_or(!is_here);
        config.ssl_mode(if verifies { SslMode::Require } else { SslMode::Disable });
        let tls = verifies.then(|| verified(own.authorities.as_deref())).transpose()?;
        config.connect_timeout(CONNECT_TIMEOUT).tcp_user_timeout(UNACKNOWLEDGED);
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE).keepalives_retries(SILENCES);
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("callslot");
        }
        let shown = shown(&config);
        Ok(Self { config, tls, shown })
    }

    /// Where it is, without a password.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// A connection that is set up for the store.
    pub(crate) fn connect(&self) -> Result<Session, Error> {
        self.connect_with(OPTIONS)
    }

    /// A connection with the database's own settings.
    pub(crate) fn connect_plainly(&self) -> Result<Session, Error> {
        self.connect_with("")
    }

    fn connect_with(&self, options: &str) -> Result<Session, Error> {
        let doubt = Arc::new(AtomicBool::new(false));
        let doubted = Arc::clone(&doubt);
        let mut config = self.config.clone();
        if !options.is_empty() {
            config.options(options);
        }
        config.notice_callback(move |notice| {
            if notice.message().contains("synchronous replication") {
                doubted.store(true, Ordering::Release);
            }
            tracing::warn!(message = notice.message(), "the database gave notice");
        });
        let client = match &self.tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        };
        Ok(Session::new(client?, doubt))
    }
}

/// What PostgreSQL's library does not know.
#[derive(Default)]
struct Own {
    verifies: Option<bool>,
    authorities: Option<PathBuf>,
}

/// The address without what PostgreSQL's library does not know.
fn without_own(url: &str) -> Result<(String, Own), StoreError> {
    let Some((place, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), Own::default()));
    };
    let (mut own, mut left) = (Own::default(), Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", "verify-full")) => own.verifies = Some(true),
            Some(("sslmode", "disable")) => own.verifies = Some(false),
            Some(("sslmode", other)) => {
                let words = format!(
                    "sslmode={other} does not say whom the server talks to; use verify-full, with sslrootcert=FILE for an authority of \
                     your own, or disable"
                );
                return Err(failed(Failure::Other, words.into()));
            }
            Some(("sslrootcert", file)) => own.authorities = Some(PathBuf::from(file)),
            Some(_) | None => left.push(pair),
        }
    }
    let query = left.join("&");
    Ok((if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") }, own))
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || IpAddr::from_str(name).is_ok_and(|ip| ip.is_loopback())
        }
    }
}

fn shown(config: &Config) -> String {
    let ports = config.get_ports();
    let hosts = config.get_hosts().iter().enumerate().map(|(index, host)| {
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            Host::Unix(path) => format!("{}:{port}", path.display()),
        }
    });
    let hosts = hosts.collect::<Vec<_>>().join(",");
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    format!("postgres://{hosts}/{database}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_verified_wherever_the_database_is_not_on_this_machine() {
        let verifies = |url: &str| Target::parse(url).map(|target| target.tls.is_some());
        for here in ["postgres://localhost/a", "postgres://u@127.0.0.1:1/a", "postgres://[::1]/a"] {
            assert!(matches!(verifies(here), Ok(false)), "{here}");
        }
        assert!(matches!(verifies("postgres:///a?host=/run/postgresql"), Ok(false)));
        assert!(matches!(verifies("postgres://db.example.com/a"), Ok(true)));
        assert!(matches!(verifies("postgres://localhost,db.example.com/a"), Ok(true)));
        assert!(matches!(verifies("postgres://db.example.com/a?sslmode=disable"), Ok(false)));
        assert!(matches!(verifies("postgres://localhost/a?sslmode=verify-full"), Ok(true)));
        for unclear in ["prefer", "require", "verify-ca", "allow"] {
            let url = format!("postgres://db.example.com/a?sslmode={unclear}");
            assert!(verifies(&url).is_err(), "{unclear}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let target = Target::parse("postgres://anna:geheim@localhost:5433/calls").expect("read");
        assert_eq!(target.shown(), "postgres://localhost:5433/calls");
    }
}
