//! The tail: ended calls that are in no block yet, a row for each organisation of each projection, packed like a block. It is short.

use std::collections::{BTreeMap, HashMap};

use callslot_core::{OrgId, Sequence};
use callslot_store::history_blocks::{Block, EndedCalls, Packer, Summary, merge};

use crate::errors::Error;
use crate::integers::{number, size, unsigned};
use crate::session::Session;

/// What waits in the tail.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// The size of all bodies.
    pub(crate) bytes: usize,
    /// By the number of the organisation.
    pub(crate) of_orgs: HashMap<i64, OfOrg>,
}

/// What waits of an organisation.
#[derive(Debug, Default)]
pub(crate) struct OfOrg {
    pub(crate) calls: usize,
    pub(crate) last: Sequence,
    /// The earliest end, in milliseconds.
    pub(crate) from_at: u64,
}

/// Counts what waits, without reading it.
pub(crate) fn waiting(session: &mut Session) -> Result<Waiting, Error> {
    let text = "SELECT org, max(last), sum(calls)::int8, min(from_at), sum(length(body))::int8 FROM ended_tail GROUP BY org";
    let mut waiting = Waiting::default();
    for row in session.rows(text, &[])? {
        let small = |column| usize::try_from(unsigned(&row, column)).unwrap_or(usize::MAX);
        let (last, from_at) = (Sequence(unsigned(&row, 1)), unsigned(&row, 3));
        waiting.of_orgs.insert(row.get(0), OfOrg { calls: small(2), last, from_at });
        waiting.bytes += small(4);
    }
    Ok(waiting)
}

/// Adds a row. Returns how many bytes its body has.
pub(crate) fn put(
    session: &mut Session,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: &EndedCalls,
) -> Result<usize, Error> {
    let body = packer.pack(org_id, calls);
    let summary = Summary::of(calls);
    session.execute(
        "INSERT INTO ended_tail (org, last, calls, from_at, body) VALUES ($1, $2, $3, $4, $5)",
        &[
            &org,
            &summary.last.0.cast_signed(),
            &size(summary.calls),
            &number(summary.ended.start().0),
            &body,
        ],
    )?;
    Ok(body.len())
}

/// The calls of an organisation that wait, in order.
pub(crate) fn of_org(session: &mut Session, org: i64) -> Result<EndedCalls, Error> {
    let text = "SELECT body FROM ended_tail WHERE org = $1 ORDER BY number";
    let mut parts = Vec::new();
    for row in session.rows(text, &[&org])? {
        parts.push(Block::read(row.get(0))?.calls);
    }
    Ok(merge(parts))
}

/// Takes the calls of an organisation out of the tail.
pub(crate) fn take(session: &mut Session, org: i64) -> Result<EndedCalls, Error> {
    let calls = of_org(session, org)?;
    session.execute("DELETE FROM ended_tail WHERE org = $1", &[&org])?;
    Ok(calls)
}

/// Takes everything out of the tail, by organisation.
pub(crate) fn take_all(session: &mut Session) -> Result<BTreeMap<i64, (OrgId, EndedCalls)>, Error> {
    let mut taken: BTreeMap<i64, (OrgId, Vec<EndedCalls>)> = BTreeMap::new();
    for row in session.rows("SELECT org, body FROM ended_tail ORDER BY number", &[])? {
        let block = Block::read(row.get(1))?;
        taken.entry(row.get(0)).or_insert_with(|| (block.org, Vec::new())).1.push(block.calls);
    }
    session.execute("DELETE FROM ended_tail", &[])?;
    Ok(taken.into_iter().map(|(org, (id, parts))| (org, (id, merge(parts)))).collect())
}
