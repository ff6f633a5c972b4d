//! The contract of the log: what every store promises, whether it is made of files, a database or memory. It decides nothing.

use callslot_core::{OrgId, Sequence};

use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::OldTimes;
use crate::contract::store_error::StoreError;
use crate::limits::MAX_RECORD_BYTES;
use crate::stored_form;

/// Why an append did not happen, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Another writer appended: the log does not end where this writer believes. Nothing was written.
    #[error("the log ends at {end:?}, not at {after:?}")]
    NotAtEnd {
        /// Where the writer believed it to end.
        after: Position,
        /// Where it ends.
        end: Position,
    },
    /// The record is larger than a store takes, so it was decided without a bound. Nothing was written, and nothing ever will be.
    #[error("the record has {bytes} bytes; a record has {MAX_RECORD_BYTES} at most")]
    TooLarge {
        /// What its stored form has.
        bytes: usize,
    },
    /// The store failed, and the record may or may not have been written. Read the end again before deciding anything else.
    #[error("the record was not confirmed")]
    Store(#[source] StoreError),
}

/// Records to read for an organisation, and the last position looked at; none at the end of the log.
pub type OrgRecords = (Vec<(Position, Record)>, Option<Position>);

/// The stored form of a record, if it is no larger than every store takes.
///
/// # Errors
/// [`AppendError::TooLarge`] when it is larger.
pub fn encode_for_append(record: &Record) -> Result<Vec<u8>, AppendError> {
    let body = stored_form::encode(record);
    if body.len() > MAX_RECORD_BYTES {
        return Err(AppendError::TooLarge { bytes: body.len() });
    }
    Ok(body)
}

/// The log of a shard: records in one order, durable once appended.
///
/// All methods block; callers on an async runtime use a blocking thread.
pub trait Log: Send + Sync {
    /// Appends `record` right after `after`. When it returns, the record survives a crash of process and machine.
    ///
    /// # Errors
    /// [`AppendError::NotAtEnd`] when the log ends elsewhere; [`AppendError::TooLarge`] beyond [`MAX_RECORD_BYTES`];
    /// [`AppendError::Store`] when the outcome is unknown.
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError>;

    /// Records after `after`, in order, until `max_bytes` of stored form are read (at least one, if there is one).
    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError>;

    /// The position of the last record, even if all records have been truncated; 0 if there never was one.
    fn end(&self) -> Result<Position, StoreError>;

    /// The position of the earliest record that is kept, or the one after the end if none is.
    fn start(&self) -> Result<Position, StoreError>;

    /// Records after `after` with public events of `org`, in order, until `max_bytes` of stored form are read (at least one, if
    /// there is one), and the last position looked at; none at the end of the log. Records without events of `org` may be among
    /// them. It looks at a bounded part of the log, so there may be no record although the log goes on. No record from before the
    /// one in which `org` was last deleted is among them.
    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError>;

    /// A position after which every kept event of `org` with a number of `sequence` or more is found. It is the position
    /// *before* the first record worth reading with [`Log::read_org_from`].
    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError>;

    /// The last position up to which all kept records were decided at old times; the one before the first if there is none. It
    /// looks at a bounded number of records.
    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError>;

    /// Saves a snapshot durably and removes older ones.
    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError>;

    /// The newest snapshot.
    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError>;

    /// Removes records up to and including `up_to`, a bounded number at a time, and returns how many it removed. Never removes
    /// a record that the newest snapshot does not cover.
    fn truncate(&self, up_to: Position) -> Result<u64, StoreError>;

    /// Writes and syncs something small, to find out whether appends would succeed.
    fn probe(&self) -> Result<(), StoreError>;
}
