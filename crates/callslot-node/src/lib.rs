//! Runs a shard: takes commands, lets the core decide them in batches, commits, and only then answers.
//!
//! Start reading at [`Node`] (start, shutdown) and [`NodeHandle`] (what doors use); the loop is in `shard_loop.rs`.
//! Nothing here knows a rule of the pool.

mod background;
mod blocking;
mod catalogue;
mod clock;
mod committer;
mod feed;
mod handle;
mod limits;
mod metrics;
mod recover;
mod shard_loop;

pub use catalogue::{CatalogueError, NewOrg};
pub use clock::{Stopwatch, wall_now};
pub use feed::{EventFeed, FedEvent, FollowError};
pub use handle::{Node, NodeConfig, NodeHandle, StartError, SubmitError, Unavailable};
pub use metrics::NodeMetrics;
