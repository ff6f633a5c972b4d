//! Who made a change, as the rules say: before each change of settings of a command that says who gives it there is an event that names
//! the actor and what there was before.

use std::collections::BTreeMap;
use std::sync::Arc;

use callslot_core::{
    Actor, AgentId, AlertId, AlertRule, CallType, ChangedBy, Event, Former, GateId, GateSettings,
    OrgEvent, OrgId, OrgSettings, Pace, PerType, Recorded, SettingsEvent, Version,
};

use crate::model::Model;
use crate::model::org::OrgModel;

/// The settings of an organisation before a command.
pub(super) struct Before {
    settings: OrgSettings,
    version: Version,
    agents: Vec<(AgentId, Former, PerType<u32>)>,
    types: PerType<(Option<u32>, Option<Pace>)>,
    gates: Vec<(GateId, GateSettings)>,
    alerts: Vec<(AlertId, AlertRule)>,
}

impl Before {
    fn of(org: &OrgModel) -> Self {
        let agents = org.agents.iter().map(|agent| {
            let pace = agent.bucket.map(|bucket| bucket.pace);
            let former = Former::Agent { name: Arc::clone(&agent.name), cap: agent.cap, pace };
            (agent.id.clone(), former, agent.reserved)
        });
        let types = CallType::ALL.map(|call_type| {
            (org.type_caps[call_type], org.type_buckets[call_type].map(|bucket| bucket.pace))
        });
        Self {
            settings: org.settings.clone(),
            version: org.version,
            agents: agents.collect(),
            types: PerType(types),
            alerts: org.alerts.rules.clone(),
            gates: org.gates.iter().map(|it| (it.id.clone(), it.settings.clone())).collect(),
        }
    }

    fn agent(&self, id: &AgentId) -> Option<Former> {
        let found = self.agents.iter().find(|(of, ..)| of == id);
        found.map(|(_, former, _)| former.clone())
    }

    fn gate(&self, id: &GateId) -> Option<Former> {
        let found = self.gates.iter().find(|(of, _)| of == id);
        found.map(|(_, settings)| Former::Gate(Box::new(settings.clone())))
    }

    fn of_change(&self, change: &SettingsEvent) -> Option<Former> {
        match change {
            SettingsEvent::LimitChanged { .. } => {
                let OrgSettings { plan, plan_limit, limit_override, .. } = self.settings.clone();
                Some(Former::Limit { plan, plan_limit, limit_override })
            }
            SettingsEvent::AgentPut { agent, .. } | SettingsEvent::AgentDeleted { agent } => {
                self.agent(agent)
            }
            SettingsEvent::TypeChanged { call_type, .. } => {
                let (cap, pace) = self.types[*call_type];
                Some(Former::Type { cap, pace })
            }
            SettingsEvent::GatePut { gate, .. } | SettingsEvent::GateDeleted { gate } => {
                self.gate(gate)
            }
            SettingsEvent::AlertPut { alert, .. } | SettingsEvent::AlertDeleted { alert } => {
                let found = self.alerts.iter().find(|(of, _)| of == alert);
                found.map(|(_, rule)| Former::Alert(Box::new(rule.clone())))
            }
            SettingsEvent::GateHours { .. } => None,
            SettingsEvent::ReservationsChanged { reservations, .. } => {
                let before = |id: &AgentId| {
                    let found = self.agents.iter().find(|(of, ..)| of == id);
                    (id.clone(), found.map(|(.., reserved)| *reserved).unwrap_or_default())
                };
                let reservations = reservations.iter().map(|(id, _)| before(id)).collect();
                Some(Former::Reservations { version: self.version, reservations })
            }
        }
    }
}

impl Model {
    /// The settings that there are.
    pub(super) fn before(&self) -> BTreeMap<OrgId, Before> {
        self.orgs.iter().map(|(id, org)| (id.clone(), Before::of(org))).collect()
    }

    /// Has each expected change of settings be preceded by who made it.
    pub(super) fn sign(&mut self, actor: &Arc<Actor>, before: &BTreeMap<OrgId, Before>) {
        for recorded in std::mem::take(&mut self.expected) {
            let known = before.get(&recorded.org);
            let former = match &recorded.event {
                Event::Settings(change) => Some(known.and_then(|known| known.of_change(change))),
                Event::Org(OrgEvent::Changed(_)) => {
                    Some(known.map(|known| Former::Org(Box::new(known.settings.clone()))))
                }
                Event::Org(OrgEvent::Created(_) | OrgEvent::Deleted) | Event::CallErased(_) => {
                    Some(None)
                }
                Event::Call(_)
                | Event::CallClaimed(_)
                | Event::CallAdopted(_)
                | Event::EndsRemembered(..)
                | Event::Sweep(_)
                | Event::Alert(_)
                | Event::ChangedBy(_)
                | Event::Lease(_)
                | Event::Org(_) => None,
            };
            if let Some(former) = former {
                let event = ChangedBy { actor: Arc::clone(actor), former }.into();
                let org = recorded.org.clone();
                self.expected.push(Recorded { org, sequence: None, event });
            }
            self.expected.push(recorded);
        }
    }
}
