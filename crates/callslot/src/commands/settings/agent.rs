//! `callslot agent`: lists, creates and deletes agents.

use std::collections::HashMap;

use callslot_api::{self as api, AgentPut, Pool};
use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::notation::pace::{self, PaceFlags};
use crate::output::{or_dash, print_json, print_table, show, show_gone};
use crate::remote::{Remote, all_pages, id};

/// Lists, creates and deletes agents.
#[derive(Debug, Args)]
pub struct Agent {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all agents
    List,
    /// Create or replace an agent
    #[command(
        after_help = "Examples:\n  callslot agent put support --name 'Support'\n  callslot agent put sales --name Sales --cap 8 --pace 2/s"
    )]
    Put {
        /// The agent's id
        #[arg(value_parser = id)]
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// Maximum number of active calls (default: no limit of its own)
        #[arg(long)]
        cap: Option<u32>,
        #[command(flatten)]
        pace: PaceFlags,
    },
    /// Delete an agent that has no live calls and no reservation
    #[command(after_help = "Example:\n  callslot agent delete support")]
    Delete {
        /// The agent's id
        #[arg(value_parser = id)]
        id: String,
    },
}

impl Agent {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let agents = all_pages(|cursor| client.agents(cursor), usize::MAX)?;
                if json {
                    print_json(&agents);
                } else {
                    print_table(&with_use(&agents, &client.pool()?));
                }
            }
            Action::Put { id, name, cap, pace } => {
                let name = name.clone().unwrap_or_else(|| id.clone());
                let put = AgentPut { name, cap: *cap, pace: pace.pace() };
                let put = client.put_agent(id, &put)?;
                let (cap, pace) = (or_dash(put.cap), put.pace.as_ref().map(pace::shown));
                let line = format!(
                    "agent {} is \"{}\", cap {cap}, pace {}",
                    put.id,
                    put.name,
                    or_dash(pace)
                );
                show(json, &put, &line);
            }
            Action::Delete { id } => {
                client.delete_agent(id)?;
                show_gone(json, "agent", id);
            }
        }
        Ok(())
    }
}

/// Agents with their settings, and what they have of the pool.
fn with_use(agents: &[api::Agent], pool: &Pool) -> Vec<Vec<String>> {
    let uses: HashMap<_, _> = pool.agents.iter().map(|agent| (&*agent.id, agent)).collect();
    let heading = ["id", "name", "reserved", "active", "queued", "cap", "pace"];
    let row = |agent: &api::Agent| {
        let now = uses.get(&*agent.id);
        let pace = agent.pace.as_ref().map(pace::shown);
        vec![
            agent.id.clone(),
            agent.name.clone(),
            or_dash(now.map(|it| it.reserved)),
            or_dash(now.map(|it| it.active)),
            or_dash(now.map(|it| it.queued)),
            or_dash(agent.cap),
            or_dash(pace),
        ]
    };
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(agents.iter().map(row)).collect()
}
