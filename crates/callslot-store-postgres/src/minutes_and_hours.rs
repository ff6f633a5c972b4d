//! Figures by the minute and the hour, as they are written and removed: a row for each series, and one for each of its closed minutes and
//! hours. How they are read is in `series_reads.rs`.

use std::collections::HashMap;
use std::ops::Range;

use callslot_core::{OrgId, Timestamp};
use callslot_store::limits::PRUNED_PARTS_PER_CALL;
use callslot_store::stored_form::{decode_figures, encode_figures};
use callslot_store::{
    Closed, Grain, Levels, OldTimes, Open, Projection, Refused, Series, SeriesKind,
};

use crate::errors::Error;
use crate::integers::number;
use crate::markers;
use crate::owner::SHARD;
use crate::session::Session;

/// Keeps the figures of a part of the log.
pub(crate) fn keep(session: &mut Session, projection: &Projection) -> Result<(), Error> {
    let ids = put_open(session, &projection.open)?;
    for closed in &projection.closed {
        let Closed { org, series, .. } = closed;
        let id = match ids.get(&(org, series)) {
            Some(id) => *id,
            None => put_series(session, org, series)?,
        };
        close(session, id, closed)?;
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

/// Keeps a part of a series that is over. Only where a clock has gone back there is anything of it, or of the time up to the next part.
fn close(session: &mut Session, id: i64, closed: &Closed) -> Result<(), Error> {
    let Closed { grain, part, until, .. } = closed;
    let (table, at) = (table(*grain), place(*grain, part.at));
    let find = format!(
        "SELECT part, body FROM {table} WHERE series = $1 AND part >= $2 AND part < $3 AND body IS NOT NULL",
    );
    let put = format!(
        "INSERT INTO {table} (series, part, refused, body) VALUES ($1, $2, 0, $3)
         ON CONFLICT (series, part) DO UPDATE SET body = excluded.body",
    );
    let mut kept = None;
    for row in session.rows(&find, &[&id, &at, &place(*grain, *until).max(at + 1)])? {
        let number: i64 = row.get(0);
        let mut figures = decode_figures(row.get(1))?;
        if number == at {
            kept = Some(figures);
        } else {
            figures.stand_at(part.figures.after, grain.ms());
            session.execute(&put, &[&id, &number, &encode_figures(&figures)])?;
        }
    }
    let figures = match &mut kept {
        Some(kept) => {
            kept.show_again(&part.figures);
            kept
        }
        None => &part.figures,
    };
    session.execute(&put, &[&id, &at, &encode_figures(figures)]).map(drop)
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
