//! Decides what a connected call engine is sent, and when its connection ends: the protocol of `docs/engine-stream.md` as
//! values, without JSON, sockets, clocks or tasks.
//!
//! It never waits. The server feeds it from a WebSocket, the simulation from a seed, so the simulation judges the code that
//! serves engines. Start reading at [`Session`], which says in which order to call it. [`Resume`] is the one operation that
//! takes several steps; the order of answers and notifications is in `delivery.rs`.

mod close;
mod delivery;
mod frames;
mod limits;
mod liveness;
mod resume;
mod session;
mod work;

pub use close::{Fault, Goodbye};
pub use frames::{Asked, Frame, LateResume, Resumed, ServerFrame};
pub use limits::Limits;
pub use resume::{Look, Resume, ResumedLease, Seen, Step};
pub use session::Session;
pub use work::{Action, Answered, Answers, Batch, Effect, Waits, Work, under_lease, waits};
