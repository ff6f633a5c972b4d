//! Ended calls: one row each, found by organisation, id, agent and time of end.
//!
//! They are in the order of their ends, by sequence number. That is the order of their times too, except where a clock was set back: each
//! such place is a turn, and has a row of its own.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use callslot_core::{Call, CallId, Ended, OrgId, Sequence, Timestamp};
use callslot_store::limits::{EXAMINED_PER_READ, FOUND_BY_ID_PREFIX, PRUNED_PER_CALL};
use callslot_store::stored_form::{decode_ended_call, encode_ended_call};
use callslot_store::{EndedFilter, EndedPage, OldTimes};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::errors::Error;
use crate::integers::number;
use crate::limits::{ENDED_CALL_BYTES, TURNS_PER_READ};

/// Keeps ended calls, and returns about how many bytes were written. Names of organisations and agents are kept once; rows refer to
/// them by number.
pub(crate) fn keep(
    connection: &Connection,
    calls: &[(OrgId, Sequence, Call<Ended>)],
) -> rusqlite::Result<usize> {
    let mut bytes = 0;
    let mut numbers = HashMap::new();
    let mut numbered = |name| {
        if let Some(number) = numbers.get(name) {
            return Ok(*number);
        }
        let number = put_name(connection, name)?;
        numbers.insert(name, number);
        Ok::<_, rusqlite::Error>(number)
    };
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO ended (org, sequence, id, agent, ended_at, body) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    let mut last_ends = HashMap::new();
    for (org, sequence, call) in calls {
        let body = encode_ended_call(org, *sequence, call);
        bytes += body.len() + ENDED_CALL_BYTES;
        let org_number = numbered(org.as_str())?;
        let ended_at = number(call.state.ended_at.0);
        let before = match last_ends.insert(org_number, ended_at) {
            Some(before) => Some(before),
            None => last_end(connection, org_number)?,
        };
        if before.is_some_and(|before| before > ended_at) {
            connection
                .prepare_cached("INSERT OR REPLACE INTO turn (org, sequence) VALUES (?, ?)")?
                .execute([org_number, sequence.0.cast_signed()])?;
        }
        statement.execute(params![
            org_number,
            sequence.0.cast_signed(),
            call.request.id.as_str(),
            numbered(call.request.agent.as_str())?,
            ended_at,
            body,
        ])?;
    }
    Ok(bytes)
}

/// When the last call of an organisation ended.
fn last_end(connection: &Connection, org: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT ended_at FROM ended WHERE org = ? ORDER BY sequence DESC LIMIT 1")?
        .query_row([org], |row| row.get(0))
        .optional()
}

/// The number of a name, which is added if it is new.
fn put_name(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    match number_of(connection, name)? {
        Some(number) => Ok(number),
        None => connection
            .prepare_cached("INSERT INTO name (name) VALUES (?) RETURNING number")?
            .query_row([name], |row| row.get(0)),
    }
}

fn number_of(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM name WHERE name = ?")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// The newest call with this id. By itself SQLite would go through all calls of the organisation rather than use the index.
pub(crate) fn newest(
    connection: &Connection,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<Call<Ended>>, Error> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached(
            "SELECT body FROM ended INDEXED BY ended_by_id
             WHERE org = (SELECT number FROM name WHERE name = ?) AND id = ? ORDER BY sequence DESC LIMIT 1",
        )?
        .query_row([org.as_str(), id.as_str()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| decode_ended_call(&body)).transpose()?)
}

/// A page of calls, newest first.
pub(crate) fn page(
    connection: &Connection,
    org: &OrgId,
    filter: &EndedFilter,
    limit: usize,
) -> Result<EndedPage, Error> {
    let Some(org) = number_of(connection, org.as_str())? else {
        return Ok(EndedPage::default());
    };
    let agent = match &filter.agent {
        Some(agent) => match number_of(connection, agent.as_str())? {
            Some(number) => Some(number),
            None => return Ok(EndedPage::default()),
        },
        None => None,
    };
    let before = filter.before.map_or(i64::MAX, |before| before.0.cast_signed());
    if let Some(prefix) = &filter.id_prefix
        && let Some(few) = few_of_prefix(connection, org, prefix)?
    {
        return page_of_few(
            connection,
            org,
            filter,
            few.into_iter().filter(|it| *it < before),
            limit,
        );
    }
    let mut page = EndedPage::default();
    let mut examined = 0;
    let (spans, rest) = spans(connection, org, filter, before)?;
    for span in spans {
        let Range { start, end } = in_time(connection, org, filter, span)?;
        read_span(
            connection,
            (org, agent),
            filter,
            start..end.min(before),
            (limit, &mut examined),
            &mut page,
        )?;
        if page.next.is_some() {
            return Ok(page);
        }
    }
    page.next = rest;
    Ok(page)
}

/// The sequence numbers of the calls whose ids begin with `prefix`, newest first; none if they are many.
fn few_of_prefix(
    connection: &Connection,
    org: i64,
    prefix: &str,
) -> rusqlite::Result<Option<Vec<i64>>> {
    // Every character of an id comes before this one.
    let end = format!("{prefix}\u{7f}");
    let mut statement = connection.prepare_cached(
        "SELECT sequence FROM ended INDEXED BY ended_by_id WHERE org = ? AND id >= ? AND id < ? LIMIT ?",
    )?;
    let most = i64::try_from(FOUND_BY_ID_PREFIX + 1).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![org, prefix, end, most], |row| row.get(0))?;
    let mut found = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok((found.len() <= FOUND_BY_ID_PREFIX).then_some(found))
}

/// A page of some calls, which are told by their sequence numbers, newest first.
fn page_of_few(
    connection: &Connection,
    org: i64,
    filter: &EndedFilter,
    few: impl Iterator<Item = i64>,
    limit: usize,
) -> Result<EndedPage, Error> {
    let mut page = EndedPage::default();
    let mut statement =
        connection.prepare_cached("SELECT body FROM ended WHERE org = ? AND sequence = ?")?;
    for sequence in few {
        let body: Option<Vec<u8>> =
            statement.query_row([org, sequence], |row| row.get(0)).optional()?;
        // None: it was removed meanwhile.
        let Some(body) = body else { continue };
        let call = decode_ended_call(&body)?;
        if filter.lets_through(&call) {
            let sequence = Sequence(sequence.cast_unsigned());
            page.calls.push((sequence, call));
            if page.calls.len() == limit {
                page.next = Some(sequence);
                break;
            }
        }
    }
    Ok(page)
}

/// The sequence numbers below `before` in spans in which calls ended in the order of their times, newest first. If no time is asked
/// for, all are one span. If there are more than one read may look at, the place before which they go on is said.
fn spans(
    connection: &Connection,
    org: i64,
    filter: &EndedFilter,
    before: i64,
) -> rusqlite::Result<(Vec<Range<i64>>, Option<Sequence>)> {
    let mut spans = Vec::new();
    let mut end = before;
    if filter.from.is_some() || filter.to.is_some() {
        let mut turns = connection.prepare_cached(
            "SELECT sequence FROM turn WHERE org = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
        )?;
        let mut rows = turns.query([org, before, i64::from(TURNS_PER_READ)])?;
        while let Some(row) = rows.next()? {
            let start = row.get(0)?;
            spans.push(start..end);
            end = start;
            if spans.len() == TURNS_PER_READ as usize {
                return Ok((spans, Some(Sequence(end.cast_unsigned()))));
            }
        }
    }
    spans.push(0..end);
    Ok((spans, None))
}

/// The part of a span with the calls that ended in the time asked for.
fn in_time(
    connection: &Connection,
    org: i64,
    filter: &EndedFilter,
    span: Range<i64>,
) -> rusqlite::Result<Range<i64>> {
    let since = |at| first_ended_since(connection, org, at, &span);
    let start = filter.from.map_or(Ok(span.start), since)?;
    let end = filter.to.map_or(Ok(span.end), since)?;
    Ok(start..end)
}

/// Adds the calls of a span to a page, newest first, until it has as many as it may.
fn read_span(
    connection: &Connection,
    (org, agent): (i64, Option<i64>),
    filter: &EndedFilter,
    span: Range<i64>,
    (limit, examined): (usize, &mut usize),
    page: &mut EndedPage,
) -> Result<(), Error> {
    // By itself SQLite would use the primary key for both, and go through the calls of all agents.
    let found = agent
        .map_or("ended WHERE ?4 IS NULL", |_| "ended INDEXED BY ended_by_agent WHERE agent = ?4");
    let mut statement = connection.prepare_cached(&format!(
        "SELECT sequence, body FROM {found}
         AND org = ?1 AND sequence < ?2 AND sequence >= ?3 ORDER BY sequence DESC",
    ))?;
    let mut rows = statement.query(params![org, span.end, span.start, agent])?;
    while let Some(row) = rows.next()? {
        let sequence = Sequence(row.get::<_, i64>(0)?.cast_unsigned());
        let call = decode_ended_call(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        if filter.lets_through(&call) {
            page.calls.push((sequence, call));
        }
        *examined += 1;
        if page.calls.len() == limit || *examined == EXAMINED_PER_READ {
            page.next = Some(sequence);
            break;
        }
    }
    Ok(())
}

/// The sequence number from which on all calls of a span ended at `at` or later.
///
/// In a span ends are numbered in the order of their times, so halving finds the place without an index of times for each
/// organisation.
fn first_ended_since(
    connection: &Connection,
    org: i64,
    at: Timestamp,
    span: &Range<i64>,
) -> rusqlite::Result<i64> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(sequence) FROM ended WHERE org = ?")?
        .query_row([org], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT sequence, ended_at FROM ended WHERE org = ? AND sequence > ? ORDER BY sequence LIMIT 1",
    )?;
    // Everything up to `before` ended earlier; everything from `since` on did not.
    let end = last.unwrap_or(0).saturating_add(1).min(span.end);
    let (mut before, mut since) = (span.start.saturating_sub(1).max(0), end);
    while since - before > 1 {
        let middle = before + (since - before) / 2;
        let found: Option<(i64, i64)> = statement
            .query_row([org, middle - 1], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match found {
            Some((found, ended_at)) if found < end && ended_at < number(at.0) => before = found,
            // None: they have been removed meanwhile.
            Some(_) | None => since = middle,
        }
    }
    Ok(since)
}

/// Removes a bounded number of calls that ended at old times, of each organisation up to the first that did not.
///
/// It goes from organisation to organisation, which costs less than an index of times would cost every call.
pub(crate) fn prune(connection: &mut Connection, old: &OldTimes) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut removed = Removed::default();
    let mut org = 0;
    while removed.calls < PRUNED_PER_CALL as usize {
        let mut next = transaction
            .prepare_cached("SELECT org FROM ended WHERE org > ? ORDER BY org LIMIT 1")?;
        let found: Option<i64> = next.query_row([org], |row| row.get(0)).optional()?;
        let Some(found) = found else { break };
        org = found;
        let most = PRUNED_PER_CALL as usize - removed.calls;
        if let Some(last) = last_of(&transaction, org, old, most)? {
            removed.remove(&transaction, org, last)?;
        }
    }
    removed.forget_names(&transaction)?;
    transaction.commit()?;
    Ok(removed.calls as u64)
}

/// The last of an organisation's oldest calls that ended at old times.
fn last_of(
    connection: &Connection,
    org: i64,
    old: &OldTimes,
    most: usize,
) -> rusqlite::Result<Option<i64>> {
    let mut oldest = connection.prepare_cached(
        "SELECT sequence, ended_at FROM ended WHERE org = ? ORDER BY sequence LIMIT ?",
    )?;
    let mut rows = oldest.query([org, i64::try_from(most).unwrap_or(i64::MAX)])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        if !old.contains(Timestamp(row.get::<_, i64>(1)?.cast_unsigned())) {
            break;
        }
        last = Some(row.get(0)?);
    }
    Ok(last)
}

/// Removes a bounded number of an organisation's calls.
pub(crate) fn erase(connection: &Connection, org: &OrgId, most: usize) -> rusqlite::Result<usize> {
    let mut removed = Removed::default();
    if let Some(org) = number_of(connection, org.as_str())? {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let last = "SELECT max(sequence) FROM (SELECT sequence FROM ended WHERE org = ? ORDER BY sequence LIMIT ?)";
        let last: Option<i64> =
            connection.prepare_cached(last)?.query_row([org, most], |row| row.get(0))?;
        removed.remove(connection, org, last.unwrap_or(0))?;
        removed.forget_names(connection)?;
    }
    Ok(removed.calls)
}

/// What was removed.
#[derive(Debug, Default)]
struct Removed {
    calls: usize,
    /// The organisations and agents of the calls, by the numbers of their names.
    of: HashSet<(i64, i64)>,
}

impl Removed {
    /// Removes an organisation's calls up to the one with this sequence number.
    fn remove(&mut self, connection: &Connection, org: i64, last: i64) -> rusqlite::Result<()> {
        let mut delete = connection
            .prepare_cached("DELETE FROM ended WHERE org = ? AND sequence <= ? RETURNING agent")?;
        let mut agents = delete.query([org, last])?;
        while let Some(agent) = agents.next()? {
            self.of.insert((org, agent.get(0)?));
            self.calls += 1;
        }
        connection
            .prepare_cached("DELETE FROM turn WHERE org = ? AND sequence <= ?")?
            .execute([org, last])?;
        Ok(())
    }

    /// Removes the names that no call has any more. An agent of another organisation may have the same name, so where an agent's
    /// last call has gone, the names of all calls are gone through: one step for each agent of each organisation.
    fn forget_names(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut is_used = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM ended WHERE org = ? AND agent = ?)")?;
        let mut unused = HashSet::new();
        for &(org, agent) in &self.of {
            if !is_used.query_row([org, agent], |row| row.get::<_, bool>(0))? {
                unused.extend([org, agent]);
            }
        }
        let mut next = connection.prepare_cached(
            "SELECT org, agent FROM ended INDEXED BY ended_by_agent WHERE (org, agent) > (?, ?)
             ORDER BY org, agent LIMIT 1",
        )?;
        let mut last = (0, 0);
        while !unused.is_empty() {
            let found = next.query_row([last.0, last.1], |row| Ok((row.get(0)?, row.get(1)?)));
            let Some(found) = found.optional()? else { break };
            last = found;
            unused.remove(&last.0);
            unused.remove(&last.1);
        }
        let mut delete = connection.prepare_cached("DELETE FROM name WHERE number = ?")?;
        for number in unused {
            delete.execute([number])?;
        }
        Ok(())
    }
}
