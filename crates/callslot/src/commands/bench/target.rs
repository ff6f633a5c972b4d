//! The server under load, and the connections to it.

use std::net::SocketAddr;
use std::sync::Arc;

use callslot_api::{CallStart, CallState, Problem};

use crate::commands::bench::args::Door;
use crate::commands::bench::{http, stream};

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

/// A worker's connection.
pub enum Connection {
    /// A connection of its own.
    Http(http::Connection),
    /// A connection that it shares with others.
    Stream(stream::Connection),
}

impl Connection {
    /// Connects, for this many workers.
    pub async fn open(
        door: Door,
        target: &Arc<Target>,
        workers: u64,
    ) -> Result<Vec<Self>, Refused> {
        let mut connections = Vec::new();
        match door {
            Door::Http => {
                for _ in 0..workers {
                    connections.push(Self::Http(http::Connection::open(Arc::clone(target)).await?));
                }
            }
            Door::Stream => {
                let shared = stream::Connection::open(target).await?;
                connections.extend((0..workers).map(|_| Self::Stream(shared.clone())));
            }
        }
        Ok(connections)
    }

    /// Starts a call and returns its state.
    pub async fn start(&mut self, start: &CallStart) -> Result<CallState, Refused> {
        match self {
            Self::Http(connection) => connection.start(start).await,
            Self::Stream(connection) => connection.start(start).await,
        }
    }

    pub async fn end(&mut self, id: &str) -> Result<(), Refused> {
        match self {
            Self::Http(connection) => connection.end(id).await,
            Self::Stream(connection) => connection.end(id).await,
        }
    }
}

/// A refusal of the server, in words.
pub fn refusal(problem: &Problem) -> Refused {
    format!("{} {}: {}", problem.status, problem.code, problem.detail)
}
