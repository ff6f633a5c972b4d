//! The gates with hours of all organisations, and which of them are to be told to the core. It reads no clock and waits for nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use callslot_core::{GateId, Hours, OrgId, SetWithinHours, Timestamp};

use crate::gate_hours::opening::Opening;

/// How long what was worked out is believed, in milliseconds: time zones change, and the database with them.
const BELIEVED_MS: u64 = 6 * 3_600_000;

/// A gate with hours.
#[derive(Debug)]
struct Kept {
    hours: Arc<Hours>,
    /// As the core has it.
    is_within: bool,
    opening: Opening,
    look_at: Timestamp,
}

/// The gates with hours.
#[derive(Debug, Default)]
pub(crate) struct Timetable {
    orgs: HashMap<OrgId, BTreeMap<GateId, Kept>>,
    /// When to look at each again.
    due: BTreeSet<(Timestamp, OrgId, GateId)>,
    /// Those of which the core has it otherwise.
    differing: BTreeSet<(OrgId, GateId)>,
    /// The time at the last look.
    looked: Timestamp,
}

impl Timetable {
    /// What the core has of a gate: its hours and whether it is within them; none if it has no hours, or is not there.
    pub(crate) fn set(
        &mut self,
        org: &OrgId,
        gate: &GateId,
        known: Option<(Arc<Hours>, bool)>,
        now: Timestamp,
    ) {
        self.forget(org, gate);
        if let Some((hours, is_within)) = known {
            let opening = Opening::at(&hours, now);
            let kept = Kept { hours, is_within, opening, look_at: now };
            self.orgs.entry(org.clone()).or_default().insert(gate.clone(), kept);
            self.note(org, gate, opening, now);
        }
    }

    /// The changes to tell the core by `now`, at most that many, and whether there may be more.
    pub(crate) fn changes(
        &mut self,
        now: Timestamp,
        most: usize,
    ) -> (Vec<(OrgId, SetWithinHours)>, bool) {
        if now < self.looked {
            // The clock was set back: what comes next is not what came next.
            self.look_at_all(now);
        }
        self.looked = now;
        for _ in 0..most {
            let is_due = |(at, _, _): &&(Timestamp, OrgId, GateId)| *at <= now;
            let Some((_, org, gate)) = self.due.first().filter(is_due).cloned() else { break };
            let kept = self.kept(&org, &gate).expect("what is due is kept");
            let opening = Opening::at(&kept.hours, now);
            self.note(&org, &gate, opening, now);
        }
        let is_due = self.due.first().is_some_and(|(at, _, _)| *at <= now);
        let has_more = is_due || self.differing.len() > most;
        let change = |(org, gate): &(OrgId, GateId)| {
            let kept = self.kept(org, gate).expect("what differs is kept");
            let (hours, is_within_hours) = (Arc::clone(&kept.hours), kept.opening.is_within);
            (org.clone(), SetWithinHours { gate: gate.clone(), hours, is_within_hours })
        };
        (self.differing.iter().take(most).map(change).collect(), has_more)
    }

    /// When there is something to look at again; none if no gate has hours.
    pub(crate) fn next_look(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _, _)| *at)
    }

    /// When the hours of a gate begin that is outside them.
    pub(crate) fn opens_at(&self, org: &OrgId, gate: &GateId) -> Option<Timestamp> {
        let opening = self.kept(org, gate)?.opening;
        opening.changes_at.filter(|_| !opening.is_within)
    }

    /// Forgets the gates of an organisation.
    pub(crate) fn forget_org(&mut self, org: &OrgId) {
        let gates: Vec<_> =
            self.orgs.get(org).into_iter().flat_map(BTreeMap::keys).cloned().collect();
        for gate in gates {
            self.forget(org, &gate);
        }
    }

    fn look_at_all(&mut self, now: Timestamp) {
        self.due.clear();
        for (org, gates) in &mut self.orgs {
            for (gate, kept) in gates {
                kept.look_at = now;
                self.due.insert((now, org.clone(), gate.clone()));
            }
        }
    }

    fn kept(&self, org: &OrgId, gate: &GateId) -> Option<&Kept> {
        self.orgs.get(org)?.get(gate)
    }

    fn forget(&mut self, org: &OrgId, gate: &GateId) {
        let Some(gates) = self.orgs.get_mut(org) else { return };
        if let Some(kept) = gates.remove(gate) {
            self.due.remove(&(kept.look_at, org.clone(), gate.clone()));
            self.differing.remove(&(org.clone(), gate.clone()));
        }
        if gates.is_empty() {
            self.orgs.remove(org);
        }
    }

    /// Notes what a gate's hours are now.
    fn note(&mut self, org: &OrgId, gate: &GateId, opening: Opening, now: Timestamp) {
        let Some(kept) = self.orgs.get_mut(org).and_then(|gates| gates.get_mut(gate)) else {
            return;
        };
        self.due.remove(&(kept.look_at, org.clone(), gate.clone()));
        let believed = Timestamp(now.0.saturating_add(BELIEVED_MS));
        kept.opening = opening;
        kept.look_at = opening.changes_at.map_or(believed, |at| at.min(believed));
        self.due.insert((kept.look_at, org.clone(), gate.clone()));
        let key = (org.clone(), gate.clone());
        if kept.is_within == opening.is_within {
            self.differing.remove(&key);
        } else {
            self.differing.insert(key);
        }
    }
}

#[cfg(test)]
mod tests;
