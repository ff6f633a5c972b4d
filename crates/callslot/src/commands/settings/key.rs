//! `callslot key`: lists, creates, rotates and revokes API keys.

use callslot_api::{self as api, KeyCreate, KeyRotate};
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
        after_help = "Examples:\n  callslot key create 'engine in Frankfurt' engine\n  callslot key create grafana viewer --expires 90d --json"
    )]
    Create {
        /// Its name
        name: String,
        /// Its role
        role: Role,
        /// When it expires: after a time in days, hours, minutes or seconds, such as 90d or 12h; never if left out
        #[arg(long, value_name = "TIME", value_parser = seconds)]
        expires: Option<u64>,
    },
    /// Give a key a new secret and print it (shown once)
    #[command(
        after_help = "Examples:\n  callslot key rotate key_6b86b273ff34fce1\n  callslot key rotate key_6b86b273ff34fce1 --grace 0s --expires 90d"
    )]
    Rotate {
        /// The key's id
        #[arg(value_parser = id)]
        id: String,
        /// How long the old secret goes on working, at most 7d; 0s: it stops at once
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = seconds)]
        grace: u64,
        /// When the key expires from now on, such as 90d; as before if left out
        #[arg(long, value_name = "TIME", value_parser = seconds)]
        expires: Option<u64>,
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
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let keys = all_pages(|cursor| client.keys(cursor), usize::MAX)?;
                show_list(
                    json,
                    &keys,
                    &["id", "name", "role", "organisation", "last used", "expires"],
                    row,
                );
            }
            Action::Create { name, role, expires } => {
                let create = KeyCreate {
                    name: name.clone(),
                    role: (*role).into(),
                    expires_at: None,
                    expires_in_s: *expires,
                };
                show_secret(json, &client.create_key(&create)?);
            }
            Action::Rotate { id, grace, expires } => {
                let rotate =
                    KeyRotate { grace_s: Some(*grace), expires_at: None, expires_in_s: *expires };
                show_secret(json, &client.rotate_key(id, &rotate)?);
            }
            Action::Revoke { id } => {
                client.revoke_key(id)?;
                show_gone(json, "key", id);
            }
        }
        Ok(())
    }
}

fn show_secret(json: bool, key: &api::Key) {
    let end = key.expires_at.map(|end| format!(", expires {end}")).unwrap_or_default();
    let old = key.old_secret_until.map(|until| format!(", old secret works until {until}"));
    let secret = key.secret.clone().unwrap_or_default();
    let (role, old) = (word(&key.role), old.unwrap_or_default());
    show(json, key, &format!("{} ({role}{end}{old}), shown only once:\n{secret}", key.id));
}

/// A number of days, hours, minutes or seconds, in seconds.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
    let parsed = units.into_iter().find_map(|(unit, seconds)| {
        text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(seconds)
    });
    parsed.ok_or_else(|| "a time is a number and d, h, m or s, such as 90d or 12h".to_owned())
}

fn row(key: &api::Key) -> Vec<String> {
    vec![
        key.id.clone(),
        key.name.clone(),
        word(&key.role),
        or_dash(key.org.as_ref()),
        or_dash(key.last_used_at),
        or_dash(key.expires_at),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        let read = |text| seconds(text).ok();
        assert_eq!(
            [read("90d"), read("24h"), read("5m")],
            [Some(7_776_000), Some(86_400), Some(300)]
        );
        assert_eq!(read("0s"), Some(0));
        for text in ["", "d", "90", "-1d", "1.5h", "1w", "99999999999999999d"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
