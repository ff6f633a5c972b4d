//! Ended calls that are old, or of an organisation that is deleted: they go by whole blocks, and of the block in which young ones begin
//! those before go too.

use callslot_core::{OrgId, Timestamp};
use callslot_store::history_blocks::Packer;
use callslot_store::limits::PRUNED_PER_CALL;
use callslot_store::{OldTimes, StoreError};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::ended_blocks::{self, BlockRow};
use crate::ended_calls::{calls_of, number_of, seal_tail_of};
use crate::ended_tail;
use crate::errors::Error;

/// Removes a bounded number of calls that ended at old times, of each organisation up to the first that did not.
pub(crate) fn prune(connection: &mut Connection, old: &OldTimes) -> Result<u64, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A block is what calls are removed from, so what is old in the tail becomes one.
    for (org, waiting) in ended_tail::waiting(&transaction)?.of_orgs {
        if waiting.from_at.is_some_and(|at| old.contains(Timestamp(at))) {
            seal_tail_of(&transaction, (org, &name_of(&transaction, org)?))?;
        }
    }
    let mut removed = 0;
    let mut org = 0;
    while removed < PRUNED_PER_CALL as usize {
        let mut next = transaction
            .prepare_cached("SELECT org FROM ended_block WHERE org > ? ORDER BY org LIMIT 1")?;
        let found: Option<i64> = next.query_row([org], |row| row.get(0)).optional()?;
        let Some(found) = found else { break };
        org = found;
        removed += prune_org(&transaction, org, old, PRUNED_PER_CALL as usize - removed)?;
    }
    transaction.commit()?;
    Ok(removed as u64)
}

/// Removes an organisation's oldest calls that ended at old times: at most `most`, which is at least a block if nothing is removed yet.
fn prune_org(
    connection: &Connection,
    org: i64,
    old: &OldTimes,
    most: usize,
) -> Result<usize, Error> {
    let mut removed = 0;
    while let Some(block) = ended_blocks::oldest(connection, org)? {
        if removed + block.summary.calls > most {
            break;
        }
        if block.summary.is_old(old) {
            ended_blocks::remove(connection, org, &block)?;
            removed += block.summary.calls;
            continue;
        }
        removed += prune_block(connection, org, &block, old)?;
        break;
    }
    if removed > 0 {
        forget_name(connection, org)?;
    }
    Ok(removed)
}

/// Removes the calls of a block up to the first that is not old.
fn prune_block(
    connection: &Connection,
    org: i64,
    block: &BlockRow,
    old: &OldTimes,
) -> Result<usize, Error> {
    if !block.summary.may_have_old(old) {
        return Ok(0);
    }
    let mut calls = calls_of(connection, block)?;
    let all = calls.len();
    let young = calls.iter().position(|(_, call)| !old.contains(call.state.ended_at));
    calls.drain(..young.unwrap_or(all));
    if calls.len() < all {
        ended_blocks::remove(connection, org, block)?;
        if !calls.is_empty() {
            let of = (org, &name_of(connection, org)?);
            ended_blocks::put(connection, &mut Packer::default(), of, &calls, block.is_closed)?;
        }
    }
    Ok(all - calls.len())
}

/// Removes a bounded number of an organisation's calls.
pub(crate) fn erase(connection: &Connection, org: &OrgId, most: usize) -> Result<usize, Error> {
    let Some(org) = number_of(connection, org.as_str())? else { return Ok(0) };
    let mut removed = 0;
    while let Some(block) = ended_blocks::oldest(connection, org)? {
        if removed + block.summary.calls > most {
            return Ok(removed);
        }
        ended_blocks::remove(connection, org, &block)?;
        removed += block.summary.calls;
    }
    removed += ended_tail::take(connection, org)?.len();
    forget_name(connection, org)?;
    Ok(removed)
}

/// Removes the name of an organisation that has no calls any more.
fn forget_name(connection: &Connection, org: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM name WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM ended_block WHERE org = ?1)
             AND NOT EXISTS (SELECT 1 FROM ended_tail WHERE org = ?1)",
        )?
        .execute([org])?;
    Ok(())
}

/// The organisation with this number.
pub(crate) fn name_of(connection: &Connection, org: i64) -> Result<OrgId, Error> {
    let name: String = connection
        .prepare_cached("SELECT name FROM name WHERE number = ?")?
        .query_row([org], |row| row.get(0))?;
    OrgId::parse(&name)
        .map_err(|_| StoreError::damaged("the name of an organisation", "it is no id").into())
}
