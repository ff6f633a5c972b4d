//! Commands that say who gives them. What they lead to is what they would without; before each change of settings, and each call that is erased,
//! there is an event that says who did it.

use alloc::vec;
use alloc::vec::Vec;

use crate::actor::Former;
use crate::command::{
    By, DeleteAgent, DeleteAlert, DeleteGate, EraseCall, OrgCommand, PutAgent, PutAlert, PutGate,
    SetReservations, SetType,
};
use crate::decide::AskOrg;
use crate::event::Recorded;
use crate::id::{AgentId, AlertId, GateId};
use crate::org::Org;
use crate::rejection::Rejection;
use crate::settings::OrgChange;
use crate::signature::sign;
use crate::time::Now;

/// A command that changes settings, or erases what is kept.
pub trait ChangesSettings {
    /// The settings that it may change, as they are before it.
    fn formers(&self, org: &Org) -> Vec<Former>;
}

impl<C: AskOrg + ChangesSettings> AskOrg for By<C> {
    type Reply = C::Reply;

    fn decide(
        self,
        org: &mut Org,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<C::Reply, Rejection> {
        let (formers, first) = (self.command.formers(org), events.len());
        let reply = self.command.decide(org, now, events)?;
        sign(events, first, &self.actor, &formers);
        Ok(reply)
    }
}

impl ChangesSettings for PutAgent {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_agent(org, &self.agent)
    }
}

impl ChangesSettings for DeleteAgent {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_agent(org, &self.agent)
    }
}

impl ChangesSettings for SetReservations {
    fn formers(&self, org: &Org) -> Vec<Former> {
        let known = |agent: &AgentId| {
            let index = org.pool.find(agent)?;
            Some((agent.clone(), org.pool.agent(index).reservations()))
        };
        let reservations = self.reservations.iter().filter_map(|(agent, _)| known(agent)).collect();
        vec![Former::Reservations { version: org.counters.version, reservations }]
    }
}

impl ChangesSettings for SetType {
    fn formers(&self, org: &Org) -> Vec<Former> {
        let known = org.pool.type_use(self.call_type);
        vec![Former::Type { cap: known.cap, pace: known.pace() }]
    }
}

impl ChangesSettings for PutGate {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_gate(org, &self.gate)
    }
}

impl ChangesSettings for DeleteGate {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_gate(org, &self.gate)
    }
}

impl ChangesSettings for PutAlert {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_alert(org, &self.alert)
    }
}

impl ChangesSettings for DeleteAlert {
    fn formers(&self, org: &Org) -> Vec<Former> {
        former_alert(org, &self.alert)
    }
}

impl ChangesSettings for EraseCall {
    /// None: what is erased is kept nowhere.
    fn formers(&self, _: &Org) -> Vec<Former> {
        Vec::new()
    }
}

impl ChangesSettings for OrgChange {
    fn formers(&self, org: &Org) -> Vec<Former> {
        vec![Former::limit(&org.settings), Former::Org(org.settings.clone().into())]
    }
}

impl ChangesSettings for OrgCommand {
    fn formers(&self, org: &Org) -> Vec<Former> {
        match self {
            Self::PutAgent(command) => command.formers(org),
            Self::DeleteAgent(command) => command.formers(org),
            Self::SetReservations(command) => command.formers(org),
            Self::SetType(command) => command.formers(org),
            Self::PutGate(command) => command.formers(org),
            Self::DeleteGate(command) => command.formers(org),
            Self::PutAlert(command) => command.formers(org),
            Self::DeleteAlert(command) => command.formers(org),
            Self::ChangeOrg(command) => command.formers(org),
            Self::CreateOrg(_)
            | Self::DeleteOrg
            | Self::SetWithinHours(_)
            | Self::SetAlertState(_)
            | Self::StartCall(_)
            | Self::ClaimCall(_)
            | Self::DeclineCall(_)
            | Self::EndCall(_)
            | Self::EndCalls(_)
            | Self::EraseCall(_)
            | Self::HangUp(_)
            | Self::OpenLease(_)
            | Self::RenewLease(_)
            | Self::ReconcileLease(_)
            | Self::AdoptCall(_)
            | Self::EndLease(_) => Vec::new(),
        }
    }
}

fn former_agent(org: &Org, agent: &AgentId) -> Vec<Former> {
    let known = org.pool.find(agent).map(|index| org.pool.agent(index));
    let former = known.map(|known| Former::Agent {
        name: known.name.clone(),
        cap: known.cap,
        pace: known.pace(),
    });
    former.into_iter().collect()
}

fn former_gate(org: &Org, gate: &GateId) -> Vec<Former> {
    let known = org.pool.gates.find(gate).map(|index| org.pool.gates.gate(index));
    known.map(|known| Former::Gate(known.settings.clone().into())).into_iter().collect()
}

fn former_alert(org: &Org, alert: &AlertId) -> Vec<Former> {
    let known = org.alerts.rule(alert);
    known.map(|rule| Former::Alert(rule.clone().into())).into_iter().collect()
}
