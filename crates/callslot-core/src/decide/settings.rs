//! Reservations, agents, limits and the rest of what is set. No change ends a live call.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{CallType, PerType};
use crate::command::{OrgChange, OrgSettings};
use crate::event::{Event, Recorded};
use crate::id::{AgentId, Version};
use crate::org::Org;
use crate::org::pool::Agent;
use crate::reply::{Rejection, Reply};
use crate::time::Now;

impl Org {
    pub(super) fn set_reservations(
        &mut self,
        now: Now,
        reservations: Vec<(AgentId, PerType<u32>)>,
        if_version: Option<Version>,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let current = self.counters.version;
        if let Some(given) = if_version.filter(|&given| given != current) {
            return Err(Rejection::VersionMismatch { given, current });
        }
        self.check_reservations(&reservations)?;
        let changed: Vec<_> = reservations
            .into_iter()
            .filter(|(agent, wanted)| self.named(agent).reservations() != *wanted)
            .collect();
        if !changed.is_empty() {
            let version = current.next();
            let event = Event::ReservationsChanged { version, reservations: changed };
            self.record(now.tick, events, event);
            self.dispatch(now, events);
        }
        Ok(Reply::Reservations { version: self.counters.version })
    }

    fn check_reservations(
        &self,
        reservations: &[(AgentId, PerType<u32>)],
    ) -> Result<(), Rejection> {
        let mut named = hashbrown::HashSet::new();
        let mut others = self.pool.reserved();
        for (agent, _) in reservations {
            let index = self
                .pool
                .find(agent)
                .ok_or_else(|| Rejection::UnknownAgent { agent: agent.clone() })?;
            if !named.insert(agent) {
                return Err(Rejection::AgentNamedTwice { agent: agent.clone() });
            }
            others -= self.pool.agent(index).reserved();
        }
        let mut total = others;
        for (agent, wanted) in reservations {
            let asked = wanted.0.iter().map(|&slots| u64::from(slots)).sum();
            total += asked;
            if let Some(cap) = self.named(agent).cap.filter(|&cap| asked > u64::from(cap)) {
                return Err(Rejection::ReservationsExceedCap { agent: agent.clone(), asked, cap });
            }
        }
        let limit = self.pool.limit();
        if total > u64::from(limit) {
            let left = u64::from(limit) - others;
            return Err(Rejection::ReservationsExceedLimit { asked: total, limit, left });
        }
        Ok(())
    }

    pub(super) fn put_agent(
        &mut self,
        now: Now,
        agent: AgentId,
        name: Arc<str>,
        cap: Option<u32>,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let known = self.pool.find(&agent).map(|index| self.pool.agent(index));
        if let Some(known) = known {
            let reserved = known.reserved();
            if let Some(cap) = cap.filter(|&cap| u64::from(cap) < reserved) {
                return Err(Rejection::CapBelowReservations { agent, cap, reserved });
            }
        }
        let is_new = known.is_none();
        if known.is_none_or(|known| known.name != name || known.cap != cap) {
            self.record(now.tick, events, Event::AgentPut { agent, name, cap });
            self.dispatch(now, events);
        }
        Ok(Reply::Agent { is_new })
    }

    pub(super) fn delete_agent(
        &mut self,
        now: Now,
        agent: AgentId,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let Some(index) = self.pool.find(&agent) else {
            return Err(Rejection::UnknownAgent { agent });
        };
        let known = self.pool.agent(index);
        let live = u64::from(known.active) + u64::from(known.queued());
        let reserved = known.reserved();
        if live > 0 || reserved > 0 {
            return Err(Rejection::AgentInUse { agent, live, reserved });
        }
        self.record(now.tick, events, Event::AgentDeleted { agent });
        Ok(Reply::Done)
    }

    pub(super) fn change_settings(
        &mut self,
        now: Now,
        change: OrgChange,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let wanted = changed(&self.settings, change);
        self.check_limit(wanted.limit())?;
        let with_old_limit = OrgSettings {
            plan: self.settings.plan.clone(),
            plan_limit: self.settings.plan_limit,
            limit_override: self.settings.limit_override,
            ..wanted.clone()
        };
        if with_old_limit != self.settings {
            self.record(now.tick, events, Event::OrgChanged(Box::new(with_old_limit)));
        }
        if wanted != self.settings {
            self.record_limit(now, wanted, events);
        }
        Ok(Reply::Done)
    }

    /// Gives the organisation's plan another limit; [`Org::check_limit`] has passed for what comes of it.
    pub(crate) fn set_plan_limit(&mut self, now: Now, limit: u32, events: &mut Vec<Recorded>) {
        let wanted = OrgSettings { plan_limit: limit, ..self.settings.clone() };
        if wanted != self.settings {
            self.record_limit(now, wanted, events);
        }
    }

    fn record_limit(&mut self, now: Now, wanted: OrgSettings, events: &mut Vec<Recorded>) {
        let event = Event::LimitChanged {
            plan: wanted.plan,
            plan_limit: wanted.plan_limit,
            limit_override: wanted.limit_override,
        };
        self.record(now.tick, events, event);
        self.dispatch(now, events);
    }

    /// Refuses a limit below what is reserved.
    pub(crate) fn check_limit(&self, limit: u32) -> Result<(), Rejection> {
        let reserved = self.pool.reserved();
        if u64::from(limit) < reserved {
            return Err(Rejection::LimitBelowReservations {
                org: self.id.clone(),
                limit,
                reserved,
            });
        }
        Ok(())
    }

    pub(super) fn check_deletable(&self) -> Result<Reply, Rejection> {
        match self.live_calls() {
            0 => Ok(Reply::Done),
            live => Err(Rejection::OrgInUse { live }),
        }
    }

    fn named(&self, agent: &AgentId) -> &Agent {
        self.pool.agent(self.pool.find(agent).expect("the agents named were checked"))
    }
}

fn changed(settings: &OrgSettings, change: OrgChange) -> OrgSettings {
    let (plan, plan_limit) = change.plan.unwrap_or((settings.plan.clone(), settings.plan_limit));
    OrgSettings {
        name: change.name.unwrap_or_else(|| Arc::clone(&settings.name)),
        plan,
        plan_limit,
        limit_override: change.limit_override.unwrap_or(settings.limit_override),
        max_call_duration_ms: change.max_call_duration_ms.unwrap_or(settings.max_call_duration_ms),
        max_wait_ms: PerType(CallType::ALL.map(|call_type| {
            change.max_wait_ms[call_type].unwrap_or(settings.max_wait_ms[call_type])
        })),
        max_queued: change.max_queued.unwrap_or(settings.max_queued),
    }
}
