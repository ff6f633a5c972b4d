//! Reads of the log for one organisation, by the index that `org_blocks.rs` writes.

use std::collections::BTreeMap;

use callslot_core::{OrgId, Sequence};
use callslot_store::limits::BLOCKS_PER_READ;
use callslot_store::org_blocks::{block_of, first_of, last_of, records_of};
use callslot_store::{OrgRecords, Position};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::owner::SHARD;
use crate::record_body::decoded;
use crate::ring::Ring;
use crate::session::Session;

/// How many records one statement fetches by their positions.
const FETCHED: usize = 64;

/// See [`callslot_store::Log::read_org_from`].
pub(crate) fn read_from(
    session: &mut Session,
    ring: &Ring,
    org: &OrgId,
    after: Position,
    max_bytes: usize,
) -> Result<OrgRecords, Error> {
    let from = after.next().max(start_for(session, ring, org)?);
    let (mut records, mut bytes) = (Vec::new(), 0);
    if from > ring.end {
        return Ok((records, None));
    }
    let last_looked_at = (block_of(from) + BLOCKS_PER_READ - 1).min(block_of(ring.end));
    let wanted = positions(session, ring, org, (from, last_looked_at))?;
    for some in wanted.chunks(FETCHED) {
        for (at, body) in bodies(session, ring, some)? {
            bytes += body.len();
            records.push((at, decoded(at, &body)?));
            if bytes >= max_bytes {
                return Ok((records, Some(at)));
            }
        }
    }
    Ok((records, Some(last_of(last_looked_at).min(ring.end))))
}

/// The records from `from` to the end of a block that may have events of an organisation.
fn positions(
    session: &mut Session,
    ring: &Ring,
    org: &OrgId,
    (from, last_block): (Position, u64),
) -> Result<Vec<Position>, Error> {
    let blocks: Vec<i64> = (block_of(from)..=last_block).map(u64::cast_signed).collect();
    let mut known: BTreeMap<u64, u64> = BTreeMap::new();
    for table in ring.tables_from(from) {
        let text = format!(
            "SELECT block, records FROM org_block_{} WHERE shard = $1 AND block = ANY ($2) AND org = $3",
            table.slot
        );
        for row in session.rows(&text, &[&SHARD, &blocks, &org.as_str()])? {
            let (block, records): (i64, i64) = (row.get(0), row.get(1));
            known.insert(block.cast_unsigned(), records.cast_unsigned());
        }
    }
    // The block in progress has no rows yet.
    if last_of(last_block) > ring.end {
        known.insert(last_block, u64::MAX);
    }
    let all = known.into_iter().flat_map(|(block, records)| records_of(block, records));
    Ok(all.filter(|at| *at >= from && *at <= ring.end).collect())
}

/// The bodies of records, in order.
fn bodies(
    session: &mut Session,
    ring: &Ring,
    wanted: &[Position],
) -> Result<Vec<(Position, Vec<u8>)>, Error> {
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
        return Ok(Vec::new());
    };
    let numbers: Vec<i64> = wanted.iter().copied().map(number_of).collect();
    let mut found = Vec::new();
    for table in ring.tables_from(*first).iter().take_while(|table| table.first <= *last) {
        let text = format!(
            "SELECT position, body FROM log_{} WHERE shard = $1 AND position = ANY ($2) ORDER BY position",
            table.slot
        );
        let rows = session.rows(&text, &[&SHARD, &numbers])?;
        found.extend(rows.iter().map(|row| (position(row.get(0)), row.get(1))));
    }
    Ok(found)
}

/// See [`callslot_store::Log::position_before`].
pub(crate) fn position_before(
    session: &mut Session,
    ring: &Ring,
    org: &OrgId,
    sequence: Sequence,
) -> Result<Position, Error> {
    let start = start_for(session, ring, org)?;
    let first = block_of(start);
    let mut end = block_of(ring.end.next());
    while first < end {
        let begin = first.max(end.saturating_sub(BLOCKS_PER_READ));
        let blocks: Vec<i64> = (begin..end).map(u64::cast_signed).collect();
        let mut newest = None;
        for table in ring.tables_from(start) {
            let text = format!(
                "SELECT max(block) FROM org_block_{} WHERE shard = $1 AND block = ANY ($2) AND org = $3 AND sequence <= $4",
                table.slot
            );
            let number = sequence.0.cast_signed();
            let row = session.row(&text, &[&SHARD, &blocks, &org.as_str(), &number])?;
            newest = newest.max(row.and_then(|row| row.get::<_, Option<i64>>(0)));
        }
        if let Some(block) = newest {
            let before = first_of(block.cast_unsigned()).max(start);
            return Ok(Position(before.0.saturating_sub(1)));
        }
        end = begin;
    }
    Ok(Position(start.0.saturating_sub(1)))
}

/// The first record that may have something of an organisation: the one in which it was last deleted, if that is kept.
fn start_for(session: &mut Session, ring: &Ring, org: &OrgId) -> Result<Position, Error> {
    let text = "SELECT position FROM org_deleted WHERE shard = $1 AND org = $2";
    let deleted = session.row(text, &[&SHARD, &org.as_str()])?;
    let deleted = deleted.map_or(Position(0), |row| position(row.get(0)));
    Ok(ring.start().max(deleted))
}
