//! How figures are read: series by series, with the part that is still open.

use callslot_core::{AgentId, CallType, GateId, OrgId, Timestamp};
use callslot_store::stored_form::decode_figures;
use callslot_store::{
    Figures, Grain, Levels, Open, Part, Row, Series, SeriesKind, SeriesRows, StoreError, Which,
};

use crate::errors::Error;
use crate::integers::{number, unsigned};
use crate::minutes_and_hours::{kind_number, table, watermark};
use crate::owner::SHARD;
use crate::session::Session;

/// The open minute and hour of each of these series.
pub(crate) fn open_parts(
    session: &mut Session,
    series: &[(OrgId, Series)],
) -> Result<Vec<Option<Open>>, Error> {
    let orgs: Vec<&str> = series.iter().map(|(org, _)| org.as_str()).collect();
    let kinds: Vec<i16> = series.iter().map(|(_, series)| kind_number(series.kind())).collect();
    let names: Vec<&str> = series.iter().map(|(_, series)| series.name()).collect();
    let rows = session.rows(
        "SELECT s.minute, s.minute_body, s.hour, s.hour_body
         FROM unnest($1::text[], $2::int2[], $3::text[]) WITH ORDINALITY AS w (org, kind, name, place)
         LEFT JOIN series s ON s.org = w.org AND s.kind = w.kind AND s.name = w.name ORDER BY w.place",
        &[&orgs, &kinds, &names],
    )?;
    let open = |row: &postgres::Row| {
        let minute: Option<(i64, &[u8])> = row.get::<_, Option<i64>>(0).zip(row.get(1));
        let hour: Option<(i64, &[u8])> = row.get::<_, Option<i64>>(2).zip(row.get(3));
        let Some((minute, hour)) = minute.zip(hour) else { return Ok(None) };
        Ok(Some(Open {
            minute: part(Grain::Minute, minute.0, minute.1)?,
            hour: part(Grain::Hour, hour.0, hour.1)?,
        }))
    };
    rows.iter().map(open).collect()
}

/// The series whose open minute begins after `at`. It goes through all of them, once for each time that a clock goes back.
pub(crate) fn series_after(
    session: &mut Session,
    at: Timestamp,
) -> Result<Vec<(OrgId, Series)>, Error> {
    let text = "SELECT org, kind, name FROM series WHERE minute > $1";
    let rows = session.rows(text, &[&number(at.0 / Grain::Minute.ms())])?;
    let found = |row: &postgres::Row| {
        let no_org =
            |_| StoreError::damaged("a series of figures", "its organisation cannot be one");
        let org = OrgId::kept(row.get(0)).map_err(no_org)?;
        Ok((org, series_named(kind_numbered(row.get(1))?, row.get(2))?))
    };
    rows.iter().map(found).collect()
}

/// How many series of a kind there are.
pub(crate) fn count_series(
    session: &mut Session,
    org: &OrgId,
    kind: SeriesKind,
) -> Result<u64, Error> {
    let text = "SELECT count(*) FROM series WHERE org = $1 AND kind = $2";
    let row = session.row(text, &[&org.as_str(), &kind_number(kind)])?;
    Ok(row.map_or(0, |row| unsigned(&row, 0)))
}

/// The rows of each wanted series over a span, within a transaction that sees one moment.
pub(crate) fn figures(
    session: &mut Session,
    (org, which): (&OrgId, &Which),
    grain: Grain,
    span: (Timestamp, Timestamp),
) -> Result<Vec<SeriesRows>, Error> {
    let table = table(grain);
    let (kind, name) = match which {
        Which::Each(kind) => (*kind, None),
        Which::One(series) => (series.kind(), Some(series.name())),
    };
    let named = if name.is_some() { "name = $3" } else { "$3::text IS NULL" };
    let text = format!(
        "SELECT id, name, {table}, {table}_body FROM series WHERE org = $1 AND kind = $2 AND {named} ORDER BY name",
    );
    let mut found = Vec::new();
    for row in session.rows(&text, &[&org.as_str(), &kind_number(kind), &name])? {
        let series = series_named(kind, row.get(1))?;
        let open: Option<(i64, &[u8])> = row.get::<_, Option<i64>>(2).zip(row.get(3));
        let open = open.map(|(number, body)| part(grain, number, body)).transpose()?;
        found.push(rows_of(session, (row.get(0), series), grain, open, span)?);
    }
    Ok(found)
}

/// The rows of one series over a span. Its open part is the last.
fn rows_of(
    session: &mut Session,
    (id, series): (i64, Series),
    grain: Grain,
    open: Option<Part>,
    (from, to): (Timestamp, Timestamp),
) -> Result<SeriesRows, Error> {
    let text = format!(
        "SELECT part, refused, body FROM {} WHERE series = $1 AND part >= $2 AND part < $3 ORDER BY part",
        table(grain),
    );
    let mut rows = Vec::new();
    for row in session.rows(&text, &[&id, &place_from(grain, from), &place_from(grain, to)])? {
        let body: Option<&[u8]> = row.get(2);
        rows.push(Row {
            at: moment(grain, row.get(0)),
            refused: unsigned(&row, 1),
            figures: body.map(decode_figures).transpose()?,
        });
    }
    let before = match &open {
        Some(open) if open.at < from => open.figures.after,
        Some(_) | None => levels_when(session, id, grain, from, open.as_ref())?,
    };
    let mut found = SeriesRows { series, before, rows };
    if let Some(open) = open {
        found.put_open(open, &(from..to), grain);
    }
    Ok(found)
}

/// The levels of a series at `from`, if its open part does not end before that.
fn levels_when(
    session: &mut Session,
    id: i64,
    grain: Grain,
    from: Timestamp,
    open: Option<&Part>,
) -> Result<Levels, Error> {
    let mut neighbour = |condition: &str| -> Result<Option<Part>, Error> {
        let text = format!(
            "SELECT part, body FROM {} WHERE series = $1 AND body IS NOT NULL AND part {condition} LIMIT 1",
            table(grain),
        );
        let row = session.row(&text, &[&id, &place_from(grain, from)])?;
        Ok(row.map(|row| part(grain, row.get(0), row.get(1))).transpose()?)
    };
    let before = neighbour("< $2 ORDER BY part DESC")?;
    // Parts after the open one were shown too early.
    let after = neighbour(">= $2 ORDER BY part")?;
    let after = after.as_ref().filter(|part| open.is_none_or(|open| part.at < open.at)).or(open);
    let figures = |part: &Part| -> Figures { part.figures.clone() };
    Ok(Levels::between(before.map(|part| part.figures).as_ref(), after.map(figures).as_ref()))
}

/// The time from which all parts are kept.
pub(crate) fn kept_from(session: &mut Session, grain: Grain) -> Result<Timestamp, Error> {
    let text = format!("SELECT {} FROM projected WHERE shard = $1", watermark(grain));
    let row = session.row(&text, &[&SHARD])?;
    Ok(Timestamp(row.map_or(0, |row| unsigned(&row, 0))))
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

fn kind_numbered(number: i16) -> Result<SeriesKind, StoreError> {
    let found = SeriesKind::ALL.into_iter().find(|kind| kind_number(*kind) == number);
    found.ok_or_else(|| StoreError::damaged("a series of figures", "its kind cannot be one"))
}

fn part(grain: Grain, number: i64, body: &[u8]) -> Result<Part, StoreError> {
    Ok(Part { at: moment(grain, number), figures: decode_figures(body)? })
}

/// The number of the first part that begins at a moment or later.
fn place_from(grain: Grain, at: Timestamp) -> i64 {
    number(at.0.div_ceil(grain.ms()))
}

fn moment(grain: Grain, number: i64) -> Timestamp {
    Timestamp(number.cast_unsigned() * grain.ms())
}
