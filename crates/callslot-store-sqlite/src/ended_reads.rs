//! Ended calls as they are read: one by its id, or a page. Each read sees the tail and the blocks as of one moment.

use callslot_core::{Call, CallId, Ended, OrgId, Sequence};
use callslot_store::history_blocks::{Block, Search, WantedId, unpack};
use callslot_store::{EndedFilter, EndedPage};
use rusqlite::{Connection, OptionalExtension};

use crate::ended_blocks::{self, BlockRow};
use crate::ended_calls::number_of;
use crate::ended_tail;
use crate::errors::Error;
use crate::integers::number;
use crate::unpacked_blocks::UnpackedBlocks;

/// The newest call with this id: in the tail, in an open block, or in a closed one whose filter has the id.
pub(crate) fn newest(
    connection: &Connection,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    let moment = connection.unchecked_transaction()?;
    let Some(org) = number_of(&moment, org.as_str())? else { return Ok(None) };
    let mut waiting =
        moment.prepare_cached("SELECT body FROM ended_tail WHERE org = ? ORDER BY number DESC")?;
    let mut rows = waiting.query([org])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Some(call) = Block::newest_in(&unpack(body)?, id)? {
            return Ok(Some(call));
        }
    }
    for block in ended_blocks::open_or_from(&moment, org, Sequence(u64::MAX))? {
        if let Some(call) = newest_in(&moment, block.body, id)? {
            return Ok(Some(call));
        }
    }
    let wanted = WantedId::new(id);
    let mut filters = moment.prepare_cached(
        "SELECT last, bits FROM ended_filter WHERE org = ? AND piece = ? ORDER BY last DESC",
    )?;
    let mut body =
        moment.prepare_cached("SELECT body FROM ended_block WHERE org = ? AND last = ?")?;
    let mut rows = filters.query([org, number(wanted.piece() as u64)])?;
    while let Some(row) = rows.next()? {
        if !wanted.may_be_in(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?) {
            continue;
        }
        let found = body.query_row([org, row.get::<_, i64>(0)?], |row| row.get(0))?;
        if let Some(call) = newest_in(&moment, found, id)? {
            return Ok(Some(call));
        }
    }
    Ok(None)
}

fn newest_in(
    connection: &Connection,
    body: i64,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    Ok(Block::newest_in(&unpack(&ended_blocks::body(connection, body)?)?, id)?)
}

/// A page of calls, newest first.
pub(crate) fn page(
    connection: &Connection,
    unpacked: &UnpackedBlocks,
    org: &OrgId,
    filter: &EndedFilter,
    limit: usize,
) -> Result<EndedPage, Error> {
    let moment = connection.unchecked_transaction()?;
    let Some(org) = number_of(&moment, org.as_str())? else { return Ok(EndedPage::default()) };
    let mut search = Search::new(filter, limit);
    search.look_at(&ended_tail::of_org(&moment, org)?);
    if search.is_over() {
        return Ok(search.into_page());
    }
    let mut statement = moment.prepare_cached(
        "SELECT last, first, calls, from_at, to_at, longest_wait, types, reasons, agents, is_closed, body
         FROM ended_block WHERE org = ? AND last <= ? ORDER BY last DESC",
    )?;
    let mut rows = statement.query([org, newest_before(&moment, org, filter.before)?])?;
    while !search.is_over()
        && let Some(row) = rows.next()?
    {
        let block = BlockRow::from_row(row)?;
        if !search.wants(&block.summary) {
            continue;
        }
        if may_have_ids(&moment, org, &block, &search)? {
            look_at(&moment, unpacked, &block, &mut search)?;
        } else {
            search.skip(&block.summary);
        }
    }
    Ok(search.into_page())
}

/// The last number of the block in which a page before `before` begins.
fn newest_before(
    connection: &Connection,
    org: i64,
    before: Option<Sequence>,
) -> rusqlite::Result<i64> {
    let Some(before) = before else { return Ok(i64::MAX) };
    let last = connection
        .prepare_cached(
            "SELECT last FROM ended_block WHERE org = ? AND last >= ? ORDER BY last LIMIT 1",
        )?
        .query_row([org, before.0.cast_signed().saturating_sub(1)], |row| row.get(0));
    Ok(last.optional()?.unwrap_or(i64::MAX))
}

/// Whether a block may have ids that a search looks for, as far as its filter knows.
fn may_have_ids(
    connection: &Connection,
    org: i64,
    block: &BlockRow,
    search: &Search<'_>,
) -> rusqlite::Result<bool> {
    let Some(wanted) = search.wanted_ids().filter(|_| block.is_closed) else { return Ok(true) };
    let (piece, last) = (number(wanted.piece() as u64), block.summary.last.0.cast_signed());
    let bits: Vec<u8> = connection
        .prepare_cached("SELECT bits FROM ended_filter WHERE org = ? AND piece = ? AND last = ?")?
        .query_row([org, piece, last], |row| row.get(0))?;
    Ok(wanted.may_be_in(&bits))
}

/// Shows a block to a search, unpacked before or now.
fn look_at(
    connection: &Connection,
    unpacked: &UnpackedBlocks,
    block: &BlockRow,
    search: &mut Search<'_>,
) -> Result<(), Error> {
    if let Some(calls) = unpacked.get(block.body) {
        search.look_at(&calls);
        return Ok(());
    }
    let bytes = unpack(&ended_blocks::body(connection, block.body)?)?;
    if search.wants_unpacked(&block.summary, &bytes) {
        let calls = Block::read_unpacked(&bytes)?.calls;
        search.look_at(&calls);
        unpacked.keep(block.body, calls);
    }
    Ok(())
}
