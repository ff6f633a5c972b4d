//! Changes of settings: one row each. They are removed with the hours of their time, by `minutes_and_hours.rs`.

use std::ops::Range;

use callslot_core::{OrgId, Timestamp};
use callslot_store::Marker;
use callslot_store::limits::PRUNED_PARTS_PER_CALL;
use callslot_store::stored_form::{decode_marker, encode_marker};

use crate::errors::Error;
use crate::integers::{number, size};
use crate::session::Session;

/// Keeps changes of settings.
pub(crate) fn keep(session: &mut Session, markers: &[Marker]) -> Result<(), Error> {
    for marker in markers {
        session.execute(
            "INSERT INTO marker (org, sequence, at, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org, sequence) DO UPDATE SET at = excluded.at, body = excluded.body",
            &[
                &marker.org.as_str(),
                &marker.sequence.0.cast_signed(),
                &number(marker.at.0),
                &encode_marker(marker),
            ],
        )?;
    }
    Ok(())
}

/// The newest changes of settings in a span by their times, in the order in which they were made.
pub(crate) fn markers(
    session: &mut Session,
    org: &OrgId,
    (from, to): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Marker>, Error> {
    let rows = session.rows(
        "SELECT body FROM marker WHERE org = $1 AND at >= $2 AND at < $3 ORDER BY at DESC, sequence DESC LIMIT $4",
        &[&org.as_str(), &number(from.0), &number(to.0), &size(limit)],
    )?;
    let markers = rows.iter().map(|row| decode_marker(row.get(0)));
    let mut markers = markers.collect::<Result<Vec<_>, _>>()?;
    // Where a clock was set back they are not in the order of their times.
    markers.sort_unstable_by_key(|marker| marker.sequence);
    Ok(markers)
}

/// Removes a bounded number of changes of a span of time; returns how many.
pub(crate) fn prune(session: &mut Session, old: &Range<Timestamp>) -> Result<u64, Error> {
    session.execute(
        "DELETE FROM marker WHERE (org, sequence) IN
         (SELECT org, sequence FROM marker WHERE at >= $1 AND at < $2 LIMIT $3)",
        &[&number(old.start.0), &number(old.end.0), &i64::from(PRUNED_PARTS_PER_CALL)],
    )
}
