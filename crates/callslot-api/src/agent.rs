//! Agents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many calls it may have active at once; null: no bound of its own.
    #[schema(required)]
    pub cap: Option<u32>,
}

/// What an agent is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPut {
    /// Its name, up to 200 characters.
    #[schema(example = "Support")]
    pub name: String,
    /// How many calls it may have active at once. Absent or null: no bound of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
}
