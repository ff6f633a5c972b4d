//! Counts starts that were refused for lack of room. A refusal is not an event, so it is counted here until a projection
//! stores it.
//!
//! A crash loses the refusals counted since the last projection. If the store writes a projection but reports a failure, its
//! refusals are counted twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{AgentId, CallGates, CallType, OrgId, Rejection, StartCall, Timestamp};
use callslot_store::{Grain, Refused, Series};
use tokio::sync::Notify;

use crate::limits::MAX_PENDING_REFUSALS;

/// Refusals that are not stored yet. Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Pending>);

#[derive(Debug, Default)]
struct Pending {
    counts: Mutex<HashMap<(OrgId, Series, Timestamp), u64>>,
    noted: Notify,
}

/// Who is asking for a slot.
pub(crate) struct Asker {
    org: OrgId,
    agent: AgentId,
    call_type: CallType,
    gates: CallGates,
}

impl Asker {
    pub(crate) fn new(org: &OrgId, start: &StartCall) -> Self {
        let StartCall { agent, call_type, gates, .. } = start;
        let (agent, gates) = (agent.clone(), gates.clone());
        Self { org: org.clone(), agent, call_type: *call_type, gates }
    }
}

impl Refusals {
    /// Counts a refusal if the reason is lack of room.
    pub(crate) fn note(&self, at: Timestamp, asker: Asker, rejection: &Rejection) {
        let is_full = matches!(
            rejection,
            Rejection::QueueFull { .. }
                | Rejection::QueuedMetadataFull { .. }
                | Rejection::LeaseFull { .. }
                | Rejection::TooManyLanes { .. }
                | Rejection::TooManySweeps { .. }
        );
        if !is_full {
            return;
        }
        let minute = Grain::Minute.start_of(at);
        let mut counts = self.counts();
        let of_all = [Series::Org, Series::Agent(asker.agent), Series::Type(asker.call_type)];
        // A lease is looked at before the gates, so these may be any ids then.
        let are_known = !matches!(rejection, Rejection::LeaseFull { .. });
        let gates = if are_known { asker.gates.ids() } else { &[] };
        let of_gates = gates.iter().cloned().map(Series::Gate);
        for series in of_all.into_iter().chain(of_gates) {
            let key = (asker.org.clone(), series, minute);
            // As long as the store fails, each minute adds entries, so their number is bounded.
            if counts.len() < MAX_PENDING_REFUSALS || counts.contains_key(&key) {
                *counts.entry(key).or_default() += 1;
            }
        }
        drop(counts);
        self.0.noted.notify_one();
    }

    /// Waits until a refusal has been counted since the last wait.
    pub(crate) async fn noted(&self) {
        self.0.noted.notified().await;
    }

    /// The refusals that are not stored yet.
    pub(crate) fn pending(&self) -> Vec<Refused> {
        let counts = self.counts();
        let refused = counts.iter().map(|((org, series, at), count)| Refused {
            org: org.clone(),
            series: series.clone(),
            at: *at,
            count: *count,
        });
        refused.collect()
    }

    /// Removes refusals that have been stored. Those counted in the meantime stay.
    pub(crate) fn forget(&self, kept: &[Refused]) {
        let mut counts = self.counts();
        for Refused { org, series, at, count } in kept {
            let key = (org.clone(), series.clone(), *at);
            if let Some(pending) = counts.get_mut(&key) {
                *pending -= count;
                if *pending == 0 {
                    counts.remove(&key);
                }
            }
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<(OrgId, Series, Timestamp), u64>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
