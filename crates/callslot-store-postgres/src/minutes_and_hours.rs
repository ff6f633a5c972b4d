//! Figures by the minute and the hour, as they are written and removed: a row for each series, and one for each of its closed minutes and
//! hours. How they are read is in `series_reads.rs`.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use callslot_core::{OrgId, Timestamp};
use callslot_store::limits::PRUNED_PARTS_PER_CALL;
use callslot_store::stored_form::{decode_figures, encode_figures};
use callslot_store::{
    Closed, Figures, Grain, Levels, OldTimes, Open, Projection, Refused, Series, SeriesKind,
};

use crate::errors::Error;
use crate::integers::number;
use crate::markers;
use crate::owner::SHARD;
use crate::session::Session;

/// Keeps the figures of a part of the log.
pub(crate) fn keep(session: &mut Session, projection: &Projection) -> Result<(), Error> {
    let ids = put_open(session, &projection.open)?;
    let mut closed = Vec::with_capacity(projection.closed.len());
    for part in &projection.closed {
        let id = match ids.get(&(&part.org, &part.series)) {
            Some(id) => *id,
            None => put_series(session, &part.org, &part.series)?,
        };
        closed.push((id, part));
    }
    for grain in Grain::ALL {
        let of_grain: Vec<_> =
            closed.iter().filter(|(_, part)| part.grain == grain).copied().collect();
        close(session, grain, &of_grain)?;
    }
    for Refused { org, series, at, count } in &projection.refused {
        let id = put_series(session, org, series)?;
        for grain in Grain::ALL {
            let table = table(grain);
            session.execute(
                &format!(
                    "INSERT INTO {table} (series, part, refused) VALUES ($1, $2, $3)
                     ON CONFLICT (series, part) DO UPDATE SET refused = {table}.refused + excluded.refused",
                ),
                &[&id, &place(grain, *at), &number(*count)],
            )?;
        }
    }
    Ok(())
}

/// Keeps parts of series that are over, one after the other. Only where a clock has gone back there is anything of them, or of the time up to
/// the next part; it is read at once for all of them, and written at once.
fn close(session: &mut Session, grain: Grain, closed: &[(i64, &Closed)]) -> Result<(), Error> {
    if closed.is_empty() {
        return Ok(());
    }
    let span = |part: &Closed| {
        let at = place(grain, part.part.at);
        (at, place(grain, part.until).max(at + 1))
    };
    let mut kept = kept_in(session, grain, closed.iter().map(|(id, part)| (*id, span(part))))?;
    let mut changed = BTreeSet::new();
    for (id, closed) in closed {
        let (at, until) = span(closed);
        for (key, figures) in kept.range_mut((*id, at + 1)..(*id, until)) {
            figures.stand_at(closed.part.figures.after, grain.ms());
            changed.insert(*key);
        }
        match kept.entry((*id, at)) {
            Entry::Occupied(mut kept) => kept.get_mut().show_again(&closed.part.figures),
            Entry::Vacant(place) => drop(place.insert(closed.part.figures.clone())),
        }
        changed.insert((*id, at));
    }
    let (ids, parts): (Vec<i64>, Vec<i64>) = changed.iter().copied().unzip();
    let bodies = changed.iter().filter_map(|key| kept.get(key)).map(encode_figures);
    let text = format!(
        "INSERT INTO {} (series, part, refused, body) SELECT s, p, 0, b FROM unnest($1::int8[], $2::int8[], $3::bytea[]) AS w (s, p, b)
         ON CONFLICT (series, part) DO UPDATE SET body = excluded.body",
        table(grain),
    );
    session.execute(&text, &[&ids, &parts, &bodies.collect::<Vec<_>>()]).map(drop)
}

/// The figures that are kept in spans of series.
fn kept_in(
    session: &mut Session,
    grain: Grain,
    spans: impl Iterator<Item = (i64, (i64, i64))>,
) -> Result<BTreeMap<(i64, i64), Figures>, Error> {
    let (ids, spans): (Vec<i64>, Vec<(i64, i64)>) = spans.unzip();
    let (from, until): (Vec<i64>, Vec<i64>) = spans.into_iter().unzip();
    let text = format!(
        "SELECT k.series, k.part, k.body FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS w (series, start, stop)
            JOIN {} k ON k.series = w.series AND k.part >= w.start AND k.part < w.stop WHERE k.body IS NOT NULL",
        table(grain),
    );
    let rows = session.rows(&text, &[&ids, &from, &until])?;
    let kept = rows.iter().map(|row| Ok(((row.get(0), row.get(1)), decode_figures(row.get(2))?)));
    kept.collect()
}

/// The columns of the open parts to write.
#[derive(Default)]
struct Columns<'a> {
    orgs: Vec<&'a str>,
    kinds: Vec<i16>,
    names: Vec<&'a str>,
    live: Vec<i64>,
    minutes: Vec<i64>,
    minute_bodies: Vec<Vec<u8>>,
    hours: Vec<i64>,
    hour_bodies: Vec<Vec<u8>>,
}

/// Keeps the open minute and hour of series, in one statement; returns their ids.
fn put_open<'a>(
    session: &mut Session,
    open: &'a [(OrgId, Series, Open)],
) -> Result<HashMap<(&'a OrgId, &'a Series), i64>, Error> {
    // Of two of one series the later one stays.
    let newest: HashMap<_, _> =
        open.iter().map(|(org, series, open)| ((org, series), open)).collect();
    if newest.is_empty() {
        return Ok(HashMap::new());
    }
    let mut columns = Columns::default();
    for (&(org, series), open) in &newest {
        let Levels { active, queued } = open.minute.figures.after;
        columns.orgs.push(org.as_str());
        columns.kinds.push(kind_number(series.kind()));
        columns.names.push(series.name());
        columns.live.push(number(active + queued));
        columns.minutes.push(place(Grain::Minute, open.minute.at));
        columns.minute_bodies.push(encode_figures(&open.minute.figures));
        columns.hours.push(place(Grain::Hour, open.hour.at));
        columns.hour_bodies.push(encode_figures(&open.hour.figures));
    }
    let Columns { orgs, kinds, names, live, minutes, minute_bodies, hours, hour_bodies } = &columns;
    let rows = session.rows(
        "INSERT INTO series (org, kind, name, live, minute, minute_body, hour, hour_body)
         SELECT * FROM unnest($1::text[], $2::int2[], $3::text[], $4::int8[], $5::int8[], $6::bytea[], $7::int8[], $8::bytea[])
         ON CONFLICT (org, kind, name) DO UPDATE SET live = excluded.live, minute = excluded.minute,
            minute_body = excluded.minute_body, hour = excluded.hour, hour_body = excluded.hour_body
         RETURNING org, kind, name, id",
        &[orgs, kinds, names, live, minutes, minute_bodies, hours, hour_bodies],
    )?;
    let ids: HashMap<(&str, i16, &str), i64> =
        rows.iter().map(|row| ((row.get(0), row.get(1), row.get(2)), row.get(3))).collect();
    let id_of = |(org, series): (&'a OrgId, &'a Series)| {
        let key = (org.as_str(), kind_number(series.kind()), series.name());
        ids.get(&key).map(|id| ((org, series), *id))
    };
    Ok(newest.keys().copied().filter_map(id_of).collect())
}

/// The id of a series, which is created if it does not exist.
fn put_series(session: &mut Session, org: &OrgId, series: &Series) -> Result<i64, Error> {
    let (org, kind, name) = (org.as_str(), kind_number(series.kind()), series.name());
    let find = "SELECT id FROM series WHERE org = $1 AND kind = $2 AND name = $3";
    if let Some(row) = session.row(find, &[&org, &kind, &name])? {
        return Ok(row.get(0));
    }
    let add = "INSERT INTO series (org, kind, name, live) VALUES ($1, $2, $3, 0) RETURNING id";
    Ok(session.row(add, &[&org, &kind, &name])?.map_or(0, |row| row.get(0)))
}

/// Removes a bounded number of parts of the hours that are old as a whole, and whatever is removed with the hours.
pub(crate) fn prune(session: &mut Session, grain: Grain, old: &OldTimes) -> Result<u64, Error> {
    let column = watermark(grain);
    session.execute(
        &format!("UPDATE projected SET {column} = greatest({column}, $2) WHERE shard = $1"),
        &[&SHARD, &number(Grain::Hour.start_of(old.all_before()).0)],
    )?;
    let spans: Vec<_> = old.spans().iter().map(whole_hours).collect();
    let mut removed = 0;
    for span in &spans {
        removed += prune_parts(session, grain, span)?;
        if removed >= u64::from(PRUNED_PARTS_PER_CALL) {
            break;
        }
    }
    if grain == Grain::Hour && removed == 0 {
        for span in &spans {
            removed += markers::prune(session, span)?;
            removed += prune_series(session, span)?;
        }
    }
    Ok(removed)
}

fn prune_parts(session: &mut Session, grain: Grain, old: &Range<Timestamp>) -> Result<u64, Error> {
    let table = table(grain);
    let text = format!(
        "DELETE FROM {table} WHERE (series, part) IN
         (SELECT series, part FROM {table} WHERE part >= $1 AND part < $2 ORDER BY part LIMIT $3)",
    );
    let most = i64::from(PRUNED_PARTS_PER_CALL);
    session.execute(&text, &[&place(grain, old.start), &place(grain, old.end), &most])
}

/// Removes series in which nothing has happened since an hour that is old, unless calls are live in them.
fn prune_series(session: &mut Session, old: &Range<Timestamp>) -> Result<u64, Error> {
    let (start, end) = (place(Grain::Hour, old.start), place(Grain::Hour, old.end));
    session.execute(
        "DELETE FROM series WHERE id IN (SELECT id FROM series
            WHERE live = 0 AND coalesce(hour, 0) >= $1 AND coalesce(hour, 0) < $2
            AND NOT EXISTS (SELECT 1 FROM minute WHERE minute.series = series.id)
            AND NOT EXISTS (SELECT 1 FROM hour WHERE hour.series = series.id) LIMIT $3)",
        &[&start, &end, &i64::from(PRUNED_PARTS_PER_CALL)],
    )
}

/// The hours that are in a span as a whole.
fn whole_hours(span: &Range<Timestamp>) -> Range<Timestamp> {
    let hour_ms = Grain::Hour.ms();
    let start = Timestamp(span.start.0.div_ceil(hour_ms) * hour_ms);
    start..Grain::Hour.start_of(span.end).max(start)
}

pub(crate) const fn table(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
    }
}

pub(crate) const fn watermark(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minutes_from",
        Grain::Hour => "hours_from",
    }
}

pub(crate) const fn kind_number(kind: SeriesKind) -> i16 {
    match kind {
        SeriesKind::Org => 0,
        SeriesKind::Agent => 1,
        SeriesKind::Type => 2,
        SeriesKind::Gate => 3,
    }
}

/// The number of the part in which a moment lies.
fn place(grain: Grain, at: Timestamp) -> i64 {
    number(at.0 / grain.ms())
}
