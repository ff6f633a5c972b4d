//! How commands reach a server: the flags they share, the client, and lists page by page.

use callslot_api::{Client, ClientError, Page};
use clap::Args;

/// How to reach the server, and how to print.
#[derive(Debug, Args)]
pub struct Remote {
    /// The server's address
    #[arg(long, env = "CALLSLOT_URL", default_value = "http://127.0.0.1:7070", global = true)]
    pub url: String,
    /// An API key; prefer the variable, as other users can see command lines
    #[arg(
        long,
        env = "CALLSLOT_KEY",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true,
        global = true
    )]
    pub key: String,
    /// The organisation to act in, for operators
    #[arg(long, env = "CALLSLOT_ORG", global = true)]
    pub org: Option<String>,
    /// Print the API's JSON
    #[arg(long, global = true)]
    pub json: bool,
}

impl Remote {
    /// A client as the flags say.
    pub fn client(&self) -> Client {
        Client::new(&self.url, &self.key, self.org.as_deref())
    }
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
