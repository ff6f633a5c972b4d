//! Moves the ended calls of layout 1, one row each, into blocks. It does so when the store is opened, a bounded number in each transaction,
//! so one that is cut off goes on where it was.

use callslot_core::Sequence;
use callslot_store::StoreError;
use callslot_store::history_blocks::{EndedCalls, Packer};
use callslot_store::stored_form::decode_ended_call;

use crate::ended_calls::seal;
use crate::ended_removal::name_of;
use crate::errors::{DATABASE, Error};
use crate::integers::unsigned;
use crate::limits::MOVED_AT_A_TIME;
use crate::owner::SHARD;
use crate::session::Session;

/// Moves all rows, and then drops their table.
pub(crate) fn move_into_blocks(session: &mut Session, node: i64) -> Result<(), Error> {
    let mut moved = 0;
    while let Some(some) = session.transaction(|session| move_some(session, node))? {
        moved += some;
        tracing::info!(calls = moved, "ended calls of an older version are moved into blocks");
    }
    if moved > 0 {
        tracing::info!(calls = moved, "all ended calls are in blocks");
    }
    Ok(())
}

/// Moves the first rows of an organisation. Returns how many; none if there are no rows any more.
fn move_some(session: &mut Session, node: i64) -> Result<Option<usize>, Error> {
    let rows = "SELECT to_regclass('callslot.ended') IS NOT NULL";
    if !session.row(rows, &[])?.is_some_and(|row| row.get(0)) {
        return Ok(None);
    }
    // A server that takes the data over meanwhile waits for the end of this transaction.
    let holds = "SELECT 1 FROM shard WHERE shard = $1 AND holder = $2 FOR SHARE";
    if session.row(holds, &[&SHARD, &node])?.is_none() {
        return Err(StoreError::InUse { place: DATABASE.into() }.into());
    }
    let Some(row) = session.row("SELECT org FROM ended ORDER BY org LIMIT 1", &[])? else {
        // Agents had names there too.
        session.batch(
            "DROP TABLE ended;
             DELETE FROM name WHERE number NOT IN (SELECT org FROM ended_block) AND number NOT IN (SELECT org FROM ended_tail)",
        )?;
        return Ok(None);
    };
    let org: i64 = row.get(0);
    let calls = first_rows(session, org)?;
    let moved = calls.len();
    let last = calls.last().map_or(0, |(sequence, _)| sequence.0.cast_signed());
    let org_id = name_of(session, org)?;
    seal(session, &mut Packer::default(), (org, &org_id), calls)?;
    session.execute("DELETE FROM ended WHERE org = $1 AND sequence <= $2", &[&org, &last])?;
    Ok(Some(moved))
}

fn first_rows(session: &mut Session, org: i64) -> Result<EndedCalls, Error> {
    let text = "SELECT sequence, body FROM ended WHERE org = $1 ORDER BY sequence LIMIT $2";
    let mut calls = Vec::new();
    for row in session.rows(text, &[&org, &MOVED_AT_A_TIME])? {
        calls.push((Sequence(unsigned(&row, 0)), decode_ended_call(row.get(1))?));
    }
    Ok(calls)
}
