//! The stream for call engines: a WebSocket on which calls are started and ended, and their engine is notified of everything
//! else that happens to them.
//!
//! The same commands go to the same core as over HTTP, with the same checks. `docs/engine-stream.md` describes the protocol;
//! `callslot-engine-stream` decides which frames are sent. Start reading at `handshake.rs`, then `session_loop.rs`.

mod engine;
mod frames;
pub(crate) mod handshake;
mod limits;
mod outbox;
mod pending_work;
mod session_loop;
mod socket;
mod unfinished_message;
