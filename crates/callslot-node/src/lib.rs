//! Runs a shard: takes commands, lets the core decide them in batches, commits, and only then answers.
//!
//! Start reading at [`Node`] (start, shutdown) and [`NodeHandle`] (what doors use).

mod feed;
mod handle;

pub use feed::{EventFeed, FedEvent, FollowError};
pub use handle::{Node, NodeConfig, NodeHandle, NodeStats, StartError, SubmitError, Unavailable};
