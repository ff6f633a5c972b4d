//! The JSON of organisations and plans.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::id::{Name, OrgId, PlanId};
use crate::strict;

/// How long calls may be queued by default, in seconds, by type; null or absent: unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaxWaits {
    /// Of voice in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub webcall: Option<u64>,
    /// Of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub chat: Option<u64>,
    /// Of telephony the agent dials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub outbound: Option<u64>,
    /// Of telephony the agent answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub inbound: Option<u64>,
}

/// Changes to how long calls may be queued by default. Absent: as before; null: unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaxWaitsPatch {
    /// Of voice in a browser.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, maximum = 2_592_000)]
    pub webcall: Option<Option<u64>>,
    /// Of text.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, maximum = 2_592_000)]
    pub chat: Option<Option<u64>>,
    /// Of telephony the agent dials.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, maximum = 2_592_000)]
    pub outbound: Option<Option<u64>>,
    /// Of telephony the agent answers.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, maximum = 2_592_000)]
    pub inbound: Option<Option<u64>>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Org {
    /// Its id.
    #[schema(value_type = OrgId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// The plan it is on.
    #[schema(value_type = PlanId)]
    pub plan: String,
    /// The limit in force: the override, or else the plan's.
    #[schema(maximum = 10_000_000)]
    pub limit: u32,
    /// The operator's own limit for it.
    #[schema(required, maximum = 10_000_000)]
    pub limit_override: Option<u32>,
    /// How long a call without a lease may be active, in seconds; 0: unlimited.
    #[schema(maximum = 31_536_000)]
    pub max_call_duration_s: u64,
    /// How long calls may be queued by default.
    pub max_wait_s: MaxWaits,
    /// How many calls may be queued.
    #[schema(maximum = 10_000_000)]
    pub max_queued: u32,
    /// Calls that have not ended: those that are active and those that are queued.
    pub live_calls: u64,
    /// Calls that hold a slot.
    pub active: u64,
    /// Calls that wait for one.
    pub queued: u64,
}

/// An organisation to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgCreate {
    /// Its id; the server makes one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrgId>)]
    pub id: Option<String>,
    /// Its name.
    #[schema(value_type = Name, example = "Acme")]
    pub name: String,
    /// The plan it is on.
    #[schema(value_type = PlanId)]
    pub plan: String,
    /// A limit of its own instead of the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub limit_override: Option<u32>,
    /// How long a call without a lease may be active, in seconds; 0: unlimited. 4 h by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 31_536_000)]
    pub max_call_duration_s: Option<u64>,
    /// How long calls may be queued by default.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub max_wait_s: Option<MaxWaits>,
    /// How many calls may be queued; 1,000,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub max_queued: Option<u32>,
}

/// Changes to an organisation. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgPatch {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Name>)]
    pub name: Option<String>,
    /// Another plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlanId>)]
    pub plan: Option<String>,
    /// A limit of its own; null: the plan's again.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, maximum = 10_000_000, example = 30)]
    pub limit_override: Option<Option<u32>>,
    /// In seconds; 0: unlimited. Calls that are active keep the limit they started with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 31_536_000)]
    pub max_call_duration_s: Option<u64>,
    /// In seconds. Calls that are queued keep theirs.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub max_wait_s: Option<MaxWaitsPatch>,
    /// How many calls may be queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub max_queued: Option<u32>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Its id.
    #[schema(value_type = PlanId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// How many calls an organisation on it may have active at once.
    #[schema(maximum = 10_000_000)]
    pub limit: u32,
}

/// A plan to create or replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPut {
    /// Its name.
    #[schema(value_type = Name, example = "Standard")]
    pub name: String,
    /// How many calls an organisation on it may have active at once.
    #[schema(maximum = 10_000_000, example = 20)]
    pub limit: u32,
}

/// Reads a field that is there, so that null is told from absent.
#[expect(clippy::option_option, reason = "JSON tells absent from null")]
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
