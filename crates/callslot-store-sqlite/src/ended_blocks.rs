//! The rows of blocks of ended calls: what is known of each, its bytes, and the filter of its ids. It decides nothing.

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::history_blocks::{EndedCalls, PIECES, Packer, Summary, filter_of};
use rusqlite::{Connection, Row, params};

use crate::integers::{number, size};
use crate::limits::BESIDE_BODY_BYTES;

/// A block, without its calls.
#[derive(Debug)]
pub(crate) struct BlockRow {
    pub(crate) summary: Summary,
    pub(crate) is_closed: bool,
    /// The number of its bytes.
    pub(crate) body: i64,
}

impl BlockRow {
    /// From a row that has all columns but the organisation.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let unsigned = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        let ended = Timestamp(unsigned("from_at")?)..=Timestamp(unsigned("to_at")?);
        let summary = Summary {
            first: Sequence(unsigned("first")?),
            last: Sequence(unsigned("last")?),
            calls: size(row.get("calls")?),
            ended,
            longest_wait_ms: unsigned("longest_wait")?,
            types: unsigned("types")?,
            reasons: unsigned("reasons")?,
            agents: row.get("agents")?,
        };
        Ok(Self { summary, is_closed: row.get("is_closed")?, body: row.get("body")? })
    }
}

/// Keeps calls of an organisation as a block. Returns about how many bytes were written.
pub(crate) fn put(
    connection: &Connection,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: &EndedCalls,
    is_closed: bool,
) -> rusqlite::Result<usize> {
    let summary = Summary::of(calls);
    let body = packer.pack(org_id, calls);
    connection
        .prepare_cached("INSERT INTO ended_body (body) VALUES (?)")?
        .execute(params![body])?;
    let last = summary.last.0.cast_signed();
    connection
        .prepare_cached(
            "INSERT INTO ended_block (org, last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            org,
            last,
            summary.first.0.cast_signed(),
            number(summary.calls as u64),
            number(summary.ended.start().0),
            number(summary.ended.end().0),
            number(summary.longest_wait_ms),
            summary.types.cast_signed(),
            summary.reasons.cast_signed(),
            summary.agents,
            is_closed,
            connection.last_insert_rowid(),
        ])?;
    let mut bytes = body.len() + BESIDE_BODY_BYTES;
    if is_closed {
        let mut put_piece = connection.prepare_cached(
            "INSERT INTO ended_filter (org, piece, last, bits) VALUES (?, ?, ?, ?)",
        )?;
        let ids = calls.iter().map(|(_, call)| &call.request.id);
        for (piece, bits) in (0_i64..).zip(filter_of(ids)) {
            bytes += bits.len();
            put_piece.execute(params![org, piece, last, bits])?;
        }
    }
    Ok(bytes)
}

/// The bytes with this number.
pub(crate) fn body(connection: &Connection, number: i64) -> rusqlite::Result<Vec<u8>> {
    connection
        .prepare_cached("SELECT body FROM ended_body WHERE number = ?")?
        .query_row([number], |row| row.get(0))
}

/// Puts other bytes in the place of a block's, with a number of their own.
pub(crate) fn put_body_instead(
    connection: &Connection,
    (org, last): (i64, i64),
    before: i64,
    body: &[u8],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO ended_body (body) VALUES (?)")?
        .execute(params![body])?;
    connection
        .prepare_cached("UPDATE ended_block SET body = ? WHERE org = ? AND last = ?")?
        .execute([connection.last_insert_rowid(), org, last])?;
    connection.prepare_cached("DELETE FROM ended_body WHERE number = ?")?.execute([before])?;
    Ok(())
}

/// The newest blocks of an organisation, newest first, as long as they are open or have calls from `first` on.
pub(crate) fn open_or_from(
    connection: &Connection,
    org: i64,
    first: Sequence,
) -> rusqlite::Result<Vec<BlockRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed, body
         FROM ended_block WHERE org = ? ORDER BY last DESC",
    )?;
    let mut rows = statement.query([org])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let row = BlockRow::from_row(row)?;
        if row.is_closed && row.summary.last < first {
            break;
        }
        found.push(row);
    }
    Ok(found)
}

/// The oldest block of an organisation.
pub(crate) fn oldest(connection: &Connection, org: i64) -> rusqlite::Result<Option<BlockRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed, body
         FROM ended_block WHERE org = ? ORDER BY last LIMIT 1",
    )?;
    let mut rows = statement.query([org])?;
    rows.next()?.map(BlockRow::from_row).transpose()
}

/// Removes a block.
pub(crate) fn remove(connection: &Connection, org: i64, block: &BlockRow) -> rusqlite::Result<()> {
    let last = block.summary.last.0.cast_signed();
    connection.prepare_cached("DELETE FROM ended_body WHERE number = ?")?.execute([block.body])?;
    connection
        .prepare_cached("DELETE FROM ended_block WHERE org = ? AND last = ?")?
        .execute([org, last])?;
    if block.is_closed {
        let mut piece = connection
            .prepare_cached("DELETE FROM ended_filter WHERE org = ? AND piece = ? AND last = ?")?;
        for number in (0_i64..).take(PIECES) {
            piece.execute([org, number, last])?;
        }
    }
    Ok(())
}
