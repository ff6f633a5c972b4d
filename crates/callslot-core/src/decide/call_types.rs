//! Setting and clearing the caps and paces of call types.

use alloc::vec::Vec;

use crate::command::SetType;
use crate::event::{Recorded, SettingsEvent};
use crate::org::Org;
use crate::rejection::{Capped, Rejection};
use crate::time::Now;

impl Org {
    pub(super) fn set_type(
        &mut self,
        now: Now,
        SetType { call_type, cap, pace }: SetType,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let known = self.pool.type_use(call_type);
        let reserved = known.usage.reserved;
        if let Some(cap) = cap.filter(|&cap| u64::from(cap) < reserved) {
            let of = Capped::Type(call_type);
            return Err(Rejection::CapBelowReservations { of, cap, reserved });
        }
        if (known.cap, known.pace()) != (cap, pace) {
            self.record(now, events, SettingsEvent::TypeChanged { call_type, cap, pace });
            self.dispatch(now, events);
        }
        Ok(())
    }
}
