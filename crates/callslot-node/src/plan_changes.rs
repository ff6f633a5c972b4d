//! Requests to change plans and organisations, and why one is refused. `plans_and_orgs.rs` carries them out.

use std::sync::Arc;

use callslot_core::{Actor, OrgChange, OrgId, OrgView, PerType, PlanId};
use callslot_store::Plan;
use tokio::sync::oneshot;

use crate::unavailable::{SubmitError, Unavailable};

/// The settings of an organisation to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrg {
    /// For people.
    pub name: Arc<str>,
    pub plan: PlanId,
    /// A limit set by the operator instead of the plan's.
    pub limit_override: Option<u32>,
    /// How long a call without a lease may be active, in milliseconds; 0 means no bound.
    pub max_call_duration_ms: u64,
    /// How long a call may be queued if its start does not say, in milliseconds.
    pub max_wait_ms: PerType<Option<u64>>,
    pub max_queued: u32,
}

/// Why plans or organisations were not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    #[error("no plan has the id {plan}")]
    UnknownPlan { plan: PlanId },
    /// A plan can be deleted once no organisation is on it.
    #[error("{orgs} organisations are on plan {plan}")]
    PlanInUse { plan: PlanId, orgs: usize },
    /// The core refused it, or it was not carried out.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for CatalogueError {
    fn from(unavailable: Unavailable) -> Self {
        Self::Submit(unavailable.into())
    }
}

/// A change, who makes it, and the caller that waits for it.
#[derive(Debug)]
pub(crate) enum PlanChange {
    /// Answered with whether the plan is new.
    PutPlan(Arc<Actor>, Plan, Caller<bool>),
    DeletePlan(Arc<Actor>, PlanId, Caller<()>),
    CreateOrg(Arc<Actor>, OrgId, NewOrg, Caller<OrgView>),
    ChangeOrg(Arc<Actor>, OrgId, OrgChange, Option<PlanId>, Caller<OrgView>),
    DeleteOrg(Arc<Actor>, OrgId, Caller<()>),
}

/// A caller that waits for a change.
pub(crate) type Caller<T> = oneshot::Sender<Result<T, CatalogueError>>;
