//! `callslot ready`: whether the server is up and can write, as an exit code.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use ureq::tls::TlsConfig;

use crate::failure::Failure;
use crate::remote::Remote;

/// How long the server has to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Checks that the server is up and that its store accepts writes. Needs no key.
#[derive(Debug, Args)]
#[command(
    after_help = "Example, as the health check of a container:\n  HEALTHCHECK CMD [\"/callslot\", \"ready\"]"
)]
pub struct Ready {
    #[command(flatten)]
    remote: Remote,
}

impl Ready {
    /// Says nothing when it is ready, so that a check which runs every few seconds fills no log.
    pub fn run(&self) -> Result<(), Failure> {
        let target = self.remote.target()?;
        match target.client()?.answered_within(PATIENCE).ready() {
            // One that speaks TLS refuses to be asked without.
            Err(_) if is_ready_with_tls(&target.url) => {}
            outcome => outcome?,
        }
        Ok(())
    }
}

/// Whether a server of this machine that speaks TLS is ready. Its certificate is for the name that others use, and it is asked nothing
/// secret, so that does not matter.
fn is_ready_with_tls(url: &str) -> bool {
    let authority = url.split("://").nth(1).unwrap_or(url);
    let is_here = authority.parse().is_ok_and(|address: SocketAddr| address.ip().is_loopback());
    let address = format!("https://{authority}/readyz");
    is_here && any_certificate(PATIENCE).get(address).call().is_ok_and(|it| it.status() == 200)
}

/// Asks a server whatever name its certificate has. For requests without a key.
pub fn any_certificate(patience: Duration) -> ureq::Agent {
    let tls = TlsConfig::builder().disable_verification(true).build();
    let config = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false);
    config.timeout_global(Some(patience)).build().into()
}
