//! The time that the server has seen: one row, and one for each part of time that its clock has shown.

use std::collections::{BTreeMap, BTreeSet};

use callslot_core::Timestamp;
use callslot_store::{Doubt, Seen, SeenTime};

use crate::errors::Error;
use crate::integers::{moment, number, unsigned};
use crate::owner::SHARD;
use crate::session::Session;

/// What was last kept.
pub(crate) fn read(session: &mut Session) -> Result<Option<SeenTime>, Error> {
    let row = session.row(
        "SELECT lived, down, shown, doubt_since, doubt_last, records, ended, minutes, hours FROM seen WHERE shard = $1",
        &[&SHARD],
    )?;
    let Some(row) = row else { return Ok(None) };
    let seen = |column| Seen(unsigned(&row, column));
    let doubt = moment(&row, 3).zip(moment(&row, 4));
    let shown = session.rows("SELECT at, seen FROM shown WHERE shard = $1", &[&SHARD])?;
    let parts: BTreeMap<_, _> =
        shown.iter().map(|row| (Timestamp(unsigned(row, 0)), Seen(unsigned(row, 1)))).collect();
    Ok(Some(SeenTime {
        lived: seen(0),
        down_ms: unsigned(&row, 1),
        shown: Timestamp(unsigned(&row, 2)),
        doubt: doubt.map(|(since, last)| Doubt { since: Seen(since.0), last }),
        removed: [seen(5), seen(6), seen(7), seen(8)],
        parts,
    }))
}

/// Keeps it, with the parts that have changed, within a transaction.
pub(crate) fn keep(
    session: &mut Session,
    time: &SeenTime,
    changed: &BTreeSet<Timestamp>,
) -> Result<(), Error> {
    let [records, ended, minutes, hours] = time.removed.map(|it| number(it.0));
    session.execute(
        "INSERT INTO seen (shard, lived, down, shown, doubt_since, doubt_last, records, ended, minutes, hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (shard) DO UPDATE SET lived = excluded.lived, down = excluded.down, shown = excluded.shown,
            doubt_since = excluded.doubt_since, doubt_last = excluded.doubt_last, records = excluded.records, ended = excluded.ended,
            minutes = excluded.minutes, hours = excluded.hours",
        &[
            &SHARD,
            &number(time.lived.0),
            &number(time.down_ms),
            &number(time.shown.0),
            &time.doubt.map(|doubt| number(doubt.since.0)),
            &time.doubt.map(|doubt| number(doubt.last.0)),
            &records,
            &ended,
            &minutes,
            &hours,
        ],
    )?;
    for at in changed {
        let place = number(at.0);
        match time.parts.get(at) {
            Some(seen) => session.execute(
                "INSERT INTO shown (shard, at, seen) VALUES ($1, $2, $3) ON CONFLICT (shard, at) DO UPDATE SET seen = excluded.seen",
                &[&SHARD, &place, &number(seen.0)],
            )?,
            None => session
                .execute("DELETE FROM shown WHERE shard = $1 AND at = $2", &[&SHARD, &place])?,
        };
    }
    Ok(())
}
