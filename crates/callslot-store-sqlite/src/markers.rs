//! Changes of settings: one row each. They are removed with the hours of their time, by `minutes_and_hours.rs`.

use std::ops::Range;

use callslot_core::{OrgId, Timestamp};
use callslot_store::Marker;
use callslot_store::limits::PRUNED_PARTS_PER_CALL;
use callslot_store::stored_form::{decode_marker, encode_marker};
use rusqlite::{Connection, params};

use crate::errors::Error;
use crate::integers::number;

/// Keeps changes of settings.
pub(crate) fn keep(connection: &Connection, markers: &[Marker]) -> rusqlite::Result<()> {
    for marker in markers {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO marker (org, sequence, at, body) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                marker.org.as_str(),
                marker.sequence.0.cast_signed(),
                number(marker.at.0),
                encode_marker(marker)
            ])?;
    }
    Ok(())
}

/// The newest changes of settings in a span by their times, in the order in which they were made.
pub(crate) fn markers(
    connection: &Connection,
    org: &OrgId,
    (from, to): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Marker>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM marker WHERE org = ? AND at >= ? AND at < ? ORDER BY at DESC, sequence DESC LIMIT ?",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![org.as_str(), number(from.0), number(to.0), limit])?;
    let mut markers = Vec::new();
    while let Some(row) = rows.next()? {
        markers.push(decode_marker(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?);
    }
    // Where a clock was set back they are not in the order of their times.
    markers.sort_unstable_by_key(|marker| marker.sequence);
    Ok(markers)
}

/// Removes a bounded number of changes of a span of time; returns how many.
pub(crate) fn prune(connection: &Connection, old: &Range<Timestamp>) -> rusqlite::Result<usize> {
    connection.execute(
        "DELETE FROM marker WHERE (org, sequence) IN
         (SELECT org, sequence FROM marker WHERE at >= ? AND at < ? LIMIT ?)",
        params![number(old.start.0), number(old.end.0), PRUNED_PARTS_PER_CALL],
    )
}
