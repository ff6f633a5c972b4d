//! `callslot plan`: lists, creates and deletes plans.

use callslot_api::PlanPut;
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::{show, show_gone, show_list};
use crate::remote::{Remote, all_pages, id};

/// Manages plans.
#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all plans
    List,
    /// Create or replace a plan; its limit applies to every organisation on it
    #[command(
        after_help = "Example:\n  callslot plan put enterprise --name Enterprise --limit 100"
    )]
    Put {
        /// The plan's id
        #[arg(value_parser = id)]
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// Maximum number of active calls for an organisation on this plan
        #[arg(long)]
        limit: u32,
    },
    /// Delete a plan that no organisation uses
    Delete {
        /// The plan's id
        #[arg(value_parser = id)]
        id: String,
    },
}

impl Plan {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let plans = all_pages(|cursor| client.plans(cursor), usize::MAX)?;
                show_list(json, &plans, &["id", "name", "limit"], |plan| {
                    vec![plan.id.clone(), plan.name.clone(), plan.limit.to_string()]
                });
            }
            Action::Put { id, name, limit } => {
                let name = name.clone().unwrap_or_else(|| id.clone());
                let put = client.put_plan(id, &PlanPut { name, limit: *limit })?;
                show(json, &put, &format!("plan {} gives a limit of {}", put.id, put.limit));
            }
            Action::Delete { id } => {
                client.delete_plan(id)?;
                show_gone(json, "plan", id);
            }
        }
        Ok(())
    }
}
