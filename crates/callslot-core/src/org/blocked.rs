//! Why a queued call is not started: the first thing that holds it, in the order of telling of `docs/semantics.md`.

use crate::call::SlotKind;
use crate::org::gates::Gate;
use crate::org::index::ClassIndex;
use crate::org::lanes::LaneGates;
use crate::org::pool::Pool;
use crate::time::Tick;
use crate::view::{BlockedBy, BlockedOn};

/// What holds a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blocked {
    pub(crate) on: BlockedOn,
    /// Whose cap, pace, pause or hours that is.
    pub(crate) by: Option<BlockedBy>,
    /// In how long it has a start to give, if it is a pace.
    pub(crate) retry_in_ms: Option<u64>,
}

impl Blocked {
    fn on(on: BlockedOn, by: Option<BlockedBy>) -> Self {
        Self { on, by, retry_in_ms: None }
    }
}

impl Pool {
    /// Why the head of the class's lane with these gates is not started. Says nothing true of one that is admissible.
    pub(crate) fn blocked_on(&self, tick: Tick, index: ClassIndex, gates: LaneGates) -> Blocked {
        let (agent, of_type) = (self.agent(index.agent), self.type_use(index.call_type));
        let class = &agent.classes[index.call_type];
        if class.reserved == 0 {
            if self.reserved() == u64::from(self.limit()) {
                return Blocked::on(BlockedOn::NothingShared, None);
            } else if agent.cap == Some(0) {
                return Blocked::on(BlockedOn::NothingShared, Some(BlockedBy::Agent));
            } else if of_type.cap == Some(0) {
                return Blocked::on(BlockedOn::NothingShared, Some(BlockedBy::Type));
            }
        }
        let kind = class.next_slot();
        if self.active() >= self.limit() {
            Blocked::on(BlockedOn::Limit, None)
        } else if kind == SlotKind::Shared && self.settling() > 0 {
            Blocked::on(BlockedOn::Settling, None)
        } else if !agent.has_room(kind) {
            Blocked::on(BlockedOn::AgentCap, Some(BlockedBy::Agent))
        } else if !of_type.has_room(kind) {
            Blocked::on(BlockedOn::TypeCap, Some(BlockedBy::Type))
        } else {
            self.blocked_on_gates(gates)
                .or_else(|| self.blocked_on_paces(tick, index, gates))
                .unwrap_or(Blocked::on(BlockedOn::SharedFull, None))
        }
    }

    fn blocked_on_gates(&self, gates: LaneGates) -> Option<Blocked> {
        let first = |holds: fn(&Gate) -> bool| {
            gates.iter().position(|gate| holds(self.gates.gate(gate))).map(BlockedBy::Gate)
        };
        let (on, by) = if let Some(full) = first(Gate::is_full) {
            (BlockedOn::GateCap, full)
        } else if let Some(paused) = first(|gate| gate.settings.is_paused) {
            (BlockedOn::GatePaused, paused)
        } else {
            (BlockedOn::GateHours, first(|gate| !gate.is_within_hours)?)
        };
        Some(Blocked::on(on, Some(by)))
    }

    /// Of the paces that have no start to give, the one that has one last.
    fn blocked_on_paces(&self, tick: Tick, index: ClassIndex, gates: LaneGates) -> Option<Blocked> {
        let own = [
            (BlockedBy::Agent, self.agent(index.agent).paced),
            (BlockedBy::Type, self.type_use(index.call_type).paced),
        ];
        let of_gates = gates.iter().enumerate();
        let of_gates =
            of_gates.map(|(place, gate)| (BlockedBy::Gate(place), self.gates.gate(gate).paced));
        let mut last: Option<(Tick, BlockedBy)> = None;
        for (by, paced) in own.into_iter().chain(of_gates) {
            let next = paced.map(|paced| paced.pacer.next_start()).filter(|&next| next > tick);
            if let Some(next) = next
                && last.is_none_or(|(latest, _)| next > latest)
            {
                last = Some((next, by));
            }
        }
        last.map(|(next, by)| Blocked {
            on: BlockedOn::Paced,
            by: Some(by),
            retry_in_ms: Some(next.ms_after(tick)),
        })
    }
}
