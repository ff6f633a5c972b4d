//! Decides who gets a call slot: commands in, events and replies out.
//!
//! Pure and deterministic: no clock, no I/O, no threads, no randomness. Time is an argument; the log's owner keeps the
//! events and tells callers only what the log holds. The rules are those of `docs/semantics.md`.
//!
//! Start reading at [`Shard`]; the rules themselves are in `org.rs` (`decide`) and `dispatch.rs`.
#![no_std]

extern crate alloc;

mod call;
mod command;
mod estimate;
mod event;
mod id;
pub mod limits;
mod reply;
mod shard;
mod time;
mod view;

pub use call::{Call, CallState, CallType, EndReason, PerType, Request, SlotKind};
pub use command::{Command, LeaseSum, OrgChange, OrgCommand, OrgSettings, StartCall};
pub use estimate::Pace;
pub use event::{Counters, Event, Recorded};
pub use id::{AgentId, CallId, InvalidId, LeaseId, OrgId, PlanId, Sequence, Ticket, Version};
pub use reply::{BlockedOn, CallView, Rejection, Reply, Wait};
pub use time::{Now, Tick, Timestamp};
pub use shard::{Org, Shard};
pub use view::{AgentView, CallCursor, CallFilter, CallPage, ClassView, LiveState, PoolView};
