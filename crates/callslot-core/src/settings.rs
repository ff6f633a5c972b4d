//! An organisation's settings, and changes to them.

use alloc::sync::Arc;

use crate::call::PerType;
use crate::id::PlanId;

/// An organisation's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgSettings {
    /// Its name, for people.
    pub name: Arc<str>,
    /// The plan it is on.
    pub plan: PlanId,
    /// The plan's limit.
    pub plan_limit: u32,
    /// The operator's own limit for this organisation.
    pub limit_override: Option<u32>,
    /// How long a call without a lease may be active, in milliseconds; 0: without bound.
    pub max_call_duration_ms: u64,
    /// How long a call may be queued when it does not say so itself, in milliseconds.
    pub max_wait_ms: PerType<Option<u64>>,
    /// How many calls may be queued.
    pub max_queued: u32,
}

impl OrgSettings {
    /// How many calls may be active at once.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit_override.unwrap_or(self.plan_limit)
    }
}

/// Changes to an organisation's settings. `None` leaves a setting as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrgChange {
    /// A new name.
    pub name: Option<Arc<str>>,
    /// Another plan and its limit.
    pub plan: Option<(PlanId, u32)>,
    /// A limit of its own, or (`Some(None)`) the plan's again.
    pub limit_override: Option<Option<u32>>,
    /// In milliseconds; 0: without bound. Calls that are already active keep the bound they started with.
    pub max_call_duration_ms: Option<u64>,
    /// In milliseconds, or (`Some(None)`) none. Calls that are already queued keep theirs.
    pub max_wait_ms: PerType<Option<Option<u64>>>,
    /// How many calls may be queued.
    pub max_queued: Option<u32>,
}
