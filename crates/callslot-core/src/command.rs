//! The commands: what callers ask of the core. Which answer each has, and who decides it, is in `decide.rs`.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::actor::Actor;
use crate::alert::AlertRule;
use crate::call::{CallType, PerType};
use crate::gate::{CallGates, GateSettings, Hours, Pace};
use crate::id::{
    AgentId, AlertId, CallId, Claimant, GateId, KeyId, LeaseId, OrgId, PlanId, Ticket, Version,
};
use crate::lease_sum::LeaseSum;
use crate::named_calls::NamedCalls;
use crate::settings::{OrgChange, OrgSettings};
use crate::view::CallFilter;

/// Asks for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCall {
    /// The call's id; repeating it takes no second slot.
    pub id: CallId,
    /// The agent that is to handle it.
    pub agent: AgentId,
    /// Its type.
    pub call_type: CallType,
    /// The lease that vouches for it. A call that is live already must be held by it.
    pub lease: Option<LeaseId>,
    /// How long it may be queued, in milliseconds; none: the organisation's default for the type. 0: it starts now or ends.
    pub max_wait_ms: Option<u64>,
    /// How long it may be active, in milliseconds. It may be less by the organisation's bound, under a lease not.
    pub max_duration_ms: Option<u64>,
    /// In which time it must be claimed once dispatched, in milliseconds.
    pub claim_within_ms: Option<u64>,
    /// The gates that it passes.
    pub gates: CallGates,
    /// The client's own JSON object, as text.
    pub metadata: Option<Arc<str>>,
}

/// Claims a dispatched call. The first claim wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimCall {
    /// The call.
    pub call: CallId,
    /// Who claims it; none: the call's lease.
    pub claimant: Option<Claimant>,
    /// Who asks, and so claims a call that has no lease, if no claimant is named.
    pub caller: Claimant,
}

/// Gives a dispatched call back that is to be claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclineCall {
    /// The call.
    pub call: CallId,
    /// What becomes of it.
    pub decline: Decline,
    /// The client's remark, which is kept if the call ends.
    pub note: Option<Arc<str>>,
}

/// How a call is declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decline {
    /// It goes back to the queue. That counts as a miss.
    ForNow,
    /// It ends.
    ForGood,
}

/// Ends a call, queued or active. If no call has the id, a start of it that comes late finds it ended: the answer is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndCall {
    /// The call.
    pub call: CallId,
    /// The client's remark about the end.
    pub note: Option<Arc<str>>,
}

/// Removes the metadata and the notes of all ended calls with an id, wherever they are kept: from memory at once, from the history when it
/// comes to this. Nothing brings them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraseCall {
    /// The id.
    pub call: CallId,
}

/// Ends a call if it is queued, because the client that waited for its start has gone away; otherwise nothing happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HangUp {
    /// The call.
    pub call: CallId,
}

/// Ends the live calls that match, as [`EndCall`] would, as many as a step may; the rest is ended in later steps. Calls that come
/// after the command are spared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndCalls {
    /// Which calls. A call is looked at when its turn comes: it may have started by then, or be queued again.
    pub filter: CallFilter,
    /// Only these calls; none: all.
    pub ids: Option<Vec<CallId>>,
    /// The client's remark about the ends.
    pub note: Option<Arc<str>>,
}

/// Opens a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLease {
    /// Its id, new.
    pub lease: LeaseId,
    /// How long it lives without a renewal, in milliseconds.
    pub ttl_ms: u64,
    /// The key with which it is opened, if that is known.
    pub key: Option<KeyId>,
}

/// Renews a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewLease {
    /// The lease.
    pub lease: LeaseId,
    /// The calls that the client believes are active, summed up.
    pub sum: Option<LeaseSum>,
}

/// Names every call that the engine has active under the lease. A long list comes in pages, which are decided when the last one has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconcileLease {
    /// The lease.
    pub lease: LeaseId,
    /// The engine's active calls, or a page of them.
    pub active: Arc<NamedCalls>,
    /// Whether another page follows.
    pub more: bool,
    /// What the answer to the page before had; none: this is the first one, or the client does not say which it is.
    pub cursor: Option<u64>,
    /// What the answer to a reconciliation that was too long for one step has, for the next one.
    pub rest: Option<RestToReconcile>,
}

/// What is left of a reconciliation that was too long for one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestToReconcile {
    /// Only calls up to this ticket are looked at.
    pub up_to: Ticket,
    /// The pages before the last one.
    pub before: Vec<Arc<NamedCalls>>,
    /// How many of the calls named have been looked at.
    pub named: usize,
    /// The last call of the lease that has been looked at and goes on.
    pub after: Option<(Ticket, CallId)>,
}

/// Moves a live call to a lease, whatever its own is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptCall {
    /// The call.
    pub call: CallId,
    /// The lease that vouches for it from now on.
    pub lease: LeaseId,
}

/// Ends a lease and its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndLease {
    /// The lease.
    pub lease: LeaseId,
}

/// Replaces the reservations of the agents named, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetReservations {
    /// Each agent's reserved slots by type. An agent may be named once.
    pub reservations: Vec<(AgentId, PerType<u32>)>,
    /// Only if the reservations' version is still this one.
    pub if_version: Option<Version>,
}

/// Creates or replaces an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAgent {
    /// Its id.
    pub agent: AgentId,
    /// Its name, for people.
    pub name: Arc<str>,
    /// How many calls it may have active at once; none: no bound of its own.
    pub cap: Option<u32>,
    /// How often its calls may start; none: no bound of its own.
    pub pace: Option<Pace>,
}

/// Gives a call type a cap and a pace, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetType {
    /// The type.
    pub call_type: CallType,
    /// How many calls of the type may be active at once, over all agents; none: no bound of its own.
    pub cap: Option<u32>,
    /// How often calls of the type may start, over all agents; none: no bound of its own.
    pub pace: Option<Pace>,
}

/// Creates or replaces a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutGate {
    /// Its id.
    pub gate: GateId,
    /// Its settings.
    pub settings: GateSettings,
    /// Whether it is within its hours now; true if it has none.
    pub is_within_hours: bool,
}

/// Says that a gate's hours have begun or ended. The caller works them out, with the time zone; the core has no clock for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetWithinHours {
    /// The gate.
    pub gate: GateId,
    /// Only if its hours are still these.
    pub hours: Arc<Hours>,
    /// Whether it is within them.
    pub is_within_hours: bool,
}

/// Removes a gate, which must have no live calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteGate {
    /// Its id.
    pub gate: GateId,
}

/// Creates or replaces the rule of an alert. If it is another one, an open alert of the rule before closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAlert {
    /// Its id.
    pub alert: AlertId,
    /// The rule.
    pub rule: AlertRule,
}

/// Removes the rule of an alert. If the alert is open, it closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAlert {
    /// Its id.
    pub alert: AlertId,
}

/// Opens an alert or closes it. The caller works that out from figures over time; the core has no clock for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAlertState {
    /// The alert.
    pub alert: AlertId,
    /// Only if its rule is still this.
    pub rule: AlertRule,
    /// What it is to be.
    pub state: AlertState,
}

/// What an alert is to be, and the figure that it follows from, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the type says what the figure is")]
pub enum AlertState {
    /// Open.
    Open { figure_milli: u64 },
    /// Closed.
    Closed { figure_milli: u64 },
}

/// Removes an agent, which must have no live calls and no reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAgent {
    /// Its id.
    pub agent: AgentId,
}

/// Creates an organisation with these settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOrg(pub OrgSettings);

/// Removes an organisation, which must have no live calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteOrg;

/// Gives a plan another limit, in every organisation that is on it, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPlanLimit {
    /// The plan.
    pub plan: PlanId,
    /// Its new limit.
    pub limit: u32,
}

/// Ends or takes back leases and calls that are due, as many as a step may; the rest stays due. The loop submits it when
/// [`crate::Shard::next_deadline`] has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpireDue;

/// Goes on with what earlier commands left to do. The loop submits it, between other commands, while
/// [`crate::Shard::has_steps_left`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeStep;

/// A change of settings, and who makes it: before each event of a change there is one that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By<C> {
    /// Who.
    pub actor: Arc<Actor>,
    /// The change.
    pub command: C,
}

/// A command of any kind, as batches need it. It is answered with a [`crate::Reply`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To one organisation.
    Org(OrgId, OrgCommand),
    /// A command, and who gives it.
    By(Arc<Actor>, Box<Command>),
    /// To all organisations on a plan.
    SetPlanLimit(SetPlanLimit),
    /// To all organisations.
    ExpireDue,
    /// To all organisations that have steps left.
    TakeStep,
}

/// A command of any kind to one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the command of its name")]
pub enum OrgCommand {
    CreateOrg(OrgSettings),
    ChangeOrg(OrgChange),
    DeleteOrg,
    PutAgent(PutAgent),
    DeleteAgent(DeleteAgent),
    SetReservations(SetReservations),
    SetType(SetType),
    PutGate(PutGate),
    SetWithinHours(SetWithinHours),
    DeleteGate(DeleteGate),
    PutAlert(PutAlert),
    DeleteAlert(DeleteAlert),
    SetAlertState(SetAlertState),
    StartCall(StartCall),
    ClaimCall(ClaimCall),
    DeclineCall(DeclineCall),
    EndCall(EndCall),
    EndCalls(EndCalls),
    EraseCall(EraseCall),
    HangUp(HangUp),
    OpenLease(OpenLease),
    RenewLease(RenewLease),
    ReconcileLease(ReconcileLease),
    AdoptCall(AdoptCall),
    EndLease(EndLease),
}
