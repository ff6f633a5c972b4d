//! A commit, step by step: appends a record and, when that fails, finds out what the log holds and when it takes writes
//! again. It neither waits nor decides when to try again.

use callslot_store::{Position, Record, Store, StoreError};

use crate::shard::recover::{Recovered, recover};

/// What there is to tell of a commit.
#[derive(Debug)]
pub enum Outcome {
    /// The record is durable.
    Committed {
        /// Where the log ends now.
        end: Position,
        /// The record.
        record: Record,
    },
    /// The append failed; what the log holds is being found out.
    Failed,
    /// The log cannot be read either, so nobody can say yet whether the record is in it.
    Unknown,
    /// What the log holds. The record may be in it after all.
    Recovered {
        /// The state, and where the log ends.
        state: Box<Recovered>,
        /// The record, if the log holds it.
        written: Option<Record>,
    },
    /// The store takes writes again.
    Writable,
}

/// What a commit does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Append,
    ReadBack { is_told: bool },
    Probe,
    Done,
}

/// A record on its way into the log. A failed append is never repeated blindly.
#[derive(Debug)]
pub struct Commit {
    after: Position,
    record: Record,
    stage: Stage,
}

impl Commit {
    /// Of a record that is to be appended after `after`.
    #[must_use]
    pub fn new(after: Position, record: Record) -> Self {
        Self { after, record, stage: Stage::Append }
    }

    /// Whether there is nothing left to do: the record's fate is known and the store takes writes.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Does the next thing, and says what there is to tell. Blocks. None: it did not work; try again after a while.
    pub fn step(&mut self, store: &dyn Store) -> Option<Outcome> {
        match self.stage {
            Stage::Append => match store.append(self.after, &self.record) {
                Ok(end) => {
                    self.stage = Stage::Done;
                    Some(Outcome::Committed { end, record: std::mem::take(&mut self.record) })
                }
                Err(error) => {
                    let error = error_text(&error);
                    tracing::error!(error, "a commit failed; reading the log again");
                    self.stage = Stage::ReadBack { is_told: false };
                    Some(Outcome::Failed)
                }
            },
            Stage::ReadBack { is_told } => match self.read_back(store) {
                Ok((state, is_written)) => {
                    self.stage = Stage::Probe;
                    let written = is_written.then(|| std::mem::take(&mut self.record));
                    Some(Outcome::Recovered { state: Box::new(state), written })
                }
                Err(error) => {
                    tracing::error!(%error, "the log cannot be read; trying again soon");
                    self.stage = Stage::ReadBack { is_told: true };
                    (!is_told).then_some(Outcome::Unknown)
                }
            },
            Stage::Probe => match store.probe() {
                Ok(()) => {
                    tracing::info!("the store can write again");
                    self.stage = Stage::Done;
                    Some(Outcome::Writable)
                }
                Err(error) => {
                    tracing::warn!(%error, "the store cannot write; trying again soon");
                    None
                }
            },
            Stage::Done => None,
        }
    }

    /// What the log holds, and whether the record is in it.
    fn read_back(&self, store: &dyn Store) -> Result<(Recovered, bool), StoreError> {
        let state = recover(store)?;
        let next = store.read_from(self.after, 1)?;
        let is_written = next.first().is_some_and(|(position, found)| {
            *position == self.after.next() && *found == self.record
        });
        Ok((state, is_written))
    }
}

fn error_text(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
