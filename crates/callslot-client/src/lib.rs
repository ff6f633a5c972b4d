//! Takes call slots for a call engine, and never leaks one.
//!
//! ```no_run
//! use callslot_client::{CallType, Slots};
//!
//! # async fn answer() -> Result<(), callslot_client::Error> {
//! let slots = Slots::from_env()?; // CALLSLOT_URL, CALLSLOT_KEY
//! let call = slots.call("support", CallType::Inbound).id("sip-4711").await?; // waits in line
//! // Talk. The slot is given back when `call` is dropped, however that comes.
//! # drop(call);
//! # Ok(())
//! # }
//! ```
//!
//! - A call is written down before the server is asked, and its end is sent until it is confirmed: no slot leaks, and no call
//!   doubles. If the process dies, its lease runs out ([`Settings::grace`]), and its calls end.
//! - One connection, the engine stream, serves a whole [`Slots`]. It lives on a thread of its own, so that neither a busy nor another
//!   kind of executor matters, and is made again after a random pause (full jitter) when it is lost. Calls do not notice
//!   unless that takes longer than the grace; [`Call::lost`] tells.
//! - Where a proxy lets no `WebSocket` through, the same goes over plain HTTP ([`Transport`]).
//!
//! Reservations, agents and everything else are at [`Slots::api`]. Start reading at [`Slots`]; what decides what is sent is in
//! `ledger.rs`.

mod call;
mod commands;
mod engine;
mod http_lease;
mod ledger;
mod link;
mod retry;
mod settings;
mod slots;
mod status;
mod stream;
mod trust;

pub use call::{Call, CallRequest};
pub use callslot_api::{BlockedBy, BlockedOn, CallType, EndReason, Metadata, Problem};
pub use settings::{Settings, Transport};
pub use slots::Slots;
pub use status::{Error, Over, State, Status};
