//! Changing the organisation, its agents and their reservations.

use std::sync::Arc;

use callslot_core::{
    AgentId, CallType, Capped, Now, OrgChange, OrgEvent, OrgSettings, PerType, PutAgent, Rejection,
    Reply, SetType, SettingsEvent, Version,
};

use crate::model::bucket::Bucket;
use crate::model::gate::kept_bucket;
use crate::model::org::{Answer, OrgModel};
use crate::model::slots::Agent;

impl OrgModel {
    pub(super) fn found(&mut self) {
        self.record(OrgEvent::Created(Box::new(self.settings.clone())));
    }

    pub(super) fn close(&mut self) -> Result<(), Rejection> {
        if !self.live.is_empty() {
            return Err(Rejection::OrgInUse { live: self.live.len() as u64 });
        }
        self.finish_sweeps();
        self.record(OrgEvent::Deleted);
        Ok(())
    }

    pub(super) fn change(&mut self, change: &OrgChange) -> Result<Answer, Rejection> {
        let before = self.settings.clone();
        let mut rest = before.clone();
        rest.name = change.name.clone().unwrap_or(rest.name);
        rest.max_call_duration_ms =
            change.max_call_duration_ms.unwrap_or(rest.max_call_duration_ms);
        rest.max_queued = change.max_queued.unwrap_or(rest.max_queued);
        for call_type in CallType::ALL {
            if let Some(max_wait_ms) = change.max_wait_ms[call_type] {
                rest.max_wait_ms[call_type] = max_wait_ms;
            }
        }
        let mut after = rest.clone();
        if let Some((plan, plan_limit)) = change.plan.clone() {
            (after.plan, after.plan_limit) = (plan, plan_limit);
        }
        if let Some(limit_override) = change.limit_override {
            after.limit_override = limit_override;
        }
        self.check_limit(after.limit())?;

        self.settings = after;
        if rest != before {
            self.record(OrgEvent::Changed(Box::new(rest.clone())));
        }
        if self.settings != rest {
            self.record_limit();
        }
        Ok(Answer::Org)
    }

    /// Whether all reservations would fit under `limit`.
    pub(super) fn check_limit(&self, limit: u32) -> Result<(), Rejection> {
        let reserved = self.reserved_but_for(&[]);
        if u64::from(limit) < reserved {
            return Err(Rejection::LimitBelowReservations {
                org: self.id.clone(),
                limit,
                reserved,
            });
        }
        Ok(())
    }

    pub(super) fn take_plan_limit(&mut self, limit: u32) {
        if self.settings.plan_limit != limit {
            self.settings.plan_limit = limit;
            self.record_limit();
        }
    }

    pub(super) fn put_agent(&mut self, now: Now, put: &PutAgent) -> Result<Answer, Rejection> {
        let PutAgent { agent: id, name, cap, pace } = put.clone();
        let put = SettingsEvent::AgentPut { agent: id.clone(), name: Arc::clone(&name), cap, pace };
        let (max_agents, count) = (self.bounds.agents, self.agents.len());
        let Some(known) = self.agents.iter_mut().find(|agent| agent.id == id) else {
            if count + 1 > max_agents {
                return Err(Rejection::TooManyAgents { max_agents });
            }
            let (bucket, reserved) = (pace.map(Bucket::new), PerType::default());
            self.agents.push(Agent { id, name, cap, bucket, reserved });
            self.record(put);
            return Ok(Answer::Plain(Reply::Agent { is_new: true }));
        };
        let reserved = sum(&known.reserved);
        if let Some(cap) = cap
            && u64::from(cap) < reserved
        {
            let of = Capped::Agent(id);
            return Err(Rejection::CapBelowReservations { of, cap, reserved });
        }
        let paced = known.bucket.map(|bucket| bucket.pace);
        if (&known.name, known.cap, paced) != (&name, cap, pace) {
            known.bucket = kept_bucket(known.bucket, pace, now.tick);
            (known.name, known.cap) = (name, cap);
            self.record(put);
        }
        Ok(Answer::Plain(Reply::Agent { is_new: false }))
    }

    pub(super) fn set_type(
        &mut self,
        now: Now,
        SetType { call_type, cap, pace }: SetType,
    ) -> Result<Answer, Rejection> {
        let reserved = self.agents.iter().map(|agent| u64::from(agent.reserved[call_type])).sum();
        if let Some(cap) = cap
            && u64::from(cap) < reserved
        {
            let of = Capped::Type(call_type);
            return Err(Rejection::CapBelowReservations { of, cap, reserved });
        }
        let bucket = &mut self.type_buckets[call_type];
        if (self.type_caps[call_type], bucket.map(|bucket| bucket.pace)) != (cap, pace) {
            *bucket = kept_bucket(*bucket, pace, now.tick);
            self.type_caps[call_type] = cap;
            self.record(SettingsEvent::TypeChanged { call_type, cap, pace });
        }
        Ok(Answer::Plain(Reply::Done))
    }

    /// The agents and the types, with what is reserved for each.
    pub(super) fn reserved(&self) -> Vec<(Capped, u32)> {
        let agents = self
            .agents
            .iter()
            .map(|agent| (Capped::Agent(agent.id.clone()), agent.reserved.0.iter().sum()));
        let types = CallType::ALL.into_iter().map(|call_type| {
            let reserved = self.agents.iter().map(|agent| agent.reserved[call_type]).sum();
            (Capped::Type(call_type), reserved)
        });
        agents.chain(types).collect()
    }

    pub(super) fn delete_agent(&mut self, id: &AgentId) -> Result<Answer, Rejection> {
        let Some(place) = self.agents.iter().position(|agent| agent.id == *id) else {
            return Err(Rejection::UnknownAgent { agent: id.clone() });
        };
        let live = self.live.iter().filter(|call| call.request.agent == *id).count() as u64;
        let reserved = sum(&self.agents[place].reserved);
        if live > 0 || reserved > 0 {
            return Err(Rejection::AgentInUse { agent: id.clone(), live, reserved });
        }
        self.agents.remove(place);
        self.forget_waits_of(id);
        self.record(SettingsEvent::AgentDeleted { agent: id.clone() });
        Ok(Answer::Plain(Reply::Done))
    }

    pub(super) fn set_reservations(
        &mut self,
        batch: &[(AgentId, PerType<u32>)],
        if_version: Option<Version>,
    ) -> Result<Answer, Rejection> {
        let current = self.version;
        if let Some(given) = if_version.filter(|given| *given != current) {
            return Err(Rejection::VersionMismatch { given, current });
        }
        self.check_batch(batch)?;

        let is_other = |agent: &Agent| {
            batch.iter().any(|(id, reserved)| *id == agent.id && *reserved != agent.reserved)
        };
        if self.agents.iter().any(is_other) {
            self.spend();
        }
        let mut changed = Vec::new();
        for (id, reserved) in batch {
            for agent in self.agents.iter_mut().filter(|agent| agent.id == *id) {
                if agent.reserved != *reserved {
                    agent.reserved = *reserved;
                    changed.push((id.clone(), *reserved));
                }
            }
        }
        if !changed.is_empty() {
            self.version = current.next();
            self.record(SettingsEvent::ReservationsChanged {
                version: self.version,
                reservations: changed,
            });
        }
        Ok(Answer::Pool)
    }

    pub(super) fn check_batch(&self, batch: &[(AgentId, PerType<u32>)]) -> Result<(), Rejection> {
        for (place, (id, _)) in batch.iter().enumerate() {
            if !self.agents.iter().any(|agent| agent.id == *id) {
                return Err(Rejection::UnknownAgent { agent: id.clone() });
            }
            if batch[..place].iter().any(|(earlier, _)| earlier == id) {
                return Err(Rejection::AgentNamedTwice { agent: id.clone() });
            }
        }
        for (id, reserved) in batch {
            let agent = self.agents.iter().find(|agent| agent.id == *id);
            let asked = sum(reserved);
            if let Some(cap) = agent.and_then(|agent| agent.cap)
                && asked > u64::from(cap)
            {
                let (of, left) = (Capped::Agent(id.clone()), cap.into());
                return Err(Rejection::ReservationsExceedCap { of, asked, cap, left });
            }
        }
        for call_type in CallType::ALL {
            let Some(cap) = self.type_caps[call_type] else { continue };
            let others = self.agents.iter().filter(|agent| !is_named(agent, batch));
            let others: u64 = others.map(|agent| u64::from(agent.reserved[call_type])).sum();
            let named = batch.iter().map(|(_, reserved)| u64::from(reserved[call_type]));
            let asked = others + named.sum::<u64>();
            if asked > u64::from(cap) {
                let (of, left) = (Capped::Type(call_type), u64::from(cap) - others);
                return Err(Rejection::ReservationsExceedCap { of, asked, cap, left });
            }
        }
        let limit = self.settings.limit();
        let others = self.reserved_but_for(batch);
        let asked = others + batch.iter().map(|(_, reserved)| sum(reserved)).sum::<u64>();
        if asked > u64::from(limit) {
            let left = u64::from(limit) - others;
            return Err(Rejection::ReservationsExceedLimit { asked, limit, left });
        }
        Ok(())
    }

    /// What is reserved in all for agents that the batch does not name.
    fn reserved_but_for(&self, batch: &[(AgentId, PerType<u32>)]) -> u64 {
        let others = self.agents.iter().filter(|agent| !is_named(agent, batch));
        others.map(|agent| sum(&agent.reserved)).sum()
    }

    fn record_limit(&mut self) {
        let OrgSettings { plan, plan_limit, limit_override, .. } = self.settings.clone();
        self.record(SettingsEvent::LimitChanged { plan, plan_limit, limit_override });
    }
}

fn is_named(agent: &Agent, batch: &[(AgentId, PerType<u32>)]) -> bool {
    batch.iter().any(|(id, _)| *id == agent.id)
}

fn sum(reserved: &PerType<u32>) -> u64 {
    reserved.0.iter().map(|slots| u64::from(*slots)).sum()
}
