//! What two or more doors share. The doors are HTTP, the stream for call engines, and the addresses of the Atoms platform.
//!
//! It decides nothing, sees no request and writes no answer. A door may call what is here, but never another door: when a
//! second door needs something, it moves here. Start reading at `calls.rs`.

pub(crate) mod alerts;
pub(crate) mod calls;
pub(crate) mod gates;
pub(crate) mod hang_up;
pub(crate) mod orgs;
pub(crate) mod pool;
pub(crate) mod preview;
pub(crate) mod reservations;
pub(crate) mod webhooks;
