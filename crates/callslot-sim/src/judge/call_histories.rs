//! What happened to each call, in order, to compare with what engines are told.

use std::collections::BTreeMap;

use callslot_core::{Call, CallState, LeaseId, Sequence, Ticket};

/// When something happened to a call: with this public event, or this many adoptions behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) sequence: Sequence,
    pub(crate) adoptions: u32,
}

/// The events of an organisation's calls that are durable, call by call.
#[derive(Debug, Default)]
pub(crate) struct CallHistories {
    /// How many of them were looked through.
    seen: usize,
    by_ticket: BTreeMap<Ticket, Vec<(Moment, Call)>>,
}

impl CallHistories {
    /// Takes in what has happened since.
    pub(crate) fn catch_up(&mut self, happened: &[(Moment, Call)]) {
        for (moment, call) in &happened[self.seen..] {
            let history = self.by_ticket.entry(call.request.ticket).or_default();
            history.push((*moment, call.clone()));
        }
        self.seen = happened.len();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Ticket, &Vec<(Moment, Call)>)> {
        self.by_ticket.iter()
    }

    pub(super) fn of(&self, call: &Call) -> &[(Moment, Call)] {
        self.by_ticket.get(&call.request.ticket).map_or(&[], Vec::as_slice)
    }

    /// A call as the event at this place of its history left it.
    pub(super) fn at(&self, ticket: Ticket, place: usize) -> &Call {
        &self.by_ticket[&ticket][place].1
    }

    /// Which of its events brought a call to where it is: several, if it went to another lease and came back.
    pub(super) fn places(&self, call: &Call) -> Vec<usize> {
        let events = self.of(call).iter().enumerate();
        let places = events.filter(|(_, (_, then))| progress(then) == progress(call));
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        assert!(!places.is_empty(), "durable-before-told: {call:?} is in no record");
        places
    }
}

/// How far a call has come, and whose it is: a claim is no step.
fn progress(call: &Call) -> (u8, u8, Option<&LeaseId>) {
    let (state, misses) = match &call.state {
        CallState::Queued(queued) => (0, queued.misses),
        CallState::Active(active) => (1, active.misses),
        CallState::Ended(_) => (2, 0),
    };
    (state, misses, call.request.lease.as_ref())
}
