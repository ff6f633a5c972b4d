//! Erasing: ended calls lose their metadata and notes for good. The row of the tail or the block that has a call is written anew without
//! them. What may be skipped stays the same: neither a summary nor a filter knows of texts.
//!
//! The history's pages are overwritten when they become free (`secure_delete`), so no earlier copy of a row stays in the file either.

use callslot_core::{CallId, OrgId, Sequence};
use callslot_store::history_blocks::{Packer, WantedId, erased, unpack};
use rusqlite::{Connection, params};

use crate::ended_blocks;
use crate::ended_calls::number_of;
use crate::errors::Error;
use crate::integers::number;

/// Removes metadata and notes of all calls with these ids. Returns about how many bytes were written.
pub(crate) fn erase_texts(
    connection: &Connection,
    ids: &[(OrgId, CallId)],
) -> Result<usize, Error> {
    let mut packer = Packer::default();
    let mut bytes = 0;
    for (org_id, id) in ids {
        if let Some(org) = number_of(connection, org_id.as_str())? {
            bytes += erase_in_tail(connection, &mut packer, org, id)?;
            bytes += erase_in_blocks(connection, &mut packer, org, id)?;
        }
    }
    Ok(bytes)
}

fn erase_in_tail(
    connection: &Connection,
    packer: &mut Packer,
    org: i64,
    id: &CallId,
) -> Result<usize, Error> {
    let mut changed = Vec::new();
    let mut statement =
        connection.prepare_cached("SELECT number, body FROM ended_tail WHERE org = ?")?;
    let mut rows = statement.query([org])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Some(block) = erased(&unpack(body)?, id)? {
            changed.push((row.get::<_, i64>(0)?, packer.pack(&block.org, &block.calls)));
        }
    }
    let mut bytes = 0;
    for (number, body) in changed {
        connection
            .prepare_cached("UPDATE ended_tail SET body = ? WHERE number = ?")?
            .execute(params![body, number])?;
        bytes += body.len();
    }
    Ok(bytes)
}

fn erase_in_blocks(
    connection: &Connection,
    packer: &mut Packer,
    org: i64,
    id: &CallId,
) -> Result<usize, Error> {
    let open = ended_blocks::open_or_from(connection, org, Sequence(u64::MAX))?;
    let mut found: Vec<(i64, i64)> =
        open.iter().map(|block| (block.summary.last.0.cast_signed(), block.body)).collect();
    let wanted = WantedId::new(id);
    let mut filters = connection
        .prepare_cached("SELECT last, bits FROM ended_filter WHERE org = ? AND piece = ?")?;
    let mut body =
        connection.prepare_cached("SELECT body FROM ended_block WHERE org = ? AND last = ?")?;
    let mut rows = filters.query([org, number(wanted.piece() as u64)])?;
    while let Some(row) = rows.next()? {
        if wanted.may_be_in(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?) {
            let last = row.get(0)?;
            found.push((last, body.query_row([org, last], |row| row.get(0))?));
        }
    }
    let mut bytes = 0;
    for (last, body) in found {
        if let Some(block) = erased(&unpack(&ended_blocks::body(connection, body)?)?, id)? {
            let without = packer.pack(&block.org, &block.calls);
            ended_blocks::put_body_instead(connection, (org, last), body, &without)?;
            bytes += without.len();
        }
    }
    Ok(bytes)
}
