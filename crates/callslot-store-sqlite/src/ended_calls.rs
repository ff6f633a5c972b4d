//! Ended calls: how they are kept. New ones wait in the tail until they are enough for a block.
//!
//! A closed block stays as it is. What an organisation has too little of becomes an open block when the tail is full, and the open ones are
//! merged with what comes as soon as that makes a closed one, or when they are many. So an organisation's open blocks are its last, and
//! few. Reads are in `ended_reads.rs`, removals in `ended_removal.rs`.

use std::collections::BTreeMap;

use callslot_core::{Call, Ended, OrgId, Sequence};
use callslot_store::history_blocks::{Block, EndedCalls, Packer, is_closed, merge, split};
use callslot_store::limits::{CALLS_OF_A_CLOSED_BLOCK, OPEN_BLOCKS};
use rusqlite::{Connection, OptionalExtension};

use crate::ended_blocks::{self, BlockRow};
use crate::ended_tail;
use crate::errors::Error;
use crate::limits::{BESIDE_BODY_BYTES, TAIL_BYTES};

/// Keeps ended calls, and returns about how many bytes were written.
pub(crate) fn keep(
    connection: &Connection,
    calls: &[(OrgId, Sequence, Call<Ended>)],
) -> Result<usize, Error> {
    if calls.is_empty() {
        return Ok(0);
    }
    let mut of_orgs: BTreeMap<&OrgId, EndedCalls> = BTreeMap::new();
    for (org, sequence, call) in calls {
        of_orgs.entry(org).or_default().push((*sequence, call.clone()));
    }
    let mut packer = Packer::default();
    let mut waiting = ended_tail::waiting(connection)?;
    let mut bytes = BESIDE_BODY_BYTES;
    for (org_id, calls) in of_orgs {
        let calls = merge(vec![calls]);
        let org = put_name(connection, org_id.as_str())?;
        let before = waiting.of_orgs.remove(&org).unwrap_or_default();
        let last = match before.last {
            Sequence(0) => last_in_blocks(connection, org)?,
            last => last,
        };
        let are_later = calls.first().is_none_or(|(first, _)| *first > last);
        let are_enough = before.calls + calls.len() >= CALLS_OF_A_CLOSED_BLOCK || is_closed(&calls);
        if are_later && !are_enough {
            let written = ended_tail::put(connection, &mut packer, (org, org_id), &calls)?;
            waiting.bytes += written;
            bytes += written;
        } else {
            let calls = merge(vec![ended_tail::take(connection, org)?, calls]);
            bytes += seal(connection, &mut packer, (org, org_id), calls)?;
        }
    }
    if waiting.bytes > TAIL_BYTES {
        bytes += seal_all(connection, &mut packer)?;
    }
    Ok(bytes)
}

/// Moves everything that waits in the tail into blocks.
fn seal_all(connection: &Connection, packer: &mut Packer) -> Result<usize, Error> {
    let mut bytes = 0;
    for (org, (org_id, calls)) in ended_tail::take_all(connection)? {
        bytes += seal(connection, packer, (org, &org_id), calls)?;
    }
    Ok(bytes)
}

/// Moves what waits of an organisation into blocks.
pub(crate) fn seal_tail_of(
    connection: &Connection,
    (org, org_id): (i64, &OrgId),
) -> Result<(), Error> {
    let calls = ended_tail::take(connection, org)?;
    seal(connection, &mut Packer::default(), (org, org_id), calls)?;
    Ok(())
}

/// Keeps calls of an organisation as blocks, together with those of its open blocks if that is time.
///
/// Calls that do not come after all that are kept are put where they belong: whatever they overlap is merged with them.
pub(crate) fn seal(
    connection: &Connection,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: EndedCalls,
) -> Result<usize, Error> {
    let Some(&(first, _)) = calls.first() else { return Ok(0) };
    let found = ended_blocks::open_or_from(connection, org, first)?;
    let in_open: usize = found.iter().map(|block| block.summary.calls).sum();
    let overlap = found.iter().any(|block| block.summary.last >= first);
    let are_enough = is_closed(&calls)
        || in_open + calls.len() >= CALLS_OF_A_CLOSED_BLOCK
        || found.len() >= OPEN_BLOCKS;
    let mut parts = Vec::new();
    if overlap || are_enough {
        for block in found.iter().rev() {
            parts.push(calls_of(connection, block)?);
            ended_blocks::remove(connection, org, block)?;
        }
    }
    parts.push(calls);
    let mut bytes = 0;
    for block in split(merge(parts)) {
        let is_closed = is_closed(&block);
        bytes += ended_blocks::put(connection, packer, (org, org_id), &block, is_closed)?;
    }
    Ok(bytes)
}

/// The calls of a block.
pub(crate) fn calls_of(connection: &Connection, block: &BlockRow) -> Result<EndedCalls, Error> {
    Ok(Block::read(&ended_blocks::body(connection, block.body)?)?.calls)
}

/// The sequence number of the last call of an organisation that is in a block.
fn last_in_blocks(connection: &Connection, org: i64) -> rusqlite::Result<Sequence> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(last) FROM ended_block WHERE org = ?")?
        .query_row([org], |row| row.get(0))?;
    Ok(Sequence(last.unwrap_or(0).cast_unsigned()))
}

/// The number of an organisation's name, which is added if it is new.
fn put_name(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    match number_of(connection, name)? {
        Some(number) => Ok(number),
        None => connection
            .prepare_cached("INSERT INTO name (name) VALUES (?) RETURNING number")?
            .query_row([name], |row| row.get(0)),
    }
}

/// The number of an organisation's name; none if it has no ended calls.
pub(crate) fn number_of(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM name WHERE name = ?")?
        .query_row([name], |row| row.get(0))
        .optional()
}
