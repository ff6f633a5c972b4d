//! What errors of PostgreSQL mean for the store. It decides nothing.

use std::error::Error as _;

use callslot_store::{Cause, Damage, Failure, StoreError};
use postgres::error::{Severity, SqlState};

/// What errors call the database.
pub(crate) const DATABASE: &str = "the database";

/// Why work on a connection failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// PostgreSQL failed, or the way to it.
    Postgres(postgres::Error),
    /// What was read is not what was written, or a connection could not be made.
    Store(StoreError),
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::Postgres(error) => of_postgres(&error),
            Error::Store(error) => error,
        }
    }
}

impl Error {
    /// Whether it is an answer of the database, after which the connection is as good as before.
    pub(crate) fn is_answer(&self) -> bool {
        match self {
            // After a fatal one the database has closed the connection.
            Self::Postgres(error) => error.as_db_error().is_some_and(|answer| {
                !matches!(answer.parsed_severity(), Some(Severity::Fatal | Severity::Panic) | None)
            }),
            Self::Store(_) => true,
        }
    }

    /// Whether a lock was not to be had in time.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE))
    }
}

/// An error of PostgreSQL, or of the way to it.
pub(crate) fn of_postgres(error: &postgres::Error) -> StoreError {
    let state = error.code();
    let is = |known: &[SqlState]| state.is_some_and(|state| known.contains(state));
    if is(&[SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED]) {
        let damage = Damage::Database(words(error).into());
        return StoreError::Damaged { place: DATABASE.into(), damage };
    }
    let failure = if is(&[SqlState::DISK_FULL]) {
        Failure::Full
    } else if is(&[SqlState::READ_ONLY_SQL_TRANSACTION]) {
        Failure::ReadOnly
    } else if is(&[SqlState::TOO_MANY_CONNECTIONS, SqlState::LOCK_NOT_AVAILABLE]) {
        Failure::Busy
    } else {
        Failure::Other
    };
    failed(failure, words(error).into())
}

/// The database cannot be used.
pub(crate) fn failed(failure: Failure, cause: Cause) -> StoreError {
    StoreError::Failed { place: DATABASE.into(), failure, cause: Some(cause) }
}

/// What went wrong, with its causes, which PostgreSQL's library keeps apart.
fn words(error: &postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        return format!("{} {}: {}", answer.severity(), answer.code().code(), answer.message());
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let said = deeper.to_string();
        if !words.contains(&said) {
            words = format!("{words}: {said}");
        }
        cause = deeper.source();
    }
    words
}
