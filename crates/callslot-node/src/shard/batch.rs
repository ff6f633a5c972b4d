//! What has been decided for the next record, and whether more has room in it. It decides nothing.
//!
//! A record is bounded in events and in bytes, whatever is asked: it has one step at most, and orders until they have brought
//! enough.

use callslot_core::{
    AgentId, CallEvent, Event, Former, Now, PerType, Recorded, Request, SettingsEvent, SweepEvent,
};

use crate::limits::{
    EVENTS_PER_BATCH, MAX_COMMANDS_PER_BATCH, MAX_EVENTS_PER_RECORD, TEXT_BYTES_PER_BATCH,
};
use crate::unavailable::Unavailable;

/// Answers a caller: `Ok` once everything the answer depends on is durable.
pub type Answer = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

/// The length of an id, at the most.
const ID_BYTES: usize = 2;
/// The numbers of a reservation, at the most.
const RESERVATION_BYTES: usize = 20;

#[derive(Default)]
pub(super) struct Batch {
    pub(super) now: Option<Now>,
    /// How many orders it answers.
    pub(super) orders: usize,
    pub(super) commands: usize,
    pub(super) events: Vec<Recorded>,
    pub(super) answers: Vec<Answer>,
    /// Whether to commit it even without events, to record the time.
    pub(super) marks_time: bool,
    /// Whether it has a step, or an expiry.
    pub(super) has_stepped: bool,
    /// How many bytes the long texts in the events of its orders have.
    text_bytes: usize,
}

impl Batch {
    pub(super) fn has_room(&self) -> bool {
        self.orders < MAX_COMMANDS_PER_BATCH
            && self.commands < MAX_COMMANDS_PER_BATCH
            && self.events.len() < EVENTS_PER_BATCH
            && self.text_bytes < TEXT_BYTES_PER_BATCH
    }

    /// Whether it may have a step of this many events.
    pub(super) fn may_step(&self, step_events: usize) -> bool {
        !self.has_stepped && self.events.len() + step_events <= MAX_EVENTS_PER_RECORD
    }

    /// Takes into account the events from this place on, which an order has led to.
    pub(super) fn weigh(&mut self, from: usize) {
        self.text_bytes +=
            self.events[from..].iter().map(|it| text_bytes(&it.event)).sum::<usize>();
    }

    pub(super) fn needs_commit(&self) -> bool {
        !self.events.is_empty() || self.marks_time
    }
}

fn reserved_bytes(reservations: &[(AgentId, PerType<u32>)]) -> usize {
    reservations.iter().map(|(agent, _)| agent.as_str().len() + RESERVATION_BYTES).sum()
}

/// How many bytes the texts of an event have that may be long; everything else in it is short.
fn text_bytes(event: &Event) -> usize {
    let metadata = |request: &Request| request.metadata.as_ref().map_or(0, |text| text.len());
    match event {
        Event::Call(CallEvent::Queued(call)) => metadata(&call.request),
        Event::Call(CallEvent::Started(call)) => metadata(&call.request),
        Event::CallClaimed(claim) => metadata(&claim.call.request),
        Event::Call(CallEvent::Ended(call) | CallEvent::EndedAtOnce(call)) => {
            metadata(&call.request) + call.state.note.as_ref().map_or(0, |note| note.len())
        }
        Event::CallAdopted(adoption) => metadata(&adoption.call.request),
        Event::Sweep(SweepEvent::Begun(sweep)) => {
            let ids = sweep.ids.iter().flatten().map(|id| id.as_str().len() + ID_BYTES);
            ids.sum::<usize>() + sweep.note.as_ref().map_or(0, |note| note.len())
        }
        Event::CallErased(call) => call.as_str().len(),
        Event::EndsRemembered(calls, _) => {
            calls.iter().map(|id| id.as_str().len() + ID_BYTES).sum()
        }
        Event::Settings(SettingsEvent::ReservationsChanged { reservations, .. }) => {
            reserved_bytes(reservations)
        }
        Event::ChangedBy(by) => match &by.former {
            Some(Former::Reservations { reservations, .. }) => reserved_bytes(reservations),
            Some(
                Former::Limit { .. }
                | Former::Agent { .. }
                | Former::Type { .. }
                | Former::Gate(_)
                | Former::Alert(_)
                | Former::Org(_),
            )
            | None => 0,
        },
        Event::Alert(_)
        | Event::Settings(
            SettingsEvent::LimitChanged { .. }
            | SettingsEvent::AgentPut { .. }
            | SettingsEvent::AgentDeleted { .. }
            | SettingsEvent::TypeChanged { .. }
            | SettingsEvent::GatePut { .. }
            | SettingsEvent::GateHours { .. }
            | SettingsEvent::GateDeleted { .. }
            | SettingsEvent::AlertPut { .. }
            | SettingsEvent::AlertDeleted { .. },
        )
        | Event::Sweep(SweepEvent::Done { .. })
        | Event::Lease(_)
        | Event::Org(_) => 0,
    }
}
