//! The settings of call types.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::CallType;
use crate::pace::Pace;
use crate::strict;

/// A call type's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypeSettings {
    /// The type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// How many calls of the type may be active at once, over all agents; null: no bound of its own.
    #[schema(required, maximum = 10_000_000)]
    pub cap: Option<u32>,
    /// How often calls of the type may start, over all agents; null: no bound of its own.
    #[schema(required)]
    pub pace: Option<Pace>,
}

/// What a call type's settings are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypePut {
    /// How many calls of the type may be active at once, over all agents. Absent or null: no bound of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000, example = 8)]
    pub cap: Option<u32>,
    /// How often calls of the type may start, over all agents. Absent or null: no bound of its own.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub pace: Option<Pace>,
}
