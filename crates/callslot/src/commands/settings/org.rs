//! `callslot org`: lists, shows, creates, changes and deletes organisations.

use callslot_api::{self as api, OrgCreate, OrgPatch};
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::{show, show_gone, show_list};
use crate::remote::{Remote, all_pages, id};

/// Manages organisations.
#[derive(Debug, Args)]
pub struct Org {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all organisations
    List,
    /// Show one organisation
    Show {
        /// The organisation's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Create an organisation
    #[command(
        after_help = "Example:\n  callslot org create acme --name 'Acme Inc.' --plan enterprise"
    )]
    Create {
        /// The organisation's id
        #[arg(value_parser = id)]
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// Its plan
        #[arg(long, default_value = "standard")]
        plan: String,
    },
    /// Change an organisation
    Edit(Edit),
    /// Delete an organisation that has no live calls, and its keys
    Delete {
        /// The organisation's id
        #[arg(value_parser = id)]
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot org edit acme --plan enterprise\n  callslot org edit acme --limit 30\n  \
    callslot org edit acme --limit plan"
)]
struct Edit {
    /// The organisation's id
    #[arg(value_parser = id)]
    id: String,
    /// A new name
    #[arg(long)]
    name: Option<String>,
    /// Another plan
    #[arg(long)]
    plan: Option<String>,
    /// Its own limit, or `plan` for the plan's limit
    #[arg(long)]
    limit: Option<String>,
    /// Maximum duration of a call without a lease, in seconds; 0 for no maximum
    #[arg(long, value_name = "SECONDS")]
    max_call_duration: Option<u64>,
    /// Maximum number of queued calls
    #[arg(long)]
    max_queued: Option<u32>,
}

impl Org {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let orgs = all_pages(|cursor| client.orgs(cursor), usize::MAX)?;
                show_list(json, &orgs, &["id", "name", "plan", "limit", "in use", "waiting"], row);
            }
            Action::Show { id } => show_org(&client.org(id)?, json),
            Action::Create { id, name, plan } => {
                let create = OrgCreate {
                    id: Some(id.clone()),
                    name: name.clone().unwrap_or_else(|| id.clone()),
                    plan: plan.clone(),
                    limit_override: None,
                    max_call_duration_s: None,
                    max_wait_s: None,
                    max_queued: None,
                };
                show_org(&client.create_org(&create)?, json);
            }
            Action::Edit(edit) => show_org(&client.change_org(&edit.id, &edit.patch()?)?, json),
            Action::Delete { id } => {
                client.delete_org(id)?;
                show_gone(json, "organisation", id);
            }
        }
        Ok(())
    }
}

impl Edit {
    fn patch(&self) -> Result<OrgPatch, Failure> {
        Ok(OrgPatch {
            name: self.name.clone(),
            plan: self.plan.clone(),
            limit_override: self.limit.as_deref().map(parsed_limit).transpose()?,
            max_call_duration_s: self.max_call_duration,
            max_wait_s: None,
            max_queued: self.max_queued,
        })
    }
}

fn row(org: &api::Org) -> Vec<String> {
    vec![
        org.id.clone(),
        org.name.clone(),
        org.plan.clone(),
        org.limit.to_string(),
        org.active.to_string(),
        org.queued.to_string(),
    ]
}

fn show_org(org: &api::Org, json: bool) {
    let line = format!(
        "{} (\"{}\") is on plan {} with a limit of {}; {} live calls",
        org.id, org.name, org.plan, org.limit, org.live_calls
    );
    show(json, org, &line);
}

fn parsed_limit(text: &str) -> Result<Option<u32>, Failure> {
    if text == "plan" {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| Failure::said("--limit takes a number, or `plan` for the plan's limit"))
}
