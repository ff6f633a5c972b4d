//! Setting reservations: all or nothing, never above the limit or a cap, and only at the version that the caller names.
//! The answer is the pool as this change leaves it.

use alloc::vec::Vec;

use crate::call::{CallType, PerType};
use crate::command::SetReservations;
use crate::event::{Recorded, SettingsEvent};
use crate::id::{AgentId, Version};
use crate::org::pool::Agent;
use crate::org::{Org, PreviewInProgress};
use crate::rejection::{Capped, Rejection};
use crate::time::{Now, Tick};
use crate::view::PoolView;

impl Org {
    pub(super) fn set_reservations(
        &mut self,
        now: Now,
        SetReservations { reservations, if_version }: SetReservations,
        events: &mut Vec<Recorded>,
    ) -> Result<PoolView, Rejection> {
        self.check_version(if_version)?;
        self.check_reservations(&reservations)?;
        let changed: Vec<_> = reservations
            .into_iter()
            .filter(|(agent, wanted)| self.named(agent).reservations() != *wanted)
            .collect();
        if !changed.is_empty() {
            let version = self.counters.version.next();
            let event = SettingsEvent::ReservationsChanged { version, reservations: changed };
            self.record(now, events, event);
            self.dispatch(now, events);
        }
        Ok(self.pool(now))
    }

    /// Begins to work out what a command would lead to, without changing anything. Calls that an earlier command has
    /// left to start are among those that would.
    ///
    /// # Errors
    /// [`Rejection`] says why the command would be refused.
    pub fn preview_reservations(
        &self,
        SetReservations { reservations, if_version }: &SetReservations,
        tick: Tick,
    ) -> Result<PreviewInProgress, Rejection> {
        self.check_version(*if_version)?;
        self.check_reservations(reservations)?;
        Ok(self.begin_preview(reservations, tick))
    }

    fn check_version(&self, if_version: Option<Version>) -> Result<(), Rejection> {
        let current = self.counters.version;
        match if_version.filter(|&given| given != current) {
            Some(given) => Err(Rejection::VersionMismatch { given, current }),
            None => Ok(()),
        }
    }

    fn check_reservations(
        &self,
        reservations: &[(AgentId, PerType<u32>)],
    ) -> Result<(), Rejection> {
        let mut named = hashbrown::HashSet::new();
        // What agents that are not named have, by type.
        let mut others = self.pool.reserved_by_type();
        for (agent, _) in reservations {
            let index = self
                .pool
                .find(agent)
                .ok_or_else(|| Rejection::UnknownAgent { agent: agent.clone() })?;
            if !named.insert(agent) {
                return Err(Rejection::AgentNamedTwice { agent: agent.clone() });
            }
            let before = self.pool.agent(index).reservations();
            for call_type in CallType::ALL {
                others[call_type] -= u64::from(before[call_type]);
            }
        }
        let mut asked = others;
        for (agent, wanted) in reservations {
            let of_agent = sum(PerType(wanted.0.map(u64::from)));
            if let Some(cap) = self.named(agent).cap {
                check_cap(Capped::Agent(agent.clone()), of_agent, 0, cap)?;
            }
            for call_type in CallType::ALL {
                asked[call_type] += u64::from(wanted[call_type]);
            }
        }
        for call_type in CallType::ALL {
            if let Some(cap) = self.pool.type_use(call_type).cap {
                check_cap(Capped::Type(call_type), asked[call_type], others[call_type], cap)?;
            }
        }
        let (asked, limit) = (sum(asked), self.pool.limit());
        if asked > u64::from(limit) {
            let left = u64::from(limit) - sum(others);
            return Err(Rejection::ReservationsExceedLimit { asked, limit, left });
        }
        Ok(())
    }

    fn named(&self, agent: &AgentId) -> &Agent {
        self.pool.agent(self.pool.find(agent).expect("the agents named were checked"))
    }
}

/// Refuses reservations beyond a cap, of which agents that are not named have `others`.
fn check_cap(of: Capped, asked: u64, others: u64, cap: u32) -> Result<(), Rejection> {
    if asked > u64::from(cap) {
        let left = u64::from(cap) - others;
        return Err(Rejection::ReservationsExceedCap { of, asked, cap, left });
    }
    Ok(())
}

fn sum(slots: PerType<u64>) -> u64 {
    slots.0.iter().sum()
}
