//! A running node: its parts, and how it starts and stops.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use callslot_store::Store;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::alerts::book::AlertBook;
use crate::alerts::keep as alerts;
use crate::background::Background;
use crate::background::seen_time::{SharedSeenClock, say_if_ahead};
use crate::config::NodeConfig;
use crate::gate_hours::keep as gate_hours;
use crate::gate_hours::shared_timetable::SharedTimetable;
use crate::limits::MAX_WAITING_CHANGES;
use crate::metrics::NodeMetrics;
use crate::node_handle::NodeHandle;
use crate::plans_and_orgs;
use crate::shard::order_channel::order_channel;
use crate::shard::recover::recover;
use crate::shard::sequencer::Sequencer;
use crate::shard::shard_loop::ShardLoop;
use crate::shared_state::Shared;
use crate::threads::spawn_vital;
use crate::time::counted_clock::CountedClock;
use crate::time::system_clock::{instant_now, wall_now};

/// A running node.
#[derive(Debug)]
pub struct Node {
    handle: NodeHandle,
    stop: watch::Sender<bool>,
    shard_loop: JoinHandle<()>,
    background: Background,
}

impl Node {
    /// Recovers the shard from the store and runs it. Blocks while it reads. Call it inside a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] when the store cannot be read.
    pub fn start(store: Arc<dyn Store>, config: &NodeConfig) -> Result<Self, StartError> {
        let recovered = recover(&*store)?;
        let (orders, to_take) = order_channel();
        let (changes, to_change) = mpsc::channel(MAX_WAITING_CHANGES);
        let (stop, stopped) = watch::channel(false);
        let (now, wall) = (instant_now(), wall_now());
        let seen_clock = SharedSeenClock::start(&*store, config, recovered.last.at, now, wall)?;
        let shared = Shared {
            store,
            seen_clock,
            feeds: Arc::default(),
            lease_watches: Arc::default(),
            metrics: NodeMetrics::default(),
            timetable: SharedTimetable::default(),
            alert_book: AlertBook::default(),
            is_writable: Arc::new(AtomicBool::new(true)),
            progress: watch::Sender::new(recovered.replayed),
        };
        let clock = CountedClock::after(recovered.last, now, wall);
        say_if_ahead(recovered.last.at, clock.shown_at(now), &shared.metrics);
        let utc = clock.utc();
        gate_hours::take_recovered(&shared.timetable, &recovered.shard, clock.shown_at(now));
        shared.alert_book.take_recovered(&recovered.shard);
        let sequencer = Sequencer::new(recovered, clock, now);
        let background = Background::start(&shared, &utc, sequencer.refusals(), &stopped);
        let refusals = sequencer.refusals();
        let running = ShardLoop::new(sequencer, to_take, shared.clone());
        let handle = NodeHandle::new(orders, changes, shared, utc);
        gate_hours::tell_first(&handle);
        let shard_loop = spawn_vital("the shard loop", running.run(stopped.clone()));
        spawn_vital(
            "the task of the gates' hours",
            gate_hours::run(handle.clone(), stopped.clone()),
        );
        let alerts = alerts::run(handle.clone(), refusals, stopped.clone());
        spawn_vital("the task of the alerts", alerts);
        spawn_vital("the plan task", plans_and_orgs::run(handle.clone(), to_change, stopped));
        Ok(Self { handle, stop, shard_loop, background })
    }

    #[must_use]
    pub fn handle(&self) -> NodeHandle {
        self.handle.clone()
    }

    /// Stops: takes no more commands, commits and answers those already taken, and saves a snapshot.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        self.shard_loop.await.expect("the loop does not panic");
        self.background.finish().await;
    }
}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] callslot_store::StoreError),
}
