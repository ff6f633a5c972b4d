//! What waits are estimated from: the time that slots were in use, how many came free, and who got them.

use std::collections::BTreeMap;

use callslot_core::{AgentId, Call, CallType, PerType, Tick, Ticket};

/// All that estimates are made from.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// When what is decided happens.
    pub(super) now: Tick,
    /// Up to when the time in slots is counted: the last change.
    pub(super) until: Tick,
    pub(super) slots: Held,
    pub(super) pool: Set,
    pub(super) types: PerType<Set>,
    pub(super) agents: BTreeMap<AgentId, PerType<OfClass>>,
}

/// All slots of a class, and the shared ones of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct OfClass {
    pub(super) slots: Held,
    pub(super) shared: Held,
}

/// The time spent in slots, and how many came free.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Held {
    pub(super) slot_ms: u64,
    pub(super) freed: u64,
}

/// The shared slots of the pool or of a type, and who waits for them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Set {
    pub(super) shared: Held,
    pub(super) line: Line,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Line {
    /// The highest ticket that got a shared slot.
    pub(super) reached: Ticket,
    /// The newest ticket when the line had last come this far.
    pub(super) marked: Ticket,
    pub(super) left: u32,
    pub(super) given: u32,
}

impl Held {
    pub(super) fn halve(&mut self) {
        self.slot_ms /= 2;
        self.freed /= 2;
    }

    /// With the time of `more_ms`, in which `in_use` slots were in use.
    pub(super) fn with(self, in_use: u64, more_ms: u64) -> Self {
        Self { slot_ms: self.slot_ms + in_use * more_ms, ..self }
    }

    /// For how long a slot is held, if that is known.
    pub(super) fn mean_ms(self) -> Option<u64> {
        self.slot_ms.checked_div(self.freed)
    }
}

/// Whether a call is of this class.
pub(super) fn is_of(call: &Call, agent: &AgentId, call_type: CallType) -> bool {
    call.request.agent == *agent && call.request.call_type == call_type
}
