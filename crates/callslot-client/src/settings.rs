//! What a client is made with: [`Settings`].

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use crate::status::Error;

/// Where the server is, and how its client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server's address, such as `https://callslot.example`.
    pub url: String,
    /// A key with the role `engine` or above.
    pub key: String,
    /// The organisation; with an operator's key only.
    pub org: Option<String>,
    /// The PEM file of the authorities whose certificates are taken, instead of those that browsers trust.
    pub ca_cert: Option<PathBuf>,
    /// How long calls live on if this process or its connection is gone: 5 s to an hour, in whole seconds. 30 s by default.
    pub grace: Duration,
    /// How commands travel.
    pub transport: Transport,
}

/// How commands travel to the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Transport {
    /// Over the engine stream, and over HTTP where a proxy does not let a `WebSocket` through.
    #[default]
    Auto,
    /// Over the engine stream alone: calls are refused where it does not come through.
    Stream,
    /// Over plain HTTP alone: a request for each command, and a long poll for each call in line.
    Http,
}

impl Settings {
    /// The settings for a server and a key, with a grace of 30 s.
    #[must_use]
    pub fn new(url: &str, key: &str) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self {
            url,
            key: key.to_owned(),
            org: None,
            ca_cert: None,
            grace: Duration::from_secs(30),
            transport: Transport::Auto,
        }
    }

    /// Those of the environment: `CALLSLOT_URL`, `CALLSLOT_KEY` and, with an operator's key, `CALLSLOT_ORG`; where the server has a
    /// certificate of an authority of your own, `CALLSLOT_CA_CERT`.
    pub fn from_env() -> Result<Self, Error> {
        let get =
            |name: &str| env::var(name).map_err(|_| Error::Settings(format!("{name} must be set")));
        let org = env::var("CALLSLOT_ORG").ok();
        let ca_cert = env::var_os("CALLSLOT_CA_CERT").map(PathBuf::from);
        Ok(Self { org, ca_cert, ..Self::new(&get("CALLSLOT_URL")?, &get("CALLSLOT_KEY")?) })
    }
}
