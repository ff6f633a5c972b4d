//! The door for carriers that ask what to do with a call, and are answered in `TwiML`: Twilio, and Telnyx with its `TeXML`.
//!
//! `signature.rs`, `markup.rs`, `form.rs` and `caller.rs` are pure: who signed a request, what the carrier is told, and what becomes of a call
//! on each message. Around them are `door.rs` (the carrier's webhooks), `dispatch.rs` (Callslot's), `calls.rs` (the calls that are held, each
//! with a task that follows it), `sweep.rs` and `carrier_api.rs`. Start reading at [`run`](fn@run), then at `caller.rs`.

mod caller;
mod calls;
mod carrier_api;
mod dispatch;
mod doctor;
mod door;
mod form;
mod markup;
mod run;
mod signature;
mod sweep;

pub use carrier_api::{Dialect, Secrets};
pub use doctor::examine;
pub use run::{Places, read, run};
pub use signature::Signer;
