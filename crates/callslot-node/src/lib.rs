//! Runs a shard: takes commands, lets the core decide them in batches, commits, and only then answers.
//!
//! Start reading at [`Node`] (start, shutdown) and [`NodeHandle`] (what doors use); what the loop in `shard/shard_loop.rs` does is
//! in [`Sequencer`] and [`Commit`], which read no clock, wait for nothing and start no thread, so that a simulation runs them.
//! Nothing here knows a rule of the pool.

#![expect(
    missing_docs,
    reason = "nobody else uses this crate; a doc that repeats a name helps nobody"
)]

mod background;
mod config;
mod follow;
mod history;
mod limits;
mod metrics;
mod node;
mod node_handle;
mod plan_changes;
mod plans_and_orgs;
mod shard;
mod shared;
mod threads;
mod time;
mod unavailable;

pub use background::retention::{prune_figures, truncate};
pub use background::snapshots::keep_snapshot;
pub use config::NodeConfig;
pub use follow::event_feed::{EventFeed, FedEvent, FollowError, events_after};
pub use follow::lease_watch::{LeaseEvent, LeaseWatch, WatchEnd};
pub use history::chart_points::Point;
pub use history::project::project;
pub use history::query::{HistoryQuery, HistoryTooLong, HistoryView, read_history};
pub use history::refusals::Refusals;
pub use metrics::NodeMetrics;
pub use node::{Node, StartError};
pub use node_handle::NodeHandle;
pub use plan_changes::{CatalogueError, NewOrg};
pub use shard::commit_steps::{Commit, Outcome};
pub use shard::recover::{Recovered, recover};
pub use shard::sequencer::{Answer, Decisions, Look, Order, Sequencer, Settled, ToCommit};
pub use time::counted_clock::CountedClock;
pub use time::system_clock::{Stopwatch, instant_now, wall_now};
pub use unavailable::{SubmitError, Unavailable};
