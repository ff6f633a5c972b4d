//! Two ways to follow events: all public events of an organisation from a cursor on (`event_feed.rs`), or the events of one
//! lease's calls from now on (`lease_watch.rs`). Neither ever holds up the shard loop.

pub(crate) mod event_feed;
pub(crate) mod lease_watch;
