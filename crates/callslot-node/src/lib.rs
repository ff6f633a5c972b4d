//! Runs the shards of a store: takes commands, lets the core decide them in batches, commits, and only then answers. Nothing here knows a
//! rule of the pool.
//!
//! [`Node`] starts and stops; [`NodeHandle`] is what the server uses. The logic of the shard loop is in [`Sequencer`] and
//! [`Commit`], which read no clock, wait for nothing and start no thread, so that a simulation can run them.
//!
//! ```
//! use std::sync::Arc;
//!
//! use callslot_core::{
//!     AgentId, CallGates, CallId, CallType, EndCall, OrgId, PerType, PlanId, PutAgent, StartCall,
//! };
//! use callslot_node::{NewOrg, Node, NodeConfig};
//! use callslot_store::{MemoryStore, Plan};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let node = Node::start(Arc::new(MemoryStore::new()), &NodeConfig::default())?;
//! let handle = node.handle();
//!
//! // An organisation with two slots and one agent.
//! let (plan, org, agent) = (PlanId::parse("small")?, OrgId::parse("acme")?, AgentId::parse("ann")?);
//! handle.put_plan(callslot_node::system_actor("doc"), Plan { id: plan.clone(), name: "Small".into(), limit: 2 }).await?;
//! let acme = NewOrg {
//!     name: "Acme".into(),
//!     plan,
//!     limit_override: None,
//!     max_call_duration_ms: 0,
//!     max_wait_ms: PerType::default(),
//!     max_queued: 100,
//! };
//! handle.create_org(callslot_node::system_actor("doc"), org.clone(), acme).await?;
//! let put = PutAgent { agent: agent.clone(), name: "Ann".into(), cap: None, pace: None };
//! handle.submit((org.clone(), put)).await?;
//!
//! // A call takes a slot, and gives it back when it ends. Each answer means that the change is durable.
//! let call = CallId::parse("call-1")?;
//! let start = StartCall {
//!     id: call.clone(),
//!     agent,
//!     call_type: CallType::Chat,
//!     lease: None,
//!     max_wait_ms: None,
//!     max_duration_ms: None,
//!     claim_within_ms: None,
//!     gates: CallGates::default(),
//!     metadata: None,
//! };
//! let started = handle.submit((org.clone(), start)).await?;
//! assert!(started.call.call.is_active());
//! let end = EndCall { call: call.clone(), note: None };
//! handle.submit((org.clone(), end)).await?;
//!
//! let ended = handle.read(&org, move |found, now| found?.call(&call, now)).await?;
//! assert!(ended.is_some_and(|view| view.call.is_ended()));
//! node.shutdown().await;
//! # Ok(())
//! # }
//! ```
#![expect(
    missing_docs,
    reason = "nobody else uses this crate; a doc that repeats a name helps nobody"
)]

mod node;
pub use node::{Node, StartError};

mod node_handle;
pub use node_handle::NodeHandle;

mod config;
pub use config::NodeConfig;

mod actors;
pub use actors::system_actor;

mod unavailable;
pub use unavailable::{SubmitError, Unavailable};

mod advice;
mod alerts;
pub use advice::with_advice;

mod plan_changes;
mod plan_rollout;
mod plans_and_orgs;
pub use plan_changes::{CatalogueError, NewOrg};
pub use plan_rollout::{PlanRollout, RolloutStep};

mod follow;
pub use follow::event_feed::{EventFeed, FedEvent, FollowError, events_after};
pub use follow::lease_watch::{LeaseEvent, LeaseWatch, LeaseWatches, WatchEnd, WatchSuccessor};

mod history;
pub use history::chart_points::Point;
pub use history::project_log::project;
pub use history::query::{HistoryQuery, HistoryTooLong, HistoryView, read_history};
pub use history::refusals::Refusals;

mod background;
pub use background::retention::{prune_figures, truncate};
pub use background::snapshots::keep_snapshot;

mod gate_hours;
pub use gate_hours::of_node::GateHours;
pub use gate_hours::opening::time_zone_name;

mod metrics;
pub use metrics::NodeMetrics;

mod shard;
pub use shard::batch::Answer;
pub use shard::commit_steps::{Commit, Outcome};
pub use shard::fair_queue::{Crowd, FairQueue, Room, Share};
pub use shard::gone_leases::GoneLeases;
pub use shard::move_on::move_numbers_on;
pub use shard::order::{Askable, Caller, Decide, Deciding, Decisions, Look, Order};
pub use shard::recover::{Recovered, recover, recover_all};
pub use shard::route::Route;
pub use shard::sequencer::{Passage, Sequencer, Settled, ToCommit};

mod time;
pub use time::counted_clock::CountedClock;
pub use time::seen_clock::{Retention, SeenClock, SeenStart, doubted_ms};
pub use time::system_clock::{Stopwatch, instant_now, wall_now};

mod limits;
pub use limits::MAX_EVENTS_PER_RECORD;

mod shared_state;
mod threads;
