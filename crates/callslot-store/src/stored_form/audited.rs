//! The stored form of an entry of the audit. Belongs to `stored_form.rs`, which says how stored forms may change; this one has versions of
//! its own. A change that is in the log is kept as a record of it.

use std::sync::Arc;

use callslot_core::{
    AgentId, CallType, ChangedBy, Event, GateId, Now, OrgId, PlanId, Recorded, Sequence, Tick,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::contract::audit::{Audited, AuditedChange, KeyFacts, WebhookFacts};
use crate::contract::catalogue::{Plan, Role};
use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::changed_by::StoredActor;
use crate::stored_form::version_and_checksum::{Unreadable, opened, sealed};
use crate::stored_form::{encode, read};

/// The newest version, which is the one written. Version 2 has webhooks.
const VERSION: u8 = 2;
const PLACE: &str = "an entry of the audit";

#[derive(Serialize, Deserialize)]
struct StoredAudited<'a> {
    at: u64,
    org: Option<&'a str>,
    event: Option<u64>,
    #[serde(borrow)]
    actor: StoredActor<'a>,
    #[serde(borrow)]
    change: StoredChange<'a>,
}

/// Known by their places, so a new one comes last.
#[derive(Serialize, Deserialize)]
enum StoredChange<'a> {
    /// A record of it.
    Logged(Vec<u8>),
    KeyCreated(#[serde(borrow)] StoredKey<'a>),
    KeyRotated(#[serde(borrow)] StoredKey<'a>, #[serde(borrow)] StoredKey<'a>),
    KeyRevoked(#[serde(borrow)] StoredKey<'a>),
    SignInCode {
        key: &'a str,
    },
    PlanPut {
        #[serde(borrow)]
        former: Option<StoredPlan<'a>>,
        #[serde(borrow)]
        now: StoredPlan<'a>,
    },
    PlanDeleted(#[serde(borrow)] StoredPlan<'a>),
    WebhookCreated(#[serde(borrow)] StoredWebhook<'a>),
    WebhookChanged(#[serde(borrow)] StoredWebhook<'a>, #[serde(borrow)] StoredWebhook<'a>),
    WebhookRotated(#[serde(borrow)] StoredWebhook<'a>, #[serde(borrow)] StoredWebhook<'a>),
    WebhookDeleted(#[serde(borrow)] StoredWebhook<'a>),
}

#[derive(Serialize, Deserialize)]
struct StoredWebhook<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(borrow)]
    events: Vec<&'a str>,
    #[serde(borrow)]
    agents: Option<Vec<&'a str>>,
    #[serde(borrow)]
    types: Option<Vec<&'a str>>,
    #[serde(borrow)]
    gates: Option<Vec<&'a str>>,
    description: Option<&'a str>,
    claims: bool,
    old_secret_until: Option<u64>,
    disabled: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct StoredKey<'a> {
    id: &'a str,
    name: &'a str,
    role: StoredRole,
    expires_at: Option<u64>,
    old_secret_until: Option<u64>,
}

#[derive(Serialize, Deserialize)]
enum StoredRole {
    Viewer,
    Engine,
    Admin,
    Operator,
}

#[derive(Serialize, Deserialize)]
struct StoredPlan<'a> {
    id: &'a str,
    name: &'a str,
    limit: u32,
}

/// The stored form of an entry of the audit.
#[must_use]
pub fn encode_audited(entry: &Audited) -> Vec<u8> {
    let change = match &entry.change {
        AuditedChange::Logged { org, former, event } => {
            let by = ChangedBy { actor: Arc::clone(&entry.actor), former: former.clone() };
            let of = |event| Recorded { org: org.clone(), sequence: None, event };
            let now = Now { at: entry.at, tick: Tick(0) };
            let events = vec![of(by.into()), of(event.clone())];
            StoredChange::Logged(encode(&Record { now, events }))
        }
        AuditedChange::KeyCreated(key) => StoredChange::KeyCreated(key.into()),
        AuditedChange::KeyRotated { former, now } => {
            StoredChange::KeyRotated(former.into(), now.into())
        }
        AuditedChange::KeyRevoked(key) => StoredChange::KeyRevoked(key.into()),
        AuditedChange::SignInCode { key } => StoredChange::SignInCode { key },
        AuditedChange::PlanPut { former, now } => {
            StoredChange::PlanPut { former: former.as_ref().map(Into::into), now: now.into() }
        }
        AuditedChange::PlanDeleted(plan) => StoredChange::PlanDeleted(plan.into()),
        AuditedChange::WebhookCreated(webhook) => StoredChange::WebhookCreated(of_webhook(webhook)),
        AuditedChange::WebhookChanged { former, now } => {
            StoredChange::WebhookChanged(of_webhook(former), of_webhook(now))
        }
        AuditedChange::WebhookRotated { former, now } => {
            StoredChange::WebhookRotated(of_webhook(former), of_webhook(now))
        }
        AuditedChange::WebhookDeleted(webhook) => StoredChange::WebhookDeleted(of_webhook(webhook)),
    };
    let stored = StoredAudited {
        at: entry.at.0,
        org: entry.org.as_ref().map(OrgId::as_str),
        event: entry.event.map(|event| event.0),
        actor: StoredActor::from_core(&entry.actor),
        change,
    };
    sealed(VERSION, &stored)
}

/// Reads a stored entry of the audit.
///
/// # Errors
/// [`StoreError::Damaged`] when the bytes are not what was written; [`StoreError::TooNew`] when a newer version wrote them.
pub fn decode_audited(bytes: &[u8]) -> Result<Audited, StoreError> {
    opened(VERSION, bytes)
        .and_then(StoredAudited::into_entry)
        .map_err(|unreadable| unreadable.into_error(PLACE, VERSION))
}

impl StoredAudited<'_> {
    fn into_entry(self) -> Result<Audited, Unreadable> {
        let change = match self.change {
            StoredChange::Logged(record) => logged(&record)?,
            StoredChange::KeyCreated(key) => AuditedChange::KeyCreated(key.into_facts()),
            StoredChange::KeyRotated(former, now) => {
                AuditedChange::KeyRotated { former: former.into_facts(), now: now.into_facts() }
            }
            StoredChange::KeyRevoked(key) => AuditedChange::KeyRevoked(key.into_facts()),
            StoredChange::SignInCode { key } => AuditedChange::SignInCode { key: key.into() },
            StoredChange::PlanPut { former, now } => AuditedChange::PlanPut {
                former: former.map(StoredPlan::into_plan).transpose()?,
                now: now.into_plan()?,
            },
            StoredChange::PlanDeleted(plan) => AuditedChange::PlanDeleted(plan.into_plan()?),
            StoredChange::WebhookCreated(webhook) => {
                AuditedChange::WebhookCreated(webhook.into_facts()?)
            }
            StoredChange::WebhookChanged(former, now) => {
                let (former, now) = (former.into_facts()?, now.into_facts()?);
                AuditedChange::WebhookChanged { former, now }
            }
            StoredChange::WebhookRotated(former, now) => {
                let (former, now) = (former.into_facts()?, now.into_facts()?);
                AuditedChange::WebhookRotated { former, now }
            }
            StoredChange::WebhookDeleted(webhook) => {
                AuditedChange::WebhookDeleted(webhook.into_facts()?)
            }
        };
        Ok(Audited {
            at: Timestamp(self.at),
            org: self.org.map(OrgId::kept).transpose()?,
            actor: self.actor.into_core(),
            change,
            event: self.event.map(Sequence),
        })
    }
}

fn logged(record: &[u8]) -> Result<AuditedChange, Unreadable> {
    let events = read(record)?.events;
    let Ok([Recorded { event: Event::ChangedBy(by), .. }, Recorded { org, event, .. }]) =
        <[Recorded; 2]>::try_from(events)
    else {
        return Err(Unreadable::Damaged("it is no change"));
    };
    Ok(AuditedChange::Logged { org, former: by.former, event })
}

impl<'a> From<&'a KeyFacts> for StoredKey<'a> {
    fn from(key: &'a KeyFacts) -> Self {
        let role = match key.role {
            Role::Viewer => StoredRole::Viewer,
            Role::Engine => StoredRole::Engine,
            Role::Admin => StoredRole::Admin,
            Role::Operator => StoredRole::Operator,
        };
        let (expires_at, old_secret_until) =
            (key.expires_at.map(|at| at.0), key.old_secret_until.map(|at| at.0));
        Self { id: &key.id, name: &key.name, role, expires_at, old_secret_until }
    }
}

impl StoredKey<'_> {
    fn into_facts(self) -> KeyFacts {
        let role = match self.role {
            StoredRole::Viewer => Role::Viewer,
            StoredRole::Engine => Role::Engine,
            StoredRole::Admin => Role::Admin,
            StoredRole::Operator => Role::Operator,
        };
        KeyFacts {
            id: self.id.into(),
            name: self.name.into(),
            role,
            expires_at: self.expires_at.map(Timestamp),
            old_secret_until: self.old_secret_until.map(Timestamp),
        }
    }
}

impl<'a> From<&'a Plan> for StoredPlan<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self { id: plan.id.as_str(), name: &plan.name, limit: plan.limit }
    }
}

impl StoredPlan<'_> {
    fn into_plan(self) -> Result<Plan, Unreadable> {
        Ok(Plan { id: PlanId::kept(self.id)?, name: self.name.into(), limit: self.limit })
    }
}

fn of_webhook(webhook: &WebhookFacts) -> StoredWebhook<'_> {
    let agents = webhook.agents.as_ref();
    let types = webhook.types.as_ref();
    let gates = webhook.gates.as_ref();
    StoredWebhook {
        id: &webhook.id,
        url: &webhook.url,
        events: webhook.events.iter().map(String::as_str).collect(),
        agents: agents.map(|agents| agents.iter().map(AgentId::as_str).collect()),
        types: types.map(|types| types.iter().map(|of| of.as_str()).collect()),
        gates: gates.map(|gates| gates.iter().map(GateId::as_str).collect()),
        description: webhook.description.as_deref(),
        claims: webhook.claims,
        old_secret_until: webhook.old_secret_until.map(|until| until.0),
        disabled: webhook.disabled.as_deref(),
    }
}

impl StoredWebhook<'_> {
    fn into_facts(self) -> Result<Box<WebhookFacts>, Unreadable> {
        let named = |name: &str| CallType::ALL.into_iter().find(|of| of.as_str() == name);
        let call_type =
            |name| named(name).ok_or(Unreadable::Damaged("it has an unknown call type"));
        let types = self.types.map(|types| types.into_iter().map(call_type).collect());
        let agents = self.agents.map(|agents| agents.into_iter().map(AgentId::kept).collect());
        let gates = self.gates.map(|gates| gates.into_iter().map(GateId::kept).collect());
        Ok(Box::new(WebhookFacts {
            id: self.id.into(),
            url: self.url.into(),
            events: self.events.into_iter().map(ToOwned::to_owned).collect(),
            agents: agents.transpose()?,
            types: types.transpose()?,
            gates: gates.transpose()?,
            description: self.description.map(ToOwned::to_owned),
            claims: self.claims,
            old_secret_until: self.old_secret_until.map(Timestamp),
            disabled: self.disabled.map(ToOwned::to_owned),
        }))
    }
}
