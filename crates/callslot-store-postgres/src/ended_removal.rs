//! Ended calls that are old, or of an organisation that is deleted: they go by whole blocks, and of the block in which young ones begin
//! those before go too.

use callslot_core::{OrgId, Timestamp};
use callslot_store::history_blocks::Packer;
use callslot_store::limits::PRUNED_PER_CALL;
use callslot_store::{OldTimes, StoreError};

use crate::ended_blocks::{self, BlockRow, calls_of};
use crate::ended_calls::{number_of, seal_tail_of};
use crate::ended_tail;
use crate::errors::Error;
use crate::session::Session;

/// Removes a bounded number of calls that ended at old times, of each organisation up to the first that did not.
pub(crate) fn prune(session: &mut Session, old: &OldTimes) -> Result<u64, Error> {
    // A block is what calls are removed from, so what is old in the tail becomes one.
    for (org, waiting) in ended_tail::waiting(session)?.of_orgs {
        if old.contains(Timestamp(waiting.from_at)) {
            let org_id = name_of(session, org)?;
            seal_tail_of(session, (org, &org_id))?;
        }
    }
    let mut removed = 0;
    let mut org: i64 = 0;
    while removed < PRUNED_PER_CALL as usize {
        let next = "SELECT org FROM ended_block WHERE org > $1 ORDER BY org LIMIT 1";
        let Some(found) = session.row(next, &[&org])? else { break };
        org = found.get(0);
        removed += prune_org(session, org, old, PRUNED_PER_CALL as usize - removed)?;
    }
    Ok(removed as u64)
}

/// Removes an organisation's oldest calls that ended at old times: at most `most`.
fn prune_org(session: &mut Session, org: i64, old: &OldTimes, most: usize) -> Result<usize, Error> {
    let mut removed = 0;
    while let Some(block) = ended_blocks::oldest(session, org)? {
        if removed + block.summary.calls > most {
            break;
        }
        if block.summary.is_old(old) {
            ended_blocks::remove(session, org, &block)?;
            removed += block.summary.calls;
            continue;
        }
        removed += prune_block(session, org, &block, old)?;
        break;
    }
    if removed > 0 {
        forget_name(session, org)?;
    }
    Ok(removed)
}

/// Removes the calls of a block up to the first that is not old.
fn prune_block(
    session: &mut Session,
    org: i64,
    block: &BlockRow,
    old: &OldTimes,
) -> Result<usize, Error> {
    if !block.summary.may_have_old(old) {
        return Ok(0);
    }
    let mut calls = calls_of(session, org, block)?;
    let all = calls.len();
    let young = calls.iter().position(|(_, call)| !old.contains(call.state.ended_at));
    calls.drain(..young.unwrap_or(all));
    if calls.len() < all {
        ended_blocks::remove(session, org, block)?;
        if !calls.is_empty() {
            let of = (org, &name_of(session, org)?);
            ended_blocks::put(session, &mut Packer::default(), of, &calls, block.is_closed)?;
        }
    }
    Ok(all - calls.len())
}

/// Removes a bounded number of an organisation's calls.
pub(crate) fn erase(session: &mut Session, org: &OrgId, most: usize) -> Result<usize, Error> {
    let Some(org) = number_of(session, org.as_str())? else { return Ok(0) };
    let mut removed = 0;
    while let Some(block) = ended_blocks::oldest(session, org)? {
        if removed + block.summary.calls > most {
            return Ok(removed);
        }
        ended_blocks::remove(session, org, &block)?;
        removed += block.summary.calls;
    }
    removed += ended_tail::take(session, org)?.len();
    forget_name(session, org)?;
    Ok(removed)
}

/// Removes the name of an organisation that has no calls any more.
fn forget_name(session: &mut Session, org: i64) -> Result<(), Error> {
    session
        .execute(
            "DELETE FROM name WHERE number = $1 AND NOT EXISTS (SELECT 1 FROM ended_block WHERE org = $1)
             AND NOT EXISTS (SELECT 1 FROM ended_tail WHERE org = $1)",
            &[&org],
        )
        .map(drop)
}

/// The organisation with this number.
pub(crate) fn name_of(session: &mut Session, org: i64) -> Result<OrgId, Error> {
    let row = session.row("SELECT name FROM name WHERE number = $1", &[&org])?;
    let name = row.map(|row| row.get::<_, String>(0)).unwrap_or_default();
    OrgId::parse(&name)
        .map_err(|_| StoreError::damaged("the name of an organisation", "it is no id").into())
}
