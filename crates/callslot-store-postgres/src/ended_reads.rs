//! Ended calls as they are read: one by its id, or a page. Each read sees the tail and the blocks as of one moment, which its caller sees to.

use callslot_core::{Call, CallId, Ended, OrgId, Sequence};
use callslot_store::history_blocks::{Block, Search, WantedId, unpack};
use callslot_store::{EndedFilter, EndedPage};

use crate::ended_blocks::{self, BlockRow, COLUMNS};
use crate::ended_calls::number_of;
use crate::ended_tail;
use crate::errors::Error;
use crate::integers::{number, size};
use crate::limits::{FILTERS_PER_STATEMENT, SUMMARIES_PER_STATEMENT};
use crate::session::Session;

/// The newest call with this id: in the tail, in an open block, or in a closed one whose filter has the id.
pub(crate) fn newest(
    session: &mut Session,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    let Some(org) = number_of(session, org.as_str())? else { return Ok(None) };
    let text = "SELECT body FROM ended_tail WHERE org = $1 ORDER BY number DESC";
    for row in session.rows(text, &[&org])? {
        if let Some(call) = Block::newest_in(&unpack(row.get(0))?, id)? {
            return Ok(Some(call));
        }
    }
    for block in ended_blocks::open_or_from(session, org, Sequence(u64::MAX))? {
        if let Some(call) = newest_in(session, org, block.last(), id)? {
            return Ok(Some(call));
        }
    }
    let mut before = i64::MAX;
    loop {
        let (found, next) = closed_with(session, org, id, before)?;
        for last in found {
            if let Some(call) = newest_in(session, org, last, id)? {
                return Ok(Some(call));
            }
        }
        match next {
            Some(next) => before = next,
            None => return Ok(None),
        }
    }
}

fn newest_in(
    session: &mut Session,
    org: i64,
    last: i64,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    let Some(body) = ended_blocks::body(session, org, last)? else { return Ok(None) };
    Ok(Block::newest_in(&unpack(&body)?, id)?)
}

/// Of a bounded number of an organisation's closed blocks before a number, newest first, those whose filters have an id, by their last
/// numbers; and where to go on.
pub(crate) fn closed_with(
    session: &mut Session,
    org: i64,
    id: &CallId,
    before: i64,
) -> Result<(Vec<i64>, Option<i64>), Error> {
    let wanted = WantedId::new(id);
    let rows = session.rows(
        "SELECT last, bits FROM ended_filter WHERE org = $1 AND piece = $2 AND last < $3 ORDER BY last DESC LIMIT $4",
        &[&org, &size(wanted.piece()), &before, &FILTERS_PER_STATEMENT],
    )?;
    let found = rows.iter().filter(|row| wanted.may_be_in(row.get(1))).map(|row| row.get(0));
    let is_all = size(rows.len()) < FILTERS_PER_STATEMENT;
    let next = rows.last().filter(|_| !is_all).map(|row| row.get(0));
    Ok((found.collect(), next))
}

/// A page of calls, newest first.
pub(crate) fn page(
    session: &mut Session,
    org: &OrgId,
    filter: &EndedFilter,
    limit: usize,
) -> Result<EndedPage, Error> {
    let Some(org) = number_of(session, org.as_str())? else { return Ok(EndedPage::default()) };
    let mut search = Search::new(filter, limit);
    search.look_at(&ended_tail::of_org(session, org)?);
    let wanted = search.wanted_ids();
    // The bits of the filter come with the summary: -1 is no piece.
    let piece = wanted.map_or(-1, |wanted| size(wanted.piece()));
    let text = format!(
        "SELECT {COLUMNS}, (SELECT bits FROM ended_filter f WHERE f.org = b.org AND f.piece = $3 AND f.last = b.last)
         FROM ended_block b WHERE org = $1 AND last <= $2 ORDER BY last DESC LIMIT $4"
    );
    let mut up_to = newest_before(session, org, filter.before)?;
    while !search.is_over() {
        let rows = session.rows(&text, &[&org, &up_to, &piece, &SUMMARIES_PER_STATEMENT])?;
        for row in &rows {
            let block = BlockRow::from_row(row);
            let bits: Option<&[u8]> = row.get(10);
            up_to = block.last() - 1;
            if search.is_over() {
                break;
            }
            if !search.wants(&block.summary) {
                continue;
            }
            match (wanted, bits) {
                (Some(wanted), Some(bits)) if !wanted.may_be_in(bits) => {
                    search.skip(&block.summary);
                }
                (Some(_) | None, _) => look_at(session, org, &block, &mut search)?,
            }
        }
        if size(rows.len()) < SUMMARIES_PER_STATEMENT {
            break;
        }
    }
    Ok(search.into_page())
}

/// The last number of the block in which a page before `before` begins.
fn newest_before(session: &mut Session, org: i64, before: Option<Sequence>) -> Result<i64, Error> {
    let Some(before) = before else { return Ok(i64::MAX) };
    let text = "SELECT last FROM ended_block WHERE org = $1 AND last >= $2 ORDER BY last LIMIT 1";
    let row = session.row(text, &[&org, &number(before.0.saturating_sub(1))])?;
    Ok(row.map_or(i64::MAX, |row| row.get(0)))
}

/// Shows a block to a search.
fn look_at(
    session: &mut Session,
    org: i64,
    block: &BlockRow,
    search: &mut Search<'_>,
) -> Result<(), Error> {
    let bytes = unpack(&ended_blocks::body(session, org, block.last())?.unwrap_or_default())?;
    if search.wants_unpacked(&block.summary, &bytes) {
        search.look_at(&Block::read_unpacked(&bytes)?.calls);
    }
    Ok(())
}
