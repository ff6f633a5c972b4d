//! Starts that were refused for want of room. A refusal is no event, so it is counted here until the projection keeps it.
//!
//! A crash loses what was counted since the last projection; a store that kept a projection and could not say so makes it
//! count twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{AgentId, CallType, Command, OrgCommand, OrgId, Rejection, Timestamp};
use callslot_store::{Grain, Refused, Series};
use tokio::sync::Notify;

use crate::limits::MAX_PENDING_REFUSALS;

/// Refusals that are not kept yet. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Pending>);

#[derive(Debug, Default)]
struct Pending {
    counts: Mutex<HashMap<(OrgId, Series, Timestamp), u64>>,
    noted: Notify,
}

/// Who asks for a slot.
pub(crate) struct Asker {
    org: OrgId,
    agent: AgentId,
    call_type: CallType,
}

impl Asker {
    /// Who asks, if the command asks for a slot.
    pub(crate) fn of(command: &Command) -> Option<Self> {
        let Command::Org(org, OrgCommand::StartCall(start)) = command else { return None };
        let (agent, call_type) = (start.agent.clone(), start.call_type);
        Some(Self { org: org.clone(), agent, call_type })
    }
}

impl Refusals {
    /// Counts a refusal if it was for want of room.
    pub(crate) fn note(&self, at: Timestamp, asker: Asker, rejection: &Rejection) {
        if !matches!(rejection, Rejection::QueueFull { .. } | Rejection::LeaseFull { .. }) {
            return;
        }
        let minute = Grain::Minute.start_of(at);
        let mut counts = self.counts();
        for series in [Series::Org, Series::Agent(asker.agent), Series::Type(asker.call_type)] {
            let key = (asker.org.clone(), series, minute);
            // While nothing can be kept, every minute adds more; there is an end to that.
            if counts.len() < MAX_PENDING_REFUSALS || counts.contains_key(&key) {
                *counts.entry(key).or_default() += 1;
            }
        }
        drop(counts);
        self.0.noted.notify_one();
    }

    /// Waits until one was counted since the last wait.
    pub(crate) async fn noted(&self) {
        self.0.noted.notified().await;
    }

    /// What is not kept yet.
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

    /// Forgets what was kept; what was counted meanwhile stays.
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
