//! Alerts: about once a second the figures that rules look at are read, and the core is told which alerts open or close.
//!
//! `watch.rs` decides that from figures and times, `book.rs` has which organisations have rules, and `keep.rs` reads and tells. Only
//! the last waits for anything. `of_node.rs` is what the server asks.

pub(crate) mod book;
pub(crate) mod keep;
pub(crate) mod of_node;
pub(crate) mod watch;
