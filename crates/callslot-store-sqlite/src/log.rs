//! The log: one row a record.
//!
//! Its index by organisation is in `org_index.rs`; how snapshots are kept is in `snapshots.rs`.

use std::sync::PoisonError;

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::limits::{EXAMINED_RECORDS, TRUNCATED_PER_CALL};
use callslot_store::org_blocks::BlockInProgress;
use callslot_store::stored_form::decode;
use callslot_store::{
    AppendError, Log, OldTimes, OrgRecords, Position, Record, Snapshot, StoreError,
    encode_for_append,
};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::positions::{end, start};
use crate::records::{insert, place_of, stored_records};
use crate::store::{SqliteStore, use_connection};
use crate::{org_index, snapshots};

impl Log for SqliteStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode_for_append(record)?;
        let mut writer = self.writer().map_err(AppendError::Store)?;
        let mut block = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        let appended = append(&mut writer, &mut block, after, record, &body)?;
        self.log_checkpoints.ask(body.len());
        Ok(appended)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let stored =
            stored_records(&use_connection(&self.reader), after, max_bytes).map_err(Error::from)?;
        stored
            .into_iter()
            .map(|(position, body)| Ok((position, decode(&body, &place_of(position))?)))
            .collect()
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        let read = |reader: &mut _| org_index::read_org_from(reader, org, after, max_bytes);
        Ok(self.followers.read(read)?)
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(end(&use_connection(&self.reader)).map_err(Error::from)?)
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(start(&use_connection(&self.reader)).map_err(Error::from)?)
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let read = |reader: &mut _| org_index::position_before(reader, org, sequence);
        Ok(self.followers.read(read).map_err(Error::from)?)
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        Ok(position_of_old(&use_connection(&self.reader), old).map_err(Error::from)?)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        Ok(snapshots::save(self, snapshot)?)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(snapshots::latest(&use_connection(&self.reader))?)
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        Ok(truncate(&mut *self.writer()?, up_to).map_err(Error::from)?)
    }

    fn probe(&self) -> Result<(), StoreError> {
        let writer = self.writer()?;
        writer.execute("UPDATE probe SET times = times + 1", []).map_err(Error::from)?;
        Ok(())
    }
}

fn append(
    writer: &mut Connection,
    block: &mut BlockInProgress,
    after: Position,
    record: &Record,
    body: &[u8],
) -> Result<Position, AppendError> {
    let store = |error: rusqlite::Error| AppendError::Store(Error::from(error).into());
    let transaction =
        writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
    let end = end(&transaction).map_err(store)?;
    if end != after {
        return Err(AppendError::NotAtEnd { after, end });
    }
    let position = after.next();
    org_index::append(block, &transaction, position, &record.events)
        .map_err(|error| AppendError::Store(error.into()))?;
    insert(&transaction, position, record.now, body).map_err(store)?;
    transaction.commit().map_err(store)?;
    Ok(position)
}

fn position_of_old(reader: &Connection, old: &OldTimes) -> rusqlite::Result<Position> {
    let mut reached = Position(start(reader)?.0.saturating_sub(1));
    let mut statement =
        reader.prepare_cached("SELECT position, at FROM log ORDER BY position LIMIT ?")?;
    let mut rows = statement.query([EXAMINED_RECORDS])?;
    while let Some(row) = rows.next()? {
        if !old.contains(Timestamp(row.get::<_, i64>(1)?.cast_unsigned())) {
            break;
        }
        reached = position(row.get(0)?);
    }
    Ok(reached)
}

fn truncate(writer: &mut Connection, up_to: Position) -> rusqlite::Result<u64> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let covered: i64 =
        transaction
            .query_row("SELECT coalesce(max(position), 0) FROM snapshot", [], |row| row.get(0))?;
    let up_to = number_of(up_to).min(covered).min(number_of(end(&transaction)?));
    let removed = transaction.execute(
        "DELETE FROM log WHERE position IN (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ?)",
        params![up_to, TRUNCATED_PER_CALL],
    )?;
    transaction.execute(
        "UPDATE truncated SET position = max(position, coalesce((SELECT min(position) - 1 FROM log), ?))",
        [up_to],
    )?;
    org_index::prune(&transaction)?;
    transaction.commit()?;
    Ok(removed as u64)
}
