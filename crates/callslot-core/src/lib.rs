//! Decides who gets a call slot: commands in, events and answers out.
//!
//! Pure and deterministic: no clock, no I/O, no threads, no randomness. Time is an argument. The caller keeps the events in
//! a log, and answers only what the log holds. The rules are those of `docs/semantics.md`.
//!
//! Start reading at [`Shard`]. The table in `decide.rs` says which command has which answer; `dispatch.rs` gives slots.
//!
//! # Example
//!
//! With one slot, the second call waits until the first one ends.
//!
//! ```
//! use callslot_core::{
//!     AgentId, CallEvent, CallGates, CallId, CallType, CreateOrg, EndCall, Event, Now, OrgId, OrgSettings, PerType, PlanId,
//!     PutAgent, Shard, StartCall,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (org, agent) = (OrgId::parse("acme")?, AgentId::parse("support")?);
//! let (mut shard, mut events, now) = (Shard::new(), Vec::new(), Now::default());
//! let settings = OrgSettings {
//!     name: "Acme".into(),
//!     plan: PlanId::parse("small")?,
//!     plan_limit: 1,
//!     limit_override: None,
//!     max_call_duration_ms: 0,
//!     max_wait_ms: PerType::default(),
//!     max_queued: 100,
//! };
//! shard.decide(now, (org.clone(), CreateOrg(settings)), &mut events)?;
//! let put = PutAgent { agent: agent.clone(), name: "Support".into(), cap: None, pace: None };
//! shard.decide(now, (org.clone(), put), &mut events)?;
//!
//! let start = |id: &str| {
//!     let (id, agent) = (CallId::parse(id).expect("an id"), agent.clone());
//!     let command = StartCall {
//!         id,
//!         agent,
//!         call_type: CallType::Chat,
//!         lease: None,
//!         max_wait_ms: None,
//!         max_duration_ms: None,
//!         claim_within_ms: None,
//!         gates: CallGates::default(),
//!         metadata: None,
//!     };
//!     (org.clone(), command)
//! };
//! assert!(shard.decide(now, start("call-1"), &mut events)?.call.call.is_active());
//! let second = shard.decide(now, start("call-2"), &mut events)?;
//! assert_eq!(second.call.wait.map(|wait| wait.position), Some(1));
//!
//! events.clear();
//! let end = EndCall { call: CallId::parse("call-1")?, note: None };
//! shard.decide(now, (org, end), &mut events)?;
//! let [ended, started] = &events[..] else { panic!("one call ends, and one starts") };
//! assert!(matches!(ended.event, Event::Call(CallEvent::Ended(_))));
//! assert!(matches!(&started.event, Event::Call(CallEvent::Started(call)) if call.request.id.as_str() == "call-2"));
//! # Ok(())
//! # }
//! ```
#![no_std]

extern crate alloc;

mod actor;
mod alert;
mod call;
mod command;
mod decide;
mod dispatch;
mod event;
mod gate;
mod id;
mod indexed_heap;
mod lease_sum;
pub mod limits;
mod named_calls;
mod org;
mod rejection;
mod reply;
mod settings;
mod shard;
mod short_text;
mod signature;
mod time;
mod view;
mod wait_estimate;

pub use actor::{Actor, ActorKind, ChangedBy, Former};
pub use alert::{AlertClosing, AlertOpening, AlertRule, AlertWhen, WhyClosed};
pub use call::{
    Active, Call, CallState, CallType, EndReason, Ended, LiveState, PerType, Queued, Request,
    SlotKind,
};
pub use command::{
    AdoptCall, AlertState, By, ClaimCall, Command, CreateOrg, Decline, DeclineCall, DeleteAgent,
    DeleteAlert, DeleteGate, DeleteOrg, EndCall, EndCalls, EndLease, EraseCall, ExpireDue, HangUp,
    OpenLease, OrgCommand, PutAgent, PutAlert, PutGate, ReconcileLease, RenewLease,
    RestToReconcile, SetAlertState, SetPlanLimit, SetReservations, SetType, SetWithinHours,
    StartCall, TakeStep,
};
pub use decide::AskOrg;
pub use decide::by::ChangesSettings;
pub use event::{
    Adoption, AlertEvent, CallEvent, Claim, Counters, Event, GateFigures, LeaseEvent, OrgEvent,
    PaceOf, PublicEvent, Recorded, SettingsEvent, Sweep, SweepEvent,
};
pub use gate::{CallGates, GateKind, GateSettings, Hours, OpenSpan, Pace};
pub use id::{
    AgentId, AlertId, CallId, Claimant, GateId, InvalidId, KeyId, LeaseId, OrgId, PlanId, Sequence,
    Ticket, Version,
};
pub use lease_sum::LeaseSum;
pub use named_calls::NamedCalls;
pub use org::{Org, PreviewInProgress};
pub use rejection::{Capped, Rejection};
pub use reply::{
    AgentWritten, AlertWritten, GateWritten, LeaseTime, Reconciled, Reconciling, Reply, Started,
    SweepBegun, UnknownCall, WhyUnknown,
};
pub use settings::{OrgChange, OrgSettings};
pub use shard::{Ask, Shard};
pub use time::{Now, Tick, Timestamp};
pub use view::{
    AgentView, AlertView, BlockedBy, BlockedOn, CallCursor, CallFilter, CallPage, CallView,
    ClassView, GateView, LeaseView, MayWaitLonger, OrgView, OverReservation, PoolView,
    ReservationsPreview, StartsOfClass, StateFilter, Wait,
};
pub use wait_estimate::{ClassFigures, HeldSlots, Line, SetFigures, WaitFigures};
