//! An organisation as the shortest list of events that leads to it.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use crate::call::{Active, Call, CallType, LiveState};
use crate::event::{
    AlertEvent, CallEvent, Claim, Event, LeaseEvent, OrgEvent, PaceOf, Recorded, SettingsEvent,
    SweepEvent,
};
use crate::org::Org;
use crate::org::index::CallIndex;
use crate::org::pacer::Pacer;
use crate::org::pages::{Begun, Paging};
use crate::org::pool::Agent;
use crate::time::Tick;
use crate::wait_estimate::ClassFigures;

impl Org {
    /// Adds the events. Their order always leads to the same structures: ended calls by their end, live ones by
    /// ticket.
    pub(crate) fn snapshot(&self, tick: Tick, events: &mut Vec<Recorded>) {
        let mut add = |event| events.push(Recorded { org: self.id.clone(), sequence: None, event });
        add(OrgEvent::Created(Box::new(self.settings.clone())).into());

        let agents: Vec<&Agent> = self.pool.agents().collect();
        for agent in &agents {
            let (id, name) = (agent.id.clone(), Arc::clone(&agent.name));
            let (cap, pace) = (agent.cap, agent.pace());
            add(SettingsEvent::AgentPut { agent: id, name, cap, pace }.into());
        }
        for call_type in CallType::ALL {
            let of_type = self.pool.type_use(call_type);
            let (cap, pace) = (of_type.cap, of_type.pace());
            if cap.is_some() || pace.is_some() {
                add(SettingsEvent::TypeChanged { call_type, cap, pace }.into());
            }
        }
        for (_, gate) in self.pool.gates.iter() {
            let (id, settings) = (gate.id.clone(), gate.settings.clone().into());
            let is_within_hours = gate.is_within_hours;
            add(SettingsEvent::GatePut { gate: id, settings, is_within_hours }.into());
        }
        self.snapshot_alerts(&mut add);
        let reservations = agents
            .iter()
            .filter(|agent| agent.usage.reserved > 0)
            .map(|agent| (agent.id.clone(), agent.reservations()))
            .collect();
        let version = self.counters.version;
        add(SettingsEvent::ReservationsChanged { version, reservations }.into());

        let mut leases: Vec<_> = self.leases.iter().map(|(_, lease)| lease).collect();
        leases.sort_unstable_by_key(|lease| lease.number);
        for lease in &leases {
            let (id, ttl_ms, key) = (lease.id.clone(), lease.ttl_ms, lease.key.clone());
            add(LeaseEvent::Opened { lease: id.clone(), ttl_ms, key }.into());
            match lease.paging {
                Paging::Begun(Begun { first, is_in_doubt }) => {
                    add(LeaseEvent::PagesBegun { lease: id, first, is_in_doubt }.into());
                }
                Paging::Decided { last, until } if until > tick => {
                    add(LeaseEvent::PagesDecided { lease: id, last, until }.into());
                }
                Paging::Lost { last, first } => {
                    add(LeaseEvent::PagesLost { lease: id, last, first }.into());
                }
                Paging::Decided { .. } | Paging::None => {}
            }
        }

        for (call, until) in self.early_ends.remembered_at(tick) {
            add(Event::EndsRemembered(vec![call.clone()], until));
        }
        for ended in self.calls.remembered_at(tick) {
            add(CallEvent::Ended(self.calls.ended(ended)).into());
        }
        let live = self.live_by_ticket();
        for &index in &live {
            let request = self.request(index);
            let event = match self.calls[index].state {
                LiveState::Queued(state) => CallEvent::Queued(Call { request, state }).into(),
                LiveState::Active(state) => {
                    let (call, claimant) = (Call { request, state }, self.calls[index].claimant());
                    match claimant.cloned() {
                        None => CallEvent::Started(call).into(),
                        claimant => Claim { call, claimant }.into(),
                    }
                }
            };
            add(event);
            // Those that were queued say so themselves.
            if matches!(self.calls[index].state, LiveState::Active(Active { dispatched: None, .. }))
            {
                let (call, started) = (self.calls[index].id.clone(), self.calls[index].started);
                add(OrgEvent::StartRestored(call, started).into());
            }
        }
        if !live.is_empty() {
            let requested = live.iter().map(|index| self.calls[*index].requested).collect();
            add(OrgEvent::RequestsRestored(requested).into());
        }
        // A lease that has ended vouched for those of its calls that are still to end.
        for lease in leases.iter().filter(|lease| lease.has_ended) {
            add(LeaseEvent::Ended { lease: lease.id.clone() }.into());
        }
        for sweep in self.sweeps.iter() {
            add(SweepEvent::Begun(Box::new(sweep.clone())).into());
        }
        for agent in agents {
            let figures = agent.class_figures(tick);
            if figures.0.iter().any(ClassFigures::is_told) {
                add(OrgEvent::AgentWaitsRestored(agent.id.clone(), figures).into());
            }
        }
        for (_, gate) in self.pool.gates.iter() {
            add(OrgEvent::GateRestored(gate.id.clone(), gate.figures(tick)).into());
        }
        // The calls above have used the paces once more.
        for (of, pacer) in self.pacers() {
            add(OrgEvent::PaceRestored(of, pacer.due_at(tick)).into());
        }
        add(OrgEvent::WaitsRestored(Box::new(self.pool.wait_figures(tick))).into());
        add(OrgEvent::CountersRestored(Box::new(self.counters.clone())).into());
    }

    /// The live calls, by ticket.
    pub(super) fn live_by_ticket(&self) -> Vec<CallIndex> {
        let mut live: Vec<_> =
            self.calls.iter().map(|(index, entry)| (entry.ticket, index)).collect();
        live.sort_unstable();
        live.into_iter().map(|(_, index)| index).collect()
    }

    /// A closing takes its alert out of those that are open, so these come last.
    fn snapshot_alerts(&self, mut add: impl FnMut(Event)) {
        for (alert, rule) in self.alerts.rules() {
            let (alert, rule) = (alert.clone(), Box::new(rule.clone()));
            add(SettingsEvent::AlertPut { alert, rule }.into());
        }
        for closing in self.alerts.past() {
            add(AlertEvent::Closed(Box::new(closing.clone())).into());
        }
        for opening in self.alerts.open() {
            add(AlertEvent::Opened(Box::new(opening.clone())).into());
        }
    }

    /// All paces, and whose they are.
    fn pacers(&self) -> impl Iterator<Item = (PaceOf, Pacer)> {
        let agents = self.pool.agents().map(|agent| (PaceOf::Agent(agent.id.clone()), agent.paced));
        let types = CallType::ALL.into_iter();
        let types = types.map(|of| (PaceOf::Type(of), self.pool.type_use(of).paced));
        let gates = self.pool.gates.iter();
        let gates = gates.map(|(_, gate)| (PaceOf::Gate(gate.id.clone()), gate.paced));
        let paces = agents.chain(types).chain(gates);
        paces.filter_map(|(of, paced)| Some((of, paced?.pacer)))
    }
}
