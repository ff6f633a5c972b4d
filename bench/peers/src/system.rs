//! The systems, as the check and the load use them: each starts a call, ends a call, and can be set up to do so.

mod callslot;
mod postgres;
mod redis;
mod semaphore;

use crate::answer::{Answer, Refused};
use crate::pool::{Class, Pool};

/// A system, and where it is.
#[derive(Debug, Clone)]
pub enum Target {
    /// Redis, with the scripts `start.lua` and `end.lua`.
    Redis {
        /// Such as `redis://127.0.0.1:6379`.
        url: String,
    },
    /// Redis, with a semaphore in a sorted set: a limit without reservations and without an order, whose waiters ask again and again.
    Semaphore {
        /// Such as `redis://127.0.0.1:6379`.
        url: String,
    },
    /// PostgreSQL, with the functions of `pool.sql`.
    Postgres {
        /// Such as `postgres://postgres@127.0.0.1/postgres`.
        url: String,
    },
    /// Callslot, over HTTP. `callslot bench` loads it; here it is what the others are compared with.
    Callslot {
        /// Such as `http://127.0.0.1:7070`.
        url: String,
        /// An operator's key.
        key: String,
    },
}

impl Target {
    /// What people call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Redis { .. } => "redis",
            Self::Semaphore { .. } => "semaphore",
            Self::Postgres { .. } => "postgres",
            Self::Callslot { .. } => "callslot",
        }
    }

    /// Lays out the pool. Once before the connections for it are opened.
    pub async fn set_up(&self, pool: &Pool) -> Result<(), Refused> {
        match self {
            Self::Redis { url } => redis::set_up(url, pool).await,
            Self::Semaphore { url } => semaphore::set_up(url, pool).await,
            Self::Postgres { url } => postgres::set_up(url, pool).await,
            Self::Callslot { url, key } => callslot::set_up(url, key, pool).await,
        }
    }

    /// Forgets calls that ended long ago, where that needs to be asked for.
    pub async fn forget(&self) -> Result<(), Refused> {
        match self {
            Self::Postgres { url } => postgres::forget(url).await,
            Self::Redis { .. } | Self::Semaphore { .. } | Self::Callslot { .. } => Ok(()),
        }
    }

    /// Connects, to this organisation's calls.
    pub async fn connect(&self, org: &str) -> Result<Connection, Refused> {
        Ok(match self {
            Self::Redis { url } => Connection::Redis(redis::Connection::open(url, org).await?),
            Self::Semaphore { url } => {
                Connection::Semaphore(semaphore::Connection::open(url, org).await?)
            }
            Self::Postgres { url } => {
                Connection::Postgres(postgres::Connection::open(url, org).await?)
            }
            Self::Callslot { url, key } => {
                Connection::Callslot(callslot::Connection::new(url, key, org))
            }
        })
    }
}

/// A connection. Its clones share it: what they ask at the same time is pipelined.
#[derive(Clone)]
pub enum Connection {
    /// See [`Target::Redis`].
    Redis(redis::Connection),
    /// See [`Target::Semaphore`].
    Semaphore(semaphore::Connection),
    /// See [`Target::Postgres`].
    Postgres(postgres::Connection),
    /// See [`Target::Callslot`].
    Callslot(callslot::Connection),
}

impl Connection {
    /// Starts a call, or returns its state if its id is known.
    pub async fn start(&mut self, class: &Class, id: &str) -> Result<Answer, Refused> {
        match self {
            Self::Redis(connection) => connection.start(class, id).await,
            Self::Semaphore(connection) => connection.start(id).await,
            Self::Postgres(connection) => connection.start(class, id).await,
            Self::Callslot(connection) => connection.start(class, id).await,
        }
    }

    pub async fn end(&mut self, id: &str) -> Result<Answer, Refused> {
        match self {
            Self::Redis(connection) => connection.end(id).await,
            Self::Semaphore(connection) => connection.end(id).await,
            Self::Postgres(connection) => connection.end(id).await,
            Self::Callslot(connection) => connection.end(id).await,
        }
    }
}
