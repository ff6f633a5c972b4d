//! A shard: the organisations whose events share one log, and when the next of them has something due.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use hashbrown::HashMap;

use crate::command::{Command, OrgCommand, OrgSettings};
use crate::estimate::Pace;
use crate::event::{Counters, Event, Recorded};
use crate::id::{OrgId, PlanId, Sequence, Ticket, Version};
use crate::limits::MAX_EXPIRIES_PER_COMMAND;
use crate::org::Org;
use crate::reply::{Rejection, Reply};
use crate::time::{Now, Tick};

/// The state of a shard, and the only place where slots are given.
///
/// Use it in this order: [`Shard::new`]; [`Shard::apply`] for every event of the newest snapshot and of the log after it;
/// [`Shard::resume`]; then [`Shard::decide`] for each command. Between two commands [`Shard::next_deadline`] says when
/// to submit [`Command::ExpireDue`].
#[derive(Debug, Default)]
pub struct Shard {
    orgs: HashMap<OrgId, Org>,
    /// Where the counters of deleted organisations were: an id that is used again goes on counting, so that no cursor
    /// or ticket ever means two things.
    retired: HashMap<OrgId, Counters>,
    /// Organisations with a deadline, earliest first.
    due: BTreeSet<(Tick, OrgId)>,
}

impl Shard {
    /// A shard without organisations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decides a command: changes the state and adds what happened to `events`, or changes nothing.
    ///
    /// # Errors
    /// [`Rejection`] says why it is refused; then nothing was changed and nothing added.
    pub fn decide(
        &mut self,
        now: Now,
        command: Command,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        match command {
            Command::Org(id, OrgCommand::CreateOrg(settings)) => {
                if self.orgs.contains_key(&id) {
                    return Err(Rejection::OrgExists { org: id });
                }
                self.record(now, events, id, Event::OrgCreated(Box::new(settings)));
                Ok(Reply::Done)
            }
            Command::Org(id, OrgCommand::DeleteOrg) => {
                self.decide_in_org(now, &id, OrgCommand::DeleteOrg, events)?;
                self.record(now, events, id, Event::OrgDeleted);
                Ok(Reply::Done)
            }
            Command::Org(id, command) => self.decide_in_org(now, &id, command, events),
            Command::SetPlanLimit { plan, limit } => self.set_plan_limit(now, &plan, limit, events),
            Command::ExpireDue => {
                self.expire_due(now, events);
                Ok(Reply::Done)
            }
        }
    }

    /// Applies an event that was decided earlier. `tick` is that of its record.
    ///
    /// # Panics
    /// When the event cannot follow the ones applied before: the log is not the one the events were decided on.
    pub fn apply(&mut self, tick: Tick, recorded: &Recorded) {
        let id = &recorded.org;
        match &recorded.event {
            Event::OrgCreated(settings) => {
                let counters = self.retired.remove(id).unwrap_or_else(unused_counters);
                self.orgs.insert(
                    id.clone(),
                    Org::new(id.clone(), OrgSettings::clone(settings), counters),
                );
            }
            Event::OrgDeleted => {
                let org = self.orgs.remove(id).expect("an organisation that is deleted exists");
                if let Some(tick) = org.listed_deadline {
                    self.due.remove(&(tick, id.clone()));
                }
                self.retired.insert(id.clone(), org.counters);
            }
            Event::CountersRestored(counters) if !self.orgs.contains_key(id) => {
                self.retired.insert(id.clone(), Counters::clone(counters));
            }
            Event::CountersRestored(_)
            | Event::OrgChanged(_)
            | Event::LimitChanged { .. }
            | Event::AgentPut { .. }
            | Event::AgentDeleted { .. }
            | Event::ReservationsChanged { .. }
            | Event::CallQueued(_)
            | Event::CallStarted(_)
            | Event::CallClaimed(_)
            | Event::CallEnded(_)
            | Event::LeaseOpened { .. }
            | Event::LeaseEnded { .. } => {
                let org = self.orgs.get_mut(id).expect("an event's organisation exists");
                org.apply(tick, recorded);
                relist(&mut self.due, org);
            }
        }
    }

    /// Ends a replay: from `tick` every lease has its whole TTL again, and nothing expires for one default TTL.
    pub fn resume(&mut self, tick: Tick) {
        for org in self.orgs.values_mut() {
            org.resume(tick);
            relist(&mut self.due, org);
        }
    }

    /// When the next lease, wait, claim or call duration runs out.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Tick> {
        self.due.first().map(|&(tick, _)| tick)
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
            event: Event::CountersRestored(Box::new(counters.clone())),
        }));
        events
    }

    /// An organisation.
    #[must_use]
    pub fn org(&self, id: &OrgId) -> Option<&Org> {
        self.orgs.get(id)
    }

    /// All organisations, by id.
    #[must_use]
    pub fn orgs(&self) -> Vec<(OrgId, &Org)> {
        let mut orgs: Vec<_> = self.orgs.iter().map(|(id, org)| (id.clone(), org)).collect();
        orgs.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        orgs
    }

    fn decide_in_org(
        &mut self,
        now: Now,
        id: &OrgId,
        command: OrgCommand,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let Some(org) = self.orgs.get_mut(id) else {
            return Err(Rejection::UnknownOrg { org: id.clone() });
        };
        let reply = org.decide(now, command, events);
        relist(&mut self.due, org);
        reply
    }

    fn set_plan_limit(
        &mut self,
        now: Now,
        plan: &PlanId,
        limit: u32,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let mut on_plan: Vec<&mut Org> =
            self.orgs.values_mut().filter(|org| org.settings().plan == *plan).collect();
        on_plan.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        for org in &on_plan {
            let wanted = OrgSettings { plan_limit: limit, ..org.settings().clone() };
            org.check_limit(wanted.limit())?;
        }
        for org in on_plan {
            org.set_plan_limit(now, limit, events);
            relist(&mut self.due, org);
        }
        Ok(Reply::Done)
    }

    fn expire_due(&mut self, now: Now, events: &mut Vec<Recorded>) {
        let due: Vec<OrgId> = self
            .due
            .iter()
            .take_while(|(tick, _)| *tick <= now.tick)
            .map(|(_, id)| id.clone())
            .collect();
        let mut left = MAX_EXPIRIES_PER_COMMAND;
        for id in due {
            let org = self.orgs.get_mut(&id).expect("a listed organisation exists");
            left -= org.expire_due(now, left, events);
            relist(&mut self.due, org);
        }
    }

    fn record(&mut self, now: Now, events: &mut Vec<Recorded>, org: OrgId, event: Event) {
        let recorded = Recorded { org, sequence: None, event };
        self.apply(now.tick, &recorded);
        events.push(recorded);
    }
}

/// Lists the organisation under its next deadline.
fn relist(due: &mut BTreeSet<(Tick, OrgId)>, org: &mut Org) {
    let next = org.next_deadline();
    if next == org.listed_deadline {
        return;
    }
    if let Some(tick) = org.listed_deadline {
        due.remove(&(tick, org.id.clone()));
    }
    if let Some(tick) = next {
        due.insert((tick, org.id.clone()));
    }
    org.listed_deadline = next;
}

fn unused_counters() -> Counters {
    Counters {
        sequence: Sequence(0),
        ticket: Ticket(0),
        version: Version(0),
        pace: Pace::default(),
    }
}
