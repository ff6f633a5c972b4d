//! Ended calls as they are written and removed: one row each, by organisation and the number of the end.
//!
//! They are in the order of their ends, by sequence number. That is the order of their times too, except where a clock was set back: each
//! such place is a turn, and has a row of its own. How they are found is in `ended_reads.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use callslot_core::{Call, Ended, OrgId, Sequence, Timestamp};
use callslot_store::OldTimes;
use callslot_store::limits::PRUNED_PER_CALL;
use callslot_store::stored_form::encode_ended_call;

use crate::errors::Error;
use crate::integers::{number, size};
use crate::session::Session;

/// The columns of the rows to write.
#[derive(Default)]
struct Columns<'a> {
    orgs: Vec<i64>,
    sequences: Vec<i64>,
    ids: Vec<&'a str>,
    agents: Vec<i64>,
    times: Vec<i64>,
    bodies: Vec<Vec<u8>>,
}

/// Keeps ended calls. Names of organisations and agents are kept once; rows refer to them by number.
pub(crate) fn keep(
    session: &mut Session,
    calls: &[(OrgId, Sequence, Call<Ended>)],
) -> Result<(), Error> {
    if calls.is_empty() {
        return Ok(());
    }
    let numbers = put_names(session, calls)?;
    let number_of = |name: &str| numbers.get(name).copied().unwrap_or_default();
    let mut last_ends = last_ends(session, calls.iter().map(|(org, ..)| number_of(org.as_str())))?;
    let (mut turns, mut columns) = ((Vec::new(), Vec::new()), Columns::default());
    // Of two with one number, which there are where an organisation was made anew, the later one stays.
    let mut places: HashMap<(i64, i64), usize> = HashMap::new();
    for (org, sequence, call) in calls {
        let (org_number, sequence_number) = (number_of(org.as_str()), sequence.0.cast_signed());
        let ended_at = number(call.state.ended_at.0);
        let before = last_ends.insert(org_number, ended_at);
        if before.is_some_and(|before| before > ended_at) {
            turns.0.push(org_number);
            turns.1.push(sequence_number);
        }
        let place = *places.entry((org_number, sequence_number)).or_insert(columns.orgs.len());
        columns.orgs.push(org_number);
        columns.sequences.push(sequence_number);
        columns.ids.push(call.request.id.as_str());
        columns.agents.push(number_of(call.request.agent.as_str()));
        columns.times.push(ended_at);
        columns.bodies.push(encode_ended_call(org, *sequence, call));
        columns.put_last_row_at(place);
    }
    insert(session, &columns)?;
    let text = "INSERT INTO turn (org, sequence) SELECT * FROM unnest($1::int8[], $2::int8[]) ON CONFLICT DO NOTHING";
    session.execute(text, &[&turns.0, &turns.1]).map(drop)
}

impl Columns<'_> {
    /// Moves the row that was pushed last to this place, where one with the same number may be, which goes.
    fn put_last_row_at(&mut self, place: usize) {
        if place + 1 < self.orgs.len() {
            self.orgs.swap_remove(place);
            self.sequences.swap_remove(place);
            self.ids.swap_remove(place);
            self.agents.swap_remove(place);
            self.times.swap_remove(place);
            self.bodies.swap_remove(place);
        }
    }
}

fn insert(session: &mut Session, columns: &Columns<'_>) -> Result<(), Error> {
    let text = "INSERT INTO ended (org, sequence, id, agent, ended_at, body)
         SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::int8[], $5::int8[], $6::bytea[])
         ON CONFLICT (org, sequence) DO UPDATE SET id = excluded.id, agent = excluded.agent, ended_at = excluded.ended_at,
            body = excluded.body";
    let Columns { orgs, sequences, ids, agents, times, bodies } = columns;
    session.execute(text, &[orgs, sequences, ids, agents, times, bodies]).map(drop)
}

/// When the last call of each organisation ended.
fn last_ends(
    session: &mut Session,
    orgs: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, i64>, Error> {
    let orgs: Vec<i64> = orgs.collect::<BTreeSet<_>>().into_iter().collect();
    let rows = session.rows(
        "SELECT o, (SELECT ended_at FROM ended WHERE org = o ORDER BY sequence DESC LIMIT 1) FROM unnest($1::int8[]) AS o",
        &[&orgs],
    )?;
    let last = rows.iter().filter_map(|row| Some((row.get(0), row.get::<_, Option<i64>>(1)?)));
    Ok(last.collect())
}

/// The numbers of the names in these calls; those that are new are added.
fn put_names(
    session: &mut Session,
    calls: &[(OrgId, Sequence, Call<Ended>)],
) -> Result<BTreeMap<String, i64>, Error> {
    let names = calls.iter().flat_map(|(org, _, call)| [org.as_str(), call.request.agent.as_str()]);
    let names: Vec<&str> = names.collect::<BTreeSet<_>>().into_iter().collect();
    let find = "SELECT name, number FROM name WHERE name = ANY ($1)";
    let numbers =
        |rows: Vec<postgres::Row>| rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut known: BTreeMap<String, i64> = numbers(session.rows(find, &[&names])?);
    let new: Vec<&str> = names.into_iter().filter(|name| !known.contains_key(*name)).collect();
    if !new.is_empty() {
        let add = "INSERT INTO name (name) SELECT * FROM unnest($1::text[]) RETURNING name, number";
        let added: BTreeMap<String, i64> = numbers(session.rows(add, &[&new])?);
        known.extend(added);
    }
    Ok(known)
}

/// Removes a bounded number of calls that ended at old times, of each organisation up to the first that did not.
///
/// It goes from organisation to organisation, which costs less than an index of times would cost every call.
pub(crate) fn prune(session: &mut Session, old: &OldTimes) -> Result<u64, Error> {
    let mut removed = Removed::default();
    let mut org = 0;
    while removed.calls < u64::from(PRUNED_PER_CALL) {
        let next = "SELECT org FROM ended WHERE org > $1 ORDER BY org LIMIT 1";
        let Some(found) = session.row(next, &[&org])? else { break };
        org = found.get(0);
        let most = u64::from(PRUNED_PER_CALL) - removed.calls;
        if let Some(last) = last_of(session, org, old, most)? {
            removed.remove(session, org, last)?;
        }
    }
    removed.forget_names(session)?;
    Ok(removed.calls)
}

/// The last of an organisation's oldest calls that ended at old times.
fn last_of(
    session: &mut Session,
    org: i64,
    old: &OldTimes,
    most: u64,
) -> Result<Option<i64>, Error> {
    let text = "SELECT sequence, ended_at FROM ended WHERE org = $1 ORDER BY sequence LIMIT $2";
    let rows = session.rows(text, &[&org, &number(most)])?;
    let is_old =
        |row: &&postgres::Row| old.contains(Timestamp(row.get::<_, i64>(1).cast_unsigned()));
    Ok(rows.iter().take_while(is_old).last().map(|row| row.get(0)))
}

/// Removes a bounded number of an organisation's calls.
pub(crate) fn erase(session: &mut Session, org: &OrgId, most: u64) -> Result<u64, Error> {
    let mut removed = Removed::default();
    let number = session.row("SELECT number FROM name WHERE name = $1", &[&org.as_str()])?;
    if let Some(org) = number.map(|row| row.get::<_, i64>(0)) {
        let text = "SELECT max(sequence) FROM (SELECT sequence FROM ended WHERE org = $1 ORDER BY sequence LIMIT $2) AS oldest";
        let last = session.row(text, &[&org, &crate::integers::number(most)])?;
        let last = last.and_then(|row| row.get::<_, Option<i64>>(0));
        removed.remove(session, org, last.unwrap_or(0))?;
        removed.forget_names(session)?;
    }
    Ok(removed.calls)
}

/// What was removed.
#[derive(Debug, Default)]
struct Removed {
    calls: u64,
    /// The organisations and agents of the calls, by the numbers of their names.
    of: HashSet<(i64, i64)>,
}

impl Removed {
    /// Removes an organisation's calls up to the one with this sequence number.
    fn remove(&mut self, session: &mut Session, org: i64, last: i64) -> Result<(), Error> {
        let text = "DELETE FROM ended WHERE org = $1 AND sequence <= $2 RETURNING agent";
        let agents = session.rows(text, &[&org, &last])?;
        self.calls += size(agents.len()).cast_unsigned();
        self.of.extend(agents.iter().map(|row| (org, row.get(0))));
        let text = "DELETE FROM turn WHERE org = $1 AND sequence <= $2";
        session.execute(text, &[&org, &last]).map(drop)
    }

    /// Removes the names that no call has any more. An agent of another organisation may have the same name, so where an agent's last call
    /// has gone, the names of all calls are gone through: one step for each agent of each organisation.
    fn forget_names(&self, session: &mut Session) -> Result<(), Error> {
        let mut unused = HashSet::new();
        for &(org, agent) in &self.of {
            let text = "SELECT 1 FROM ended WHERE org = $1 AND agent = $2 LIMIT 1";
            if session.row(text, &[&org, &agent])?.is_none() {
                unused.extend([org, agent]);
            }
        }
        let mut last: (i64, i64) = (0, 0);
        while !unused.is_empty() {
            let text = "SELECT org, agent FROM ended WHERE (org, agent) > ($1, $2) ORDER BY org, agent LIMIT 1";
            let Some(found) = session.row(text, &[&last.0, &last.1])? else { break };
            last = (found.get(0), found.get(1));
            unused.remove(&last.0);
            unused.remove(&last.1);
        }
        let unused: Vec<i64> = unused.into_iter().collect();
        session.execute("DELETE FROM name WHERE number = ANY ($1)", &[&unused]).map(drop)
    }
}
