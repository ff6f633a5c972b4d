//! A running node: its parts, and how it starts and stops.

use std::sync::Arc;

use callslot_core::Timestamp;
use callslot_store::Store;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

use crate::alerts::keep as alerts;
use crate::background::Background;
use crate::background::seen_time::{SharedSeenClock, say_if_ahead};
use crate::config::NodeConfig;
use crate::gate_hours::keep as gate_hours;
use crate::limits::{LOG_READS, MAX_WAITING_CHANGES};
use crate::metrics::NodeMetrics;
use crate::node_handle::NodeHandle;
use crate::plans_and_orgs;
use crate::shard::fair_queue::Crowd;
use crate::shard::order_channel::order_channel;
use crate::shard::recover::{Recovered, recover_all};
use crate::shard::sequencer::Sequencer;
use crate::shard::shard_handle::ShardHandle;
use crate::shard::shard_loop::ShardLoop;
use crate::shared_state::Shared;
use crate::threads::spawn_vital;
use crate::time::counted_clock::{CountedClock, Utc};
use crate::time::system_clock::{instant_now, wall_now};

/// A running node.
#[derive(Debug)]
pub struct Node {
    handle: NodeHandle,
    stop: watch::Sender<bool>,
    shard_loops: Vec<JoinHandle<()>>,
    background: Background,
}

impl Node {
    /// Recovers the shards from the store and runs them. Blocks while it reads. Call it inside a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] when the store cannot be read.
    pub fn start(store: Arc<dyn Store>, config: &NodeConfig) -> Result<Self, StartError> {
        let recovered = recover_all(&store)?;
        let (now, wall) = (instant_now(), wall_now());
        let last = recovered.iter().map(|shard| shard.last.at).max().unwrap_or(Timestamp(0));
        let shared = Shared {
            seen_clock: SharedSeenClock::start(&*store, config, last, now, wall)?,
            metrics: NodeMetrics::of_shards(store.shards()),
            utc: Utc::after(last, now, wall),
            log_reads: Arc::new(Semaphore::new(LOG_READS)),
            store,
        };
        say_if_ahead(last, shared.utc.at(now), &shared.metrics);
        let (stop, stopped) = watch::channel(false);
        let crowd = Crowd::default();
        let (mut shards, mut shard_loops) = (Vec::new(), Vec::new());
        for (number, recovered) in (0..).zip(recovered) {
            let (handle, shard_loop) = prepare(&shared, number, recovered, crowd.clone());
            shards.push(handle);
            shard_loops.push(shard_loop);
        }
        let states = shards.iter().map(|shard| shard.state.clone()).collect();
        let background = Background::start(&shared, states, &stopped);
        let (changes, to_change) = mpsc::channel(MAX_WAITING_CHANGES);
        let handle = NodeHandle::new(shards, changes, shared);
        gate_hours::tell_first(&handle);
        let run = |running: ShardLoop| spawn_vital("a shard loop", running.run(stopped.clone()));
        let shard_loops = shard_loops.into_iter().map(run).collect();
        for shard in handle.shards() {
            let hours = gate_hours::run(handle.clone(), shard.clone(), stopped.clone());
            spawn_vital("a task of the gates' hours", hours);
            let alerts = alerts::run(handle.clone(), shard.clone(), stopped.clone());
            spawn_vital("a task of the alerts", alerts);
        }
        spawn_vital("the plan task", plans_and_orgs::run(handle.clone(), to_change, stopped));
        Ok(Self { handle, stop, shard_loops, background })
    }

    #[must_use]
    pub fn handle(&self) -> NodeHandle {
        self.handle.clone()
    }

    /// Stops: takes no more commands, commits and answers those already taken, and saves snapshots.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        for shard_loop in self.shard_loops {
            shard_loop.await.expect("the loop does not panic");
        }
        self.background.finish().await;
    }
}

/// The handle of a shard, and its loop, which does not run yet.
fn prepare(
    shared: &Shared,
    number: u16,
    recovered: Recovered,
    crowd: Crowd,
) -> (ShardHandle, ShardLoop) {
    let now = instant_now();
    let clock = CountedClock::showing(shared.utc.clone(), recovered.last.tick, now);
    let replayed = recovered.replayed;
    let sequencer = Sequencer::new(recovered, clock, now);
    let state = shared.of_shard(number, replayed, sequencer.refusals());
    gate_hours::take_recovered(&state.timetable, sequencer.shard(), shared.utc.at(now));
    state.alert_book.take_recovered(sequencer.shard());
    let (orders, to_take) = order_channel(crowd);
    let running = ShardLoop::new(sequencer, to_take, state.clone());
    (ShardHandle::new(orders, state), running)
}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] callslot_store::StoreError),
}
