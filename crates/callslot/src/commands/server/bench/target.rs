//! The server under load, and what it refuses.

use std::net::SocketAddr;

use callslot_api::Problem;

/// The server, and the key to use.
#[derive(Debug)]
pub struct Target {
    /// The host as requests name it.
    pub authority: String,
    /// Where it is.
    pub address: SocketAddr,
    pub key: String,
    /// The organisation an operator acts in.
    pub org: Option<String>,
}

/// Why a request failed, in words.
pub type Refused = String;

/// A refusal of the server, in words.
pub fn refusal(problem: &Problem) -> Refused {
    format!("{} {}: {}", problem.status, problem.code, problem.detail)
}
