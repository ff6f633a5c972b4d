//! How ended calls are found: by id, by the beginning of ids, by agent and by time.

use std::ops::Range;

use callslot_core::{Call, CallId, Ended, OrgId, Sequence, Timestamp};
use callslot_store::limits::{EXAMINED_PER_READ, FOUND_BY_ID_PREFIX};
use callslot_store::stored_form::decode_ended_call;
use callslot_store::{EndedFilter, EndedPage};

use crate::errors::Error;
use crate::integers::{number, size, unsigned};
use crate::limits::{ENDED_PER_STATEMENT, TURNS_PER_READ};
use crate::session::Session;

/// The newest call with this id.
pub(crate) fn newest(
    session: &mut Session,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    let row = session.row(
        "SELECT body FROM ended WHERE org = (SELECT number FROM name WHERE name = $1) AND id = $2 ORDER BY sequence DESC LIMIT 1",
        &[&org.as_str(), &id.as_str()],
    )?;
    Ok(row.map(|row| decode_ended_call(row.get(0))).transpose()?)
}

fn number_of(session: &mut Session, name: &str) -> Result<Option<i64>, Error> {
    let row = session.row("SELECT number FROM name WHERE name = $1", &[&name])?;
    Ok(row.map(|row| row.get(0)))
}

/// A page of calls, newest first.
pub(crate) fn page(
    session: &mut Session,
    org: &OrgId,
    filter: &EndedFilter,
    limit: usize,
) -> Result<EndedPage, Error> {
    let Some(org) = number_of(session, org.as_str())? else {
        return Ok(EndedPage::default());
    };
    let agent = match &filter.agent {
        Some(agent) => match number_of(session, agent.as_str())? {
            Some(number) => Some(number),
            None => return Ok(EndedPage::default()),
        },
        None => None,
    };
    let before = filter.before.map_or(i64::MAX, |before| before.0.cast_signed());
    if let Some(prefix) = &filter.id_prefix
        && let Some(mut few) = few_of_prefix(session, org, prefix)?
    {
        few.retain(|sequence| *sequence < before);
        return page_of_few(session, org, filter, &few, limit);
    }
    let mut page = EndedPage::default();
    let mut examined = 0;
    let (spans, rest) = spans(session, org, filter, before)?;
    for span in spans {
        let Range { start, end } = in_time(session, org, filter, span)?;
        let span = start..end.min(before);
        read_span(session, (org, agent), filter, span, (limit, &mut examined), &mut page)?;
        if page.next.is_some() {
            return Ok(page);
        }
    }
    page.next = rest;
    Ok(page)
}

/// The sequence numbers of the calls whose ids begin with `prefix`, newest first; none if they are many.
fn few_of_prefix(session: &mut Session, org: i64, prefix: &str) -> Result<Option<Vec<i64>>, Error> {
    // Every character of an id comes before this one.
    let end = format!("{prefix}\u{7f}");
    let text = "SELECT sequence FROM ended WHERE org = $1 AND id >= $2 AND id < $3 LIMIT $4";
    let rows = session.rows(text, &[&org, &prefix, &end, &size(FOUND_BY_ID_PREFIX + 1)])?;
    let mut found: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok((found.len() <= FOUND_BY_ID_PREFIX).then_some(found))
}

/// A page of some calls, which are told by their sequence numbers, newest first.
fn page_of_few(
    session: &mut Session,
    org: i64,
    filter: &EndedFilter,
    few: &[i64],
    limit: usize,
) -> Result<EndedPage, Error> {
    let mut page = EndedPage::default();
    let text = "SELECT sequence, body FROM ended WHERE org = $1 AND sequence = ANY ($2) ORDER BY sequence DESC";
    for row in session.rows(text, &[&org, &few])? {
        let call = decode_ended_call(row.get(1))?;
        if filter.lets_through(&call) {
            let sequence = Sequence(unsigned(&row, 0));
            page.calls.push((sequence, call));
            if page.calls.len() == limit {
                page.next = Some(sequence);
                break;
            }
        }
    }
    Ok(page)
}

/// The sequence numbers below `before` in spans in which calls ended in the order of their times, newest first. If no time is asked for, all
/// are one span. If there are more than one read may look at, the place before which they go on is said.
fn spans(
    session: &mut Session,
    org: i64,
    filter: &EndedFilter,
    before: i64,
) -> Result<(Vec<Range<i64>>, Option<Sequence>), Error> {
    let mut spans = Vec::new();
    let mut end = before;
    if filter.from.is_some() || filter.to.is_some() {
        let text = "SELECT sequence FROM turn WHERE org = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3";
        let rows = session.rows(text, &[&org, &before, &TURNS_PER_READ])?;
        for row in &rows {
            let start = row.get(0);
            spans.push(start..end);
            end = start;
        }
        if size(rows.len()) == TURNS_PER_READ {
            return Ok((spans, Some(Sequence(end.cast_unsigned()))));
        }
    }
    spans.push(0..end);
    Ok((spans, None))
}

/// The part of a span with the calls that ended in the time asked for.
fn in_time(
    session: &mut Session,
    org: i64,
    filter: &EndedFilter,
    span: Range<i64>,
) -> Result<Range<i64>, Error> {
    let mut since = |at: Option<Timestamp>, otherwise: i64| match at {
        Some(at) => first_ended_since(session, org, at, &span),
        None => Ok(otherwise),
    };
    let start = since(filter.from, span.start)?;
    let end = since(filter.to, span.end)?;
    Ok(start..end)
}

/// Reads calls of a span, newest first, until the page is full or enough were looked at.
fn read_span(
    session: &mut Session,
    (org, agent): (i64, Option<i64>),
    filter: &EndedFilter,
    span: Range<i64>,
    (limit, examined): (usize, &mut usize),
    page: &mut EndedPage,
) -> Result<(), Error> {
    let of_agent = if agent.is_some() { "agent = $4" } else { "$4::int8 IS NULL" };
    let text = format!(
        "SELECT sequence, body FROM ended WHERE {of_agent} AND org = $1 AND sequence < $2 AND sequence >= $3
         ORDER BY sequence DESC LIMIT $5",
    );
    let mut end = span.end;
    loop {
        let rows = session.rows(&text, &[&org, &end, &span.start, &agent, &ENDED_PER_STATEMENT])?;
        for row in &rows {
            end = row.get(0);
            let sequence = Sequence(end.cast_unsigned());
            let call = decode_ended_call(row.get(1))?;
            if filter.lets_through(&call) {
                page.calls.push((sequence, call));
            }
            *examined += 1;
            if page.calls.len() == limit || *examined == EXAMINED_PER_READ {
                page.next = Some(sequence);
                return Ok(());
            }
        }
        if size(rows.len()) < ENDED_PER_STATEMENT {
            return Ok(());
        }
    }
}

/// The sequence number from which on all calls of a span ended at `at` or later.
///
/// In a span ends are numbered in the order of their times, so halving finds the place without an index of times for each organisation.
fn first_ended_since(
    session: &mut Session,
    org: i64,
    at: Timestamp,
    span: &Range<i64>,
) -> Result<i64, Error> {
    let last = session.row("SELECT max(sequence) FROM ended WHERE org = $1", &[&org])?;
    let last = last.and_then(|row| row.get::<_, Option<i64>>(0));
    let text = "SELECT sequence, ended_at FROM ended WHERE org = $1 AND sequence > $2 ORDER BY sequence LIMIT 1";
    // Everything up to `before` ended earlier; everything from `since` on did not.
    let end = last.unwrap_or(0).saturating_add(1).min(span.end);
    let (mut before, mut since) = (span.start.saturating_sub(1).max(0), end);
    while since - before > 1 {
        let middle = before + (since - before) / 2;
        let found = session.row(text, &[&org, &(middle - 1)])?;
        let found: Option<(i64, i64)> = found.map(|row| (row.get(0), row.get(1)));
        match found {
            Some((found, ended_at)) if found < end && ended_at < number(at.0) => before = found,
            // None: they have been removed meanwhile.
            Some(_) | None => since = middle,
        }
    }
    Ok(since)
}
