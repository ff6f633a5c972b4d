//! The opening hours of gates: when each begins or ends by the clock of its time zone, and telling the core so.
//!
//! The core knows only open and closed. `opening.rs` works out the one and the next change from the hours and a time, `timetable.rs`
//! has the gates of all organisations and which of them are due, and `keep.rs` sleeps until then. Only the last waits for anything.

pub(crate) mod keep;
pub(crate) mod opening;
pub(crate) mod timetable;

use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use callslot_core::{
    DeleteGate, GateId, GateSettings, GateWritten, Hours, OrgId, PutGate, Timestamp,
};
use tokio::sync::Notify;

use crate::gate_hours::opening::Opening;
use crate::gate_hours::timetable::Timetable;
use crate::node_handle::NodeHandle;
use crate::unavailable::{SubmitError, Unavailable};

/// The timetable of a node. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedTimetable(Arc<State>);

#[derive(Debug, Default)]
struct State {
    timetable: RwLock<Timetable>,
    /// Held from reading a gate in the core until it is in the timetable, so that what is read last stays there.
    reading: tokio::sync::Mutex<()>,
    changed: Notify,
}

impl SharedTimetable {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Timetable> {
        self.0.timetable.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Timetable> {
        self.0.timetable.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Has the task look at it again: it, or the time that is shown, has changed.
    pub(crate) fn look_again(&self) {
        self.0.changed.notify_one();
    }

    async fn changed(&self) {
        self.0.changed.notified().await;
    }
}

/// When the gates of an organisation open, as the timetable has it. Looking does not wait.
#[derive(Debug, Clone)]
pub struct GateHours {
    node: NodeHandle,
    org: OrgId,
}

impl GateHours {
    /// In how long the hours of a gate begin that is outside them, in milliseconds; none if they do not, or if it is within them.
    #[must_use]
    pub fn opens_in_ms(&self, gate: &GateId) -> Option<u64> {
        self.node
            .timetable()
            .read()
            .opens_at(&self.org, gate)
            .map(|at| at.ms_since(self.node.now()))
    }
}

impl NodeHandle {
    /// When the gates of an organisation open.
    #[must_use]
    pub fn gate_hours(&self, org: &OrgId) -> GateHours {
        GateHours { node: self.clone(), org: org.clone() }
    }

    /// Creates or replaces a gate, which is within its hours from the beginning if it is now.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the core refuses it, [`SubmitError::Unavailable`] when it was not carried out.
    pub async fn put_gate(
        &self,
        org: &OrgId,
        gate: GateId,
        settings: GateSettings,
    ) -> Result<GateWritten, SubmitError> {
        let now = self.now();
        let is_within = |hours: &Arc<Hours>| Opening::at(hours, now).is_within;
        let is_within_hours = settings.hours.as_ref().is_none_or(is_within);
        let put = PutGate { gate: gate.clone(), settings, is_within_hours };
        let written = self.submit((org.clone(), put)).await?;
        self.read_hours(org, vec![gate]).await?;
        Ok(written)
    }

    /// Removes a gate.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the core refuses it, [`SubmitError::Unavailable`] when it was not carried out.
    pub async fn delete_gate(&self, org: &OrgId, gate: GateId) -> Result<(), SubmitError> {
        self.submit((org.clone(), DeleteGate { gate: gate.clone() })).await?;
        Ok(self.read_hours(org, vec![gate]).await?)
    }

    /// Puts the hours of these gates into the timetable as the core has them now.
    pub(crate) async fn read_hours(
        &self,
        org: &OrgId,
        gates: Vec<GateId>,
    ) -> Result<(), Unavailable> {
        let timetable = self.timetable();
        let reading = timetable.0.reading.lock().await;
        let look = |found: Option<&callslot_core::Org>, _| {
            let of = |gate: GateId| {
                let hours = found.and_then(|org| org.hours_of_gate(&gate));
                (gate, hours.map(|(hours, is_within)| (Arc::clone(hours), is_within)))
            };
            gates.into_iter().map(of).collect::<Vec<_>>()
        };
        let seen = self.read(org, look).await?;
        let now: Timestamp = self.now();
        for (gate, hours) in seen {
            timetable.write().set(org, &gate, hours, now);
        }
        drop(reading);
        timetable.look_again();
        Ok(())
    }
}
