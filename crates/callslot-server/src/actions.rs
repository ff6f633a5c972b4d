//! What two or more doors do alike: HTTP, the stream for call engines, and the addresses of the Atoms platform.
//!
//! It decides nothing, knows no request and makes no answer. A door calls what is here, and never another door: what a
//! second door comes to need moves in here. Start reading at `calls.rs`.

pub(crate) mod calls;
pub(crate) mod orgs;
pub(crate) mod pool;
pub(crate) mod reservations;
