//! Moves the ended calls of layouts up to 9, one row each, into blocks. It does so when the store is opened, a bounded number in each
//! transaction, so one that is cut off goes on where it was.

use callslot_core::Sequence;
use callslot_store::history_blocks::{EndedCalls, Packer};
use callslot_store::stored_form::decode_ended_call;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::ended_calls::seal;
use crate::ended_removal::name_of;
use crate::errors::Error;
use crate::limits::MOVED_AT_A_TIME;

/// Moves all rows.
pub(crate) fn move_into_blocks(connection: &mut Connection) -> Result<(), Error> {
    let mut moved = 0;
    while let Some(some) = move_some(connection)? {
        moved += some;
        tracing::info!(calls = moved, "ended calls of an older version are moved into blocks");
    }
    if moved > 0 {
        // Agents had names there too.
        connection.execute(
            "DELETE FROM name WHERE number NOT IN (SELECT org FROM ended_block) AND number NOT IN (SELECT org FROM ended_tail)",
            [],
        )?;
        tracing::info!(
            calls = moved,
            "all ended calls are in blocks; the space of the rows is given back"
        );
        // Nine tenths of the file are free now, and would keep what stood there for long. Without room for it they stay as they are.
        if let Err(error) = connection.execute_batch("VACUUM") {
            tracing::warn!(%error, "the space of the rows stays in the file until `VACUUM` has room");
        }
    }
    Ok(())
}

/// Moves the first rows of an organisation. Returns how many; none if there are no rows.
fn move_some(connection: &mut Connection) -> Result<Option<usize>, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let org: Option<i64> = transaction
        .prepare_cached("SELECT org FROM ended ORDER BY org LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(org) = org else { return Ok(None) };
    let calls = first_rows(&transaction, org)?;
    let moved = calls.len();
    let last = calls.last().map_or(0, |(sequence, _)| sequence.0.cast_signed());
    let org_id = name_of(&transaction, org)?;
    seal(&transaction, &mut Packer::default(), (org, &org_id), calls)?;
    transaction
        .prepare_cached("DELETE FROM ended WHERE org = ? AND sequence <= ?")?
        .execute([org, last])?;
    transaction.commit()?;
    Ok(Some(moved))
}

fn first_rows(connection: &Connection, org: i64) -> Result<EndedCalls, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT sequence, body FROM ended WHERE org = ? ORDER BY sequence LIMIT ?",
    )?;
    let mut rows = statement.query(params![org, MOVED_AT_A_TIME])?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        calls.push((Sequence(row.get::<_, i64>(0)?.cast_unsigned()), decode_ended_call(body)?));
    }
    Ok(calls)
}
