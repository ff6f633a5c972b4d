//! Creating, changing, opening and deleting gates. No change of a gate ends a call.

use alloc::vec::Vec;

use crate::command::{DeleteGate, PutGate, SetWithinHours};
use crate::event::{Recorded, SettingsEvent};
use crate::org::Org;
use crate::rejection::Rejection;
use crate::reply::GateWritten;
use crate::time::Now;

impl Org {
    pub(super) fn put_gate(
        &mut self,
        now: Now,
        PutGate { gate, settings, is_within_hours }: PutGate,
        events: &mut Vec<Recorded>,
    ) -> Result<GateWritten, Rejection> {
        let known = self.pool.gates.find(&gate).map(|index| self.pool.gates.gate(index));
        let is_new = known.is_none();
        let max_gates = self.bounds.gates;
        if is_new && self.pool.gates.len() >= max_gates {
            return Err(Rejection::TooManyGates { max_gates });
        }
        let is_other = known.is_none_or(|known| {
            known.settings != settings || known.is_within_hours != is_within_hours
        });
        if is_other {
            let event = SettingsEvent::GatePut { gate, settings: settings.into(), is_within_hours };
            self.record(now, events, event);
            self.dispatch(now, events);
        }
        Ok(GateWritten { is_new })
    }

    /// Does nothing if the hours are others by now, as they were worked out from those that the caller knew.
    #[expect(clippy::unnecessary_wraps, reason = "commands are decided alike")]
    pub(super) fn set_within_hours(
        &mut self,
        now: Now,
        SetWithinHours { gate, hours, is_within_hours }: SetWithinHours,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let known = self.pool.gates.find(&gate).map(|index| self.pool.gates.gate(index));
        let is_other = known.is_some_and(|known| {
            known.settings.hours.as_ref() == Some(&hours)
                && known.is_within_hours != is_within_hours
        });
        if is_other {
            self.record(now, events, SettingsEvent::GateHours { gate, is_within_hours });
            self.dispatch(now, events);
        }
        Ok(())
    }

    pub(super) fn delete_gate(
        &mut self,
        now: Now,
        DeleteGate { gate }: DeleteGate,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let Some(index) = self.pool.gates.find(&gate) else {
            return Err(Rejection::UnknownGate { gate });
        };
        let live = self.pool.gates.gate(index).live();
        if live > 0 {
            return Err(Rejection::GateInUse { gate, live });
        }
        self.record(now, events, SettingsEvent::GateDeleted { gate });
        Ok(())
    }
}
