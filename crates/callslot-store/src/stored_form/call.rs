//! The stored form of a call. Belongs to `stored_form.rs`, which says how stored forms may change.

use std::sync::Arc;

use callslot_core::{
    Active, Call, CallGates, CallId, CallType, EndReason, Ended, GateId, LiveState, Now, Queued,
    Request, SlotKind, Tick, Ticket, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredCall<'a> {
    id: &'a str,
    agent: u32,
    call_type: StoredType,
    ticket: u64,
    requested_ms_ago: i64,
    lease: Option<u32>,
    wait_deadline_in: Option<i64>,
    claim_within_ms: Option<u64>,
    metadata: Option<&'a str>,
    #[serde(borrow)]
    state: StoredState<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) enum StoredState<'a> {
    Queued(StoredQueued),
    Active(StoredActive),
    Ended(#[serde(borrow)] StoredEnded<'a>),
    /// Since version 3, as the two below: a call that asks for a longest duration.
    BoundedQueued {
        max_duration_ms: u64,
        state: StoredQueued,
    },
    BoundedActive {
        max_duration_ms: u64,
        state: StoredActive,
    },
    BoundedEnded {
        max_duration_ms: u64,
        #[serde(borrow)]
        state: StoredEnded<'a>,
    },
    /// Since version 4, as the two below: a call that names gates.
    GatedQueued {
        gates: Vec<u32>,
        max_duration_ms: Option<u64>,
        state: StoredQueued,
    },
    GatedActive {
        gates: Vec<u32>,
        max_duration_ms: Option<u64>,
        state: StoredActive,
    },
    GatedEnded {
        gates: Vec<u32>,
        max_duration_ms: Option<u64>,
        #[serde(borrow)]
        state: StoredEnded<'a>,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredQueued {
    misses: u8,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredActive {
    slot: StoredSlot,
    started_ms_ago: i64,
    dispatched_ticks_ago: Option<i64>,
    deadline_in: Option<i64>,
    is_claim_due: bool,
    misses: u8,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredEnded<'a> {
    served: Option<(StoredSlot, i64)>,
    ended_ms_ago: i64,
    reason: StoredReason,
    note: Option<&'a str>,
    remembered_for: i64,
}

impl<'a> StoredCall<'a> {
    fn from_core(
        request: &'a Request,
        state: StoredState<'a>,
        now: Now,
        names: &mut Names<'a>,
    ) -> Self {
        Self {
            id: request.id.as_str(),
            agent: names.number(request.agent.as_str()),
            call_type: request.call_type.into(),
            ticket: request.ticket.0,
            requested_ms_ago: distance(request.requested_at.0, now.at.0),
            lease: request.lease.as_ref().map(|lease| names.number(lease.as_str())),
            wait_deadline_in: request.wait_deadline.map(|tick| distance(now.tick.0, tick.0)),
            claim_within_ms: request.claim_within_ms,
            metadata: request.metadata.as_deref(),
            state: state.of_call(request, names),
        }
    }

    pub(super) fn queued(call: &'a Call<Queued>, now: Now, names: &mut Names<'a>) -> Self {
        Self::from_core(&call.request, StoredState::queued(call.state), now, names)
    }

    pub(super) fn active(call: &'a Call<Active>, now: Now, names: &mut Names<'a>) -> Self {
        Self::from_core(&call.request, StoredState::active(call.state, now), now, names)
    }

    pub(super) fn live(call: &'a Call<LiveState>, now: Now, names: &mut Names<'a>) -> Self {
        let state = match call.state {
            LiveState::Queued(state) => StoredState::queued(state),
            LiveState::Active(state) => StoredState::active(state, now),
        };
        Self::from_core(&call.request, state, now, names)
    }

    pub(super) fn ended(call: &'a Call<Ended>, now: Now, names: &mut Names<'a>) -> Self {
        let Ended { served, ended_at, reason, note, remembered_until } = &call.state;
        let state = StoredState::Ended(StoredEnded {
            served: served.map(|(slot, at)| (slot.into(), distance(at.0, now.at.0))),
            ended_ms_ago: distance(ended_at.0, now.at.0),
            reason: (*reason).into(),
            note: note.as_deref(),
            remembered_for: distance(now.tick.0, remembered_until.0),
        });
        Self::from_core(&call.request, state, now, names)
    }

    /// The call of an event that leaves it in the state `State`.
    pub(super) fn into_core<State: FromStored>(
        self,
        context: &Context<'_>,
    ) -> Result<Call<State>, Unreadable> {
        let now = context.now;
        let (state, max_duration_ms, gates) = self.state.into_parts();
        let request = Request {
            id: CallId::kept(self.id)?,
            agent: context.agents(self.agent)?,
            call_type: self.call_type.into(),
            ticket: Ticket(self.ticket),
            requested_at: Timestamp(before(now.at.0, self.requested_ms_ago)),
            lease: self.lease.map(|lease| context.leases(lease)).transpose()?,
            wait_deadline: self.wait_deadline_in.map(|ms| Tick(after(now.tick.0, ms))),
            max_duration_ms,
            claim_within_ms: self.claim_within_ms,
            gates: gates_of(gates, context)?,
            metadata: self.metadata.map(Arc::from),
        };
        let other = Unreadable::Damaged("a call has another state than its event gives it");
        let state = State::from_stored(state, now).ok_or(other)?;
        Ok(Call { request: Arc::new(request), state })
    }
}

impl<'a> StoredState<'a> {
    fn queued(Queued { misses }: Queued) -> Self {
        Self::Queued(StoredQueued { misses })
    }

    fn active(state: Active, now: Now) -> Self {
        let Active { slot, started_at, dispatched, deadline, is_claim_due, misses } = state;
        Self::Active(StoredActive {
            slot: slot.into(),
            started_ms_ago: distance(started_at.0, now.at.0),
            dispatched_ticks_ago: dispatched.map(|tick| distance(tick.0, now.tick.0)),
            deadline_in: deadline.map(|tick| distance(now.tick.0, tick.0)),
            is_claim_due,
            misses,
        })
    }

    /// The state, with what calls ask for that not every version had.
    fn of_call(self, request: &'a Request, names: &mut Names<'a>) -> Self {
        let max_duration_ms = request.max_duration_ms;
        let gates = gate_numbers(&request.gates, names);
        let is_gated = !gates.is_empty();
        match (self, max_duration_ms) {
            (Self::Queued(state), _) if is_gated => {
                Self::GatedQueued { gates, max_duration_ms, state }
            }
            (Self::Active(state), _) if is_gated => {
                Self::GatedActive { gates, max_duration_ms, state }
            }
            (Self::Ended(state), _) if is_gated => {
                Self::GatedEnded { gates, max_duration_ms, state }
            }
            (Self::Queued(state), Some(max_duration_ms)) => {
                Self::BoundedQueued { max_duration_ms, state }
            }
            (Self::Active(state), Some(max_duration_ms)) => {
                Self::BoundedActive { max_duration_ms, state }
            }
            (Self::Ended(state), Some(max_duration_ms)) => {
                Self::BoundedEnded { max_duration_ms, state }
            }
            (state, _) => state,
        }
    }

    /// The state alone, how long the call may be active, if it says so, and the gates that it names.
    fn into_parts(self) -> (Self, Option<u64>, Vec<u32>) {
        match self {
            Self::Queued(_) | Self::Active(_) | Self::Ended(_) => (self, None, Vec::new()),
            Self::BoundedQueued { max_duration_ms, state } => {
                (Self::Queued(state), Some(max_duration_ms), Vec::new())
            }
            Self::BoundedActive { max_duration_ms, state } => {
                (Self::Active(state), Some(max_duration_ms), Vec::new())
            }
            Self::BoundedEnded { max_duration_ms, state } => {
                (Self::Ended(state), Some(max_duration_ms), Vec::new())
            }
            Self::GatedQueued { gates, max_duration_ms, state } => {
                (Self::Queued(state), max_duration_ms, gates)
            }
            Self::GatedActive { gates, max_duration_ms, state } => {
                (Self::Active(state), max_duration_ms, gates)
            }
            Self::GatedEnded { gates, max_duration_ms, state } => {
                (Self::Ended(state), max_duration_ms, gates)
            }
        }
    }
}

/// A state that a stored call may have; none when it has another.
pub(super) trait FromStored: Sized {
    fn from_stored(stored: StoredState<'_>, now: Now) -> Option<Self>;
}

impl FromStored for Queued {
    fn from_stored(stored: StoredState<'_>, _: Now) -> Option<Self> {
        let StoredState::Queued(StoredQueued { misses }) = stored else { return None };
        Some(Self { misses })
    }
}

impl FromStored for Active {
    fn from_stored(stored: StoredState<'_>, now: Now) -> Option<Self> {
        let StoredState::Active(stored) = stored else { return None };
        let StoredActive { slot, started_ms_ago, dispatched_ticks_ago, .. } = stored;
        let StoredActive { deadline_in, is_claim_due, misses, .. } = stored;
        Some(Self {
            slot: slot.into(),
            started_at: Timestamp(before(now.at.0, started_ms_ago)),
            dispatched: dispatched_ticks_ago.map(|ms| Tick(before(now.tick.0, ms))),
            deadline: deadline_in.map(|ms| Tick(after(now.tick.0, ms))),
            is_claim_due,
            misses,
        })
    }
}

impl FromStored for LiveState {
    fn from_stored(stored: StoredState<'_>, now: Now) -> Option<Self> {
        if let StoredState::Queued(_) = stored {
            Queued::from_stored(stored, now).map(Self::Queued)
        } else {
            Active::from_stored(stored, now).map(Self::Active)
        }
    }
}

impl FromStored for Ended {
    fn from_stored(stored: StoredState<'_>, now: Now) -> Option<Self> {
        let StoredState::Ended(stored) = stored else { return None };
        let StoredEnded { served, ended_ms_ago, reason, note, remembered_for } = stored;
        Some(Self {
            served: served.map(|(slot, ms_ago)| (slot.into(), Timestamp(before(now.at.0, ms_ago)))),
            ended_at: Timestamp(before(now.at.0, ended_ms_ago)),
            reason: reason.into(),
            note: note.map(Arc::from),
            remembered_until: Tick(after(now.tick.0, remembered_for)),
        })
    }
}

/// The gates that a call names, by their numbers.
fn gate_numbers<'a>(gates: &'a CallGates, names: &mut Names<'a>) -> Vec<u32> {
    gates.ids().iter().map(|gate| names.number(gate.as_str())).collect()
}

fn gates_of(numbers: Vec<u32>, context: &Context<'_>) -> Result<CallGates, Unreadable> {
    let ids = numbers.into_iter().map(|gate| context.gates(gate));
    let ids: Vec<GateId> = ids.collect::<Result<_, _>>()?;
    CallGates::new(ids).ok_or(Unreadable::Damaged("a call names more gates than it may"))
}

/// The signed distance between two numbers. It wraps, and so do the functions below: together they are exact for all numbers.
pub(super) fn distance(from: u64, to: u64) -> i64 {
    to.wrapping_sub(from).cast_signed()
}

pub(super) fn before(to: u64, distance: i64) -> u64 {
    to.wrapping_sub(distance.cast_unsigned())
}

pub(super) fn after(from: u64, distance: i64) -> u64 {
    from.wrapping_add(distance.cast_unsigned())
}

/// A stored enum, and conversions from and to the core's.
macro_rules! stored_enum {
    ($stored:ident, $core:ident { $($variant:ident),+ }) => {
        #[derive(Clone, Copy, Serialize, Deserialize)]
        pub(super) enum $stored { $($variant),+ }

        impl From<$core> for $stored {
            fn from(value: $core) -> Self {
                match value { $($core::$variant => Self::$variant),+ }
            }
        }

        impl From<$stored> for $core {
            fn from(value: $stored) -> Self {
                match value { $($stored::$variant => Self::$variant),+ }
            }
        }
    };
}

stored_enum!(StoredType, CallType { Webcall, Chat, Outbound, Inbound });
stored_enum!(StoredSlot, SlotKind { Reserved, Shared });
stored_enum!(
    StoredReason,
    EndReason {
        Completed,
        Canceled,
        LeaseExpired,
        Reconciled,
        MaxDuration,
        MaxWait,
        Unclaimed,
        Declined
    }
);
