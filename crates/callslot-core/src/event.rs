//! The events: facts that the core has decided and the log keeps.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::actor::ChangedBy;
use crate::alert::{AlertClosing, AlertOpening, AlertRule};
use crate::call::{Active, Call, CallType, Ended, LiveState, PerType, Queued, Request};
use crate::gate::{GateSettings, Pace};
use crate::id::{
    AgentId, AlertId, CallId, Claimant, GateId, KeyId, LeaseId, OrgId, PlanId, Sequence, Ticket,
    Version,
};
use crate::lease_sum::LeaseSum;
use crate::settings::OrgSettings;
use crate::time::Tick;
use crate::view::CallFilter;
use crate::wait_estimate::{ClassFigures, HeldSlots, WaitFigures};

/// An event and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The organisation it happened in.
    pub org: OrgId,
    /// Its number among the organisation's public events; none for an event that is not public.
    pub sequence: Option<Sequence>,
    /// The event.
    pub event: Event,
}

/// Something that happened in an organisation. What happened to calls and settings is public: event streams show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A call was queued, started or ended. Public.
    Call(CallEvent),
    /// A dispatched call was claimed.
    CallClaimed(Box<Claim>),
    /// A live call moved to another lease.
    CallAdopted(Box<Adoption>),
    /// A client ended calls that have not come yet. A start of one of these ids that comes before the tick finds it ended.
    EndsRemembered(Vec<CallId>, Tick),
    /// The metadata and the notes of all ended calls with an id were removed.
    CallErased(CallId),
    /// A client ends all calls that match, or has.
    Sweep(SweepEvent),
    /// A limit, an agent, a type, a gate, the rule of an alert or reservations changed. Public.
    Settings(SettingsEvent),
    /// An alert opened or closed. Public.
    Alert(AlertEvent),
    /// Who makes the change of settings that comes next. It is no part of the state.
    ChangedBy(Box<ChangedBy>),
    /// A lease was opened or ended.
    Lease(LeaseEvent),
    /// The organisation itself was created, changed or deleted.
    Org(OrgEvent),
}

/// A call's way through the pool. Each event carries the call as it is after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// The call joined the queue: a new one, or one that was dispatched and not claimed.
    Queued(Call<Queued>),
    /// It took a slot.
    Started(Call<Active>),
    /// It ended.
    Ended(Call<Ended>),
    /// It ended as it came: it never was live.
    EndedAtOnce(Call<Ended>),
}

/// A call that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The call as it is after it.
    pub call: Call<Active>,
    /// Who claimed it; none in logs from before that was kept: any later claim is taken for theirs.
    pub claimant: Option<Claimant>,
}

/// A live call that moved to another lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The call as it is after it; its request names the lease that it has now.
    pub call: Call<LiveState>,
    /// The lease that it had; none: it had none.
    pub from: Option<LeaseId>,
}

/// A sweep: the ends of all calls that match, which may take several steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SweepEvent {
    /// It was asked for; the ends of the calls follow.
    Begun(Box<Sweep>),
    /// Its last call has ended.
    Done {
        /// Which of the organisation's sweeps.
        number: u64,
        /// How many calls it has ended; if the state was read again meanwhile, since then.
        ended: u64,
    },
}

/// What a sweep ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Which of the organisation's sweeps.
    pub number: u64,
    /// Which calls.
    pub filter: CallFilter,
    /// Only these calls, which were live when it began; none: all.
    pub ids: Option<Vec<CallId>>,
    /// The last ticket when it began: later calls are spared.
    pub up_to: Ticket,
    /// The client's remark.
    pub note: Option<Arc<str>>,
}

/// A change of the settings that decide who gets a slot, or of the rules of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsEvent {
    /// The plan, the plan's limit or the override changed.
    LimitChanged {
        /// The plan it is on now.
        plan: PlanId,
        /// The plan's limit.
        plan_limit: u32,
        /// The operator's own limit for the organisation.
        limit_override: Option<u32>,
    },
    /// An agent was created or replaced.
    AgentPut {
        /// Its id.
        agent: AgentId,
        /// Its name.
        name: Arc<str>,
        /// How many calls it may have active at once.
        cap: Option<u32>,
        /// How often its calls may start.
        pace: Option<Pace>,
    },
    /// An agent was removed.
    AgentDeleted {
        /// Its id.
        agent: AgentId,
    },
    /// A call type's cap or pace was set or cleared.
    TypeChanged {
        /// The type.
        call_type: CallType,
        /// How many calls of the type may be active at once, over all agents.
        cap: Option<u32>,
        /// How often calls of the type may start, over all agents.
        pace: Option<Pace>,
    },
    /// A gate was created or replaced.
    GatePut {
        /// Its id.
        gate: GateId,
        /// Its settings.
        settings: Box<GateSettings>,
        /// Whether it is within its hours.
        is_within_hours: bool,
    },
    /// A gate's hours began or ended.
    GateHours {
        /// The gate.
        gate: GateId,
        /// Whether it is within its hours from now on.
        is_within_hours: bool,
    },
    /// A gate was removed.
    GateDeleted {
        /// Its id.
        gate: GateId,
    },
    /// The rule of an alert was created or replaced.
    AlertPut {
        /// The alert's id.
        alert: AlertId,
        /// The rule.
        rule: Box<AlertRule>,
    },
    /// The rule of an alert was removed.
    AlertDeleted {
        /// The alert's id.
        alert: AlertId,
    },
    /// Reservations changed.
    ReservationsChanged {
        /// The version from now on.
        version: Version,
        /// The new reservations of the agents whose reservations changed; the others' are as before.
        reservations: Vec<(AgentId, PerType<u32>)>,
    },
}

/// What becomes of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertEvent {
    /// It opened.
    Opened(Box<AlertOpening>),
    /// It closed.
    Closed(Box<AlertClosing>),
}

/// The beginning and the end of a lease, and of a reconciliation in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseEvent {
    /// A lease was opened.
    Opened {
        /// Its id.
        lease: LeaseId,
        /// How long it lives without a renewal, in milliseconds.
        ttl_ms: u64,
        /// The key with which it was opened; none in logs from before that was kept.
        key: Option<KeyId>,
    },
    /// A lease expired or was ended; the ends of its calls follow.
    Ended {
        /// Its id.
        lease: LeaseId,
    },
    /// The first page of a reconciliation has come. The pages themselves are not in the log.
    PagesBegun {
        /// The lease.
        lease: LeaseId,
        /// The sum of that page or, in doubt, of the first page that was lost: by it a client that starts over is known. None in logs from
        /// before that was kept.
        first: Option<LeaseSum>,
        /// Whether it may be a later page of a list whose first ones were lost, so that no call may end.
        is_in_doubt: bool,
    },
    /// The last page has come, and all is decided.
    PagesDecided {
        /// The lease.
        lease: LeaseId,
        /// The sum of that page. If it comes again, its answer was lost.
        last: LeaseSum,
        /// Until when that is thought of it.
        until: Tick,
    },
    /// A page has come although those before it are lost; or it has come again. With neither sum it is known again where a list begins.
    PagesLost {
        /// The lease.
        lease: LeaseId,
        /// The sum of that page, if it may be that its answer is lost and it comes again.
        last: Option<LeaseSum>,
        /// The sum of the first page that was lost.
        first: Option<LeaseSum>,
    },
}

/// A change of the organisation itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrgEvent {
    /// The organisation was created.
    Created(Box<OrgSettings>),
    /// Its name or its bounds on time and queue changed; plan and limit are as before.
    Changed(Box<OrgSettings>),
    /// The organisation was deleted.
    Deleted,
    /// Its counters, as a snapshot has them, or as a restore has moved them on. No decision leads to this.
    CountersRestored(Box<Counters>),
    /// What its estimates of waits are made from, as a snapshot has it. No decision leads to this.
    WaitsRestored(Box<WaitFigures>),
    /// The same, of an agent's classes.
    AgentWaitsRestored(AgentId, Box<PerType<ClassFigures>>),
    /// When an active call that never was queued started, as a snapshot has it. No decision leads to this.
    StartRestored(CallId, Tick),
    /// When each live call was asked for, in the order of their tickets, as a snapshot has it. No decision leads to this.
    RequestsRestored(Vec<Tick>),
    /// What is used of a pace, as a snapshot has it: the theoretical arrival time in milliseconds × `starts`. No decision leads to this.
    PaceRestored(PaceOf, u64),
    /// What is counted of a gate, as a snapshot has it. No decision leads to this.
    GateRestored(GateId, GateFigures),
}

/// Whose pace it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaceOf {
    /// An agent's.
    Agent(AgentId),
    /// A call type's.
    Type(CallType),
    /// A gate's.
    Gate(GateId),
}

/// What is counted of a gate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GateFigures {
    /// How many of its calls have ended since it was created.
    pub ended: u64,
    /// How long its calls hold their slots.
    pub held: HeldSlots,
}

/// An event that event streams show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicEvent {
    /// A call was queued, started or ended.
    Call(CallEvent),
    /// A limit, an agent, a type, a gate, the rule of an alert or reservations changed.
    Settings(SettingsEvent),
    /// An alert opened or closed.
    Alert(AlertEvent),
}

impl Event {
    /// Whether event streams show it, so that it has a sequence number.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        match self {
            Self::Call(_) | Self::Settings(_) | Self::Alert(_) => true,
            Self::CallClaimed(_)
            | Self::CallAdopted(_)
            | Self::EndsRemembered(..)
            | Self::CallErased(_)
            | Self::Sweep(_)
            | Self::ChangedBy(_)
            | Self::Lease(_)
            | Self::Org(_) => false,
        }
    }

    /// Whether it says who did it: it changes the settings of an organisation, creates or deletes it, or erases a call.
    pub(crate) const fn is_signed(&self) -> bool {
        matches!(
            self,
            Self::Settings(_)
                | Self::CallErased(_)
                | Self::Org(OrgEvent::Created(_) | OrgEvent::Changed(_) | OrgEvent::Deleted)
        )
    }

    /// The event as streams show it; none when it is not public.
    #[must_use]
    pub fn into_public(self) -> Option<PublicEvent> {
        match self {
            Self::Call(event) => Some(PublicEvent::Call(event)),
            Self::Settings(event) => Some(PublicEvent::Settings(event)),
            Self::Alert(event) => Some(PublicEvent::Alert(event)),
            Self::CallClaimed(_)
            | Self::CallAdopted(_)
            | Self::EndsRemembered(..)
            | Self::CallErased(_)
            | Self::Sweep(_)
            | Self::ChangedBy(_)
            | Self::Lease(_)
            | Self::Org(_) => None,
        }
    }
}

impl SettingsEvent {
    /// Whether it is about the rule of an alert, which decides nothing about slots.
    #[must_use]
    pub const fn is_of_alerts(&self) -> bool {
        matches!(self, Self::AlertPut { .. } | Self::AlertDeleted { .. })
    }
}

impl CallEvent {
    /// The call's request.
    #[must_use]
    pub fn request(&self) -> &Request {
        match self {
            Self::Queued(call) => &call.request,
            Self::Started(call) => &call.request,
            Self::Ended(call) | Self::EndedAtOnce(call) => &call.request,
        }
    }

    /// The call as it is after the event.
    #[must_use]
    pub fn call(&self) -> Call {
        match self {
            Self::Queued(call) => call.clone().into(),
            Self::Started(call) => call.clone().into(),
            Self::Ended(call) | Self::EndedAtOnce(call) => call.clone().into(),
        }
    }
}

impl From<CallEvent> for Event {
    fn from(event: CallEvent) -> Self {
        Self::Call(event)
    }
}

impl From<Claim> for Event {
    fn from(claim: Claim) -> Self {
        Self::CallClaimed(Box::new(claim))
    }
}

impl From<Adoption> for Event {
    fn from(adoption: Adoption) -> Self {
        Self::CallAdopted(Box::new(adoption))
    }
}

impl From<SweepEvent> for Event {
    fn from(event: SweepEvent) -> Self {
        Self::Sweep(event)
    }
}

impl From<SettingsEvent> for Event {
    fn from(event: SettingsEvent) -> Self {
        Self::Settings(event)
    }
}

impl From<AlertEvent> for Event {
    fn from(event: AlertEvent) -> Self {
        Self::Alert(event)
    }
}

impl From<ChangedBy> for Event {
    fn from(event: ChangedBy) -> Self {
        Self::ChangedBy(Box::new(event))
    }
}

impl From<LeaseEvent> for Event {
    fn from(event: LeaseEvent) -> Self {
        Self::Lease(event)
    }
}

impl From<OrgEvent> for Event {
    fn from(event: OrgEvent) -> Self {
        Self::Org(event)
    }
}

impl From<PublicEvent> for Event {
    fn from(event: PublicEvent) -> Self {
        match event {
            PublicEvent::Call(event) => Self::Call(event),
            PublicEvent::Settings(event) => Self::Settings(event),
            PublicEvent::Alert(event) => Self::Alert(event),
        }
    }
}

/// Where an organisation's counters are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// The last public event's number.
    pub sequence: Sequence,
    /// The last ticket given.
    pub ticket: Ticket,
    /// The reservations' version.
    pub version: Version,
}

impl Counters {
    /// Those of the organisation that has its id next: its first version is a new one, as its first event and ticket are.
    pub(crate) fn of_the_next(self) -> Self {
        Self { version: self.version.next(), ..self }
    }
}
