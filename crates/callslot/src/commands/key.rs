//! `callslot key`: lists, creates and revokes API keys.

use callslot_api::{self as api, KeyCreate};
use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::output::{or_dash, show, show_gone, show_list, word};
use crate::remote::{Remote, all_pages, id};

/// Manages API keys.
#[derive(Debug, Args)]
pub struct Key {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List keys, without their secrets
    List,
    /// Create a key and print its secret (shown once)
    #[command(
        after_help = "Examples:\n  callslot key create 'engine in Frankfurt' engine\n  callslot key create grafana viewer --json"
    )]
    Create {
        /// Its name
        name: String,
        /// Its role
        role: Role,
    },
    /// Revoke a key
    #[command(after_help = "Example:\n  callslot key revoke key_6b86b273ff34fce1")]
    Revoke {
        /// The key's id
        #[arg(value_parser = id)]
        id: String,
    },
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Reads only
    Viewer,
    /// Also starts and ends calls
    Engine,
    /// Full access to its organisation
    Admin,
    /// Full access to all organisations and plans
    Operator,
}

impl Key {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client();
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let keys = all_pages(|cursor| client.keys(cursor), usize::MAX)?;
                show_list(json, &keys, &["id", "name", "role", "organisation", "last used"], row);
            }
            Action::Create { name, role } => {
                let create = KeyCreate { name: name.clone(), role: (*role).into() };
                let key = client.create_key(&create)?;
                let secret = key.secret.clone().unwrap_or_default();
                show(
                    json,
                    &key,
                    &format!("{} ({}), shown only once:\n{secret}", key.id, word(&key.role)),
                );
            }
            Action::Revoke { id } => {
                client.revoke_key(id)?;
                show_gone(json, "key", id);
            }
        }
        Ok(())
    }
}

fn row(key: &api::Key) -> Vec<String> {
    vec![
        key.id.clone(),
        key.name.clone(),
        word(&key.role),
        or_dash(key.org.as_ref()),
        or_dash(key.last_used_at),
    ]
}

impl From<Role> for api::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Engine => Self::Engine,
            Role::Admin => Self::Admin,
            Role::Operator => Self::Operator,
        }
    }
}
