//! PostgreSQL: one function starts a call and one ends it, each a prepared statement and a transaction of its own.

use std::error::Error as _;
use std::sync::Arc;

use tokio_postgres::{Client, Error, NoTls, Row, Statement, connect};

use crate::answer::{Answer, Refused};
use crate::pool::{Class, Pool};

const POOL: &str = include_str!("../../scripts/pool.sql");

/// Creates tables and functions where they are not there, and writes the pool's rows.
pub async fn set_up(url: &str, pool: &Pool) -> Result<(), Refused> {
    let client = open(url).await?;
    client.batch_execute(POOL).await.map_err(failed)?;
    let shared = signed(pool.shared());
    let org = "INSERT INTO org (id, shared) VALUES ($1, $2)";
    client.execute(org, &[&pool.org, &shared]).await.map_err(failed)?;
    let counts = "INSERT INTO pool (org) VALUES ($1)";
    client.execute(counts, &[&pool.org]).await.map_err(failed)?;
    let insert = "INSERT INTO class (org, agent, type, reserved) VALUES ($1, $2, $3, $4)";
    for class in pool.classes() {
        let reserved = signed(pool.reserved(&class));
        let row: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&pool.org, &class.agent, &class.call_type, &reserved];
        client.execute(insert, &row).await.map_err(failed)?;
    }
    Ok(())
}

/// Forgets what ended long ago, as a job of the database's would do each minute.
pub async fn forget(url: &str) -> Result<(), Refused> {
    open(url).await?.batch_execute("SELECT forget_calls()").await.map_err(failed)
}

/// A connection. Statements of clones that are under way at the same time are pipelined.
#[derive(Clone)]
pub struct Connection(Arc<Prepared>);

struct Prepared {
    client: Client,
    org: String,
    start: Statement,
    end: Statement,
}

impl Connection {
    /// Connects and prepares the statements.
    pub async fn open(url: &str, org: &str) -> Result<Self, Refused> {
        let client = open(url).await?;
        let start = client.prepare("SELECT start_call($1, $2, $3, $4)").await.map_err(failed)?;
        let end = client.prepare("SELECT end_call($1, $2)").await.map_err(failed)?;
        Ok(Self(Arc::new(Prepared { client, org: org.to_owned(), start, end })))
    }

    /// Starts a call, or returns its state if its id is known.
    pub async fn start(&self, class: &Class, id: &str) -> Result<Answer, Refused> {
        let Prepared { client, org, start, .. } = &*self.0;
        let row = client.query_one(start, &[org, &class.agent, &class.call_type, &id]).await;
        answer(&row.map_err(failed)?)
    }

    pub async fn end(&self, id: &str) -> Result<Answer, Refused> {
        let Prepared { client, org, end, .. } = &*self.0;
        answer(&client.query_one(end, &[org, &id]).await.map_err(failed)?)
    }
}

fn answer(row: &Row) -> Result<Answer, Refused> {
    Answer::named(row.try_get(0).map_err(failed)?)
}

async fn open(url: &str) -> Result<Client, Refused> {
    let (client, connection) = connect(url, NoTls).await.map_err(failed)?;
    tokio::spawn(async move {
        // The next request fails because it is gone.
        let _ = connection.await;
    });
    Ok(client)
}

fn signed(slots: u32) -> i32 {
    i32::try_from(slots).unwrap_or(i32::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: Error) -> Refused {
    // What the server said is in the source.
    let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    format!("PostgreSQL: {error}{source}")
}
