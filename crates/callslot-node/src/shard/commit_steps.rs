//! A commit, step by step: appends a record. If that fails, it reads the log again to find out whether the record was
//! written, and probes the store until it can write again. Never waits, and never decides when to retry.

use callslot_store::{AppendError, Position, Record, Store, StoreError};

use crate::advice::with_advice;
use crate::shard::recover::{Recovered, recover};

/// The result of a step. A commit yields either `Committed`, or `Failed`, perhaps `Unknown`, `Recovered` and then `Writable`.
#[derive(Debug)]
pub enum Outcome {
    /// The record is durable.
    Committed {
        /// Where the log ends now.
        end: Position,
        record: Record,
    },
    /// The append failed. The log will be read again to find out what it contains.
    Failed,
    /// The log cannot be read either, so it is not known yet whether the record is in it.
    Unknown,
    /// The log was read again. The record may be in it after all.
    Recovered {
        /// The state, and where the log ends.
        state: Box<Recovered>,
        /// The record, if it is in the log.
        written: Option<Record>,
    },
    /// The store can write again.
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

/// A record on its way into the log. A failed append is never simply repeated.
#[derive(Debug)]
pub struct Commit {
    after: Position,
    record: Record,
    stage: Stage,
}

impl Commit {
    /// A commit that appends `record` after position `after`.
    #[must_use]
    pub fn new(after: Position, record: Record) -> Self {
        Self { after, record, stage: Stage::Append }
    }

    /// Whether the commit is finished: the outcome is known and the store can write.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Takes the next step and returns its outcome. None means that it failed again: wait a while, then retry. Blocks.
    ///
    /// # Panics
    /// When the store refuses the record for its size: a record is bounded where it is decided, so that invariant is broken.
    pub fn step(&mut self, store: &dyn Store) -> Option<Outcome> {
        match self.stage {
            Stage::Append => match store.append(self.after, &self.record) {
                Ok(end) => {
                    self.stage = Stage::Done;
                    Some(Outcome::Committed { end, record: std::mem::take(&mut self.record) })
                }
                // It would be decided and refused again and again, so it is told and not tried again.
                Err(error @ AppendError::TooLarge { .. }) => panic!("a record is bounded: {error}"),
                Err(error) => {
                    let error = error_text(&error);
                    tracing::error!(
                        error,
                        "a commit failed; reading the log to find out what was written"
                    );
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
                    tracing::error!(error = with_advice(&error), "cannot read the log; will retry");
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
                    tracing::warn!(
                        error = with_advice(&error),
                        "the store cannot write; will retry"
                    );
                    None
                }
            },
            Stage::Done => None,
        }
    }

    /// The state in the log, and whether the record is in it.
    fn read_back(&self, store: &dyn Store) -> Result<(Recovered, bool), StoreError> {
        let state = recover(store)?;
        let next = store.read_from(self.after, 1)?;
        let is_written = next.first().is_some_and(|(position, found)| {
            *position == self.after.next() && *found == self.record
        });
        Ok((state, is_written))
    }
}

fn error_text(error: &AppendError) -> String {
    match error {
        AppendError::NotAtEnd { .. } | AppendError::TooLarge { .. } => error.to_string(),
        AppendError::Store(source) => format!("{error}: {}", with_advice(source)),
    }
}
