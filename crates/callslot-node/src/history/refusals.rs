//! Counts starts that were refused for lack of room. A refusal is not an event, so it is counted here until a projection
//! stores it.
//!
//! A crash loses the refusals counted since the last projection. If the store writes a projection but reports a failure, its
//! refusals are counted twice.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{
    AgentId, AlertRule, AlertWhen, CallGates, CallType, GateId, OrgId, Rejection, StartCall,
    Timestamp,
};
use callslot_store::{Grain, Refused, Series};
use tokio::sync::Notify;

use crate::limits::MAX_PENDING_REFUSALS;

/// Refusals that are not stored yet. Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Pending>);

#[derive(Debug, Default)]
struct Pending {
    counts: Mutex<HashMap<(OrgId, Series, Timestamp), u64>>,
    /// By what the rules of alerts count: how many since they began to.
    watched: Mutex<HashMap<OrgId, HashMap<Counted, u64>>>,
    noted: Notify,
}

/// Whose refused starts a rule of an alert counts: those of an agent, a type or both, of a gate, or all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Counted {
    agent: Option<AgentId>,
    call_type: Option<CallType>,
    gate: Option<GateId>,
}

/// Whose refused starts a rule counts, if it counts some.
pub(crate) fn counted_by(rule: &AlertRule) -> Option<Counted> {
    let AlertRule { when, agent, call_type, gate, .. } = rule;
    let of_all = gate.is_none();
    (*when == AlertWhen::Refused).then(|| Counted {
        agent: agent.clone().filter(|_| of_all),
        call_type: call_type.filter(|_| of_all),
        gate: gate.clone(),
    })
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
        // A lease is looked at before the gates, so these may be any ids then.
        let are_known = !matches!(rejection, Rejection::LeaseFull { .. });
        self.count_for_alerts(&asker, are_known);
        let minute = Grain::Minute.start_of(at);
        let mut counts = self.counts();
        let of_all = [Series::Org, Series::Agent(asker.agent), Series::Type(asker.call_type)];
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

    /// Counts for the rules of alerts, each of which counts what it asks for once.
    fn count_for_alerts(&self, asker: &Asker, are_gates_known: bool) {
        let mut watched = self.watched();
        let Some(counts) = watched.get_mut(&asker.org) else { return };
        let all = Counted { agent: None, call_type: None, gate: None };
        let (agent, call_type) = (Some(asker.agent.clone()), Some(asker.call_type));
        let of = [
            all.clone(),
            Counted { agent: agent.clone(), ..all.clone() },
            Counted { call_type, ..all.clone() },
            Counted { agent, call_type, gate: None },
        ];
        let gates = if are_gates_known { asker.gates.ids() } else { &[] };
        let of_gates = gates.iter().map(|gate| Counted { gate: Some(gate.clone()), ..all.clone() });
        for counted in of.into_iter().chain(of_gates) {
            if let Some(count) = counts.get_mut(&counted) {
                *count += 1;
            }
        }
    }

    /// From now on counts these of an organisation, and no others. What is counted already goes on.
    pub(crate) fn watch(&self, org: &OrgId, asked: BTreeSet<Counted>) {
        let mut watched = self.watched();
        if asked.is_empty() {
            watched.remove(org);
            return;
        }
        let counts = watched.entry(org.clone()).or_default();
        counts.retain(|counted, _| asked.contains(counted));
        for counted in asked {
            counts.entry(counted).or_default();
        }
    }

    /// How many starts that a rule counts were refused since they are counted.
    pub(crate) fn counted(&self, org: &OrgId, rule: &AlertRule) -> u64 {
        let watched = self.watched();
        let count = counted_by(rule).and_then(|of| watched.get(org)?.get(&of).copied());
        count.unwrap_or_default()
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<OrgId, HashMap<Counted, u64>>> {
        self.0.watched.lock().unwrap_or_else(PoisonError::into_inner)
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
