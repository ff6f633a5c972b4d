//! Which leases are gone with a record.

use std::collections::HashSet;

use callslot_core::{CallEvent, Event, LeaseEvent, LeaseId, OrgId, Recorded, Shard};

/// Leases that have ended, and whose last call has too, or was adopted.
pub type GoneLeases = HashSet<(OrgId, LeaseId)>;

/// The leases that are gone with a record of these events, which led to this state.
pub(super) fn gone_leases(shard: &Shard, events: &[Recorded]) -> GoneLeases {
    let left = events.iter().filter_map(|Recorded { org, event, .. }| {
        let lease = match event {
            Event::Lease(LeaseEvent::Ended { lease }) => Some(lease),
            Event::Call(CallEvent::Ended(call)) => call.request.lease.as_ref(),
            Event::CallAdopted(adoption) => adoption.from.as_ref(),
            Event::Call(
                CallEvent::Queued(_) | CallEvent::Started(_) | CallEvent::EndedAtOnce(_),
            )
            | Event::CallClaimed(_)
            | Event::EndsRemembered(..)
            | Event::CallErased(_)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::ChangedBy(_)
            | Event::Lease(
                LeaseEvent::Opened { .. }
                | LeaseEvent::PagesBegun { .. }
                | LeaseEvent::PagesDecided { .. }
                | LeaseEvent::PagesLost { .. },
            )
            | Event::Org(_) => None,
        };
        Some((org, lease?))
    });
    let has_lease = |org, lease| shard.org(org).is_some_and(|org| org.has_lease(lease));
    let gone = left.filter(|&(org, lease)| !has_lease(org, lease));
    gone.map(|(org, lease)| (org.clone(), lease.clone())).collect()
}
