//! The log of a shard: one row a record.
//!
//! Its index by organisation is in `org_index.rs`; how snapshots are kept is in `snapshots.rs`; how records come into the file is in
//! `committer.rs`.

use std::sync::PoisonError;

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::limits::{EXAMINED_RECORDS, TRUNCATED_PER_CALL};
use callslot_store::org_blocks::BlockInProgress;
use callslot_store::stored_form::decode;
use callslot_store::{
    AppendError, Log, OldTimes, OrgRecords, Position, Record, Snapshot, StoreError,
    encode_for_append,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::committer::Append;
use crate::errors::Error;
use crate::positions::{end, start};
use crate::records::{place_of, stored_records};
use crate::shard::{Shard, position_in};
use crate::store::{SqliteStore, use_connection};
use crate::{org_index, snapshots};

impl Log for SqliteStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode_for_append(record)?;
        // Appends of one shard come one after another.
        let block = &self.blocks[usize::from(self.shard.0)];
        let mut block = block.lock().unwrap_or_else(PoisonError::into_inner);
        let position = after.next();
        if block.is_behind(position) {
            *block = self.block_at_end(after)?;
        }
        let index = org_index::note(&mut block, position, &record.events);
        let append = Append { shard: self.shard, after, now: record.now, body, index };
        self.committer.commit(append, || self.writer(), &self.log_checkpoints)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let stored = stored_records(&use_connection(&self.reader), self.shard, after, max_bytes)
            .map_err(Error::from)?;
        stored
            .into_iter()
            .map(|(position, body)| Ok((position, decode(&body, &place_of(self.shard, position))?)))
            .collect()
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        let read =
            |reader: &mut _| org_index::read_org_from(reader, self.shard, org, after, max_bytes);
        Ok(self.followers.read(read)?)
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(end(&use_connection(&self.reader), self.shard).map_err(Error::from)?)
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(start(&use_connection(&self.reader), self.shard).map_err(Error::from)?)
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let read = |reader: &mut _| org_index::position_before(reader, self.shard, org, sequence);
        Ok(self.followers.read(read).map_err(Error::from)?)
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        Ok(position_of_old(&use_connection(&self.reader), self.shard, old).map_err(Error::from)?)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        Ok(snapshots::save(self, snapshot)?)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(snapshots::latest(&use_connection(&self.reader), self.shard)?)
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        Ok(truncate(&mut *self.writer()?, self.shard, up_to).map_err(Error::from)?)
    }

    fn probe(&self) -> Result<(), StoreError> {
        let writer = self.writer()?;
        writer.execute("UPDATE probe SET times = times + 1", []).map_err(Error::from)?;
        Ok(())
    }
}

impl SqliteStore {
    /// The block in which the log ends, for a writer that believes it to end at `after`. Asked for after a start, after an append that
    /// failed, and by a writer that is wrong.
    fn block_at_end(&self, after: Position) -> Result<BlockInProgress, AppendError> {
        let reader = use_connection(&self.reader);
        let failed = |error: Error| AppendError::Store(error.into());
        let end = end(&reader, self.shard).map_err(|error| failed(error.into()))?;
        if end != after {
            return Err(AppendError::NotAtEnd { after, end });
        }
        org_index::block_at(&reader, self.shard, end).map_err(failed)
    }
}

fn position_of_old(
    reader: &Connection,
    shard: Shard,
    old: &OldTimes,
) -> rusqlite::Result<Position> {
    let mut reached = Position(start(reader, shard)?.0.saturating_sub(1));
    let text = "SELECT position, at FROM log ORDER BY position LIMIT ?";
    let mut statement = reader.prepare_cached(&shard.in_log(text))?;
    let mut rows = statement.query([EXAMINED_RECORDS])?;
    while let Some(row) = rows.next()? {
        if !old.contains(Timestamp(row.get::<_, i64>(1)?.cast_unsigned())) {
            break;
        }
        reached = position_in(row.get(0)?);
    }
    Ok(reached)
}

fn truncate(writer: &mut Connection, shard: Shard, up_to: Position) -> rusqlite::Result<u64> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let covered: Option<i64> = transaction
        .query_row("SELECT position FROM snapshot WHERE id = ?", [shard.id()], |row| row.get(0))
        .optional()?;
    let covered = covered.map_or(Position(0), position_in);
    let up_to = shard.kept(up_to.min(covered).min(end(&transaction, shard)?));
    let removed = transaction.execute(
        &shard.in_log(
            "DELETE FROM log WHERE position IN (SELECT position FROM log WHERE position <= ? ORDER BY position LIMIT ?)",
        ),
        params![up_to, TRUNCATED_PER_CALL],
    )?;
    transaction.execute(
        &shard.in_log(
            "UPDATE truncated SET position = max(position, coalesce((SELECT min(position) - 1 FROM log), ?)) WHERE id = ?",
        ),
        [up_to, shard.id()],
    )?;
    org_index::prune(&transaction, shard)?;
    transaction.commit()?;
    Ok(removed as u64)
}
