//! Decides who gets a call slot: commands in, events and replies out.
//!
//! Pure and deterministic: no clock, no I/O, no threads, no randomness. Time is an argument; the log's owner keeps the
//! events and tells callers only what the log holds. The rules are those of `docs/semantics.md`.
//!
//! Start reading at [`Shard`]; what can be asked is decided in `decide.rs`, and a slot is given in `dispatch.rs`.
#![no_std]

extern crate alloc;

mod call;
mod command;
mod decide;
mod dispatch;
mod event;
mod id;
mod indexed_heap;
pub mod limits;
mod org;
mod rejection;
mod reply;
mod settings;
mod shard;
mod short_text;
mod time;
mod view;
mod wait_estimate;

pub use call::{
    Active, Call, CallState, CallType, EndReason, Ended, PerType, Queued, Request, SlotKind,
};
pub use command::{Command, LeaseSum, OrgCommand, StartCall};
pub use event::{
    CallEvent, Counters, Event, LeaseEvent, OrgEvent, PublicEvent, Recorded, SettingsEvent,
};
pub use id::{AgentId, CallId, InvalidId, LeaseId, OrgId, PlanId, Sequence, Ticket, Version};
pub use org::Org;
pub use rejection::Rejection;
pub use reply::Reply;
pub use settings::{OrgChange, OrgSettings};
pub use shard::Shard;
pub use time::{Now, Tick, Timestamp};
pub use view::{
    AgentView, BlockedOn, CallCursor, CallFilter, CallPage, CallView, ClassView, PoolView,
    StateFilter, Wait,
};
pub use wait_estimate::WaitEstimator;
