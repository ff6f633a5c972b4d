//! The JSON of webhooks: their settings, their state, what was delivered, and the body of a delivery.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::call::CallType;
use crate::id::{AgentId, GateId, OrgId, WebhookId};
use crate::strict;
use crate::time::Time;

/// A webhook to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://example.com/callslot", "events": ["call.started"], "agents": ["support"] }))]
pub struct WebhookCreate {
    /// Where events are sent: an `http` or `https` address, without a user, a password or a fragment.
    #[schema(min_length = 1, max_length = 2_000)]
    pub url: String,
    /// The names of the events that it gets; `*` alone: all of them.
    #[schema(min_items = 1, max_items = 20)]
    pub events: Vec<String>,
    /// Only events about these agents, and those about the whole organisation. Absent or null: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<AgentId>>, min_items = 1, max_items = 100)]
    pub agents: Option<Vec<String>>,
    /// Only events about calls of these types, and those about no call. Absent or null: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 4)]
    pub types: Option<Vec<CallType>>,
    /// Only events about these gates or calls that pass one of them, and changes of other settings. Absent or null: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<GateId>>, min_items = 1, max_items = 100)]
    pub gates: Option<Vec<String>>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1_000)]
    pub description: Option<String>,
    /// Whether a 2xx to `call.started` claims a call that is to be claimed; true by default. One that only watches says false.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = bool, required = false)]
    pub claims: Option<bool>,
}

/// What to change of a webhook; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// Where events are sent.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 2_000)]
    pub url: Option<String>,
    /// The names of the events that it gets.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 20)]
    pub events: Option<Vec<String>>,
    /// Only these agents; null: all.
    #[serde(
        default,
        deserialize_with = "strict::not_absent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Vec<AgentId>>, required = false, min_items = 1, max_items = 100)]
    pub agents: Option<Option<Vec<String>>>,
    /// Only these types; null: all.
    #[serde(
        default,
        deserialize_with = "strict::not_absent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Vec<CallType>>, required = false, min_items = 1, max_items = 4)]
    pub types: Option<Option<Vec<CallType>>>,
    /// Only these gates; null: all.
    #[serde(
        default,
        deserialize_with = "strict::not_absent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Vec<GateId>>, required = false, min_items = 1, max_items = 100)]
    pub gates: Option<Option<Vec<String>>>,
    /// What it is for; null: nothing is said.
    #[serde(
        default,
        deserialize_with = "strict::not_absent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, required = false, max_length = 1_000)]
    pub description: Option<Option<String>>,
    /// Whether a 2xx to `call.started` claims a call that is to be claimed.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = bool, required = false)]
    pub claims: Option<bool>,
    /// False disables it; true lets it go on from where it was, with all attempts anew if it was disabled.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = bool, required = false)]
    pub enabled: Option<bool>,
}

/// How a webhook fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookState {
    /// Its last attempt was taken, or it has not made one.
    Ok,
    /// Its last attempt was not taken; it is tried again.
    Failing,
    /// It gets nothing until it is enabled again.
    Disabled,
}

/// An attempt that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookFailure {
    /// When.
    pub at: Time,
    /// The HTTP status of the answer; null: none came.
    #[schema(required)]
    pub status: Option<u16>,
    /// What went wrong, for people.
    pub cause: String,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    #[schema(value_type = WebhookId)]
    pub id: String,
    /// Where events are sent.
    pub url: String,
    /// The names of the events that it gets; `*`: all.
    pub events: Vec<String>,
    /// Only these agents; null: all.
    #[schema(required, value_type = Option<Vec<AgentId>>)]
    pub agents: Option<Vec<String>>,
    /// Only these types; null: all.
    #[schema(required)]
    pub types: Option<Vec<CallType>>,
    /// Only these gates; null: all.
    #[schema(required, value_type = Option<Vec<GateId>>)]
    pub gates: Option<Vec<String>>,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// Whether a 2xx to `call.started` claims a call that is to be claimed.
    pub claims: bool,
    /// How it fares.
    pub state: WebhookState,
    /// Why it is disabled; null if it is not.
    #[schema(required)]
    pub disabled_because: Option<String>,
    /// The secret itself, only in the answer that created or rotated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]+=*$")]
    pub secret: Option<String>,
    /// Until when the secret from before the last rotation signs too; null if it does not.
    #[schema(required)]
    pub old_secret_until: Option<Time>,
    /// When it was created.
    pub created_at: Time,
    /// When an attempt was last taken.
    #[schema(required)]
    pub last_success_at: Option<Time>,
    /// The last attempt that was not.
    #[schema(required)]
    pub last_failure: Option<WebhookFailure>,
    /// How many events of the organisation it has yet to look at, also those that it will not want, and how many deliveries wait for
    /// another attempt.
    pub behind: u64,
    /// How many events left the log before it came to them: it never gets them.
    pub missed: u64,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// It was taken.
    Delivered,
    /// It was not; `next_attempt_at` says when it is tried again, null: once the webhook is enabled again.
    Failed,
    /// It was not, and is not tried again.
    GivenUp,
    /// It was not sent: the call that it offers was claimed by another or is no longer to be claimed.
    Skipped,
}

/// An attempt to deliver an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// The event's id, the same for each attempt: `webhook-id`.
    pub id: String,
    /// The event's name.
    pub event: String,
    /// The event's number in the organisation.
    pub seq: u64,
    /// Which attempt it was: 1, 2, 3, …
    pub attempt: u32,
    /// When it began.
    pub at: Time,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// The HTTP status of the answer; null: none came.
    #[schema(required)]
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The size of the body, in bytes.
    pub bytes: u64,
    /// What went wrong; null if nothing did.
    #[schema(required)]
    pub cause: Option<String>,
    /// When it is tried again; null: it is not, or once the webhook is enabled again.
    #[schema(required)]
    pub next_attempt_at: Option<Time>,
}

/// How a webhook's secret is rotated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRotate {
    /// For how long the secret before signs too, in seconds; 0: it and any earlier one sign nothing any more. One day by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 86_400)]
    pub grace_s: Option<u64>,
}

/// What the receiver said to a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookTested {
    /// Whether it was taken: the status was a 2xx.
    pub taken: bool,
    /// The HTTP status of the answer; null: none came.
    #[schema(required)]
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What went wrong; null if nothing did.
    #[schema(required)]
    pub cause: Option<String>,
    /// The first 4 KiB of the answer, as text.
    pub body: String,
}

/// What to deliver again: name one of both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "after": 41 }))]
pub struct Redeliver {
    /// Everything after this event's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// These events, by the ids of their deliveries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 100)]
    pub ids: Option<Vec<String>>,
}

/// The body of a delivery, in the form of Standard Webhooks 1.0.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebhookEvent {
    /// The event's name; `webhook.test` for a test.
    #[serde(rename = "type")]
    #[schema(example = "call.started")]
    pub kind: String,
    /// When it happened.
    pub timestamp: Time,
    /// The organisation it happened in.
    #[schema(value_type = OrgId)]
    pub org: String,
    /// Its number in the organisation; 0 for a test.
    pub seq: u64,
    /// What an event stream has as its data: a `CallChanged`, `ReservationsChanged`, `LimitChanged`, `AgentChanged`, `TypeChanged` or
    /// `GateChanged`; an empty object for a test.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
}

/// What a receiver may answer to `call.started` of a call that is to be claimed, with a status that is no 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookAnswer {
    /// `now` gives the call back to the queue, `for_good` ends it.
    #[serde(default)]
    pub decline: Option<WebhookDecline>,
}

/// How a receiver declines a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookDecline {
    /// Back to the queue.
    Now,
    /// It ends as `declined`.
    ForGood,
}
