//! The JSON of agents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, Name};
use crate::pace::Pace;
use crate::strict;

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Its id.
    #[schema(value_type = AgentId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// How many calls it may have active at once; null: no cap.
    #[schema(required, maximum = 10_000_000)]
    pub cap: Option<u32>,
    /// How often its calls may start; null: no pace.
    #[schema(required)]
    pub pace: Option<Pace>,
}

/// An agent to create or replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPut {
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// How many calls it may have active at once. Absent or null: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub cap: Option<u32>,
    /// How often its calls may start. Absent or null: no pace.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub pace: Option<Pace>,
}
