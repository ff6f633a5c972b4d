//! Turns a part of the log into what the history stores: ended calls, changes of settings, and figures by minute and hour.
//! Pure, except that it asks for the open minute and hour of each series.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use callslot_core::{
    CallEvent, CallId, ChangedBy, Event, OrgEvent, OrgId, Recorded, Request, Sequence,
    SettingsEvent, Timestamp,
};
use callslot_store::{
    Audited, AuditedChange, Change, Closed, Figures, Grain, Levels, Marker, Open, Origin, Part,
    Position, Projection, Record, Series,
};

use crate::actors::system_actor;

/// Adds up a part of the log. `open_parts` returns the stored open minute and hour of each given series. `turn` says whether times
/// go back in this part, and in which other series something has happened at later times than those. Also returns the
/// organisations that were deleted in it, of which nothing from before may stay.
pub(crate) fn tally<E>(
    records: Vec<(Position, Record)>,
    turn: Option<Turn>,
    open_parts: impl FnOnce(&[(OrgId, Series)]) -> Result<Vec<Option<Open>>, E>,
) -> Result<(Projection, BTreeSet<OrgId>), E> {
    let mut named = series_in(&records);
    let Turn { mut last, ahead } = turn.unwrap_or_default();
    named.extend(ahead);
    let named: Vec<_> = named.into_iter().collect();
    let known = open_parts(&named)?;
    let mut tally = Tally::default();
    for (key, open) in named.into_iter().zip(known) {
        tally.open.insert(key, open);
    }
    for (position, record) in records {
        if record.now.at < last {
            tally.turn_back(record.now.at);
        }
        last = record.now.at;
        for (place, recorded) in (0..).zip(record.events) {
            tally.origin = Origin { position, place };
            tally.take(record.now.at, recorded);
        }
        tally.projection.reached = position;
    }
    let mut projection = tally.projection;
    let open = tally.open.into_iter();
    projection.open = open.filter_map(|((org, series), open)| Some((org, series, open?))).collect();
    Ok((projection, tally.deleted))
}

/// Times go back in a part of the log.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// The time of the record before the part.
    pub(crate) last: Timestamp,
    /// Series in which something happened at later times than the earliest of the part.
    pub(crate) ahead: Vec<(OrgId, Series)>,
}

/// The earliest time in a part of the log, if times go back in it; `last` is that of the record before.
pub(crate) fn earliest_if_back(
    last: Timestamp,
    records: &[(Position, Record)],
) -> Option<Timestamp> {
    let times = || records.iter().map(|(_, record)| record.now.at);
    if std::iter::once(last).chain(times()).is_sorted() { None } else { times().min() }
}

/// Each series that has an event in this part of the log.
fn series_in(records: &[(Position, Record)]) -> BTreeSet<(OrgId, Series)> {
    let mut named = BTreeSet::new();
    for recorded in records.iter().flat_map(|(_, record)| &record.events) {
        if let Event::Call(event) = &recorded.event {
            for series in series_of(event) {
                named.insert((recorded.org.clone(), series));
            }
        }
    }
    named
}

#[derive(Default)]
struct Tally {
    open: HashMap<(OrgId, Series), Option<Open>>,
    /// Where the event is that is taken.
    origin: Origin,
    /// Who made the change that comes next, as the event before it says.
    by: Option<Box<ChangedBy>>,
    projection: Projection,
    deleted: BTreeSet<OrgId>,
}

impl Tally {
    fn take(&mut self, at: Timestamp, Recorded { org, sequence, event }: Recorded) {
        let by = self.by.take();
        let actor = by.as_ref().map(|by| Arc::clone(&by.actor));
        if let Some(entry) = audited(at, &org, sequence, by, &event) {
            self.projection.audited.push((self.origin, entry));
        }
        match event {
            Event::ChangedBy(by) => self.by = Some(by),
            Event::Call(event) => {
                for series in series_of(&event) {
                    self.note(at, (org.clone(), series), change_by(&event));
                }
                if let CallEvent::Ended(call) | CallEvent::EndedAtOnce(call) = event {
                    let sequence = sequence.expect("the end of a call is public");
                    self.projection.ended.push((org, sequence, call));
                }
            }
            // The clock has opened or closed a gate, as its settings say.
            Event::Settings(SettingsEvent::GateHours { .. }) => {}
            // What alerts there are changes nothing that charts show.
            Event::Settings(change) if change.is_of_alerts() => {}
            Event::Settings(change) => {
                let sequence = sequence.expect("a change of settings is public");
                self.projection.markers.push(Marker { at, org, sequence, by: actor, change });
            }
            Event::CallErased(call) => self.erase(org, call),
            Event::Org(OrgEvent::Deleted) => self.forget(org),
            Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::Sweep(_)
            | Event::Alert(_)
            | Event::Lease(_)
            | Event::Org(_) => {}
        }
    }

    /// Removes what was said of a call from those of this part, and has it removed from those before.
    fn erase(&mut self, org: OrgId, id: CallId) {
        let ended = self.projection.ended.iter_mut();
        for (_, _, call) in ended.filter(|(of, _, call)| *of == org && call.request.id == id) {
            call.erase_texts();
        }
        self.projection.erased.push((org, id));
    }

    /// Drops all that was added up of an organisation so far.
    fn forget(&mut self, org: OrgId) {
        for ((of, _), open) in &mut self.open {
            if *of == org {
                *open = None;
            }
        }
        self.projection.ended.retain(|(of, ..)| *of != org);
        self.projection.erased.retain(|(of, _)| *of != org);
        self.projection.closed.retain(|closed| closed.org != org);
        self.projection.markers.retain(|marker| marker.org != org);
        self.projection.audited.retain(|(_, entry)| entry.org.as_ref() != Some(&org));
        self.deleted.insert(org);
    }

    /// Adds a change to its minute and hour, and closes earlier ones.
    fn note(&mut self, at: Timestamp, key: (OrgId, Series), change: Change) {
        let (org, series) = key.clone();
        let open = self.open.entry(key).or_default();
        let open = open.get_or_insert_with(|| Open {
            minute: quiet(Grain::Minute, at, Levels::default()),
            hour: quiet(Grain::Hour, at, Levels::default()),
        });
        for (grain, part) in parts_of(open) {
            if let Some(over) = move_to(at, grain, part) {
                let (org, series) = (org.clone(), series.clone());
                let until = part.at;
                self.projection.closed.push(Closed { org, series, grain, part: over, until });
            }
            part.figures.note(change, part.at.0 + grain.ms() - at.0);
        }
    }

    /// The clock was set back to `at`: from then on every series stands as it did last.
    fn turn_back(&mut self, at: Timestamp) {
        for ((org, series), open) in &mut self.open {
            let Some(open) = open else { continue };
            for (grain, part) in parts_of(open) {
                if part.at > at
                    && let Some(over) = move_to(at, grain, part)
                {
                    let (org, series) = (org.clone(), series.clone());
                    let until = part.at;
                    self.projection.closed.push(Closed { org, series, grain, part: over, until });
                }
            }
        }
    }
}

/// The entry of an event, if it is one of the audit.
fn audited(
    at: Timestamp,
    org: &OrgId,
    sequence: Option<Sequence>,
    by: Option<Box<ChangedBy>>,
    event: &Event,
) -> Option<Audited> {
    let (actor, former) = match (by, event) {
        (Some(by), _) => (by.actor, by.former),
        // Only the clock does this.
        (None, Event::Settings(SettingsEvent::GateHours { .. })) => {
            (system_actor("gate_hours"), None)
        }
        // It was made before it was kept who makes a change.
        (None, _) => return None,
    };
    // Nothing of a deleted organisation is kept, so that it is gone is the operator's to know.
    let is_gone = matches!(event, Event::Org(OrgEvent::Deleted));
    let of = (!is_gone).then(|| org.clone());
    let change = AuditedChange::Logged { org: org.clone(), former, event: event.clone() };
    Some(Audited { at, org: of, actor, change, event: sequence })
}

fn parts_of(open: &mut Open) -> [(Grain, &mut Part); 2] {
    [(Grain::Minute, &mut open.minute), (Grain::Hour, &mut open.hour)]
}

/// Goes on to the part that contains `at`, be it later or, where the clock was set back, earlier. Returns the one that is over.
fn move_to(at: Timestamp, grain: Grain, part: &mut Part) -> Option<Part> {
    let next = quiet(grain, at, part.figures.after);
    (next.at != part.at).then(|| std::mem::replace(part, next))
}

/// The minute or hour that contains `at`, with no events yet.
fn quiet(grain: Grain, at: Timestamp, levels: Levels) -> Part {
    Part { at: grain.start_of(at), figures: Figures::quiet(levels, grain.ms()) }
}

fn series_of(event: &CallEvent) -> impl Iterator<Item = Series> {
    let Request { agent, call_type, gates, .. } = event.request();
    let of_all = [Series::Org, Series::Agent(agent.clone()), Series::Type(*call_type)];
    of_all.into_iter().chain(gates.ids().iter().cloned().map(Series::Gate))
}

/// How an event changes the number of calls in each state.
fn change_by(event: &CallEvent) -> Change {
    match event {
        CallEvent::Queued(call) => {
            // A call that returns to the queue was active until it was missed.
            let active = if call.state.misses > 0 { -1 } else { 0 };
            Change { active, queued: 1, ..Change::default() }
        }
        CallEvent::Started(call) => {
            let queued = if call.state.dispatched.is_some() { -1 } else { 0 };
            let waited_ms = Some(call.state.started_at.ms_since(call.request.requested_at));
            Change { active: 1, queued, waited_ms, ended: None }
        }
        CallEvent::Ended(call) => {
            let (active, queued) = if call.state.served.is_some() { (-1, 0) } else { (0, -1) };
            Change { active, queued, waited_ms: None, ended: Some(call.state.reason) }
        }
        CallEvent::EndedAtOnce(call) => {
            Change { ended: Some(call.state.reason), ..Change::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;

    use callslot_core::{
        AgentId, Call, CallGates, CallId, CallType, GateId, Now, Queued, Request, Sequence, Tick,
        Ticket,
    };

    use super::*;

    fn tallied(events: Vec<Event>) -> Projection {
        let org = OrgId::parse("acme").expect("an organisation id");
        let numbered = events.into_iter().zip(1..).map(|(event, number)| Recorded {
            org: org.clone(),
            sequence: Some(Sequence(number)),
            event,
        });
        let now = Now { at: Timestamp(1_700_000_000_000), tick: Tick(1) };
        let record = Record { now, events: numbered.collect() };
        let nothing_known =
            |named: &[(OrgId, Series)]| Ok::<_, Infallible>(vec![None; named.len()]);
        tally(vec![(Position(1), record)], None, nothing_known).expect("it cannot fail").0
    }

    fn queued(gates: &[&str]) -> Event {
        let ids = gates.iter().map(|id| GateId::parse(id).expect("a gate id"));
        let request = Request {
            id: CallId::parse("call-1").expect("a call id"),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            ticket: Ticket(1),
            requested_at: Timestamp(1_700_000_000_000),
            lease: None,
            wait_deadline: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::new(ids.collect()).expect("four at most"),
            metadata: None,
        };
        let call = Call { request: Arc::new(request), state: Queued { misses: 0 } };
        CallEvent::Queued(call).into()
    }

    #[test]
    fn a_call_counts_for_each_gate_that_it_names_and_without_gates_for_none() {
        let of = |gates: &[&str]| {
            let mut kinds: Vec<_> =
                tallied(vec![queued(gates)]).open.iter().map(|(_, it, _)| it.kind()).collect();
            kinds.sort_unstable();
            kinds
        };
        let [org, agent, call_type, gate] = callslot_store::SeriesKind::ALL;
        assert_eq!(of(&[]), [org, agent, call_type]);
        assert_eq!(of(&["g", "h", "i", "j"]), [org, agent, call_type, gate, gate, gate, gate]);
    }

    #[test]
    fn a_call_that_is_erased_has_no_texts_and_one_of_its_id_that_comes_after_keeps_its_own() {
        let Event::Call(CallEvent::Queued(call)) = queued(&[]) else { panic!("a queued call") };
        let mut request = Request::clone(&call.request);
        request.metadata = Some(Arc::from("{}"));
        let state = callslot_core::Ended {
            served: None,
            ended_at: request.requested_at,
            reason: callslot_core::EndReason::Canceled,
            note: Some(Arc::from("a note")),
            remembered_until: Tick(1),
        };
        let id = request.id.clone();
        let ended: Event = CallEvent::Ended(Call { request: Arc::new(request), state }).into();
        let projection = tallied(vec![ended.clone(), Event::CallErased(id.clone()), ended]);
        let has_texts = projection
            .ended
            .iter()
            .map(|(_, _, call)| [call.request.metadata.is_some(), call.state.note.is_some()]);
        assert_eq!(has_texts.collect::<Vec<_>>(), [[false; 2], [true; 2]]);
        let erased: Vec<_> = projection.erased.iter().map(|(_, id)| id.clone()).collect();
        assert_eq!(erased, [id]);
    }

    #[test]
    fn what_the_clock_does_to_a_gate_is_no_change_of_settings() {
        let gate = GateId::parse("g").expect("a gate id");
        let opened = SettingsEvent::GateHours { gate: gate.clone(), is_within_hours: true };
        let deleted = SettingsEvent::GateDeleted { gate };
        let markers = tallied(vec![opened.into(), deleted.clone().into()]).markers;
        assert_eq!(markers.into_iter().map(|it| it.change).collect::<Vec<_>>(), [deleted]);
    }
}
