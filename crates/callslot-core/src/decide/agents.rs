//! Creating, changing and deleting agents.

use alloc::vec::Vec;

use crate::command::{DeleteAgent, PutAgent};
use crate::event::{Recorded, SettingsEvent};
use crate::org::Org;
use crate::rejection::{Capped, Rejection};
use crate::reply::AgentWritten;
use crate::time::Now;

impl Org {
    pub(super) fn put_agent(
        &mut self,
        now: Now,
        PutAgent { agent, name, cap, pace }: PutAgent,
        events: &mut Vec<Recorded>,
    ) -> Result<AgentWritten, Rejection> {
        let known = self.pool.find(&agent).map(|index| self.pool.agent(index));
        if let Some(known) = known {
            let reserved = known.usage.reserved;
            if let Some(cap) = cap.filter(|&cap| u64::from(cap) < reserved) {
                let of = Capped::Agent(agent);
                return Err(Rejection::CapBelowReservations { of, cap, reserved });
            }
        }
        let is_new = known.is_none();
        let max_agents = self.bounds.agents;
        if is_new && self.pool.agent_count() >= max_agents {
            return Err(Rejection::TooManyAgents { max_agents });
        }
        let is_other = known
            .is_none_or(|known| known.name != name || (known.cap, known.pace()) != (cap, pace));
        if is_other {
            self.record(now, events, SettingsEvent::AgentPut { agent, name, cap, pace });
            self.dispatch(now, events);
        }
        Ok(AgentWritten { is_new })
    }

    pub(super) fn delete_agent(
        &mut self,
        now: Now,
        DeleteAgent { agent }: DeleteAgent,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let Some(index) = self.pool.find(&agent) else {
            return Err(Rejection::UnknownAgent { agent });
        };
        let known = self.pool.agent(index);
        let live = u64::from(known.usage.active) + u64::from(known.queued());
        let reserved = known.usage.reserved;
        if live > 0 || reserved > 0 {
            return Err(Rejection::AgentInUse { agent, live, reserved });
        }
        self.record(now, events, SettingsEvent::AgentDeleted { agent });
        Ok(())
    }
}
