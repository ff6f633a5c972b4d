//! An organisation as the shortest list of events that leads to it.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::event::{Event, Recorded};
use crate::org::Org;
use crate::org::index::KnownCall;
use crate::org::pool::Agent;
use crate::time::Tick;

impl Org {
    /// Adds the events. They stand in an order that always leads to the same structures: ended calls by their end, live
    /// ones by ticket.
    pub(crate) fn snapshot(&self, tick: Tick, events: &mut Vec<Recorded>) {
        let mut add = |event| events.push(Recorded { org: self.id.clone(), sequence: None, event });
        add(Event::OrgCreated(Box::new(self.settings.clone())));

        let mut agents: Vec<&Agent> = self.pool.agents().collect();
        agents.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        for agent in &agents {
            let (id, name) = (agent.id.clone(), Arc::clone(&agent.name));
            add(Event::AgentPut { agent: id, name, cap: agent.cap });
        }
        let reservations = agents
            .iter()
            .filter(|agent| agent.reserved() > 0)
            .map(|agent| (agent.id.clone(), agent.reservations()))
            .collect();
        add(Event::ReservationsChanged { version: self.counters.version, reservations });

        let mut leases: Vec<_> = self.leases.iter().map(|(_, lease)| lease).collect();
        leases.sort_unstable_by_key(|lease| lease.number);
        for lease in leases {
            add(Event::LeaseOpened { lease: lease.id.clone(), ttl_ms: lease.ttl_ms });
        }

        for ended in self.calls.remembered_at(tick) {
            add(Event::CallEnded(self.call_of(KnownCall::Ended(ended))));
        }
        let mut live: Vec<_> =
            self.calls.iter().map(|(index, entry)| (entry.ticket, index)).collect();
        live.sort_unstable();
        for (_, index) in live {
            let call = self.call_of(KnownCall::Live(index));
            add(if call.is_queued() { Event::CallQueued(call) } else { Event::CallStarted(call) });
        }
        add(Event::CountersRestored(Box::new(self.counters.clone())));
    }
}
