//! The connections to the server under load, each over one of its interfaces.

use std::sync::Arc;

use callslot_api::{CallStart, CallState};

use crate::commands::server::bench::args::Door;
use crate::commands::server::bench::target::{Refused, Target};
use crate::commands::server::bench::{http, stream};

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
