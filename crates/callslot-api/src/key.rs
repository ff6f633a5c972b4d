//! The JSON of API keys.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{KeyId, Name, OrgId};
use crate::strict;
use crate::time::Time;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Starts and ends calls too, and keeps leases.
    Engine,
    /// All of its organisation: reservations, agents, keys.
    Admin,
    /// All organisations, and plans.
    Operator,
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyCreate {
    /// Its name.
    #[schema(value_type = Name, example = "call engine in Frankfurt")]
    pub name: String,
    /// What it may do.
    #[serde(deserialize_with = "strict::name")]
    pub role: Role,
    /// When it is to expire; at most 10 years from now. Without it and `expires_in_s` it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// The same as a number of seconds from now. Name at most one of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 60, maximum = 315_360_000)]
    pub expires_in_s: Option<u64>,
}

/// How a key is rotated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRotate {
    /// For how long the secret before goes on working, in seconds; 0: it stops at once. One day by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 604_800)]
    pub grace_s: Option<u64>,
    /// When the key is to expire; at most 10 years from now. Without it and `expires_in_s` that stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// The same as a number of seconds from now. Name at most one of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 60, maximum = 315_360_000)]
    pub expires_in_s: Option<u64>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// Its id, with which it is rotated and revoked.
    #[schema(value_type = KeyId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The organisation it belongs to; null for an operator's.
    #[schema(required, value_type = Option<OrgId>)]
    pub org: Option<String>,
    /// The secret itself, only in the answer that created or rotated the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last used, to the minute.
    #[schema(required)]
    pub last_used_at: Option<Time>,
    /// From when on it is refused; null if it does not expire.
    #[schema(required)]
    pub expires_at: Option<Time>,
    /// Until when the secret from before the last rotation works too; null if it does not.
    #[schema(required)]
    pub old_secret_until: Option<Time>,
}
