//! Who makes a change of settings, and what there was before it. Neither decides anything, and neither is part of the state.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::alert::AlertRule;
use crate::call::PerType;
use crate::gate::{GateSettings, Pace};
use crate::id::{AgentId, PlanId, Version};
use crate::settings::OrgSettings;

/// What kind of actor makes a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A program with a key.
    Key,
    /// A person in a browser that is signed in with a key.
    Session,
    /// The server itself.
    System,
}

impl ActorKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Key, Self::Session, Self::System];
}

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The id of the key, also of a session's; of the server the part of it.
    pub id: Arc<str>,
    /// Its name then, for people.
    pub name: Arc<str>,
}

/// Who made the change of settings that comes next in the record, and what there was before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedBy {
    /// Who.
    pub actor: Arc<Actor>,
    /// The settings before; none if there were none.
    pub former: Option<Former>,
}

/// Settings as they were before a change. Whose they are the change says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Former {
    /// Plan and limit.
    Limit {
        /// The plan it was on.
        plan: PlanId,
        /// The plan's limit.
        plan_limit: u32,
        /// The operator's own limit.
        limit_override: Option<u32>,
    },
    /// An agent.
    Agent {
        /// Its name.
        name: Arc<str>,
        /// Its cap.
        cap: Option<u32>,
        /// Its pace.
        pace: Option<Pace>,
    },
    /// A call type.
    Type {
        /// Its cap.
        cap: Option<u32>,
        /// Its pace.
        pace: Option<Pace>,
    },
    /// A gate.
    Gate(Box<GateSettings>),
    /// The rule of an alert.
    Alert(Box<AlertRule>),
    /// The reservations of the agents whose reservations changed.
    Reservations {
        /// The version.
        version: Version,
        /// Each agent's.
        reservations: Vec<(AgentId, PerType<u32>)>,
    },
    /// The organisation itself.
    Org(Box<OrgSettings>),
}

impl Former {
    /// Plan and limit of an organisation.
    pub(crate) fn limit(settings: &OrgSettings) -> Self {
        let OrgSettings { plan, plan_limit, limit_override, .. } = settings;
        let (plan_limit, limit_override) = (*plan_limit, *limit_override);
        Self::Limit { plan: plan.clone(), plan_limit, limit_override }
    }
}
