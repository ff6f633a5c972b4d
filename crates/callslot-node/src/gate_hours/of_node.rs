//! What the server asks of the node about gates: to put and delete them, and when they open.

use std::sync::Arc;

use callslot_core::{
    Actor, By, DeleteGate, GateId, GateSettings, GateWritten, Hours, Now, Org, OrgId, PutGate,
};

use crate::gate_hours::opening::Opening;
use crate::node_handle::NodeHandle;
use crate::unavailable::{SubmitError, Unavailable};

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
        let timetable = &self.node.shard_of(&self.org).state.timetable;
        let opens_at = timetable.read().opens_at(&self.org, gate);
        opens_at.map(|at| at.ms_since(self.node.now()))
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
        actor: Arc<Actor>,
        org: &OrgId,
        gate: GateId,
        settings: GateSettings,
    ) -> Result<GateWritten, SubmitError> {
        let now = self.now();
        let is_within = |hours: &Arc<Hours>| Opening::at(hours, now).is_within;
        let is_within_hours = settings.hours.as_ref().is_none_or(is_within);
        let put = PutGate { gate: gate.clone(), settings, is_within_hours };
        let written = self.submit((org.clone(), By { actor, command: put })).await?;
        self.read_hours(org, vec![gate]).await?;
        Ok(written)
    }

    /// Removes a gate.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the core refuses it, [`SubmitError::Unavailable`] when it was not carried out.
    pub async fn delete_gate(
        &self,
        actor: Arc<Actor>,
        org: &OrgId,
        gate: GateId,
    ) -> Result<(), SubmitError> {
        let command = DeleteGate { gate: gate.clone() };
        self.submit((org.clone(), By { actor, command })).await?;
        Ok(self.read_hours(org, vec![gate]).await?)
    }

    /// Puts the hours of these gates into the timetable as the core has them now.
    pub(crate) async fn read_hours(
        &self,
        org: &OrgId,
        gates: Vec<GateId>,
    ) -> Result<(), Unavailable> {
        let timetable = &self.shard_of(org).state.timetable;
        let reading = timetable.reading().await;
        let look = |found: Option<&Org>, _: Now| {
            let of = |gate: GateId| {
                let hours = found.and_then(|org| org.hours_of_gate(&gate));
                (gate, hours.map(|(hours, is_within)| (Arc::clone(hours), is_within)))
            };
            gates.into_iter().map(of).collect::<Vec<_>>()
        };
        let seen = self.read(org, look).await?;
        let now = self.now();
        for (gate, hours) in seen {
            timetable.write().set(org, &gate, hours, now);
        }
        drop(reading);
        timetable.look_again();
        Ok(())
    }
}
