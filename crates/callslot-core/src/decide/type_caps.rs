//! Setting and clearing the caps of call types.

use alloc::vec::Vec;

use crate::command::SetTypeCap;
use crate::event::{Recorded, SettingsEvent};
use crate::org::Org;
use crate::rejection::{Capped, Rejection};
use crate::time::Now;

impl Org {
    pub(super) fn set_type_cap(
        &mut self,
        now: Now,
        SetTypeCap { call_type, cap }: SetTypeCap,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let known = self.pool.type_use(call_type);
        let reserved = known.usage.reserved;
        if let Some(cap) = cap.filter(|&cap| u64::from(cap) < reserved) {
            let of = Capped::Type(call_type);
            return Err(Rejection::CapBelowReservations { of, cap, reserved });
        }
        if known.cap != cap {
            self.record(now.tick, events, SettingsEvent::TypeCapChanged { call_type, cap });
            self.dispatch(now, events);
        }
        Ok(())
    }
}
