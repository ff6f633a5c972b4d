//! The contract of the audit: who changed what, and when. It knows no rules.
//!
//! Changes of the catalogue are kept with their entries, in one transaction. Changes that are in the log are projected from it; an entry
//! of the log is known by its place there, so what is projected twice is kept once.

use std::sync::Arc;

use callslot_core::{
    Actor, ActorKind, AgentId, CallType, Event, Former, GateId, OrgEvent, OrgId, Sequence,
    SettingsEvent, Timestamp,
};

use crate::contract::catalogue::{ApiKey, Catalogue, Plan, Role};
use crate::contract::record::Position;
use crate::contract::seen_time::OldTimes;
use crate::contract::store_error::StoreError;
use crate::contract::webhooks::Webhook;

/// A change, and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// When.
    pub at: Timestamp,
    /// In which organisation; none for what is the operator's: plans, their keys, and that an organisation was deleted.
    pub org: Option<OrgId>,
    /// Who.
    pub actor: Arc<Actor>,
    /// What.
    pub change: AuditedChange,
    /// The number of the public event of the change.
    pub event: Option<Sequence>,
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditedChange {
    /// A change that is in the log: of settings, or of an organisation itself, or that a call was erased.
    Logged {
        /// Whose.
        org: OrgId,
        /// What there was before.
        former: Option<Former>,
        /// What happened.
        event: Event,
    },
    /// A key was created.
    KeyCreated(KeyFacts),
    /// A key got a new secret.
    KeyRotated {
        /// As it was before.
        former: KeyFacts,
        /// As it is now.
        now: KeyFacts,
    },
    /// A key was revoked.
    KeyRevoked(KeyFacts),
    /// A code was made to sign in with a key.
    SignInCode {
        /// The key's id.
        key: String,
    },
    /// A plan was created or replaced.
    PlanPut {
        /// The one before.
        former: Option<Plan>,
        /// As it is now.
        now: Plan,
    },
    /// A plan was removed.
    PlanDeleted(Plan),
    /// A webhook was created.
    WebhookCreated(Box<WebhookFacts>),
    /// A webhook's settings changed, or it was disabled or enabled.
    WebhookChanged {
        /// As it was before.
        former: Box<WebhookFacts>,
        /// As it is now.
        now: Box<WebhookFacts>,
    },
    /// A webhook got a new secret.
    WebhookRotated {
        /// As it was before.
        former: Box<WebhookFacts>,
        /// As it is now.
        now: Box<WebhookFacts>,
    },
    /// A webhook was removed.
    WebhookDeleted(Box<WebhookFacts>),
}

/// What the audit keeps of a webhook: none of its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookFacts {
    /// Its id.
    pub id: String,
    /// Where events are sent.
    pub url: String,
    /// The names of the events that it gets; `*`: all.
    pub events: Vec<String>,
    /// Only these agents; none: all.
    pub agents: Option<Vec<AgentId>>,
    /// Only these types; none: all.
    pub types: Option<Vec<CallType>>,
    /// Only these gates; none: all.
    pub gates: Option<Vec<GateId>>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its 2xx claims a call that is to be claimed.
    pub claims: bool,
    /// Until when the secret before signs too.
    pub old_secret_until: Option<Timestamp>,
    /// Why it gets nothing; none: it does.
    pub disabled: Option<String>,
}

impl From<&Webhook> for WebhookFacts {
    fn from(webhook: &Webhook) -> Self {
        Self {
            id: webhook.id.clone(),
            url: webhook.url.clone(),
            events: webhook.events.clone(),
            agents: webhook.agents.clone(),
            types: webhook.types.clone(),
            gates: webhook.gates.clone(),
            description: webhook.description.clone(),
            claims: webhook.claims,
            old_secret_until: webhook.old_secret.as_ref().map(|(_, until)| *until),
            disabled: webhook.disabled.clone(),
        }
    }
}

/// What the audit keeps of a key: neither its secret nor a hash of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// From when on it grants nothing.
    pub expires_at: Option<Timestamp>,
    /// Until when the secret before works.
    pub old_secret_until: Option<Timestamp>,
}

impl From<&ApiKey> for KeyFacts {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            role: key.role,
            expires_at: key.expires_at,
            old_secret_until: key.old_secret.map(|old| old.until),
        }
    }
}

impl Audited {
    /// The name of what was done.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match &self.change {
            AuditedChange::Logged { former, event, .. } => logged_action(event, former.is_none()),
            AuditedChange::KeyCreated(_) => "key.created",
            AuditedChange::KeyRotated { .. } => "key.rotated",
            AuditedChange::KeyRevoked(_) => "key.revoked",
            AuditedChange::SignInCode { .. } => "sign_in_code.created",
            AuditedChange::PlanPut { former: None, .. } => "plan.created",
            AuditedChange::PlanPut { former: Some(_), .. } => "plan.changed",
            AuditedChange::PlanDeleted(_) => "plan.deleted",
            AuditedChange::WebhookCreated(_) => "webhook.created",
            AuditedChange::WebhookChanged { .. } => "webhook.changed",
            AuditedChange::WebhookRotated { .. } => "webhook.rotated",
            AuditedChange::WebhookDeleted(_) => "webhook.deleted",
        }
    }

    /// What it was done to; none if that is the organisation's limit or reservations.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        match &self.change {
            AuditedChange::Logged { org, event, .. } => logged_object(org, event),
            AuditedChange::KeyCreated(key)
            | AuditedChange::KeyRotated { now: key, .. }
            | AuditedChange::KeyRevoked(key) => Some(&key.id),
            AuditedChange::SignInCode { key } => Some(key),
            AuditedChange::PlanPut { now: plan, .. } | AuditedChange::PlanDeleted(plan) => {
                Some(plan.id.as_str())
            }
            AuditedChange::WebhookCreated(webhook)
            | AuditedChange::WebhookChanged { now: webhook, .. }
            | AuditedChange::WebhookRotated { now: webhook, .. }
            | AuditedChange::WebhookDeleted(webhook) => Some(&webhook.id),
        }
    }
}

fn logged_action(event: &Event, is_new: bool) -> &'static str {
    match event {
        Event::Settings(SettingsEvent::LimitChanged { .. }) => "limit.changed",
        Event::Settings(SettingsEvent::AgentPut { .. }) if is_new => "agent.created",
        Event::Settings(SettingsEvent::AgentPut { .. }) => "agent.changed",
        Event::Settings(SettingsEvent::AgentDeleted { .. }) => "agent.deleted",
        Event::Settings(SettingsEvent::TypeChanged { .. }) => "type.changed",
        Event::Settings(SettingsEvent::GatePut { .. }) if is_new => "gate.created",
        Event::Settings(SettingsEvent::GatePut { .. }) => "gate.changed",
        Event::Settings(SettingsEvent::GateHours { .. }) => "gate.hours",
        Event::Settings(SettingsEvent::GateDeleted { .. }) => "gate.deleted",
        Event::Settings(SettingsEvent::AlertPut { .. }) if is_new => "alert.created",
        Event::Settings(SettingsEvent::AlertPut { .. }) => "alert.changed",
        Event::Settings(SettingsEvent::AlertDeleted { .. }) => "alert.deleted",
        Event::Settings(SettingsEvent::ReservationsChanged { .. }) => "reservations.changed",
        Event::CallErased(_) => "call.erased",
        Event::Org(OrgEvent::Created(_)) => "org.created",
        Event::Org(OrgEvent::Deleted) => "org.deleted",
        Event::Org(
            OrgEvent::Changed(_)
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
        | Event::Sweep(_)
        | Event::ChangedBy(_)
        | Event::Lease(_) => "org.changed",
    }
}

fn logged_object<'a>(org: &'a OrgId, event: &'a Event) -> Option<&'a str> {
    if let Event::CallErased(call) = event {
        return Some(call.as_str());
    }
    let Event::Settings(event) = event else { return Some(org.as_str()) };
    match event {
        SettingsEvent::LimitChanged { .. } | SettingsEvent::ReservationsChanged { .. } => None,
        SettingsEvent::AgentPut { agent, .. } | SettingsEvent::AgentDeleted { agent } => {
            Some(agent.as_str())
        }
        SettingsEvent::TypeChanged { call_type, .. } => Some(CallType::as_str(*call_type)),
        SettingsEvent::GatePut { gate, .. }
        | SettingsEvent::GateHours { gate, .. }
        | SettingsEvent::GateDeleted { gate } => Some(gate.as_str()),
        SettingsEvent::AlertPut { alert, .. } | SettingsEvent::AlertDeleted { alert } => {
            Some(alert.as_str())
        }
    }
}

/// Where in the log of its shard a change is: its record, and which event of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The record.
    pub position: Position,
    /// The event.
    pub place: u32,
}

/// A change of the catalogue.
#[derive(Debug, Clone, Copy)]
pub enum CatalogueChange<'a> {
    /// As [`put_plan`](crate::Catalogue::put_plan).
    PutPlan(&'a Plan),
    /// As [`delete_plan`](crate::Catalogue::delete_plan).
    DeletePlan(&'a Plan),
    /// As [`put_key`](crate::Catalogue::put_key).
    PutKey(&'a ApiKey),
    /// As [`delete_key`](crate::Catalogue::delete_key).
    DeleteKey(&'a str),
    /// As [`put_webhook`](crate::Webhooks::put_webhook).
    PutWebhook(&'a Webhook),
    /// As [`delete_webhook`](crate::Webhooks::delete_webhook).
    DeleteWebhook(&'a str),
    /// Nothing of the catalogue itself.
    Nothing,
}

/// Which entries to read, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this organisation's; none: those of all, and the operator's.
    pub org: Option<OrgId>,
    /// Only with this action.
    pub action: Option<String>,
    /// Only by the actor with this id.
    pub actor: Option<String>,
    /// Not what the server did itself.
    pub is_without_system: bool,
    /// Only of this object.
    pub object: Option<String>,
    /// Only at this time or later.
    pub from: Option<Timestamp>,
    /// Only before this time.
    pub to: Option<Timestamp>,
    /// Only before this number (the cursor).
    pub before: Option<u64>,
}

impl AuditFilter {
    /// Whether an entry matches, apart from the cursor.
    #[must_use]
    pub fn lets_through(&self, entry: &Audited) -> bool {
        self.org.as_ref().is_none_or(|org| entry.org.as_ref() == Some(org))
            && self.action.as_deref().is_none_or(|action| entry.action() == action)
            && self.actor.as_deref().is_none_or(|actor| *entry.actor.id == *actor)
            && !(self.is_without_system && entry.actor.kind == ActorKind::System)
            && self.object.as_deref().is_none_or(|object| entry.object() == Some(object))
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
    }
}

/// Entries, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries, each with its number.
    pub entries: Vec<(u64, Audited)>,
    /// The `before` of the next page; none if this is the last one. A page before the last may be shorter than asked for, or even
    /// empty, since a read examines a bounded number of entries.
    pub next: Option<u64>,
}

/// The audit, beside the catalogue and the settings of webhooks.
pub trait Audit: Catalogue {
    /// Changes the catalogue or a webhook and keeps the entry of the change, in one transaction. Returns whether there was something to change; if not,
    /// no entry is kept.
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError>;

    /// Keeps entries of changes that are in the log of this shard. Those that are kept already are passed over.
    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError>;

    /// Entries, newest first: at most `limit`.
    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError>;

    /// The entry with this number.
    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError>;

    /// Removes the entries of an organisation, a bounded number at a time, and returns how many it removed.
    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError>;

    /// Removes entries of old times, a bounded number at a time, and returns how many it removed.
    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError>;
}
