//! The stream for call engines: a WebSocket on which calls are started and ended, and their engine is told what else
//! happens to them.
//!
//! The same commands go to the same core as over HTTP, with the same checks. `docs/engine-stream.md` describes the protocol.
//! Start reading at `handshake.rs`, then `session.rs`.

mod delivery;
mod frames;
pub(crate) mod handshake;
mod resume;
mod session;
mod socket;
