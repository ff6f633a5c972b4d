//! What a client is made with: [`Settings`].

use std::env;
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
        let grace = Duration::from_secs(30);
        Self { url, key: key.to_owned(), org: None, grace, transport: Transport::Auto }
    }

    /// Those of the environment: `CALLSLOT_URL`, `CALLSLOT_KEY` and, with an operator's key, `CALLSLOT_ORG`.
    pub fn from_env() -> Result<Self, Error> {
        let get =
            |name: &str| env::var(name).map_err(|_| Error::Settings(format!("{name} must be set")));
        let org = env::var("CALLSLOT_ORG").ok();
        Ok(Self { org, ..Self::new(&get("CALLSLOT_URL")?, &get("CALLSLOT_KEY")?) })
    }
}
