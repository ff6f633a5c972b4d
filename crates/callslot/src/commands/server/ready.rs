//! `callslot ready`: whether the server is up and can write, as an exit code.

use std::time::Duration;

use clap::Args;

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
        self.remote.client()?.answered_within(PATIENCE).ready()?;
        Ok(())
    }
}
