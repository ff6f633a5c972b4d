//! The tail: ended calls that are in no block yet. Each projection adds a row for each organisation. It is short, so a read passes
//! over all of it, and no index costs every call a page.

use std::collections::{BTreeMap, HashMap};

use callslot_core::{OrgId, Sequence};
use callslot_store::history_blocks::{Block, EndedCalls, Packer, Summary, merge};
use rusqlite::{Connection, params};

use crate::errors::Error;
use crate::integers::{number, size};

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
    pub(crate) from_at: Option<u64>,
}

/// Counts what waits, without reading it.
pub(crate) fn waiting(connection: &Connection) -> rusqlite::Result<Waiting> {
    let mut statement = connection
        .prepare_cached("SELECT org, last, calls, from_at, length(body) FROM ended_tail")?;
    let mut rows = statement.query([])?;
    let mut waiting = Waiting::default();
    while let Some(row) = rows.next()? {
        let of_org = waiting.of_orgs.entry(row.get(0)?).or_default();
        of_org.last = of_org.last.max(Sequence(row.get::<_, i64>(1)?.cast_unsigned()));
        of_org.calls += size(row.get(2)?);
        let from_at = row.get::<_, i64>(3)?.cast_unsigned();
        of_org.from_at = Some(of_org.from_at.map_or(from_at, |before| before.min(from_at)));
        waiting.bytes += size(row.get(4)?);
    }
    Ok(waiting)
}

/// Adds a row. Returns how many bytes its body has.
pub(crate) fn put(
    connection: &Connection,
    packer: &mut Packer,
    (org, org_id): (i64, &OrgId),
    calls: &EndedCalls,
) -> rusqlite::Result<usize> {
    let body = packer.pack(org_id, calls);
    let summary = Summary::of(calls);
    connection
        .prepare_cached(
            "INSERT INTO ended_tail (org, last, calls, from_at, body) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            org,
            summary.last.0.cast_signed(),
            number(summary.calls as u64),
            number(summary.ended.start().0),
            body
        ])?;
    Ok(body.len())
}

/// The calls of an organisation that wait, in order.
pub(crate) fn of_org(connection: &Connection, org: i64) -> Result<EndedCalls, Error> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM ended_tail WHERE org = ? ORDER BY number")?;
    let bodies = statement.query_map([org], |row| row.get::<_, Vec<u8>>(0))?;
    let mut rows = Vec::new();
    for body in bodies {
        rows.push(Block::read(&body?)?.calls);
    }
    Ok(merge(rows))
}

/// Takes the calls of an organisation out of the tail.
pub(crate) fn take(connection: &Connection, org: i64) -> Result<EndedCalls, Error> {
    let calls = of_org(connection, org)?;
    connection.prepare_cached("DELETE FROM ended_tail WHERE org = ?")?.execute([org])?;
    Ok(calls)
}

/// Takes everything out of the tail, by organisation.
pub(crate) fn take_all(
    connection: &Connection,
) -> Result<BTreeMap<i64, (OrgId, EndedCalls)>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT org, body FROM ended_tail ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut taken: BTreeMap<i64, (OrgId, Vec<EndedCalls>)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let block = Block::read(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        taken.entry(row.get(0)?).or_insert_with(|| (block.org, Vec::new())).1.push(block.calls);
    }
    connection.prepare_cached("DELETE FROM ended_tail")?.execute([])?;
    Ok(taken.into_iter().map(|(org, (id, rows))| (org, (id, merge(rows)))).collect())
}
