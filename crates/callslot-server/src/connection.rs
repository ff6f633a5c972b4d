//! A client's connection below HTTP: what is counted on it, when it is cut off, and unread request bodies.
//!
//! All it knows of requests is when they begin and end, and of answers whether they are taken. Start reading at `watchdog.rs`.

pub(crate) mod activity;
pub(crate) mod cut;
pub(crate) mod drain_body;
mod limits;
pub(crate) mod peer;
pub(crate) mod unsent_answers;
pub(crate) mod watchdog;
