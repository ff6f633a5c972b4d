//! The signatures of changes: before each change of settings, and each call that is erased, an event that says who did it, and what there was
//! before.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::actor::{Actor, ChangedBy, Former};
use crate::event::{Event, OrgEvent, Recorded, SettingsEvent};
use crate::id::AgentId;

/// Says before each change from `first` on that is signed who made it, and what there was before.
pub(crate) fn sign(
    events: &mut Vec<Recorded>,
    first: usize,
    actor: &Arc<Actor>,
    formers: &[Former],
) {
    let mut place = first;
    while let Some(recorded) = events.get(place) {
        if recorded.event.is_signed() {
            let former = formers.iter().find_map(|former| before(former, &recorded.event));
            let event = ChangedBy { actor: Arc::clone(actor), former }.into();
            let signed = Recorded { org: recorded.org.clone(), sequence: None, event };
            events.insert(place, signed);
            place += 1;
        }
        place += 1;
    }
}

/// What of it there was before this change: of reservations those that changed. None if it is about something else.
fn before(former: &Former, change: &Event) -> Option<Former> {
    match (former, change) {
        (Former::Limit { .. }, Event::Settings(SettingsEvent::LimitChanged { .. }))
        | (
            Former::Agent { .. },
            Event::Settings(SettingsEvent::AgentPut { .. } | SettingsEvent::AgentDeleted { .. }),
        )
        | (Former::Type { .. }, Event::Settings(SettingsEvent::TypeChanged { .. }))
        | (
            Former::Gate(_),
            Event::Settings(SettingsEvent::GatePut { .. } | SettingsEvent::GateDeleted { .. }),
        )
        | (
            Former::Alert(_),
            Event::Settings(SettingsEvent::AlertPut { .. } | SettingsEvent::AlertDeleted { .. }),
        )
        | (Former::Org(_), Event::Org(OrgEvent::Changed(_))) => Some(former.clone()),
        (
            Former::Reservations { version, reservations },
            Event::Settings(SettingsEvent::ReservationsChanged { reservations: changed, .. }),
        ) => {
            let has_changed =
                |(of, _): &&(AgentId, _)| changed.iter().any(|(agent, _)| agent == of);
            let reservations = reservations.iter().filter(has_changed).cloned().collect();
            Some(Former::Reservations { version: *version, reservations })
        }
        _ => None,
    }
}
