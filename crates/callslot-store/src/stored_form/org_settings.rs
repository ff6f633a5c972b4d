//! The stored form of an organisation's settings. Belongs to `stored_form.rs`, which says how stored forms may change.

use std::sync::Arc;

use callslot_core::{OrgSettings, PerType};
use serde::{Deserialize, Serialize};

use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSettings<'a> {
    name: &'a str,
    plan: u32,
    plan_limit: u32,
    limit_override: Option<u32>,
    max_call_duration_ms: u64,
    max_wait_ms: [Option<u64>; 4],
    max_queued: u32,
}

impl<'a> StoredSettings<'a> {
    pub(super) fn from_core(settings: &'a OrgSettings, names: &mut Names<'a>) -> Self {
        Self {
            name: &settings.name,
            plan: names.number(settings.plan.as_str()),
            plan_limit: settings.plan_limit,
            limit_override: settings.limit_override,
            max_call_duration_ms: settings.max_call_duration_ms,
            max_wait_ms: settings.max_wait_ms.0,
            max_queued: settings.max_queued,
        }
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<OrgSettings, Unreadable> {
        Ok(OrgSettings {
            name: Arc::from(self.name),
            plan: context.plans(self.plan)?,
            plan_limit: self.plan_limit,
            limit_override: self.limit_override,
            max_call_duration_ms: self.max_call_duration_ms,
            max_wait_ms: PerType(self.max_wait_ms),
            max_queued: self.max_queued,
        })
    }
}
