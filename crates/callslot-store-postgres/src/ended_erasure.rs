//! Erasing: ended calls lose their metadata and notes for good. The row of the tail or the block that has a call is written anew without
//! them. What may be skipped stays the same: neither a summary nor a filter knows of texts.
//!
//! PostgreSQL keeps the earlier row until it is vacuumed, and its bytes until others take their place.

use callslot_core::{CallId, OrgId, Sequence};
use callslot_store::history_blocks::{Packer, erased, unpack};

use crate::ended_blocks;
use crate::ended_calls::number_of;
use crate::ended_reads::closed_with;
use crate::errors::Error;
use crate::session::Session;

/// Removes metadata and notes of all calls with these ids.
pub(crate) fn erase_texts(session: &mut Session, ids: &[(OrgId, CallId)]) -> Result<(), Error> {
    let mut packer = Packer::default();
    for (org_id, id) in ids {
        if let Some(org) = number_of(session, org_id.as_str())? {
            erase_in_tail(session, &mut packer, org, id)?;
            erase_in_blocks(session, &mut packer, org, id)?;
        }
    }
    Ok(())
}

fn erase_in_tail(
    session: &mut Session,
    packer: &mut Packer,
    org: i64,
    id: &CallId,
) -> Result<(), Error> {
    for row in session.rows("SELECT number, body FROM ended_tail WHERE org = $1", &[&org])? {
        if let Some(block) = erased(&unpack(row.get(1))?, id)? {
            let body = packer.pack(&block.org, &block.calls);
            let text = "UPDATE ended_tail SET body = $2 WHERE number = $1";
            session.execute(text, &[&row.get::<_, i64>(0), &body])?;
        }
    }
    Ok(())
}

fn erase_in_blocks(
    session: &mut Session,
    packer: &mut Packer,
    org: i64,
    id: &CallId,
) -> Result<(), Error> {
    let open = ended_blocks::open_or_from(session, org, Sequence(u64::MAX))?;
    let mut found: Vec<i64> = open.iter().map(ended_blocks::BlockRow::last).collect();
    let mut before = Some(i64::MAX);
    while let Some(from) = before {
        let (some, next) = closed_with(session, org, id, from)?;
        found.extend(some);
        before = next;
    }
    for last in found {
        let body = ended_blocks::body(session, org, last)?.unwrap_or_default();
        if let Some(block) = erased(&unpack(&body)?, id)? {
            let without = packer.pack(&block.org, &block.calls);
            ended_blocks::put_body_instead(session, (org, last), &without)?;
        }
    }
    Ok(())
}
