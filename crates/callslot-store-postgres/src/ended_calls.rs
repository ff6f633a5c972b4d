//! Ended calls: how they are kept. New ones wait in the tail until they are enough for a block.
//!
//! A closed block stays as it is. What an organisation has too little of becomes an open block when the tail is full, and the open ones are
//! merged with what comes as soon as that makes a closed one, or when they are many. So an organisation's open blocks are its last, and
//! few. Reads are in `ended_reads.rs`, removals in `ended_removal.rs`.

use std::collections::BTreeMap;

use callslot_core::{Call, Ended, OrgId, Sequence};
use callslot_store::history_blocks::{EndedCalls, Packer, is_closed, merge, split};
use callslot_store::limits::{CALLS_OF_A_CLOSED_BLOCK, OPEN_BLOCKS};

use crate::ended_blocks::{self, calls_of};
use crate::ended_tail;
use crate::errors::Error;
use crate::limits::TAIL_BYTES;
use crate::session::Session;

/// Keeps ended calls.
pub(crate) fn keep(
    session: &mut Session,
    calls: &[(OrgId, Sequence, Call<Ended>)],
) -> Result<(), Error> {
    if calls.is_empty() {
        return Ok(());
    }
    let mut of_orgs: BTreeMap<&OrgId, EndedCalls> = BTreeMap::new();
    for (org, sequence, call) in calls {
        of_orgs.entry(org).or_default().push((*sequence, call.clone()));
    }
    let mut packer = Packer::default();
    let mut waiting = ended_tail::waiting(session)?;
    for (org_id, calls) in of_orgs {
        let calls = merge(vec![calls]);
        let org = put_name(session, org_id.as_str())?;
        let before = waiting.of_orgs.remove(&org).unwrap_or_default();
        let last = match before.last {
            Sequence(0) => last_in_blocks(session, org)?,
            last => last,
        };
        let are_later = calls.first().is_none_or(|(first, _)| *first > last);
        let are_enough = before.calls + calls.len() >= CALLS_OF_A_CLOSED_BLOCK || is_closed(&calls);
        if are_later && !are_enough {
            waiting.bytes += ended_tail::put(session, &mut packer, (org, org_id), &calls)?;
        } else {
            let calls = merge(vec![ended_tail::take(session, org)?, calls]);
            seal(session, &mut packer, (org, org_id), calls)?;
        }
    }
    if waiting.bytes > TAIL_BYTES {
        seal_all(session, &mut packer)?;
    }
    Ok(())
}

/// Moves everything that waits in the tail into blocks.
fn seal_all(session: &mut Session, packer: &mut Packer) -> Result<(), Error> {
    for (org, (org_id, calls)) in ended_tail::take_all(session)? {
        seal(session, packer, (org, &org_id), calls)?;
    }
    Ok(())
}

/// Moves what waits of an organisation into blocks.
pub(crate) fn seal_tail_of(
    session: &mut Session,
    (org, org_id): (i64, &OrgId),
) -> Result<(), Error> {
    let calls = ended_tail::take(session, org)?;
    seal(session, &mut Packer::default(), (org, org_id), calls)
}

/// Keeps calls of an organisation as blocks, together with those of its open blocks if that is time.
///
/// Calls that do not come after all that are kept are put where they belong: whatever they overlap is merged with them.
pub(crate) fn seal(
    session: &mut Session,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: EndedCalls,
) -> Result<(), Error> {
    let Some(&(first, _)) = calls.first() else { return Ok(()) };
    let found = ended_blocks::open_or_from(session, org, first)?;
    let in_open: usize = found.iter().map(|block| block.summary.calls).sum();
    let overlap = found.iter().any(|block| block.summary.last >= first);
    let are_enough = is_closed(&calls)
        || in_open + calls.len() >= CALLS_OF_A_CLOSED_BLOCK
        || found.len() >= OPEN_BLOCKS;
    let mut parts = Vec::new();
    if overlap || are_enough {
        for block in found.iter().rev() {
            parts.push(calls_of(session, org, block)?);
            ended_blocks::remove(session, org, block)?;
        }
    }
    parts.push(calls);
    for block in split(merge(parts)) {
        let is_closed = is_closed(&block);
        ended_blocks::put(session, packer, (org, org_id), &block, is_closed)?;
    }
    Ok(())
}

/// The sequence number of the last call of an organisation that is in a block.
fn last_in_blocks(session: &mut Session, org: i64) -> Result<Sequence, Error> {
    let row = session.row("SELECT max(last) FROM ended_block WHERE org = $1", &[&org])?;
    let last = row.and_then(|row| row.get::<_, Option<i64>>(0));
    Ok(Sequence(last.unwrap_or(0).cast_unsigned()))
}

/// The number of an organisation's name, which is added if it is new.
fn put_name(session: &mut Session, name: &str) -> Result<i64, Error> {
    if let Some(number) = number_of(session, name)? {
        return Ok(number);
    }
    let added = session.rows("INSERT INTO name (name) VALUES ($1) RETURNING number", &[&name])?;
    Ok(added.first().map_or(0, |row| row.get(0)))
}

/// The number of an organisation's name; none if it has no ended calls.
pub(crate) fn number_of(session: &mut Session, name: &str) -> Result<Option<i64>, Error> {
    let row = session.row("SELECT number FROM name WHERE name = $1", &[&name])?;
    Ok(row.map(|row| row.get(0)))
}
