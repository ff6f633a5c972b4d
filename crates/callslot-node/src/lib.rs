//! Runs a shard: takes commands, lets the core decide them in batches, commits, and only then answers.
//!
//! Start reading at [`Node`] (start, shutdown) and [`NodeHandle`] (what doors use); what the loop in `shard_loop.rs` does is
//! in [`Sequencer`] and [`Commit`], which read no clock, wait for nothing and start no thread, so that a simulation runs them.
//! Nothing here knows a rule of the pool.

mod background;
mod blocking;
mod catalogue;
mod clock;
mod commit;
mod committer;
mod config;
mod feed;
mod handle;
mod history;
mod lease_watch;
mod limits;
mod metrics;
mod node;
mod plan_changes;
mod recover;
mod sequencer;
mod shard_loop;
mod shared;
mod time;
mod unavailable;
mod upkeep;

pub use clock::{Stopwatch, instant_now, wall_now};
pub use commit::{Commit, Outcome};
pub use config::NodeConfig;
pub use feed::{EventFeed, FedEvent, FollowError, events_after};
pub use handle::NodeHandle;
pub use history::{HistoryQuery, HistoryTooLong, HistoryView, Point, Refusals, read_history};
pub use lease_watch::{LeaseEvent, LeaseWatch, WatchEnd};
pub use metrics::NodeMetrics;
pub use node::{Node, StartError};
pub use plan_changes::{CatalogueError, NewOrg};
pub use recover::{Recovered, recover};
pub use sequencer::{Answer, Decisions, Look, Order, Sequencer, Settled, ToCommit};
pub use time::Clock;
pub use unavailable::{SubmitError, Unavailable};
pub use upkeep::{keep_snapshot, project, prune_figures, truncate};
