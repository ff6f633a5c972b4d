//! The JSON of the audit: who changed what, and when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alert::AlertRule;
use crate::call::CallType;
use crate::gate::GateSettings;
use crate::id::{AgentId, GateId, KeyId, Name, OrgId, PlanId};
use crate::key::Role;
use crate::org::MaxWaits;
use crate::pace::Pace;
use crate::pool::Reservation;
use crate::time::Time;

/// What kind of actor made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A program with a key.
    Key,
    /// A person in a browser that is signed in with a key.
    Session,
    /// The server itself.
    System,
}

/// Who made a change. Its name is what it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The id of the key, also of a browser's; of the server the part that did it, such as `gate_hours`.
    #[schema(value_type = KeyId)]
    pub id: String,
    /// The name of the key, or of the part.
    #[schema(value_type = Name)]
    pub name: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AuditAction {
    /// Reservations changed.
    #[serde(rename = "reservations.changed")]
    ReservationsChanged,
    /// The plan, its limit or the override changed.
    #[serde(rename = "limit.changed")]
    LimitChanged,
    /// An agent was created.
    #[serde(rename = "agent.created")]
    AgentCreated,
    /// An agent changed.
    #[serde(rename = "agent.changed")]
    AgentChanged,
    /// An agent was deleted.
    #[serde(rename = "agent.deleted")]
    AgentDeleted,
    /// A call type's cap or pace changed.
    #[serde(rename = "type.changed")]
    TypeChanged,
    /// A gate was created.
    #[serde(rename = "gate.created")]
    GateCreated,
    /// A gate changed, or was paused or opened.
    #[serde(rename = "gate.changed")]
    GateChanged,
    /// A gate was deleted.
    #[serde(rename = "gate.deleted")]
    GateDeleted,
    /// The hours of a gate began or ended.
    #[serde(rename = "gate.hours")]
    GateHours,
    /// The rule of an alert was created.
    #[serde(rename = "alert.created")]
    AlertCreated,
    /// The rule of an alert was replaced.
    #[serde(rename = "alert.changed")]
    AlertChanged,
    /// The rule of an alert was deleted.
    #[serde(rename = "alert.deleted")]
    AlertDeleted,
    /// An ended call lost its metadata and its note for good.
    #[serde(rename = "call.erased")]
    CallErased,
    /// An organisation was created.
    #[serde(rename = "org.created")]
    OrgCreated,
    /// An organisation's name or its bounds on time and queue changed.
    #[serde(rename = "org.changed")]
    OrgChanged,
    /// An organisation was deleted. Of what was done in it before, nothing is left.
    #[serde(rename = "org.deleted")]
    OrgDeleted,
    /// A key was created.
    #[serde(rename = "key.created")]
    KeyCreated,
    /// A key got a new secret.
    #[serde(rename = "key.rotated")]
    KeyRotated,
    /// A key was revoked.
    #[serde(rename = "key.revoked")]
    KeyRevoked,
    /// A code to sign in with was made.
    #[serde(rename = "sign_in_code.created")]
    SignInCodeCreated,
    /// A plan was created.
    #[serde(rename = "plan.created")]
    PlanCreated,
    /// A plan changed.
    #[serde(rename = "plan.changed")]
    PlanChanged,
    /// A plan was deleted.
    #[serde(rename = "plan.deleted")]
    PlanDeleted,
    /// A webhook was created.
    #[serde(rename = "webhook.created")]
    WebhookCreated,
    /// A webhook changed, or was disabled or enabled.
    #[serde(rename = "webhook.changed")]
    WebhookChanged,
    /// A webhook got a new secret.
    #[serde(rename = "webhook.rotated")]
    WebhookRotated,
    /// A webhook was deleted.
    #[serde(rename = "webhook.deleted")]
    WebhookDeleted,
}

impl AuditAction {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::ReservationsChanged,
        Self::LimitChanged,
        Self::AgentCreated,
        Self::AgentChanged,
        Self::AgentDeleted,
        Self::TypeChanged,
        Self::GateCreated,
        Self::GateChanged,
        Self::GateDeleted,
        Self::GateHours,
        Self::AlertCreated,
        Self::AlertChanged,
        Self::AlertDeleted,
        Self::CallErased,
        Self::OrgCreated,
        Self::OrgChanged,
        Self::OrgDeleted,
        Self::KeyCreated,
        Self::KeyRotated,
        Self::KeyRevoked,
        Self::SignInCodeCreated,
        Self::PlanCreated,
        Self::PlanChanged,
        Self::PlanDeleted,
        Self::WebhookCreated,
        Self::WebhookChanged,
        Self::WebhookRotated,
        Self::WebhookDeleted,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReservationsChanged => "reservations.changed",
            Self::LimitChanged => "limit.changed",
            Self::AgentCreated => "agent.created",
            Self::AgentChanged => "agent.changed",
            Self::AgentDeleted => "agent.deleted",
            Self::TypeChanged => "type.changed",
            Self::GateCreated => "gate.created",
            Self::GateChanged => "gate.changed",
            Self::GateDeleted => "gate.deleted",
            Self::GateHours => "gate.hours",
            Self::AlertCreated => "alert.created",
            Self::AlertChanged => "alert.changed",
            Self::AlertDeleted => "alert.deleted",
            Self::CallErased => "call.erased",
            Self::OrgCreated => "org.created",
            Self::OrgChanged => "org.changed",
            Self::OrgDeleted => "org.deleted",
            Self::KeyCreated => "key.created",
            Self::KeyRotated => "key.rotated",
            Self::KeyRevoked => "key.revoked",
            Self::SignInCodeCreated => "sign_in_code.created",
            Self::PlanCreated => "plan.created",
            Self::PlanChanged => "plan.changed",
            Self::PlanDeleted => "plan.deleted",
            Self::WebhookCreated => "webhook.created",
            Self::WebhookChanged => "webhook.changed",
            Self::WebhookRotated => "webhook.rotated",
            Self::WebhookDeleted => "webhook.deleted",
        }
    }

    /// The action with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// Settings as they were before a change or after it. `of` says whose; which agent, type, gate, key, plan or webhook is the entry's `object`.
/// Secrets are never part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "lowercase")]
pub enum AuditState {
    /// The reservations of the agents whose reservations changed.
    Reservations {
        /// The reservations' version.
        version: u64,
        /// Each agent's.
        reservations: Vec<Reservation>,
    },
    /// The plan and the limit.
    Limit {
        /// The plan.
        #[schema(value_type = PlanId)]
        plan: String,
        /// The limit in force.
        limit: u32,
        /// The operator's own limit.
        #[schema(required)]
        limit_override: Option<u32>,
    },
    /// An agent.
    Agent {
        /// Its name.
        #[schema(value_type = Name)]
        name: String,
        /// How many calls it may have active at once; null: no cap.
        #[schema(required)]
        cap: Option<u32>,
        /// How often its calls may start; null: no pace.
        #[schema(required)]
        pace: Option<Pace>,
    },
    /// A call type.
    Type {
        /// How many calls of the type may be active at once; null: no cap.
        #[schema(required)]
        cap: Option<u32>,
        /// How often calls of the type may start; null: no pace.
        #[schema(required)]
        pace: Option<Pace>,
    },
    /// A gate.
    Gate {
        /// Its settings.
        settings: GateSettings,
    },
    /// The rule of an alert.
    Alert {
        /// The rule.
        rule: AlertRule,
    },
    /// Whether a gate is within its hours.
    Hours {
        /// Whether it is.
        within_hours: bool,
    },
    /// An organisation, apart from its limit.
    Org {
        /// Its name.
        #[schema(value_type = Name)]
        name: String,
        /// The plan it is on.
        #[schema(value_type = PlanId)]
        plan: String,
        /// How long a call without a lease may be active, in seconds; 0: unlimited.
        max_call_duration_s: u64,
        /// How long calls may be queued by default.
        max_wait_s: MaxWaits,
        /// How many calls may be queued.
        max_queued: u32,
    },
    /// A key, without its secret.
    Key {
        /// Its name.
        #[schema(value_type = Name)]
        name: String,
        /// What it may do.
        role: Role,
        /// From when on it is refused; null if it does not expire.
        #[schema(required)]
        expires_at: Option<Time>,
        /// Until when the secret from before the last rotation works too; null if it does not.
        #[schema(required)]
        old_secret_until: Option<Time>,
    },
    /// A plan.
    Plan {
        /// Its name.
        #[schema(value_type = Name)]
        name: String,
        /// Its limit.
        limit: u32,
    },
    /// A webhook, without its secrets.
    Webhook {
        /// Where events are sent.
        url: String,
        /// The names of the events that it gets; `*`: all.
        events: Vec<String>,
        /// Only these agents; null: all.
        #[schema(required, value_type = Option<Vec<AgentId>>)]
        agents: Option<Vec<String>>,
        /// Only these types; null: all.
        #[schema(required)]
        types: Option<Vec<CallType>>,
        /// Only these gates; null: all.
        #[schema(required, value_type = Option<Vec<GateId>>)]
        gates: Option<Vec<String>>,
        /// What it is for.
        #[schema(required)]
        description: Option<String>,
        /// Whether a 2xx to `call.started` claims a call that is to be claimed.
        claims: bool,
        /// Until when the secret from before the last rotation signs too; null if it does not.
        #[schema(required)]
        old_secret_until: Option<Time>,
        /// Why it gets nothing; null if it is enabled.
        #[schema(required)]
        disabled_because: Option<String>,
    },
}

/// A change, and who made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its number, which grows; it names the entry in `/v1/audit/{seq}/revert`. It is no number of an event.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// The organisation; null for what is the operator's.
    #[schema(required, value_type = Option<OrgId>)]
    pub org: Option<String>,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub action: AuditAction,
    /// To what: the id of the agent, gate, alert, key, plan, webhook or organisation, or the call type; null if it is the organisation's
    /// reservations or limit.
    #[schema(required)]
    pub object: Option<String>,
    /// What it was before; null if there was nothing, or nothing is known of it.
    #[schema(required)]
    pub before: Option<AuditState>,
    /// What it is from then on; null if it was deleted.
    #[schema(required)]
    pub after: Option<AuditState>,
    /// The reservations' version from then on, if they changed; otherwise null.
    #[schema(required)]
    pub version: Option<u64>,
    /// The number of the event of the change, if there is a public one; otherwise null.
    #[schema(required)]
    pub event: Option<u64>,
}
