//! A shard: the organisations whose events share one log, by the deadline that comes next.

mod decide;

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::HashMap;
use slab::Slab;

use crate::actor::{Actor, Former};
use crate::command::{SetPlanLimit, StartCall};
use crate::event::{Counters, Event, OrgEvent, Recorded};
use crate::id::OrgId;
use crate::indexed_heap::IndexedHeap;
use crate::limits::Bounds;
use crate::org::Org;
use crate::rejection::Rejection;
use crate::settings::OrgSettings;
use crate::signature::sign;
use crate::time::{Now, Tick};

/// The state of a shard, and the only place where slots are given.
///
/// Use it in this order: [`Shard::new`]; [`Shard::apply`] for each event of the newest snapshot, and of the log after it;
/// [`Shard::resume`]; then [`Shard::decide`] for each command, whose events belong in the log before anyone is answered.
/// Between two commands [`Shard::next_deadline`] says when to decide [`crate::ExpireDue`], and [`Shard::has_steps_left`] whether
/// to decide [`crate::TakeStep`]: one command leads to a bounded number of events, and steps to the rest.
///
/// ```
/// use callslot_core::{
///     CreateOrg, ExpireDue, LeaseId, Now, OpenLease, OrgId, OrgSettings, PerType, PlanId, Recorded, Shard, Tick, Timestamp,
/// };
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let at = |ms: u64| Now { at: Timestamp(1_700_000_000_000 + ms), tick: Tick(ms) };
/// let mut log: Vec<(Now, Recorded)> = Vec::new();
/// let mut shard = Shard::new();
///
/// // Decide, keep the events, answer.
/// let org = OrgId::parse("acme")?;
/// let settings = OrgSettings {
///     name: "Acme".into(),
///     plan: PlanId::parse("small")?,
///     plan_limit: 10,
///     limit_override: None,
///     max_call_duration_ms: 0,
///     max_wait_ms: PerType::default(),
///     max_queued: 100,
/// };
/// let mut events = Vec::new();
/// shard.decide(at(0), (org.clone(), CreateOrg(settings)), &mut events)?;
/// let open = OpenLease { lease: LeaseId::parse("engine-1")?, ttl_ms: 15_000, key: None };
/// shard.decide(at(0), (org.clone(), open), &mut events)?;
/// log.extend(events.drain(..).map(|event| (at(0), event)));
///
/// // Once the next deadline has come, have what is due expire.
/// assert_eq!(shard.next_deadline(), Some(Tick(15_000)));
/// shard.decide(at(15_000), ExpireDue, &mut events)?;
/// assert_eq!(events.len(), 1, "the lease has ended");
/// log.extend(events.drain(..).map(|event| (at(15_000), event)));
///
/// // After a restart the log leads to the same state.
/// let mut replayed = Shard::new();
/// for (now, event) in &log {
///     replayed.apply(*now, event);
/// }
/// replayed.resume(Tick(15_000));
/// assert_eq!(replayed.snapshot(Tick(15_000)), shard.snapshot(Tick(15_000)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Shard {
    orgs: Slab<Org>,
    by_id: HashMap<OrgId, usize>,
    /// The counters of deleted organisations. An id that is used again goes on counting, so that no cursor or ticket ever
    /// means two things. Nothing else is left of them.
    retired: HashMap<OrgId, Counters>,
    /// Organisations with a deadline, by the earliest.
    due: IndexedHeap<Tick>,
    /// Organisations with steps left.
    unfinished: BTreeSet<usize>,
    bounds: Bounds,
}

impl Shard {
    /// A shard without organisations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets other bounds than the default. It is for simulations, which reach small ones.
    pub fn set_bounds(&mut self, bounds: Bounds) {
        self.bounds = bounds;
        for (_, org) in &mut self.orgs {
            org.bounds = bounds;
        }
    }

    /// Decides what is asked: changes the state and adds what happened to `events`, or changes nothing.
    ///
    /// # Errors
    /// [`Rejection`] says why it is refused; then nothing was changed and nothing added.
    pub fn decide<A: Ask>(
        &mut self,
        now: Now,
        ask: A,
        events: &mut Vec<Recorded>,
    ) -> Result<A::Reply, Rejection> {
        ask.decide(self, now, events)
    }

    /// Applies an event that was decided earlier. `now` is the time of its record.
    ///
    /// # Panics
    /// When the event cannot follow the ones applied before: the log is not the one the events were decided on.
    pub fn apply(&mut self, now: Now, recorded: &Recorded) {
        let id = &recorded.org;
        match &recorded.event {
            Event::ChangedBy(_) => {}
            Event::Org(OrgEvent::Created(settings)) => {
                let counters = self.retired.remove(id).map(Counters::of_the_next);
                let counters = counters.unwrap_or_default();
                let settings = OrgSettings::clone(settings);
                let org = Org::new(id.clone(), settings, counters, self.bounds);
                self.by_id.insert(id.clone(), self.orgs.insert(org));
            }
            Event::Org(OrgEvent::Deleted) => {
                let place = self.by_id.remove(id).expect("an organisation that is deleted exists");
                self.due.set(number_of(place), None);
                self.unfinished.remove(&place);
                let org = self.orgs.remove(place);
                self.retired.insert(id.clone(), org.counters);
            }
            Event::Org(OrgEvent::CountersRestored(counters)) if !self.by_id.contains_key(id) => {
                self.retired.insert(id.clone(), Counters::clone(counters));
            }
            Event::Org(
                OrgEvent::CountersRestored(_)
                | OrgEvent::WaitsRestored(_)
                | OrgEvent::AgentWaitsRestored(..)
                | OrgEvent::StartRestored(..)
                | OrgEvent::RequestsRestored(_)
                | OrgEvent::PaceRestored(..)
                | OrgEvent::GateRestored(..)
                | OrgEvent::Changed(_),
            )
            | Event::Call(_)
            | Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::CallErased(_)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::Lease(_) => {
                let place = *self.by_id.get(id).expect("an event's organisation exists");
                self.orgs[place].apply(now, recorded);
                self.relist(place);
            }
        }
    }

    /// Ends a replay: from `tick` every lease has its whole TTL again, and nothing expires for one default TTL.
    pub fn resume(&mut self, tick: Tick) {
        self.unfinished.clear();
        for (place, org) in &mut self.orgs {
            org.resume(tick);
            self.due.set(number_of(place), org.next_deadline());
            if org.has_steps_left {
                self.unfinished.insert(place);
            }
        }
    }

    /// When the next lease, wait, claim or call duration runs out.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Tick> {
        self.due.first().map(|(tick, _)| tick)
    }

    /// Whether earlier commands have left something to do, for [`crate::TakeStep`].
    #[must_use]
    pub fn has_steps_left(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// The shortest list of events that leads to this state, for a snapshot. Ended calls that are forgotten by `tick`
    /// are left out.
    #[must_use]
    pub fn snapshot(&self, tick: Tick) -> Vec<Recorded> {
        let mut events = Vec::new();
        for (_, org) in self.orgs() {
            org.snapshot(tick, &mut events);
        }
        let mut retired: Vec<_> = self.retired.iter().collect();
        retired.sort_unstable_by_key(|&(id, _)| id);
        events.extend(retired.into_iter().map(|(id, counters)| Recorded {
            org: id.clone(),
            sequence: None,
            event: OrgEvent::CountersRestored(Box::new(counters.clone())).into(),
        }));
        events
    }

    /// An organisation.
    #[must_use]
    pub fn org(&self, id: &OrgId) -> Option<&Org> {
        self.by_id.get(id).map(|&place| &self.orgs[place])
    }

    /// Whether [`SetPlanLimit`] would be carried out now. Where organisations are in several shards, each is asked before the limit is
    /// set in one.
    ///
    /// # Errors
    /// [`Rejection`] of the first organisation by id for which it is refused.
    pub fn check_plan_limit(&self, set: &SetPlanLimit) -> Result<(), Rejection> {
        let of_plan = self.orgs.iter().map(|(_, org)| org);
        let mut refused: Vec<(&OrgId, Rejection)> = of_plan
            .filter(|org| org.settings().plan == set.plan)
            .filter_map(|org| Some((&org.id, org.check_plan_limit(set.limit).err()?)))
            .collect();
        refused.sort_unstable_by_key(|(id, _)| *id);
        refused.into_iter().next().map_or(Ok(()), |(_, rejection)| Err(rejection))
    }

    /// Whether there was an organisation with this id, and is none now.
    #[must_use]
    pub fn was_deleted(&self, id: &OrgId) -> bool {
        self.retired.contains_key(id)
    }

    /// All organisations, by id.
    #[must_use]
    pub fn orgs(&self) -> Vec<(OrgId, &Org)> {
        let mut orgs: Vec<_> = self.orgs.iter().map(|(_, org)| (org.id.clone(), org)).collect();
        orgs.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        orgs
    }

    /// Has an organisation decide something, and lists it under its next deadline then.
    fn in_org<R>(
        &mut self,
        now: Now,
        id: &OrgId,
        decide: impl FnOnce(&mut Org) -> Result<R, Rejection>,
    ) -> Result<R, Rejection> {
        let Some(&place) = self.by_id.get(id) else {
            return Err(Rejection::UnknownOrg { org: id.clone() });
        };
        let org = &mut self.orgs[place];
        org.forget_ended(now.tick);
        let reply = decide(org);
        self.relist(place);
        reply
    }

    fn set_plan_limit(
        &mut self,
        now: Now,
        SetPlanLimit { plan, limit }: &SetPlanLimit,
        actor: Option<&Arc<Actor>>,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let limit = *limit;
        let mut on_plan: Vec<(usize, &mut Org)> =
            self.orgs.iter_mut().filter(|(_, org)| org.settings().plan == *plan).collect();
        on_plan.sort_unstable_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        for (_, org) in &on_plan {
            org.check_plan_limit(limit)?;
        }
        let mut room = self.bounds.step_events;
        for (place, org) in on_plan {
            let (former, first) = (Former::limit(&org.settings), events.len());
            room = org.set_plan_limit(now, limit, room, events);
            if let Some(actor) = actor {
                sign(events, first, actor, &[former]);
            }
            self.due.set(number_of(place), org.next_deadline());
            if org.has_steps_left {
                self.unfinished.insert(place);
            }
        }
        Ok(())
    }

    fn expire_due(&mut self, now: Now, events: &mut Vec<Recorded>) {
        let mut due = self.due.up_to(now.tick);
        let id = |place: u32| &self.orgs[place as usize].id;
        due.sort_unstable_by(|(a_tick, a), (b_tick, b)| (a_tick, id(*a)).cmp(&(b_tick, id(*b))));
        let due: Vec<usize> = due.into_iter().map(|(_, place)| place as usize).collect();
        self.share_a_step(&due, |org, room| org.expire_due(now, room, events));
    }

    fn take_step(&mut self, now: Now, events: &mut Vec<Recorded>) {
        let mut unfinished: Vec<usize> = self.unfinished.iter().copied().collect();
        unfinished.sort_unstable_by(|&a, &b| self.orgs[a].id.cmp(&self.orgs[b].id));
        self.share_a_step(&unfinished, |org, room| org.take_step(now, room, events));
    }

    /// Has organisations share what one step may be, equally, so that what one has to do holds up nobody else.
    fn share_a_step(&mut self, places: &[usize], mut step: impl FnMut(&mut Org, usize)) {
        let most = self.bounds.step_events;
        let places = &places[..places.len().min(most)];
        for &place in places {
            step(&mut self.orgs[place], most / places.len());
            self.relist(place);
        }
    }

    /// Lists an organisation under its next deadline, and as unfinished while it has steps left.
    fn relist(&mut self, place: usize) {
        let org = &self.orgs[place];
        self.due.set(number_of(place), org.next_deadline());
        if org.has_steps_left || !self.unfinished.is_empty() {
            self.relist_unfinished(place);
        }
    }

    #[cold]
    fn relist_unfinished(&mut self, place: usize) {
        if self.orgs[place].has_steps_left {
            self.unfinished.insert(place);
        } else {
            self.unfinished.remove(&place);
        }
    }

    fn record(&mut self, now: Now, events: &mut Vec<Recorded>, org: OrgId, event: OrgEvent) {
        let recorded = Recorded { org, sequence: None, event: event.into() };
        self.apply(now, &recorded);
        events.push(recorded);
    }
}

/// Something that can be asked of a shard, and the type of its answer: a command to an organisation, as `(OrgId, _)`; one to
/// all of them; or a [`crate::Command`] of any kind, which is answered with a
/// [`crate::Reply`].
pub trait Ask {
    /// The answer when it is carried out.
    type Reply;

    /// Decides it; see [`Shard::decide`].
    ///
    /// # Errors
    /// [`Rejection`] says why it is refused; then nothing was changed.
    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Self::Reply, Rejection>;

    /// The organisation that it is for; none if it is for all of them.
    fn org(&self) -> Option<&OrgId>;

    /// The call that asks for a slot, if one does, and of which organisation.
    fn slot_wanted(&self) -> Option<(&OrgId, &StartCall)> {
        None
    }
}

fn number_of(place: usize) -> u32 {
    u32::try_from(place).expect("a shard has fewer than 2^32 organisations")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::PerType;
    use crate::command::{CreateOrg, DeleteOrg};
    use crate::id::PlanId;

    #[test]
    fn a_deleted_organisation_is_known_until_its_id_is_used_again() {
        let id = OrgId::parse("o").expect("an organisation id");
        let settings = OrgSettings {
            name: "o".into(),
            plan: PlanId::parse("standard").expect("a plan id"),
            plan_limit: 1,
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType::default(),
            max_queued: 1,
        };
        let (mut shard, mut events, now) = (Shard::new(), Vec::new(), Now::default());
        assert!(!shard.was_deleted(&id));
        for _ in 0..2 {
            let create = (id.clone(), CreateOrg(settings.clone()));
            shard.decide(now, create, &mut events).expect("a new organisation");
            assert!(!shard.was_deleted(&id));
            let delete = (id.clone(), DeleteOrg);
            shard.decide(now, delete, &mut events).expect("an organisation without calls");
            assert!(shard.was_deleted(&id));
        }
    }
}
