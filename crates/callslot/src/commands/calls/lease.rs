//! `callslot lease`: lists the leases of engines.

use callslot_api::LeaseStatus;
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::{or_dash, show_list};
use crate::remote::{Remote, all_pages};

/// Lists leases.
#[derive(Debug, Args)]
pub struct Lease {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List open leases: who opened them, when they would run out, and how many calls they have
    #[command(after_help = "Example:\n  callslot lease list --json")]
    List,
}

impl Lease {
    pub fn run(&self) -> Result<(), Failure> {
        match &self.action {
            Action::List => {
                let client = self.remote.client()?;
                let leases = all_pages(|cursor| client.leases(cursor), usize::MAX)?;
                let heading = ["id", "key", "active", "queued", "expires in", "ttl"];
                show_list(self.remote.json, &leases, &heading, row);
            }
        }
        Ok(())
    }
}

fn row(lease: &LeaseStatus) -> Vec<String> {
    vec![
        lease.id.clone(),
        or_dash(lease.key.as_ref()),
        lease.active.to_string(),
        lease.queued.to_string(),
        format!("{}.{} s", lease.expires_in_ms / 1000, lease.expires_in_ms % 1000 / 100),
        format!("{} s", lease.ttl_s),
    ]
}
