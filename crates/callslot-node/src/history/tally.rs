//! What a part of the log comes to: ended calls, changes of settings, and figures by minute and hour. Pure, but for the
//! question how the series stood before.

use std::collections::{BTreeSet, HashMap};

use callslot_core::{Call, CallState, Event, OrgId, Recorded, Timestamp};
use callslot_store::{
    Change, Closed, Figures, Grain, Levels, Marker, Open, Part, Position, Projection, Record,
    Series,
};

/// Adds up a part of the log. `open_parts` says what is kept of the open minute and hour of each series that it names.
pub(crate) fn tally<E>(
    records: Vec<(Position, Record)>,
    open_parts: impl FnOnce(&[(OrgId, Series)]) -> Result<Vec<Option<Open>>, E>,
) -> Result<Projection, E> {
    let named = series_in(&records);
    let known = open_parts(&named)?;
    let mut tally = Tally::default();
    for (key, open) in named.into_iter().zip(known) {
        tally.open.insert(key, open);
    }
    for (position, record) in records {
        for recorded in record.events {
            tally.take(record.now.at, recorded);
        }
        tally.projection.reached = position;
    }
    let mut projection = tally.projection;
    let open = tally.open.into_iter();
    projection.open = open.filter_map(|((org, series), open)| Some((org, series, open?))).collect();
    Ok(projection)
}

/// Every series in which something happens in a part of the log, once.
fn series_in(records: &[(Position, Record)]) -> Vec<(OrgId, Series)> {
    let mut named = BTreeSet::new();
    for recorded in records.iter().flat_map(|(_, record)| &record.events) {
        if let Some((call, _)) = effect_of(&recorded.event) {
            for series in series_of(call) {
                named.insert((recorded.org.clone(), series));
            }
        }
    }
    named.into_iter().collect()
}

#[derive(Default)]
struct Tally {
    open: HashMap<(OrgId, Series), Option<Open>>,
    projection: Projection,
}

impl Tally {
    fn take(&mut self, at: Timestamp, recorded: Recorded) {
        if let Some((call, change)) = effect_of(&recorded.event) {
            for series in series_of(call) {
                self.note(at, (recorded.org.clone(), series), change);
            }
        }
        match recorded.event {
            Event::CallEnded(call) => {
                let sequence = recorded.sequence.expect("the end of a call is public");
                self.projection.ended.push((recorded.org, sequence, call));
            }
            Event::LimitChanged { .. }
            | Event::AgentPut { .. }
            | Event::AgentDeleted { .. }
            | Event::ReservationsChanged { .. } => {
                self.projection.markers.push(Marker { at, recorded });
            }
            Event::OrgCreated(_)
            | Event::OrgChanged(_)
            | Event::OrgDeleted
            | Event::CallQueued(_)
            | Event::CallStarted(_)
            | Event::CallClaimed(_)
            | Event::LeaseOpened { .. }
            | Event::LeaseEnded { .. }
            | Event::CountersRestored(_) => {}
        }
    }

    /// Notes a change in the minute and the hour in which it came, and closes those that are over by then.
    fn note(&mut self, at: Timestamp, key: (OrgId, Series), change: Change) {
        let (org, series) = key.clone();
        let open = self.open.entry(key).or_default();
        let open = open.get_or_insert_with(|| Open {
            minute: quiet(Grain::Minute, at, Levels::default()),
            hour: quiet(Grain::Hour, at, Levels::default()),
        });
        for (grain, part) in [(Grain::Minute, &mut open.minute), (Grain::Hour, &mut open.hour)] {
            // Records' times never go back; if one did, the change would count as the first thing in the open part.
            let at = at.max(part.at);
            if grain.start_of(at) > part.at {
                let next = quiet(grain, at, part.figures.after);
                let over = std::mem::replace(part, next);
                let (org, series) = (org.clone(), series.clone());
                self.projection.closed.push(Closed { org, series, grain, part: over });
            }
            part.figures.note(change, part.at.0 + grain.ms() - at.0);
        }
    }
}

/// The part in which a moment lies, before anything happens in it.
fn quiet(grain: Grain, at: Timestamp, levels: Levels) -> Part {
    Part { at: grain.start_of(at), figures: Figures::quiet(levels, grain.ms()) }
}

fn series_of(call: &Call) -> [Series; 3] {
    let request = &call.request;
    [Series::Org, Series::Agent(request.agent.clone()), Series::Type(request.call_type)]
}

/// The call that an event is about, and what the event changes in how many calls there are in each state.
fn effect_of(event: &Event) -> Option<(&Call, Change)> {
    let (call, change) = match event {
        Event::CallQueued(call) => {
            let CallState::Queued { misses } = call.state else {
                unreachable!("a call that was queued is queued")
            };
            // A call that comes back was active until it was missed.
            let active = if misses > 0 { -1 } else { 0 };
            (call, Change { active, queued: 1, ..Change::default() })
        }
        Event::CallStarted(call) => {
            let CallState::Active { started_at, dispatched, .. } = call.state else {
                unreachable!("a call that started is active")
            };
            let queued = if dispatched.is_some() { -1 } else { 0 };
            let waited_ms = Some(started_at.ms_since(call.request.requested_at));
            (call, Change { active: 1, queued, waited_ms, is_end: false })
        }
        Event::CallEnded(call) => {
            let CallState::Ended { served, .. } = call.state else {
                unreachable!("a call that ended has ended")
            };
            let (active, queued) = if served.is_some() { (-1, 0) } else { (0, -1) };
            (call, Change { active, queued, waited_ms: None, is_end: true })
        }
        Event::OrgCreated(_)
        | Event::OrgChanged(_)
        | Event::OrgDeleted
        | Event::LimitChanged { .. }
        | Event::AgentPut { .. }
        | Event::AgentDeleted { .. }
        | Event::ReservationsChanged { .. }
        | Event::CallClaimed(_)
        | Event::LeaseOpened { .. }
        | Event::LeaseEnded { .. }
        | Event::CountersRestored(_) => return None,
    };
    Some((call, change))
}
