//! The opening hours of gates: when each begins or ends by the clock of its time zone, and telling the core so.
//!
//! The core knows only open and closed. `opening.rs` works out the one and the next change from the hours and a time, `timetable.rs`
//! has the gates of all organisations and which of them are due, and `keep.rs` sleeps until then. Only the last waits for anything.
//! `of_node.rs` is what the server asks.

pub(crate) mod keep;
pub(crate) mod of_node;
pub(crate) mod opening;
pub(crate) mod shared_timetable;
pub(crate) mod timetable;
