//! The tables of the index of the log by organisation, whose rows are written in the transaction of a block's last record, always next to
//! each other, at the end of the table. What they hold is `callslot_store::org_blocks`'.

use callslot_core::{OrgId, Recorded, Sequence};
use callslot_store::limits::BLOCKS_PER_READ;
use callslot_store::org_blocks::{
    BlockInProgress, InBlock, block_of, deleted_in, first_of, last_of, records_of,
};
use callslot_store::stored_form::decode;
use callslot_store::{OrgRecords, Position};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::errors::Error;
use crate::limits::INDEXED_AT_A_TIME_BYTES;
use crate::positions::{end, start};
use crate::records::{place_of, stored_records};
use crate::shard::{Shard, position_in};

/// How many records are indexed between two lines in the server's log.
const RECORDS_PER_LINE: u64 = 100_000;

/// What goes into the tables with a record.
#[derive(Debug, Default)]
pub(crate) struct IndexRows {
    /// The rows of the block, if it is the last record there.
    of_block: Vec<(OrgId, InBlock)>,
    /// The organisations that are deleted in the record.
    deleted: Vec<OrgId>,
}

/// Notes a record of which its block is not behind.
pub(crate) fn note(block: &mut BlockInProgress, at: Position, events: &[Recorded]) -> IndexRows {
    block.note(at, events);
    let of_block = block.rows().into_iter().map(|(org, in_block)| (org.clone(), in_block));
    let deleted = deleted_in(events).into_iter().cloned();
    IndexRows { of_block: of_block.collect(), deleted: deleted.collect() }
}

/// Writes the rows of a record.
pub(crate) fn insert(
    transaction: &Connection,
    shard: Shard,
    at: Position,
    rows: &IndexRows,
) -> rusqlite::Result<()> {
    for org in &rows.deleted {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO org_deleted (org, position) VALUES (?, ?)")?
            .execute(params![org.as_str(), shard.kept(at)])?;
    }
    if rows.of_block.is_empty() {
        return Ok(());
    }
    let mut insert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO org_block (block, org, sequence, records) VALUES (?, ?, ?, ?)",
    )?;
    for (org, InBlock { first, records }) in &rows.of_block {
        let (first, records) = (first.0.cast_signed(), records.cast_signed());
        let block = shard.kept_block(block_of(at));
        insert.execute(params![block, org.as_str(), first, records])?;
    }
    Ok(())
}

/// The block in which a shard's log ends, as its records have it.
pub(crate) fn block_at(
    connection: &Connection,
    shard: Shard,
    end: Position,
) -> Result<BlockInProgress, Error> {
    let mut block = BlockInProgress::after(end);
    let before = Position(first_of(block_of(end)).0.saturating_sub(1));
    for (at, body) in stored_records(connection, shard, before, usize::MAX)? {
        block.note(at, &decode(&body, &place_of(shard, at))?.events);
    }
    Ok(block)
}

/// Indexes a log that an older version wrote.
pub(crate) fn build(connection: &Connection) -> Result<(), Error> {
    let shard = Shard::FIRST;
    let (mut reached, end) = (Position(start(connection, shard)?.0 - 1), end(connection, shard)?);
    let mut block = BlockInProgress::after(reached);
    let mut said = reached;
    loop {
        let records = stored_records(connection, shard, reached, INDEXED_AT_A_TIME_BYTES)?;
        if records.is_empty() {
            return Ok(());
        }
        for (at, body) in records {
            let rows = note(&mut block, at, &decode(&body, &place_of(shard, at))?.events);
            insert(connection, shard, at, &rows)?;
            reached = at;
        }
        if reached.0 - said.0 >= RECORDS_PER_LINE {
            said = reached;
            tracing::info!(
                record = reached.0,
                of = end.0,
                "indexing the log by organisation, once, after an upgrade"
            );
        }
    }
}

/// Removes the rows of blocks whose records are all gone.
pub(crate) fn prune(transaction: &Connection, shard: Shard) -> rusqlite::Result<()> {
    let first_kept = start(transaction, shard)?;
    transaction
        .prepare_cached("DELETE FROM org_block WHERE block >= ? AND block < ?")?
        .execute([shard.kept_block(0), shard.kept_block(block_of(first_kept))])?;
    transaction
        .prepare_cached("DELETE FROM org_deleted WHERE position >= ? AND position < ?")?
        .execute([shard.all().0, shard.kept(first_kept)])
        .map(drop)
}

/// See [`callslot_store::Log::read_org_from`].
pub(crate) fn read_org_from(
    connection: &mut Connection,
    shard: Shard,
    org: &OrgId,
    after: Position,
    max_bytes: usize,
) -> Result<OrgRecords, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let from = after.next().max(start_for(&transaction, shard, org)?);
    let end = end(&transaction, shard)?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    if from > end {
        return Ok((records, None));
    }
    let mut body_at =
        transaction.prepare_cached(&shard.in_log("SELECT body FROM log WHERE position = ?"))?;
    let last_looked_at = (block_of(from) + BLOCKS_PER_READ - 1).min(block_of(end));
    for block in block_of(from)..=last_looked_at {
        for at in positions(&transaction, shard, (org, block), end)?.filter(|at| *at >= from) {
            let body: Vec<u8> = body_at.query_row([shard.kept(at)], |row| row.get(0))?;
            bytes += body.len();
            records.push((at, decode(&body, &place_of(shard, at))?));
            if bytes >= max_bytes {
                return Ok((records, Some(at)));
            }
        }
    }
    Ok((records, Some(last_of(last_looked_at).min(end))))
}

/// The records of a block that may have events of an organisation.
fn positions(
    connection: &Connection,
    shard: Shard,
    (org, block): (&OrgId, u64),
    end: Position,
) -> rusqlite::Result<impl Iterator<Item = Position>> {
    let records = if last_of(block) > end {
        u64::MAX
    } else {
        in_block(connection, shard, org, block)?.map_or(0, |of_org| of_org.records)
    };
    Ok(records_of(block, records).filter(move |at| *at <= end))
}

/// See [`callslot_store::Log::position_before`].
pub(crate) fn position_before(
    connection: &mut Connection,
    shard: Shard,
    org: &OrgId,
    sequence: Sequence,
) -> rusqlite::Result<Position> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let (start, end) = (start_for(&transaction, shard, org)?, end(&transaction, shard)?);
    let complete = block_of(start)..block_of(end.next());
    for block in complete.rev() {
        let of_org = in_block(&transaction, shard, org, block)?;
        if of_org.is_some_and(|of_org| of_org.first <= sequence) {
            return Ok(Position(first_of(block).max(start).0.saturating_sub(1)));
        }
    }
    Ok(Position(start.0.saturating_sub(1)))
}

/// The first record that may have something of an organisation: the one in which it was last deleted, if that is kept.
fn start_for(connection: &Connection, shard: Shard, org: &OrgId) -> rusqlite::Result<Position> {
    let deleted: Option<i64> = connection
        .prepare_cached(
            "SELECT position FROM org_deleted WHERE org = ? AND position BETWEEN ? AND ?",
        )?
        .query_row(params![org.as_str(), shard.all().0, shard.all().1], |row| row.get(0))
        .optional()?;
    Ok(start(connection, shard)?.max(deleted.map_or(Position(0), position_in)))
}

fn in_block(
    connection: &Connection,
    shard: Shard,
    org: &OrgId,
    block: u64,
) -> rusqlite::Result<Option<InBlock>> {
    connection
        .prepare_cached("SELECT sequence, records FROM org_block WHERE block = ? AND org = ?")?
        .query_row(params![shard.kept_block(block), org.as_str()], |row| {
            let first = Sequence(row.get::<_, i64>(0)?.cast_unsigned());
            Ok(InBlock { first, records: row.get::<_, i64>(1)?.cast_unsigned() })
        })
        .optional()
}
