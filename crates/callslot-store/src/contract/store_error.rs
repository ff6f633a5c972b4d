//! How a store fails: what happened and to what, in types.
//!
//! It never says what to do about it: that depends on how the store was opened, and is added where a person reads the error.

use std::error::Error;
use std::fmt;

use crate::contract::record::Position;

/// An error of the operating system, or of the library that the store uses.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a store did not do what was asked. `place` names a file, a directory, or a part of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or the database below the store failed.
    #[error("the store failed: {place} {failure}{}", InBrackets(cause.as_ref()))]
    Failed {
        /// What could not be used.
        place: String,
        /// In which way.
        failure: Failure,
        /// What the library or the operating system said.
        cause: Option<Cause>,
    },
    /// The stored data is not what was written.
    #[error("{place} {damage}")]
    Damaged {
        /// What is damaged.
        place: String,
        /// In which way.
        damage: Damage,
    },
    /// Another process has the store open.
    #[error("{place} is open in another process")]
    InUse {
        /// The store.
        place: String,
    },
    /// A newer version of Callslot wrote it.
    #[error(
        "{place} has {kind} {found}, and this version of Callslot reads {kind}s up to {newest}"
    )]
    TooNew {
        /// What was written.
        place: String,
        /// Which of its versions this is about.
        kind: VersionKind,
        /// The version it has.
        found: u64,
        /// The newest version that can be read.
        newest: u64,
    },
    /// A version of Callslot that was never released wrote it.
    #[error("{place} has {kind} {found}, which predates the first release and is not supported")]
    TooOld {
        /// What was written.
        place: String,
        /// Which of its versions this is about.
        kind: VersionKind,
        /// The version it has.
        found: u64,
    },
}

/// How the disk or the database below a store failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no space left.
    #[error("cannot grow")]
    Full,
    /// It can be read but not written.
    #[error("cannot be written")]
    ReadOnly,
    /// Another program keeps it locked.
    #[error("is held by another program")]
    Busy,
    /// Its file is no longer the one that was opened.
    #[error("was deleted, moved or replaced while it was in use")]
    Replaced,
    /// Anything else, such as an I/O error; see the cause.
    #[error("cannot be used")]
    Other,
}

/// How stored data is damaged.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// Stored bytes cannot be what was written.
    #[error("is damaged ({0})")]
    Bytes(&'static str),
    /// The database found its own structures damaged.
    #[error("is damaged ({0})")]
    Database(Cause),
    /// It belongs to another program.
    #[error("is not a store of Callslot")]
    Foreign,
    /// A restore that was interrupted left it behind.
    #[error("was left by a restore that was interrupted")]
    Unfinished,
    /// The history reaches further than the log that it was projected from.
    #[error("reaches position {}, but the log ends at {}, so one of them was lost or replaced", reached.0, end.0)]
    AheadOfLog {
        /// The last record in the history.
        reached: Position,
        /// The last record in the log.
        end: Position,
    },
    /// Records are missing.
    #[error("goes from position {} to {}", after.0, found.0)]
    Gap {
        /// The last record before the gap.
        after: Position,
        /// The first one after it.
        found: Position,
    },
}

/// What has a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VersionKind {
    /// The tables of a database.
    #[error("layout")]
    Layout,
    /// The bytes of one record or row.
    #[error("format")]
    Format,
}

impl StoreError {
    /// Stored bytes cannot be what was written.
    #[must_use]
    pub fn damaged(place: impl Into<String>, why: &'static str) -> Self {
        Self::Damaged { place: place.into(), damage: Damage::Bytes(why) }
    }
}

/// A cause in brackets, if there is one.
struct InBrackets<'a>(Option<&'a Cause>);

impl fmt::Display for InBrackets<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(cause) => write!(formatter, " ({cause})"),
            None => Ok(()),
        }
    }
}
