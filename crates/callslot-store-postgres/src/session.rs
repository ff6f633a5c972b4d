//! A connection with its prepared statements.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use crate::errors::Error;
use crate::limits::PREPARED;

/// What is handed to a statement.
pub(crate) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection.
pub(crate) struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// Set once the database has said that a commit did not wait for its replica.
    doubt: Arc<AtomicBool>,
}

impl Session {
    pub(crate) fn new(client: Client, doubt: Arc<AtomicBool>) -> Self {
        Self { client, prepared: HashMap::new(), doubt }
    }

    /// All rows of a statement.
    pub(crate) fn rows(&mut self, text: &str, params: Params<'_>) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(text)?;
        Ok(self.client.query(&statement, params)?)
    }

    /// The only row of a statement, if it has one.
    pub(crate) fn row(&mut self, text: &str, params: Params<'_>) -> Result<Option<Row>, Error> {
        let statement = self.prepared(text)?;
        Ok(self.client.query_opt(&statement, params)?)
    }

    /// How many rows a statement has changed.
    pub(crate) fn execute(&mut self, text: &str, params: Params<'_>) -> Result<u64, Error> {
        let statement = self.prepared(text)?;
        Ok(self.client.execute(&statement, params)?)
    }

    /// Several statements without parameters.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(text)?)
    }

    /// Does something in one transaction, or not at all.
    pub(crate) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.within("BEGIN", work)
    }

    /// Reads several things as of one moment.
    pub(crate) fn as_of_one_moment<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    fn within<T>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.batch(begin)?;
        match work(self) {
            Ok(done) => self.batch("COMMIT").map(|()| done),
            Err(error) => {
                // If this fails too, the connection is lost, and the transaction with it.
                let _ = self.batch("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Whether the database has said that a commit did not wait for its replica.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.doubt.load(Ordering::Acquire)
    }

    fn prepared(&mut self, text: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(text)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}
