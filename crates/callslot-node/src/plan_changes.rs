//! Changes to plans and organisations, as they are asked for, and why one is not made. Makes none.

use std::sync::Arc;

use callslot_core::{OrgChange, OrgId, PerType, PlanId};
use callslot_store::Plan;
use tokio::sync::oneshot;

use crate::unavailable::{SubmitError, Unavailable};

/// An organisation to be founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrg {
    /// Its name, for people.
    pub name: Arc<str>,
    /// The plan it is on.
    pub plan: PlanId,
    /// The operator's own limit for it.
    pub limit_override: Option<u32>,
    /// How long a call without a lease may be active, in milliseconds; 0: without bound.
    pub max_call_duration_ms: u64,
    /// How long a call may be queued when it does not say so itself, in milliseconds.
    pub max_wait_ms: PerType<Option<u64>>,
    /// How many calls may be queued.
    pub max_queued: u32,
}

/// Why plans or organisations were not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// No plan has this id.
    #[error("no plan has the id {plan}")]
    UnknownPlan {
        /// The id.
        plan: PlanId,
    },
    /// Organisations are on the plan.
    #[error("{orgs} organisations are on plan {plan}")]
    PlanInUse {
        /// The plan.
        plan: PlanId,
        /// How many.
        orgs: usize,
    },
    /// The core refused it, or it was not decided.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for CatalogueError {
    fn from(unavailable: Unavailable) -> Self {
        Self::Submit(unavailable.into())
    }
}

/// A change asked for, and who asks.
#[derive(Debug)]
pub(crate) struct ChangeRequest {
    pub(crate) change: PlanChange,
    pub(crate) caller: oneshot::Sender<Result<bool, CatalogueError>>,
}

#[derive(Debug)]
pub(crate) enum PlanChange {
    PutPlan(Plan),
    DeletePlan(PlanId),
    CreateOrg(OrgId, NewOrg),
    ChangeOrg(OrgId, OrgChange, Option<PlanId>),
    DeleteOrg(OrgId),
}
