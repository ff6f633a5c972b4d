//! The stored form of who made a change and of what there was before, since version 5. Belongs to `stored_form.rs`, which says how stored
//! forms may change.

use std::sync::Arc;

use callslot_core::{Actor, ActorKind, ChangedBy, Former, PerType, Version};
use serde::{Deserialize, Serialize};

use crate::stored_form::alert::StoredRule;
use crate::stored_form::gate::{StoredGate, StoredPace};
use crate::stored_form::names::{Context, Names};
use crate::stored_form::org_settings::StoredSettings;
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredActor<'a> {
    kind: StoredKind,
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize, Deserialize)]
enum StoredKind {
    Key,
    Session,
    System,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredChangedBy<'a> {
    #[serde(borrow)]
    actor: StoredActor<'a>,
    #[serde(borrow)]
    former: Option<StoredFormer<'a>>,
}

#[derive(Serialize, Deserialize)]
enum StoredFormer<'a> {
    Limit {
        plan: u32,
        plan_limit: u32,
        limit_override: Option<u32>,
    },
    Agent {
        name: &'a str,
        cap: Option<u32>,
        pace: Option<StoredPace>,
    },
    Type {
        cap: Option<u32>,
        pace: Option<StoredPace>,
    },
    Gate(#[serde(borrow)] StoredGate<'a>),
    Reservations {
        version: u64,
        reservations: Vec<(u32, [u32; 4])>,
    },
    Org(#[serde(borrow)] StoredSettings<'a>),
    /// Since version 6.
    Alert(StoredRule),
}

impl<'a> StoredActor<'a> {
    pub(super) fn from_core(actor: &'a Actor) -> Self {
        let kind = match actor.kind {
            ActorKind::Key => StoredKind::Key,
            ActorKind::Session => StoredKind::Session,
            ActorKind::System => StoredKind::System,
        };
        Self { kind, id: &actor.id, name: &actor.name }
    }

    pub(super) fn into_core(self) -> Arc<Actor> {
        let kind = match self.kind {
            StoredKind::Key => ActorKind::Key,
            StoredKind::Session => ActorKind::Session,
            StoredKind::System => ActorKind::System,
        };
        Arc::new(Actor { kind, id: Arc::from(self.id), name: Arc::from(self.name) })
    }
}

impl<'a> StoredChangedBy<'a> {
    pub(super) fn from_core(event: &'a ChangedBy, names: &mut Names<'a>) -> Self {
        let former = event.former.as_ref().map(|former| StoredFormer::from_core(former, names));
        Self { actor: StoredActor::from_core(&event.actor), former }
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<ChangedBy, Unreadable> {
        let former = self.former.map(|former| former.into_core(context)).transpose()?;
        Ok(ChangedBy { actor: self.actor.into_core(), former })
    }
}

impl<'a> StoredFormer<'a> {
    fn from_core(former: &'a Former, names: &mut Names<'a>) -> Self {
        match former {
            Former::Limit { plan, plan_limit, limit_override } => Self::Limit {
                plan: names.number(plan.as_str()),
                plan_limit: *plan_limit,
                limit_override: *limit_override,
            },
            Former::Agent { name, cap, pace } => {
                Self::Agent { name, cap: *cap, pace: pace.map(StoredPace::from) }
            }
            Former::Type { cap, pace } => {
                Self::Type { cap: *cap, pace: pace.map(StoredPace::from) }
            }
            Former::Alert(rule) => Self::Alert(StoredRule::from_core(rule, names)),
            Former::Gate(settings) => Self::Gate(StoredGate::from_core(settings)),
            Former::Reservations { version, reservations } => {
                let reserved = reservations.iter();
                let reserved =
                    reserved.map(|(agent, reserved)| (names.number(agent.as_str()), reserved.0));
                Self::Reservations { version: version.0, reservations: reserved.collect() }
            }
            Former::Org(settings) => Self::Org(StoredSettings::from_core(settings, names)),
        }
    }

    fn into_core(self, context: &Context<'_>) -> Result<Former, Unreadable> {
        let paced = |pace: Option<StoredPace>| pace.map(StoredPace::into_core).transpose();
        Ok(match self {
            Self::Limit { plan, plan_limit, limit_override } => {
                Former::Limit { plan: context.plans(plan)?, plan_limit, limit_override }
            }
            Self::Agent { name, cap, pace } => {
                Former::Agent { name: Arc::from(name), cap, pace: paced(pace)? }
            }
            Self::Type { cap, pace } => Former::Type { cap, pace: paced(pace)? },
            Self::Alert(rule) => Former::Alert(Box::new(rule.into_core(context)?)),
            Self::Gate(settings) => Former::Gate(Box::new(settings.into_core()?)),
            Self::Reservations { version, reservations } => {
                let reserved = reservations
                    .into_iter()
                    .map(|(agent, reserved)| Ok((context.agents(agent)?, PerType(reserved))));
                let reservations = reserved.collect::<Result<_, Unreadable>>()?;
                Former::Reservations { version: Version(version), reservations }
            }
            Self::Org(settings) => Former::Org(Box::new(settings.into_core(context)?)),
        })
    }
}
