//! Two ways to follow what happens: all public events of an organisation from a cursor on (`event_feed.rs`), or what happens
//! to the calls of one lease from now on (`lease_watch.rs`). Neither ever holds up the shard's loop.

pub(crate) mod event_feed;
pub(crate) mod lease_watch;
