//! The door for a SIP proxy, which keeps callers waiting as SIP does, and connects them: Kamailio, over its event socket.
//!
//! `caller.rs` and `wire.rs` are pure: what becomes of a call on each message, and what messages look like. Around them are `link.rs` (the
//! connection to the proxy), `calls.rs` (the calls that are held, each with a task that follows it) and `events.rs` (what the proxy says).
//! Start reading at [`run`](fn@run), then at `caller.rs`.

mod caller;
mod calls;
mod doctor;
mod events;
mod link;
mod run;
mod wire;

pub use doctor::examine;
pub use run::run;
