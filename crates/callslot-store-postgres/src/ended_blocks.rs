//! The rows of blocks of ended calls: what is known of each, its bytes, and the filter of its ids. It decides nothing.

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::history_blocks::{Block, EndedCalls, PIECES, Packer, Summary, filter_of};
use postgres::Row;

use crate::errors::Error;
use crate::integers::{number, size, unsigned};
use crate::session::Session;

/// The columns that [`BlockRow::from_row`] reads, in their order.
pub(crate) const COLUMNS: &str =
    "last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed";

/// A block, without its calls.
#[derive(Debug)]
pub(crate) struct BlockRow {
    pub(crate) summary: Summary,
    pub(crate) is_closed: bool,
}

impl BlockRow {
    pub(crate) fn from_row(row: &Row) -> Self {
        let ended = Timestamp(unsigned(row, 3))..=Timestamp(unsigned(row, 4));
        let summary = Summary {
            first: Sequence(unsigned(row, 1)),
            last: Sequence(unsigned(row, 0)),
            calls: usize::try_from(unsigned(row, 2)).unwrap_or(usize::MAX),
            ended,
            longest_wait_ms: unsigned(row, 5),
            types: unsigned(row, 6),
            reasons: unsigned(row, 7),
            agents: row.get(8),
        };
        Self { summary, is_closed: row.get(9) }
    }

    /// The number of its last call, by which it is known in its organisation.
    pub(crate) fn last(&self) -> i64 {
        self.summary.last.0.cast_signed()
    }
}

/// Keeps calls of an organisation as a block.
pub(crate) fn put(
    session: &mut Session,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: &EndedCalls,
    is_closed: bool,
) -> Result<(), Error> {
    let summary = Summary::of(calls);
    let last = summary.last.0.cast_signed();
    session.execute(
        "INSERT INTO ended_block (org, last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            &org,
            &last,
            &summary.first.0.cast_signed(),
            &size(summary.calls),
            &number(summary.ended.start().0),
            &number(summary.ended.end().0),
            &number(summary.longest_wait_ms),
            &summary.types.cast_signed(),
            &summary.reasons.cast_signed(),
            &summary.agents,
            &is_closed,
            &packer.pack(org_id, calls),
        ],
    )?;
    if is_closed {
        let pieces = filter_of(calls.iter().map(|(_, call)| &call.request.id));
        let numbers: Vec<i64> = (0..).take(pieces.len()).collect();
        session.execute(
            "INSERT INTO ended_filter (org, last, piece, bits) SELECT $1::int8, $2::int8, of.piece, of.bits FROM unnest($3::int8[], $4::bytea[]) AS of (piece, bits)",
            &[&org, &last, &numbers, &pieces],
        )?;
    }
    Ok(())
}

/// Puts other bytes in the place of a block's.
pub(crate) fn put_body_instead(
    session: &mut Session,
    (org, last): (i64, i64),
    body: &[u8],
) -> Result<(), Error> {
    let text = "UPDATE ended_block SET body = $3 WHERE org = $1 AND last = $2";
    session.execute(text, &[&org, &last, &body]).map(drop)
}

/// The bytes of the block with this last number; none if it is not there.
pub(crate) fn body(session: &mut Session, org: i64, last: i64) -> Result<Option<Vec<u8>>, Error> {
    let text = "SELECT body FROM ended_block WHERE org = $1 AND last = $2";
    Ok(session.row(text, &[&org, &last])?.map(|row| row.get(0)))
}

/// The calls of a block.
pub(crate) fn calls_of(
    session: &mut Session,
    org: i64,
    block: &BlockRow,
) -> Result<EndedCalls, Error> {
    let body = body(session, org, block.last())?.unwrap_or_default();
    Ok(Block::read(&body)?.calls)
}

/// The newest blocks of an organisation, newest first: those that are open, or have calls from `first` on.
pub(crate) fn open_or_from(
    session: &mut Session,
    org: i64,
    first: Sequence,
) -> Result<Vec<BlockRow>, Error> {
    let text = format!(
        "SELECT {COLUMNS} FROM ended_block WHERE org = $1 AND NOT is_closed
         UNION SELECT {COLUMNS} FROM ended_block WHERE org = $1 AND last >= $2 ORDER BY last DESC"
    );
    // No number is larger than PostgreSQL's largest.
    let rows = session.rows(&text, &[&org, &number(first.0)])?;
    Ok(rows.iter().map(BlockRow::from_row).collect())
}

/// The oldest block of an organisation.
pub(crate) fn oldest(session: &mut Session, org: i64) -> Result<Option<BlockRow>, Error> {
    let text = format!("SELECT {COLUMNS} FROM ended_block WHERE org = $1 ORDER BY last LIMIT 1");
    Ok(session.row(&text, &[&org])?.map(|row| BlockRow::from_row(&row)))
}

/// Removes a block.
pub(crate) fn remove(session: &mut Session, org: i64, block: &BlockRow) -> Result<(), Error> {
    let last = block.last();
    session.execute("DELETE FROM ended_block WHERE org = $1 AND last = $2", &[&org, &last])?;
    if block.is_closed {
        // Its pieces are found by their numbers, which come before `last` in the key.
        let text = "DELETE FROM ended_filter WHERE org = $1 AND piece = ANY ($2) AND last = $3";
        let pieces: Vec<i64> = (0..).take(PIECES).collect();
        session.execute(text, &[&org, &pieces, &last])?;
    }
    Ok(())
}
