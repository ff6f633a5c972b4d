//! Setting reservations: all or nothing, never above the limit or an agent's cap, and only at the version that the caller
//! names. The answer is the pool as this change leaves it.

use alloc::vec::Vec;

use crate::call::PerType;
use crate::command::SetReservations;
use crate::event::{Recorded, SettingsEvent};
use crate::id::AgentId;
use crate::org::Org;
use crate::org::pool::Agent;
use crate::rejection::Rejection;
use crate::time::Now;
use crate::view::PoolView;

impl Org {
    pub(super) fn set_reservations(
        &mut self,
        now: Now,
        SetReservations { reservations, if_version }: SetReservations,
        events: &mut Vec<Recorded>,
    ) -> Result<PoolView, Rejection> {
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
            let event = SettingsEvent::ReservationsChanged { version, reservations: changed };
            self.record(now.tick, events, event);
            self.dispatch(now, events);
        }
        Ok(self.pool(now))
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

    fn named(&self, agent: &AgentId) -> &Agent {
        self.pool.agent(self.pool.find(agent).expect("the agents named were checked"))
    }
}
