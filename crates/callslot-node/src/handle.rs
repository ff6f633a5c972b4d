//! A node and the way to reach it: start, shutdown, and what doors ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callslot_core::{
    CallId, Command, LeaseId, Now, OrgId, Rejection, Reply, Sequence, Shard, Timestamp,
};
use callslot_store::Store;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::background::Background;
use crate::blocking::spawn_vital;
use crate::catalogue::{self, Change};
use crate::clock::{instant_now, wall_now};
use crate::feed::{EventFeed, Feeds, FollowError};
use crate::lease_watch::{LeaseWatch, LeaseWatches};
use crate::limits::{MAX_WAITING_CHANGES, MAX_WAITING_ORDERS};
use crate::metrics::NodeMetrics;
use crate::recover::recover;
use crate::sequencer::{Answer, Decisions, Order, Sequencer};
use crate::shard_loop::{ShardLoop, Shared};
use crate::time::{Clock, Utc};

/// Settings of a node.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// How long records are kept for event cursors after a snapshot covers them, in milliseconds.
    pub cursor_retention_ms: u64,
    /// How long ended calls are kept, in milliseconds.
    pub ended_retention_ms: u64,
    /// How long figures are kept by the minute, in milliseconds.
    pub minute_retention_ms: u64,
    /// How long figures are kept by the hour, in milliseconds.
    pub history_retention_ms: u64,
}

impl Default for NodeConfig {
    fn default() -> Self {
        const DAY_MS: u64 = 24 * 3_600_000;
        Self {
            cursor_retention_ms: DAY_MS,
            ended_retention_ms: 30 * DAY_MS,
            minute_retention_ms: 7 * DAY_MS,
            history_retention_ms: 396 * DAY_MS,
        }
    }
}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] callslot_store::StoreError),
}

/// The node cannot take this now; nothing was changed that the caller may rely on. Retrying the same id is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// More waits than the bound allows.
    #[error("too much is waiting to be decided")]
    Overloaded,
    /// The store cannot write.
    #[error("the store cannot write")]
    StoreFailed,
    /// The node is shutting down.
    #[error("the server is shutting down")]
    ShuttingDown,
}

/// Why a command came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The core refused it.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// It was not decided.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// A running node.
#[derive(Debug)]
pub struct Node {
    handle: NodeHandle,
    stop: watch::Sender<bool>,
    shard_loop: JoinHandle<()>,
    background: Background,
}

impl Node {
    /// Recovers the shard from the store and runs it. Blocks while it reads; call it inside a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] when the store cannot be read.
    pub fn start(store: Arc<dyn Store>, config: NodeConfig) -> Result<Self, StartError> {
        let recovered = recover(&*store)?;
        let (orders, to_take) = mpsc::channel(MAX_WAITING_ORDERS);
        let (changes, to_change) = mpsc::channel(MAX_WAITING_CHANGES);
        let (stop, stopped) = watch::channel(false);
        let shared = Shared {
            store,
            feeds: Arc::default(),
            lease_watches: Arc::default(),
            metrics: NodeMetrics::default(),
            is_writable: Arc::new(AtomicBool::new(true)),
            progress: watch::Sender::new(recovered.replayed),
        };
        let now = instant_now();
        let clock = Clock::after(recovered.last, now, wall_now());
        let utc = clock.utc();
        let sequencer = Sequencer::new(recovered, clock, now);
        let background = Background::start(&shared, config, utc, sequencer.refusals(), &stopped);
        let running = ShardLoop::new(sequencer, to_take, shared.clone());
        let shard_loop = spawn_vital("the shard's loop", running.run(stopped.clone()));
        let handle = NodeHandle { orders, changes, shared, utc };
        spawn_vital("the catalogue", catalogue::run(handle.clone(), to_change, stopped));
        Ok(Self { handle, stop, shard_loop, background })
    }

    /// A way to reach it.
    #[must_use]
    pub fn handle(&self) -> NodeHandle {
        self.handle.clone()
    }

    /// Takes no more commands, commits and answers what was taken, keeps a snapshot and stops.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        self.shard_loop.await.expect("the loop ends by itself");
        self.background.finish().await;
    }
}

/// A way to reach a node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NodeHandle {
    orders: mpsc::Sender<Order>,
    pub(crate) changes: mpsc::Sender<Change>,
    pub(crate) shared: Shared,
    utc: Utc,
}

impl NodeHandle {
    /// The time by which the node dates what happens.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.utc.at(instant_now())
    }

    /// Has a command decided; answers once what it led to is durable.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the rules refuse it, [`SubmitError::Unavailable`] when it was not decided.
    pub async fn submit(&self, command: Command) -> Result<Reply, SubmitError> {
        let decided = self.ask(|caller| Order::Decide(command, caller)).await?;
        Ok(decided?)
    }

    /// Has commands decided in order, in one batch.
    ///
    /// # Errors
    /// [`Unavailable`] when none of them was decided.
    pub async fn submit_all(&self, commands: Vec<Command>) -> Result<Decisions, Unavailable> {
        self.hand_in(commands).await
    }

    /// Hands commands in to be decided in order, in one batch. They are on their way when this returns, so that what is
    /// handed in first is decided first; the future only waits for what comes of it.
    pub fn hand_in(
        &self,
        commands: Vec<Command>,
    ) -> impl Future<Output = Result<Decisions, Unavailable>> + Send + use<> {
        let answer = self.place(|caller| Order::DecideAll(commands, caller));
        let orders = self.orders.clone();
        async move { outcome(&orders, answer?).await }
    }

    /// Reads the state; answers once all that was read is durable. `look` must be short: it runs between commands.
    ///
    /// # Errors
    /// [`Unavailable`] when the state was not read.
    pub async fn read<R: Send + 'static>(
        &self,
        look: impl FnOnce(&Shard, Now) -> R + Send + 'static,
    ) -> Result<R, Unavailable> {
        self.ask(|caller| {
            Order::Look(Box::new(move |shard, now| {
                let seen = look(shard, now);
                let answer: Answer = Box::new(move |outcome| {
                    let _ = caller.send(outcome.map(|()| seen));
                });
                answer
            }))
        })
        .await
    }

    /// Waits until the call is not queued (or not known). May wait for ever; drop the future to stop waiting.
    ///
    /// # Errors
    /// [`Unavailable`] when the node cannot tell any more; ask again.
    pub async fn left_queue(&self, org: OrgId, call: CallId) -> Result<(), Unavailable> {
        self.ask(|caller| Order::LeftQueue(org, call, caller)).await
    }

    /// The public events of `org` after `after`; none: from now on.
    ///
    /// # Errors
    /// [`FollowError`] when there is no such organisation or the log does not reach back to the cursor.
    pub async fn follow(
        &self,
        org: OrgId,
        after: Option<Sequence>,
    ) -> Result<EventFeed, FollowError> {
        // Listening begins before the state is read, so that nothing falls between the two.
        let live = Feeds::subscribe(&self.shared.feeds, &org);
        let of = org.clone();
        let as_of =
            self.read(move |shard, now| shard.org(&of).map(|org| org.pool(now).as_of)).await?;
        let as_of = as_of.ok_or(FollowError::UnknownOrg)?;
        EventFeed::open(org, self.store(), after.unwrap_or(as_of), as_of, live).await
    }

    /// What happens from now on to the calls of a lease, for as long as nobody else watches it: whoever watched it before
    /// is told so.
    #[must_use]
    pub fn watch_lease(&self, org: OrgId, lease: LeaseId) -> LeaseWatch {
        LeaseWatches::watch(&self.shared.lease_watches, org, lease)
    }

    /// Whether the last commit or probe of the store succeeded.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.shared.is_writable.load(Ordering::Relaxed) && !self.orders.is_closed()
    }

    /// Figures about the node itself.
    #[must_use]
    pub fn metrics(&self) -> &NodeMetrics {
        &self.shared.metrics
    }

    /// The store, for tables that are not the shard's (keys, ended calls). Its methods block.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.shared.store)
    }

    async fn ask<R>(
        &self,
        order: impl FnOnce(oneshot::Sender<Result<R, Unavailable>>) -> Order,
    ) -> Result<R, Unavailable> {
        let answer = self.place(order)?;
        outcome(&self.orders, answer).await
    }

    /// Puts an order in the line.
    fn place<R>(
        &self,
        order: impl FnOnce(oneshot::Sender<Result<R, Unavailable>>) -> Order,
    ) -> Result<oneshot::Receiver<Result<R, Unavailable>>, Unavailable> {
        let (caller, answer) = oneshot::channel();
        self.orders.try_send(order(caller)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                self.shared.metrics.overloads.inc();
                Unavailable::Overloaded
            }
            mpsc::error::TrySendError::Closed(_) => Unavailable::ShuttingDown,
        })?;
        Ok(answer)
    }
}

async fn outcome<R>(
    orders: &mpsc::Sender<Order>,
    answer: oneshot::Receiver<Result<R, Unavailable>>,
) -> Result<R, Unavailable> {
    // Whoever waits longer than the node lives, or than its store works, is not answered otherwise.
    answer.await.unwrap_or_else(|_| {
        Err(if orders.is_closed() { Unavailable::ShuttingDown } else { Unavailable::StoreFailed })
    })
}
