//! Converts entries of the audit to JSON types.

use callslot_api as api;
use callslot_api::AuditState;
use callslot_core as core;
use callslot_core::{Event, Former, OrgEvent, SettingsEvent};
use callslot_store::{Audited, AuditedChange, KeyFacts, Plan, WebhookFacts};

use crate::convert::{self, alerts, gates, reservations_of, time};

/// An entry with its number.
pub(crate) fn entry(seq: u64, entry: &Audited) -> api::AuditEntry {
    let (before, after) = states(&entry.change);
    let version = match &after {
        Some(AuditState::Reservations { version, .. }) => Some(*version),
        Some(_) | None => None,
    };
    api::AuditEntry {
        seq,
        at: time(entry.at),
        org: entry.org.as_ref().map(ToString::to_string),
        actor: actor(&entry.actor),
        action: api::AuditAction::parse(entry.action()).expect("every action has a name in JSON"),
        object: entry.object().map(ToOwned::to_owned),
        before,
        after,
        version,
        event: entry.event.map(|event| event.0),
    }
}

/// Who made a change.
pub(crate) fn actor(actor: &core::Actor) -> api::Actor {
    let kind = match actor.kind {
        core::ActorKind::Key => api::ActorKind::Key,
        core::ActorKind::Session => api::ActorKind::Session,
        core::ActorKind::System => api::ActorKind::System,
    };
    api::Actor { kind, id: actor.id.to_string(), name: actor.name.to_string() }
}

fn states(change: &AuditedChange) -> (Option<AuditState>, Option<AuditState>) {
    match change {
        AuditedChange::Logged { former, event, .. } => (former.as_ref().map(before), logged(event)),
        AuditedChange::KeyCreated(now) => (None, Some(key(now))),
        AuditedChange::KeyRotated { former, now } => (Some(key(former)), Some(key(now))),
        AuditedChange::KeyRevoked(former) => (Some(key(former)), None),
        AuditedChange::SignInCode { .. } => (None, None),
        AuditedChange::PlanPut { former, now } => (former.as_ref().map(plan), Some(plan(now))),
        AuditedChange::PlanDeleted(former) => (Some(plan(former)), None),
        AuditedChange::WebhookCreated(now) => (None, Some(webhook(now))),
        AuditedChange::WebhookChanged { former, now }
        | AuditedChange::WebhookRotated { former, now } => {
            (Some(webhook(former)), Some(webhook(now)))
        }
        AuditedChange::WebhookDeleted(former) => (Some(webhook(former)), None),
    }
}

fn before(former: &Former) -> AuditState {
    match former {
        Former::Limit { plan, plan_limit, limit_override } => {
            limit(plan, *plan_limit, *limit_override)
        }
        Former::Agent { name, cap, pace } => agent(name, *cap, *pace),
        Former::Type { cap, pace } => of_type(*cap, *pace),
        Former::Gate(settings) => AuditState::Gate { settings: gates::settings(settings) },
        Former::Alert(rule) => AuditState::Alert { rule: alerts::rule(rule, None) },
        Former::Reservations { version, reservations } => AuditState::Reservations {
            version: version.0,
            reservations: reservations_of(reservations),
        },
        Former::Org(settings) => org(settings),
    }
}

fn logged(event: &Event) -> Option<AuditState> {
    match event {
        Event::Settings(event) => settings(event),
        Event::Org(OrgEvent::Created(settings) | OrgEvent::Changed(settings)) => {
            Some(org(settings))
        }
        Event::Org(
            OrgEvent::Deleted
            | OrgEvent::CountersRestored(_)
            | OrgEvent::WaitsRestored(_)
            | OrgEvent::AgentWaitsRestored(..)
            | OrgEvent::StartRestored(..)
            | OrgEvent::RequestsRestored(_)
            | OrgEvent::PaceRestored(..)
            | OrgEvent::GateRestored(..),
        )
        | Event::Call(_)
        | Event::Alert(_)
        | Event::CallClaimed(_)
        | Event::CallAdopted(_)
        | Event::EndsRemembered(..)
        | Event::CallErased(_)
        | Event::Sweep(_)
        | Event::ChangedBy(_)
        | Event::Lease(_) => None,
    }
}

fn settings(event: &SettingsEvent) -> Option<AuditState> {
    match event {
        SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
            Some(limit(plan, *plan_limit, *limit_override))
        }
        SettingsEvent::AgentPut { name, cap, pace, .. } => Some(agent(name, *cap, *pace)),
        SettingsEvent::TypeChanged { cap, pace, .. } => Some(of_type(*cap, *pace)),
        SettingsEvent::GatePut { settings, .. } => {
            Some(AuditState::Gate { settings: gates::settings(settings) })
        }
        SettingsEvent::AlertPut { rule, .. } => {
            Some(AuditState::Alert { rule: alerts::rule(rule, None) })
        }
        SettingsEvent::GateHours { is_within_hours, .. } => {
            Some(AuditState::Hours { within_hours: *is_within_hours })
        }
        SettingsEvent::ReservationsChanged { version, reservations } => {
            Some(AuditState::Reservations {
                version: version.0,
                reservations: reservations_of(reservations),
            })
        }
        SettingsEvent::AgentDeleted { .. }
        | SettingsEvent::GateDeleted { .. }
        | SettingsEvent::AlertDeleted { .. } => None,
    }
}

fn limit(plan: &core::PlanId, plan_limit: u32, limit_override: Option<u32>) -> AuditState {
    let limit = limit_override.unwrap_or(plan_limit);
    AuditState::Limit { plan: plan.to_string(), limit, limit_override }
}

fn agent(name: &str, cap: Option<u32>, pace: Option<core::Pace>) -> AuditState {
    AuditState::Agent { name: name.to_owned(), cap, pace: pace.map(gates::pace) }
}

fn of_type(cap: Option<u32>, pace: Option<core::Pace>) -> AuditState {
    AuditState::Type { cap, pace: pace.map(gates::pace) }
}

fn org(settings: &core::OrgSettings) -> AuditState {
    AuditState::Org {
        name: settings.name.to_string(),
        plan: settings.plan.to_string(),
        max_call_duration_s: settings.max_call_duration_ms / 1000,
        max_wait_s: convert::max_waits(settings),
        max_queued: settings.max_queued,
    }
}

fn key(key: &KeyFacts) -> AuditState {
    AuditState::Key {
        name: key.name.clone(),
        role: convert::role(key.role),
        expires_at: key.expires_at.map(time),
        old_secret_until: key.old_secret_until.map(time),
    }
}

fn plan(plan: &Plan) -> AuditState {
    AuditState::Plan { name: plan.name.clone(), limit: plan.limit }
}

fn webhook(webhook: &WebhookFacts) -> AuditState {
    AuditState::Webhook {
        url: webhook.url.clone(),
        events: webhook.events.clone(),
        agents: webhook.agents.as_deref().map(texts),
        types: webhook
            .types
            .as_ref()
            .map(|of| of.iter().map(|it| convert::call_type(*it)).collect()),
        gates: webhook.gates.as_deref().map(texts),
        description: webhook.description.clone(),
        claims: webhook.claims,
        old_secret_until: webhook.old_secret_until.map(time),
        disabled_because: webhook.disabled.clone(),
    }
}

fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
