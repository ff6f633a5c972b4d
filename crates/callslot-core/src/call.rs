//! A call: the request, which hardly ever changes, and the state.

use alloc::sync::Arc;
use core::ops::{Index, IndexMut};

use crate::gate::CallGates;
use crate::id::{AgentId, CallId, LeaseId, Ticket};
use crate::time::{Tick, Timestamp};

/// How a caller and an agent talk. All four draw from the one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallType {
    /// Voice in a browser.
    Webcall,
    /// Text.
    Chat,
    /// Telephony the agent dials.
    Outbound,
    /// Telephony the agent answers.
    Inbound,
}

impl CallType {
    /// All types, in the order in which they are listed everywhere.
    pub const ALL: [Self; 4] = [Self::Webcall, Self::Chat, Self::Outbound, Self::Inbound];

    /// The name in JSON, on the command line and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webcall => "webcall",
            Self::Chat => "chat",
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
        }
    }
}

/// One value for each call type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PerType<T>(pub [T; 4]);

impl<T> Index<CallType> for PerType<T> {
    type Output = T;
    fn index(&self, call_type: CallType) -> &T {
        &self.0[call_type as usize]
    }
}

impl<T> IndexMut<CallType> for PerType<T> {
    fn index_mut(&mut self, call_type: CallType) -> &mut T {
        &mut self.0[call_type as usize]
    }
}

/// Which kind of slot a call took when it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// One of the class's own.
    Reserved,
    /// One of the shared pool.
    Shared,
}

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndReason {
    /// The client ended an active call.
    Completed,
    /// The client ended a queued call, or ended it before it came.
    Canceled,
    /// Its lease expired or was ended.
    LeaseExpired,
    /// Its engine did not name it when it reconciled.
    Reconciled,
    /// It was active for its own `max_duration`, or without a lease for the organisation's `max_call_duration`.
    MaxDuration,
    /// It was queued for its `max_wait`, or could not start at once and may not wait.
    MaxWait,
    /// It was dispatched three times and never claimed.
    Unclaimed,
    /// The one who was to take it up refused it for good.
    Declined,
}

impl EndReason {
    /// All reasons.
    pub const ALL: [Self; 8] = [
        Self::Completed,
        Self::Canceled,
        Self::LeaseExpired,
        Self::Reconciled,
        Self::MaxDuration,
        Self::MaxWait,
        Self::Unclaimed,
        Self::Declined,
    ];

    /// The name in JSON and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::LeaseExpired => "lease_expired",
            Self::Reconciled => "reconciled",
            Self::MaxDuration => "max_duration",
            Self::MaxWait => "max_wait",
            Self::Unclaimed => "unclaimed",
            Self::Declined => "declined",
        }
    }
}

/// A call as it was asked for. Never changes, but for the lease, which may be another's after the call was adopted, and the
/// deadline of its wait, which is not past when the call goes back to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The call's id.
    pub id: CallId,
    /// The agent that handles it.
    pub agent: AgentId,
    /// Its type; with the agent, its class.
    pub call_type: CallType,
    /// Its place in the organisation's arrival order.
    pub ticket: Ticket,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// The lease that covers it.
    pub lease: Option<LeaseId>,
    /// When it ends with `max_wait`, if it is queued then.
    pub wait_deadline: Option<Tick>,
    /// How long it may be active, in milliseconds, whether or not a lease covers it.
    pub max_duration_ms: Option<u64>,
    /// In which time it must be claimed once dispatched, in milliseconds.
    pub claim_within_ms: Option<u64>,
    /// The gates that it passes.
    pub gates: CallGates,
    /// The client's own JSON object, as text.
    pub metadata: Option<Arc<str>>,
}

/// A queued call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// How often it was dispatched and not claimed.
    pub misses: u8,
}

/// A call that holds a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// The kind of slot it took.
    pub slot: SlotKind,
    /// When it took it.
    pub started_at: Timestamp,
    /// The tick at which it was dispatched from the queue; none when it started at once.
    pub dispatched: Option<Tick>,
    /// When it is taken back (while a claim is due) or ends with `max_duration`; none while only its lease bounds it.
    pub deadline: Option<Tick>,
    /// It asked for a claim window and has not been claimed yet.
    pub is_claim_due: bool,
    /// How often it was dispatched and not claimed before.
    pub misses: u8,
}

/// A call that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Slot and start of the last time it was active; none if it never was or had returned to the queue.
    pub served: Option<(SlotKind, Timestamp)>,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Why.
    pub reason: EndReason,
    /// The client's remark about the end.
    pub note: Option<Arc<str>>,
    /// Until when the id is remembered.
    pub remembered_until: Tick,
}

/// Stands for metadata or a note that memory no longer has, as an organisation has too much of them: the history has the text. A client's
/// note may be the same; then the history has that.
pub(crate) const IN_HISTORY: &str = "\0";

/// How far a call that has not ended has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveState {
    /// It is queued.
    Queued(Queued),
    /// It holds a slot.
    Active(Active),
}

impl LiveState {
    /// How often the call was dispatched and not claimed.
    pub(crate) fn misses(self) -> u8 {
        match self {
            Self::Queued(Queued { misses }) | Self::Active(Active { misses, .. }) => misses,
        }
    }
}

/// How far a call has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallState {
    /// It is queued.
    Queued(Queued),
    /// It holds a slot.
    Active(Active),
    /// It is over.
    Ended(Ended),
}

/// A call and its state. Cheap to clone. Where the state is known, the type says so: a `Call<Active>` is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<State = CallState> {
    /// The request.
    pub request: Arc<Request>,
    /// How far it has come.
    pub state: State,
}

impl Call {
    /// Whether it is queued.
    #[must_use]
    pub const fn is_queued(&self) -> bool {
        matches!(self.state, CallState::Queued(_))
    }

    /// Whether it holds a slot.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(self.state, CallState::Active(_))
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_ended(&self) -> bool {
        matches!(self.state, CallState::Ended(_))
    }

    /// Whether the metadata or the note is to be read from the history, since memory has it no longer. Only of ended calls.
    #[must_use]
    pub fn has_texts_in_history(&self) -> bool {
        let CallState::Ended(Ended { note, .. }) = &self.state else { return false };
        [&self.request.metadata, note].into_iter().flatten().any(|text| &**text == IN_HISTORY)
    }
}

impl Call<Ended> {
    /// Removes the metadata and the note. Returns whether there were any.
    pub fn erase_texts(&mut self) -> bool {
        let has_texts = self.request.metadata.is_some() || self.state.note.is_some();
        if has_texts {
            Arc::make_mut(&mut self.request).metadata = None;
            self.state.note = None;
        }
        has_texts
    }
}

impl From<Call<Queued>> for Call {
    fn from(Call { request, state }: Call<Queued>) -> Self {
        Self { request, state: CallState::Queued(state) }
    }
}

impl From<Call<Active>> for Call {
    fn from(Call { request, state }: Call<Active>) -> Self {
        Self { request, state: CallState::Active(state) }
    }
}

impl From<Call<Ended>> for Call {
    fn from(Call { request, state }: Call<Ended>) -> Self {
        Self { request, state: CallState::Ended(state) }
    }
}

impl From<Call<LiveState>> for Call {
    fn from(Call { request, state }: Call<LiveState>) -> Self {
        match state {
            LiveState::Queued(state) => Call { request, state }.into(),
            LiveState::Active(state) => Call { request, state }.into(),
        }
    }
}
