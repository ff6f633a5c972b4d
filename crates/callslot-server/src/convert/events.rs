//! Converts events, as streams and webhooks say them.

use callslot_api as api;
use callslot_core as core;
use callslot_node::FedEvent;

use crate::convert::{self, alerts, call_type, gates, reservations_of, time};

/// The names of all events.
pub(crate) const EVENT_NAMES: [&str; 11] = [
    "call.queued",
    "call.started",
    "call.ended",
    "reservations.changed",
    "limit.changed",
    "agent.changed",
    "type.changed",
    "gate.changed",
    "alert.changed",
    "alert.opened",
    "alert.closed",
];

/// An event's name.
pub(crate) fn event_name(fed: &FedEvent) -> &'static str {
    match &fed.event {
        core::PublicEvent::Call(core::CallEvent::Queued(_)) => "call.queued",
        core::PublicEvent::Call(core::CallEvent::Started(_)) => "call.started",
        core::PublicEvent::Call(core::CallEvent::Ended(_) | core::CallEvent::EndedAtOnce(_)) => {
            "call.ended"
        }
        core::PublicEvent::Settings(change) => settings_change(fed.sequence, fed.at, change).kind(),
        core::PublicEvent::Alert(core::AlertEvent::Opened(_)) => "alert.opened",
        core::PublicEvent::Alert(core::AlertEvent::Closed(_)) => "alert.closed",
    }
}

/// An event's data.
pub(crate) fn event_data(fed: &FedEvent) -> String {
    match &fed.event {
        core::PublicEvent::Call(event) => {
            let call = convert::call(&event.call());
            json(&api::CallChanged { seq: fed.sequence.0, at: time(fed.at), call })
        }
        core::PublicEvent::Settings(change) => {
            match &settings_change(fed.sequence, fed.at, change) {
                api::SettingsChange::Reservations(changed) => json(changed),
                api::SettingsChange::Limit(changed) => json(changed),
                api::SettingsChange::Agent(changed) => json(changed),
                api::SettingsChange::Type(changed) => json(changed),
                api::SettingsChange::Gate(changed) => json(changed),
                api::SettingsChange::Alert(changed) => json(changed),
            }
        }
        core::PublicEvent::Alert(event) => {
            let of = (fed.sequence.0, time(fed.at));
            match event {
                core::AlertEvent::Opened(opening) => json(&alerts::opened(of, opening)),
                core::AlertEvent::Closed(closing) => json(&alerts::closed(of, closing)),
            }
        }
    }
}

/// A change of settings.
pub(crate) fn settings_change(
    sequence: core::Sequence,
    at: core::Timestamp,
    change: &core::SettingsEvent,
) -> api::SettingsChange {
    let (seq, at) = (sequence.0, time(at));
    match change {
        core::SettingsEvent::ReservationsChanged { version, reservations } => {
            let (version, reservations) = (version.0, reservations_of(reservations));
            api::SettingsChange::Reservations(api::ReservationsChanged {
                seq,
                at,
                version,
                reservations,
            })
        }
        core::SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
            api::SettingsChange::Limit(api::LimitChanged {
                seq,
                at,
                plan: plan.to_string(),
                limit: limit_override.unwrap_or(*plan_limit),
                limit_override: *limit_override,
            })
        }
        core::SettingsEvent::AgentPut { agent, name, cap, pace } => {
            let put = api::Agent {
                id: agent.to_string(),
                name: name.to_string(),
                cap: *cap,
                pace: pace.map(gates::pace),
            };
            let id = agent.to_string();
            api::SettingsChange::Agent(api::AgentChanged { seq, at, id, agent: Some(put) })
        }
        core::SettingsEvent::TypeChanged { call_type: of, cap, pace } => {
            let (call_type, cap, pace) = (call_type(*of), *cap, pace.map(gates::pace));
            api::SettingsChange::Type(api::TypeChanged { seq, at, call_type, cap, pace })
        }
        core::SettingsEvent::AgentDeleted { agent } => {
            let id = agent.to_string();
            api::SettingsChange::Agent(api::AgentChanged { seq, at, id, agent: None })
        }
        core::SettingsEvent::GatePut { gate, settings, is_within_hours } => {
            let settings = Some(Some(gates::settings(settings)));
            gates::changed((seq, at), gate, settings, Some(*is_within_hours))
        }
        core::SettingsEvent::GateHours { gate, is_within_hours } => {
            gates::changed((seq, at), gate, None, Some(*is_within_hours))
        }
        core::SettingsEvent::GateDeleted { gate } => {
            gates::changed((seq, at), gate, Some(None), None)
        }
        core::SettingsEvent::AlertPut { alert, rule } => {
            alerts::changed((seq, at), alert, Some(rule))
        }
        core::SettingsEvent::AlertDeleted { alert } => alerts::changed((seq, at), alert, None),
    }
}

/// The agent an event is about; `None` if it is about the whole organisation.
pub(crate) fn agent_of(event: &core::PublicEvent) -> Option<&core::AgentId> {
    match event {
        core::PublicEvent::Call(event) => Some(&event.request().agent),
        core::PublicEvent::Settings(
            core::SettingsEvent::AgentPut { agent, .. }
            | core::SettingsEvent::AgentDeleted { agent },
        ) => Some(agent),
        core::PublicEvent::Alert(event) => alerts::rule_of_event(event).agent.as_ref(),
        core::PublicEvent::Settings(
            core::SettingsEvent::ReservationsChanged { .. }
            | core::SettingsEvent::LimitChanged { .. }
            | core::SettingsEvent::TypeChanged { .. }
            | core::SettingsEvent::GatePut { .. }
            | core::SettingsEvent::GateHours { .. }
            | core::SettingsEvent::GateDeleted { .. }
            | core::SettingsEvent::AlertPut { .. }
            | core::SettingsEvent::AlertDeleted { .. },
        ) => None,
    }
}

/// The gates that an event is about: those that a call passes, or the one that was changed.
pub(crate) fn gates_of(event: &core::PublicEvent) -> Option<&[core::GateId]> {
    match event {
        core::PublicEvent::Call(event) => Some(event.request().gates.ids()),
        core::PublicEvent::Settings(
            core::SettingsEvent::GatePut { gate, .. }
            | core::SettingsEvent::GateHours { gate, .. }
            | core::SettingsEvent::GateDeleted { gate },
        ) => Some(std::slice::from_ref(gate)),
        core::PublicEvent::Alert(event) => {
            alerts::rule_of_event(event).gate.as_ref().map(std::slice::from_ref)
        }
        core::PublicEvent::Settings(
            core::SettingsEvent::ReservationsChanged { .. }
            | core::SettingsEvent::LimitChanged { .. }
            | core::SettingsEvent::TypeChanged { .. }
            | core::SettingsEvent::AgentPut { .. }
            | core::SettingsEvent::AgentDeleted { .. }
            | core::SettingsEvent::AlertPut { .. }
            | core::SettingsEvent::AlertDeleted { .. },
        ) => None,
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("our own types serialise")
}
