//! Figures by the minute and the hour: a row for each series, and one for each of its closed minutes and hours.

use std::collections::HashMap;
use std::ops::Range;

use callslot_core::{AgentId, CallType, GateId, OrgId, Timestamp};
use callslot_store::limits::PRUNED_PARTS_PER_CALL;
use callslot_store::stored_form::{decode_figures, encode_figures};
use callslot_store::{
    Closed, Figures, Grain, Levels, OldTimes, Open, Part, Projection, Refused, Row, Series,
    SeriesKind, SeriesRows, StoreError, Which,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::errors::Error;
use crate::integers::number;
use crate::markers;

/// Keeps the figures of a part of the log.
pub(crate) fn keep(connection: &Connection, projection: &Projection) -> Result<(), Error> {
    let mut ids = HashMap::new();
    for (org, series, open) in &projection.open {
        ids.insert((org, series), put_open(connection, org, series, open)?);
    }
    for closed in &projection.closed {
        let Closed { org, series, .. } = closed;
        let id = ids.get(&(org, series)).copied();
        let id = id.map_or_else(|| put_series(connection, org, series), Ok)?;
        close(connection, id, closed)?;
    }
    for Refused { org, series, at, count } in &projection.refused {
        let id = put_series(connection, org, series)?;
        for grain in Grain::ALL {
            let table = table(grain);
            connection
                .prepare_cached(&format!(
                    "INSERT INTO {table} (series, part, refused) VALUES (?, ?, ?)
                     ON CONFLICT DO UPDATE SET refused = refused + excluded.refused",
                ))?
                .execute(params![id, place(grain, *at), number(*count)])?;
        }
    }
    Ok(())
}

/// Keeps a part of a series that is over. Only where a clock has gone back there is anything of it, or of the time up to the next part.
fn close(connection: &Connection, id: i64, closed: &Closed) -> Result<(), Error> {
    let Closed { grain, part, until, .. } = closed;
    let (table, at) = (table(*grain), place(*grain, part.at));
    let mut find = connection.prepare_cached(&format!(
        "SELECT part, body FROM {table} WHERE series = ? AND part >= ? AND part < ? AND body IS NOT NULL",
    ))?;
    let mut put = connection.prepare_cached(&format!(
        "INSERT INTO {table} (series, part, refused, body) VALUES (?, ?, 0, ?)
         ON CONFLICT DO UPDATE SET body = excluded.body",
    ))?;
    let found = find.query_map(params![id, at, place(*grain, *until).max(at + 1)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let found: Vec<_> = found.collect::<Result<_, _>>()?;
    let mut kept = None;
    for (number, body) in found {
        let mut figures = decode_figures(&body)?;
        if number == at {
            kept = Some(figures);
        } else {
            figures.stand_at(part.figures.after, grain.ms());
            put.execute(params![id, number, encode_figures(&figures)])?;
        }
    }
    let figures = match &mut kept {
        Some(kept) => {
            kept.show_again(&part.figures);
            kept
        }
        None => &part.figures,
    };
    put.execute(params![id, at, encode_figures(figures)])?;
    Ok(())
}

/// Keeps the open minute and hour of a series; returns its id.
fn put_open(
    connection: &Connection,
    org: &OrgId,
    series: &Series,
    open: &Open,
) -> rusqlite::Result<i64> {
    let Levels { active, queued } = open.minute.figures.after;
    connection
        .prepare_cached(
            "INSERT INTO series (org, kind, name, live, minute, minute_body, hour, hour_body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (org, kind, name) DO UPDATE SET live = excluded.live, minute = excluded.minute,
                 minute_body = excluded.minute_body, hour = excluded.hour, hour_body = excluded.hour_body
             RETURNING id",
        )?
        .query_row(
            params![
                org.as_str(),
                kind_number(series.kind()),
                series.name(),
                number(active + queued),
                place(Grain::Minute, open.minute.at),
                encode_figures(&open.minute.figures),
                place(Grain::Hour, open.hour.at),
                encode_figures(&open.hour.figures),
            ],
            |row| row.get(0),
        )
}

/// The id of a series, which is created if it does not exist.
fn put_series(connection: &Connection, org: &OrgId, series: &Series) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO series (org, kind, name, live) VALUES (?, ?, ?, 0)
             ON CONFLICT (org, kind, name) DO UPDATE SET live = live RETURNING id",
        )?
        .query_row(params![org.as_str(), kind_number(series.kind()), series.name()], |row| {
            row.get(0)
        })
}

/// The open minute and hour of each of these series.
pub(crate) fn open_parts(
    connection: &Connection,
    series: &[(OrgId, Series)],
) -> Result<Vec<Option<Open>>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT minute, minute_body, hour, hour_body FROM series
         WHERE org = ? AND kind = ? AND name = ? AND minute IS NOT NULL",
    )?;
    let mut found = Vec::with_capacity(series.len());
    for (org, series) in series {
        let key = params![org.as_str(), kind_number(series.kind()), series.name()];
        let kept: Option<(i64, Vec<u8>, i64, Vec<u8>)> = statement
            .query_row(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let open = kept.map(|(minute, minute_body, hour, hour_body)| {
            Ok::<_, Error>(Open {
                minute: part(Grain::Minute, minute, &minute_body)?,
                hour: part(Grain::Hour, hour, &hour_body)?,
            })
        });
        found.push(open.transpose()?);
    }
    Ok(found)
}

/// The series whose open minute begins after `at`. It goes through all of them, once for each time that a clock goes back.
pub(crate) fn series_after(
    connection: &Connection,
    at: Timestamp,
) -> Result<Vec<(OrgId, Series)>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT org, kind, name FROM series WHERE minute * ? > ?")?;
    let mut rows = statement.query(params![number(Grain::Minute.ms()), number(at.0)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = |place| -> rusqlite::Result<String> { row.get(place) };
        let no_org =
            |_| StoreError::damaged("a series of figures", "its organisation cannot be one");
        let org = OrgId::kept(&text(0)?).map_err(no_org)?;
        found.push((org, series_named(kind_numbered(row.get(1)?)?, &text(2)?)?));
    }
    Ok(found)
}

/// How many series of a kind there are.
pub(crate) fn count_series(
    connection: &Connection,
    org: &OrgId,
    kind: SeriesKind,
) -> Result<u64, Error> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM series WHERE org = ? AND kind = ?")?
        .query_row(params![org.as_str(), kind_number(kind)], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

/// The rows of each wanted series over a span.
pub(crate) fn figures(
    connection: &mut Connection,
    (org, which): (&OrgId, &Which),
    grain: Grain,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<SeriesRows>, Error> {
    // All of it is read as of one moment.
    let reading = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let table = table(grain);
    let (kind, name) = match which {
        Which::Each(kind) => (*kind, None),
        Which::One(series) => (series.kind(), Some(series.name())),
    };
    let mut statement = reading.prepare_cached(&format!(
        "SELECT id, name, {table}, {table}_body FROM series
         WHERE org = ? AND kind = ? AND name = ifnull(?, name) ORDER BY name",
    ))?;
    let mut rows = statement.query(params![org.as_str(), kind_number(kind), name])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let series = series_named(kind, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        let open: Option<(i64, Vec<u8>)> = row.get::<_, Option<i64>>(2)?.zip(row.get(3)?);
        let open = open.map(|(number, body)| part(grain, number, &body)).transpose()?;
        found.push(rows_of(&reading, (id, series), grain, open, (from, to))?);
    }
    Ok(found)
}

/// The rows of one series over a span. Its open part is the last.
fn rows_of(
    connection: &Connection,
    (id, series): (i64, Series),
    grain: Grain,
    open: Option<Part>,
    (from, to): (Timestamp, Timestamp),
) -> Result<SeriesRows, Error> {
    let mut rows = Vec::new();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT part, refused, body FROM {} WHERE series = ? AND part >= ? AND part < ? ORDER BY part",
        table(grain),
    ))?;
    let mut kept = statement.query(params![id, place_from(grain, from), place_from(grain, to)])?;
    while let Some(row) = kept.next()? {
        let body = row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        rows.push(Row {
            at: moment(grain, row.get(0)?),
            refused: row.get::<_, i64>(1)?.cast_unsigned(),
            figures: body.map(decode_figures).transpose()?,
        });
    }
    let before = match &open {
        Some(open) if open.at < from => open.figures.after,
        Some(_) | None => levels_when(connection, id, grain, from, open.as_ref())?,
    };
    let mut found = SeriesRows { series, before, rows };
    if let Some(open) = open {
        found.put_open(open, &(from..to), grain);
    }
    Ok(found)
}

/// The levels of a series at `from`, if its open part does not end before that.
fn levels_when(
    connection: &Connection,
    id: i64,
    grain: Grain,
    from: Timestamp,
    open: Option<&Part>,
) -> Result<Levels, Error> {
    let neighbour = |condition: &str| -> Result<Option<Part>, Error> {
        let found: Option<(i64, Vec<u8>)> = connection
            .prepare_cached(&format!(
                "SELECT part, body FROM {} WHERE series = ? AND body IS NOT NULL AND part {condition} LIMIT 1",
                table(grain),
            ))?
            .query_row(params![id, place_from(grain, from)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.map(|(number, body)| part(grain, number, &body)).transpose()?)
    };
    let before = neighbour("< ? ORDER BY part DESC")?;
    // Parts after the open one were shown too early.
    let after = neighbour(">= ? ORDER BY part")?;
    let after = after.as_ref().filter(|part| open.is_none_or(|open| part.at < open.at)).or(open);
    let figures = |part: &Part| -> Figures { part.figures.clone() };
    Ok(Levels::between(before.map(|part| part.figures).as_ref(), after.map(figures).as_ref()))
}

/// The time from which all parts are kept.
pub(crate) fn kept_from(connection: &Connection, grain: Grain) -> Result<Timestamp, Error> {
    let column = watermark(grain);
    let from: i64 = connection
        .prepare_cached(&format!("SELECT {column} FROM projected"))?
        .query_row([], |row| row.get(0))?;
    Ok(Timestamp(from.cast_unsigned()))
}

/// Removes a bounded number of parts of the hours that are old as a whole, and whatever is removed with the hours.
pub(crate) fn prune(
    connection: &mut Connection,
    grain: Grain,
    old: &OldTimes,
) -> Result<u64, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let column = watermark(grain);
    transaction.execute(
        &format!("UPDATE projected SET {column} = max({column}, ?)"),
        [number(Grain::Hour.start_of(old.all_before()).0)],
    )?;
    let spans: Vec<_> = old.spans().iter().map(whole_hours).collect();
    let mut removed = 0;
    for span in &spans {
        removed += prune_parts(&transaction, grain, span)?;
        if removed >= PRUNED_PARTS_PER_CALL as usize {
            break;
        }
    }
    if grain == Grain::Hour && removed == 0 {
        for span in &spans {
            removed += markers::prune(&transaction, span)?;
            removed += prune_series(&transaction, span)?;
        }
    }
    transaction.commit()?;
    Ok(removed as u64)
}

fn prune_parts(
    connection: &Connection,
    grain: Grain,
    old: &Range<Timestamp>,
) -> rusqlite::Result<usize> {
    let table = table(grain);
    connection
        .prepare_cached(&format!(
            "DELETE FROM {table} WHERE (series, part) IN
             (SELECT series, part FROM {table} WHERE part >= ? AND part < ? ORDER BY part LIMIT ?)",
        ))?
        .execute(params![place(grain, old.start), place(grain, old.end), PRUNED_PARTS_PER_CALL])
}

/// Removes series in which nothing has happened since an hour that is old, unless calls are live in them.
fn prune_series(connection: &Connection, old: &Range<Timestamp>) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM series WHERE id IN (SELECT id FROM series
                WHERE live = 0 AND coalesce(hour, 0) >= ? AND coalesce(hour, 0) < ?
                AND NOT EXISTS (SELECT 1 FROM minute WHERE minute.series = series.id)
                AND NOT EXISTS (SELECT 1 FROM hour WHERE hour.series = series.id) LIMIT ?)",
        )?
        .execute(params![
            place(Grain::Hour, old.start),
            place(Grain::Hour, old.end),
            PRUNED_PARTS_PER_CALL
        ])
}

/// The hours that are in a span as a whole.
fn whole_hours(span: &Range<Timestamp>) -> Range<Timestamp> {
    let hour_ms = Grain::Hour.ms();
    let start = Timestamp(span.start.0.div_ceil(hour_ms) * hour_ms);
    start..Grain::Hour.start_of(span.end).max(start)
}

fn series_named(kind: SeriesKind, name: &str) -> Result<Series, StoreError> {
    let series = match kind {
        SeriesKind::Org => Some(Series::Org),
        SeriesKind::Agent => AgentId::kept(name).ok().map(Series::Agent),
        SeriesKind::Type => {
            let named = CallType::ALL.into_iter().find(|call_type| call_type.as_str() == name);
            named.map(Series::Type)
        }
        SeriesKind::Gate => GateId::kept(name).ok().map(Series::Gate),
    };
    series.ok_or_else(|| StoreError::damaged("a series of figures", "its name cannot be one"))
}

fn part(grain: Grain, number: i64, body: &[u8]) -> Result<Part, StoreError> {
    Ok(Part { at: moment(grain, number), figures: decode_figures(body)? })
}

const fn table(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
    }
}

const fn watermark(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minutes_from",
        Grain::Hour => "hours_from",
    }
}

const fn kind_number(kind: SeriesKind) -> i64 {
    match kind {
        SeriesKind::Org => 0,
        SeriesKind::Agent => 1,
        SeriesKind::Type => 2,
        SeriesKind::Gate => 3,
    }
}

fn kind_numbered(number: i64) -> Result<SeriesKind, StoreError> {
    let found = SeriesKind::ALL.into_iter().find(|kind| kind_number(*kind) == number);
    found.ok_or_else(|| StoreError::damaged("a series of figures", "its kind cannot be one"))
}

/// The number of the part in which a moment lies.
fn place(grain: Grain, at: Timestamp) -> i64 {
    number(at.0 / grain.ms())
}

/// The number of the first part that begins at a moment or later.
fn place_from(grain: Grain, at: Timestamp) -> i64 {
    number(at.0.div_ceil(grain.ms()))
}

fn moment(grain: Grain, number: i64) -> Timestamp {
    Timestamp(number.cast_unsigned() * grain.ms())
}
