//! How commands reach a server: the flags they share, the client, and lists page by page.

use std::path::{Path, PathBuf};

use callslot_api::{Client, ClientError, Page, Roots};
use clap::Args;

use crate::failure::Failure;
use crate::profiles::{Profile, Profiles};

/// The server's address when nothing names another.
pub const USUAL_URL: &str = "http://127.0.0.1:7070";

/// What help puts these flags under, apart from those of a command.
const SERVER: &str = "Server";

/// How to reach the server, and how to print.
#[derive(Debug, Args)]
pub struct Remote {
    /// The server's address (default: the profile's, or port 7070 of this machine)
    #[arg(long, env = "CALLSLOT_URL", global = true, help_heading = SERVER)]
    pub url: Option<String>,
    /// An API key (default: the profile's); prefer the variable, as other users can see command lines
    #[arg(long, env = "CALLSLOT_KEY", hide_env_values = true, global = true, help_heading = SERVER)]
    pub key: Option<String>,
    /// The organisation to act in, for operators
    #[arg(long, env = "CALLSLOT_ORG", global = true, help_heading = SERVER)]
    pub org: Option<String>,
    /// The PEM file of the authority that signed the server's certificate (default: those that browsers trust)
    #[arg(long, env = "CALLSLOT_CA_CERT", value_name = "FILE", global = true, help_heading = SERVER)]
    pub ca_cert: Option<PathBuf>,
    /// The profile to use, of those that `callslot login` made (default: the one last chosen)
    #[arg(long, env = "CALLSLOT_PROFILE", global = true, help_heading = SERVER)]
    pub profile: Option<String>,
    /// Print the API's JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// A server, and who asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub url: String,
    pub key: String,
    pub org: Option<String>,
    pub ca_cert: Option<PathBuf>,
}

impl Remote {
    /// A client as the flags, the variables and the profile say.
    pub fn client(&self) -> Result<Client, Failure> {
        self.target()?.client()
    }

    /// Whom to ask: flags and variables go before the profile.
    pub fn target(&self) -> Result<Target, Failure> {
        let is_told = self.url.is_some() && self.key.is_some() && self.profile.is_none();
        let profile =
            if is_told { None } else { Profiles::read()?.used(self.profile.as_deref())? };
        Ok(self.over(profile))
    }

    /// Puts what was given over what a profile has. Its key is sent to its own server alone, and its organisation goes with its key.
    fn over(&self, profile: Option<Profile>) -> Target {
        let given = |text: &String| text.trim_end_matches('/').to_owned();
        let url = self.url.as_ref().map(given);
        let profile = profile.filter(|profile| url.as_ref().is_none_or(|url| *url == profile.url));
        let Profile { url: its_url, key, org, ca_cert } =
            profile.unwrap_or_else(|| Profile::of_nobody(USUAL_URL));
        let org = if self.key.is_some() { None } else { org };
        Target {
            url: url.unwrap_or(its_url),
            key: self.key.clone().unwrap_or(key),
            org: self.org.clone().or(org),
            ca_cert: self.ca_cert.clone().or(ca_cert),
        }
    }
}

impl Target {
    /// A client of this server.
    pub fn client(&self) -> Result<Client, Failure> {
        let client = Client::new(&self.url, &self.key, self.org.as_deref());
        match &self.ca_cert {
            Some(path) => Ok(client.trusting(roots(path)?)),
            None => Ok(client),
        }
    }
}

/// Reads the certificates of authorities.
fn roots(path: &Path) -> Result<Roots, Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::said(format!(
            "--ca-cert {}: {why}; name the PEM file of the authority that signed the server's certificate",
            path.display()
        ))
    };
    let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
    Roots::from_pem(&pem).map_err(|error| wrong(&error))
}

/// Reads an id that is typed; the server knows which ones there can be. An empty one would be asked for at another address.
pub fn id(text: &str) -> Result<String, &'static str> {
    if text.is_empty() { Err("an id cannot be empty") } else { Ok(text.to_owned()) }
}

/// The parameters of a request that were given.
pub fn given<'a>(parameters: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    parameters.iter().filter_map(|&(name, value)| Some((name, value?))).collect()
}

/// Whether the server may answer again later, as when it starts again.
pub fn may_pass(error: &ClientError) -> bool {
    match error {
        ClientError::Unreachable { .. } => true,
        ClientError::Problem(problem) => matches!(problem.status, 429 | 500..),
        ClientError::Unsendable { .. } | ClientError::Unexpected { .. } => false,
    }
}

/// Reads pages until there are no more or there is enough.
pub fn all_pages<T>(
    mut page: impl FnMut(Option<&str>) -> Result<Page<T>, ClientError>,
    enough: usize,
) -> Result<Vec<T>, ClientError> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let next = page(cursor.as_deref())?;
        items.extend(next.items);
        cursor = next.next;
        if cursor.is_none() || items.len() >= enough {
            return Ok(items);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(url: Option<&str>, key: Option<&str>) -> Remote {
        Remote {
            url: url.map(str::to_owned),
            key: key.map(str::to_owned),
            org: None,
            ca_cert: None,
            profile: None,
            json: false,
        }
    }

    #[test]
    fn a_key_of_a_profile_goes_to_its_own_server_alone() {
        let profile = || {
            Some(Profile {
                url: "https://calls.example.com".into(),
                key: "secret".into(),
                org: Some("acme".into()),
                ca_cert: Some("/ca.pem".into()),
            })
        };
        for (url, key, expected) in [
            (None, None, ("https://calls.example.com", "secret", Some("acme"))),
            (
                Some("https://calls.example.com/"),
                None,
                ("https://calls.example.com", "secret", Some("acme")),
            ),
            (Some("https://other.example.com"), None, ("https://other.example.com", "", None)),
            (Some("http://calls.example.com"), None, ("http://calls.example.com", "", None)),
            (None, Some("mine"), ("https://calls.example.com", "mine", None)),
        ] {
            let target = remote(url, key).over(profile());
            let found = (&*target.url, &*target.key, target.org.as_deref());
            assert_eq!(found, expected, "{url:?} {key:?}");
            assert_eq!(target.ca_cert.is_some(), expected.0 == "https://calls.example.com");
        }
        let target = remote(None, None).over(None);
        assert_eq!((&*target.url, &*target.key), (USUAL_URL, ""));
    }
}
