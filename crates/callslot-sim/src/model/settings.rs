//! Reservations, agents and limits.

use std::sync::Arc;

use callslot_core::{
    AgentId, CallType, Event, OrgChange, OrgSettings, PerType, Rejection, Reply, Version,
};

use super::{Model, ModelAgent, count};

impl Model {
    pub(super) fn set_reservations(
        &mut self,
        wanted: &[(AgentId, PerType<u32>)],
        if_version: Option<Version>,
    ) -> Result<Reply, Rejection> {
        let current = Version(self.version);
        if let Some(given) = if_version
            && given != current
        {
            return Err(Rejection::VersionMismatch { given, current });
        }
        for (place, (agent, _)) in wanted.iter().enumerate() {
            if !self.agents.iter().any(|known| known.id == *agent) {
                return Err(Rejection::UnknownAgent { agent: agent.clone() });
            }
            if wanted[..place].iter().any(|(other, _)| other == agent) {
                return Err(Rejection::AgentNamedTwice { agent: agent.clone() });
            }
        }
        let asked_of =
            |reserved: &PerType<u32>| reserved.0.iter().map(|&slots| u64::from(slots)).sum::<u64>();
        for (agent, reserved) in wanted {
            let known =
                self.agents.iter().find(|known| known.id == *agent).expect("it was looked for");
            let asked = asked_of(reserved);
            if let Some(cap) = known.cap
                && asked > u64::from(cap)
            {
                return Err(Rejection::ReservationsExceedCap { agent: agent.clone(), asked, cap });
            }
        }
        let is_named = |agent: &&ModelAgent| wanted.iter().any(|(named, _)| *named == agent.id);
        let others: u64 = self
            .agents
            .iter()
            .filter(|agent| !is_named(agent))
            .map(|agent| asked_of(&agent.reserved))
            .sum();
        let asked = others + wanted.iter().map(|(_, reserved)| asked_of(reserved)).sum::<u64>();
        let limit = self.settings.limit();
        if asked > u64::from(limit) {
            let left = u64::from(limit) - others;
            return Err(Rejection::ReservationsExceedLimit { asked, limit, left });
        }
        let mut changed = Vec::new();
        for (agent, reserved) in wanted {
            let known =
                self.agents.iter_mut().find(|known| known.id == *agent).expect("it was looked for");
            if known.reserved != *reserved {
                known.reserved = *reserved;
                changed.push((agent.clone(), *reserved));
            }
        }
        if !changed.is_empty() {
            self.version += 1;
            let version = Version(self.version);
            self.note(Event::ReservationsChanged { version, reservations: changed });
        }
        Ok(Reply::Reservations { version: Version(self.version) })
    }

    pub(super) fn put_agent(
        &mut self,
        agent: &AgentId,
        name: &Arc<str>,
        cap: Option<u32>,
    ) -> Result<Reply, Rejection> {
        let put = Event::AgentPut { agent: agent.clone(), name: Arc::clone(name), cap };
        let Some(known) = self.agents.iter_mut().find(|known| known.id == *agent) else {
            let (id, name, reserved) = (agent.clone(), Arc::clone(name), PerType::default());
            self.agents.push(ModelAgent { id, name, cap, reserved });
            self.note(put);
            return Ok(Reply::Agent { is_new: true });
        };
        let reserved = known.reserved.0.iter().map(|&slots| u64::from(slots)).sum();
        if let Some(cap) = cap
            && u64::from(cap) < reserved
        {
            return Err(Rejection::CapBelowReservations { agent: agent.clone(), cap, reserved });
        }
        if known.cap != cap || known.name != *name {
            known.cap = cap;
            known.name = Arc::clone(name);
            self.note(put);
        }
        Ok(Reply::Agent { is_new: false })
    }

    pub(super) fn delete_agent(&mut self, agent: &AgentId) -> Result<Reply, Rejection> {
        let Some(known) = self.agents.iter().find(|known| known.id == *agent) else {
            return Err(Rejection::UnknownAgent { agent: agent.clone() });
        };
        let reserved = known.reserved.0.iter().map(|&slots| u64::from(slots)).sum();
        let live =
            self.calls.iter().filter(|call| !call.is_ended() && call.request.agent == *agent);
        let live = u64::from(count(live));
        if live > 0 || reserved > 0 {
            return Err(Rejection::AgentInUse { agent: agent.clone(), live, reserved });
        }
        self.agents.retain(|known| known.id != *agent);
        self.note(Event::AgentDeleted { agent: agent.clone() });
        Ok(Reply::Done)
    }

    pub(super) fn change_settings(&mut self, change: &OrgChange) -> Result<Reply, Rejection> {
        let mut wanted = self.settings.clone();
        if let Some((plan, limit)) = &change.plan {
            wanted.plan = plan.clone();
            wanted.plan_limit = *limit;
        }
        wanted.limit_override = change.limit_override.unwrap_or(wanted.limit_override);
        let (limit, reserved) = (wanted.limit(), self.reserved_in_all());
        if limit < reserved {
            let org = callslot_core::OrgId::parse("o").expect("an organisation id");
            return Err(Rejection::LimitBelowReservations {
                org,
                limit,
                reserved: reserved.into(),
            });
        }
        if let Some(name) = &change.name {
            wanted.name = Arc::clone(name);
        }
        wanted.max_call_duration_ms =
            change.max_call_duration_ms.unwrap_or(wanted.max_call_duration_ms);
        wanted.max_queued = change.max_queued.unwrap_or(wanted.max_queued);
        for call_type in CallType::ALL {
            wanted.max_wait_ms[call_type] =
                change.max_wait_ms[call_type].unwrap_or(wanted.max_wait_ms[call_type]);
        }
        let before = std::mem::replace(&mut self.settings, wanted.clone());
        let of_limit = |settings: &OrgSettings| {
            (settings.plan.clone(), settings.plan_limit, settings.limit_override)
        };
        let (plan, plan_limit, limit_override) = of_limit(&before);
        let all_but_limit = OrgSettings { plan, plan_limit, limit_override, ..wanted.clone() };
        if all_but_limit != before {
            self.note(Event::OrgChanged(Box::new(all_but_limit)));
        }
        if of_limit(&wanted) != of_limit(&before) {
            let (plan, plan_limit, limit_override) = of_limit(&wanted);
            self.note(Event::LimitChanged { plan, plan_limit, limit_override });
        }
        Ok(Reply::Done)
    }
}
