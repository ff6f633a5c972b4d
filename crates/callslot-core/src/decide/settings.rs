//! An organisation's settings and limit, and whether it may be deleted. No change ends a live call.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{CallType, PerType};
use crate::event::{OrgEvent, Recorded, SettingsEvent};
use crate::org::Org;
use crate::rejection::Rejection;
use crate::settings::{OrgChange, OrgSettings};
use crate::time::Now;
use crate::view::OrgView;

impl Org {
    pub(super) fn change_settings(
        &mut self,
        now: Now,
        change: OrgChange,
        events: &mut Vec<Recorded>,
    ) -> Result<OrgView, Rejection> {
        let wanted = changed(&self.settings, change);
        self.check_limit(wanted.limit())?;
        let with_old_limit = OrgSettings {
            plan: self.settings.plan.clone(),
            plan_limit: self.settings.plan_limit,
            limit_override: self.settings.limit_override,
            ..wanted.clone()
        };
        if with_old_limit != self.settings {
            self.record(now, events, OrgEvent::Changed(Box::new(with_old_limit)));
        }
        if wanted != self.settings {
            self.record_limit(now, wanted, events);
            self.dispatch(now, events);
        }
        Ok(self.summary())
    }

    /// Gives the organisation's plan another limit; [`Org::check_limit`] has passed for the limit that follows. Then up to `room`
    /// calls start. Returns how many more may.
    pub(crate) fn set_plan_limit(
        &mut self,
        now: Now,
        limit: u32,
        room: usize,
        events: &mut Vec<Recorded>,
    ) -> usize {
        let wanted = OrgSettings { plan_limit: limit, ..self.settings.clone() };
        if wanted == self.settings {
            return room;
        }
        self.record_limit(now, wanted, events);
        let most = events.len() + room;
        if !self.has_steps_left {
            self.dispatch_up_to(now, most, events);
        }
        most - events.len()
    }

    fn record_limit(&mut self, now: Now, wanted: OrgSettings, events: &mut Vec<Recorded>) {
        let event = SettingsEvent::LimitChanged {
            plan: wanted.plan,
            plan_limit: wanted.plan_limit,
            limit_override: wanted.limit_override,
        };
        self.record(now, events, event);
    }

    /// Refuses a limit below the reservations.
    pub(crate) fn check_limit(&self, limit: u32) -> Result<(), Rejection> {
        let reserved = self.pool.reserved();
        if u64::from(limit) < reserved {
            return Err(Rejection::LimitBelowReservations {
                org: self.id.clone(),
                limit,
                reserved,
            });
        }
        Ok(())
    }

    /// Refuses a limit of its plan that leaves it one below the reservations.
    pub(crate) fn check_plan_limit(&self, plan_limit: u32) -> Result<(), Rejection> {
        let wanted = OrgSettings { plan_limit, ..self.settings.clone() };
        self.check_limit(wanted.limit())
    }

    pub(crate) fn check_deletable(&self) -> Result<(), Rejection> {
        match self.live_calls() {
            0 => Ok(()),
            live => Err(Rejection::OrgInUse { live }),
        }
    }
}

fn changed(settings: &OrgSettings, change: OrgChange) -> OrgSettings {
    let (plan, plan_limit) = change.plan.unwrap_or((settings.plan.clone(), settings.plan_limit));
    OrgSettings {
        name: change.name.unwrap_or_else(|| Arc::clone(&settings.name)),
        plan,
        plan_limit,
        limit_override: change.limit_override.unwrap_or(settings.limit_override),
        max_call_duration_ms: change.max_call_duration_ms.unwrap_or(settings.max_call_duration_ms),
        max_wait_ms: PerType(CallType::ALL.map(|call_type| {
            change.max_wait_ms[call_type].unwrap_or(settings.max_wait_ms[call_type])
        })),
        max_queued: change.max_queued.unwrap_or(settings.max_queued),
    }
}
