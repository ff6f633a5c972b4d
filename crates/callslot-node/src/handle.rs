//! What doors hold of a node.
use std::sync::Arc;

use callslot_core::{CallId, Command, Now, OrgId, Rejection, Reply, Sequence, Shard};
use callslot_store::Store;

/// Settings of a node.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// How long records are kept for event cursors after a snapshot covers them, in milliseconds.
    pub cursor_retention_ms: u64,
    /// How long ended calls are kept, in milliseconds.
    pub ended_retention_ms: u64,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self { cursor_retention_ms: 24 * 3_600_000, ended_retention_ms: 30 * 24 * 3_600_000 }
    }
}

/// A running node. Start it inside a tokio runtime.
#[derive(Debug)]
pub struct Node {}

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

/// Figures about the node itself, since its start.
#[derive(Debug, Clone, Default)]
pub struct NodeStats {
    /// Durable commits.
    pub commits: u64,
    /// Commits that failed.
    pub failed_commits: u64,
    /// Commands decided.
    pub commands: u64,
    /// Events committed.
    pub events: u64,
    /// Commands waiting to be decided now.
    pub waiting: u64,
    /// Time spent stalled and added to every deadline, in milliseconds.
    pub stalled_ms: u64,
}

/// A way to reach a node. Cheap to clone.
#[derive(Clone)]
pub struct NodeHandle {}

impl Node {
    /// Recovers the shard from the store and runs it.
    pub fn start(store: Arc<dyn Store>, config: NodeConfig) -> Result<Self, StartError> {
        todo!("{config:?} {}", Arc::strong_count(&store))
    }

    /// A way to reach it.
    #[must_use]
    pub fn handle(&self) -> NodeHandle {
        todo!()
    }

    /// Takes no more commands, commits what was taken, keeps a snapshot and stops.
    pub async fn shutdown(self) {
        todo!()
    }
}

impl NodeHandle {
    /// Has a command decided; answers once what it led to is durable.
    pub async fn submit(&self, command: Command) -> Result<Reply, SubmitError> {
        todo!("{command:?}")
    }

    /// Has commands decided in order, in one batch.
    pub async fn submit_all(
        &self,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<Reply, Rejection>>, Unavailable> {
        todo!("{commands:?}")
    }

    /// Reads the state; answers once all that was read is durable. `look` must be short: it runs between commands.
    pub async fn read<R: Send + 'static>(
        &self,
        look: impl FnOnce(&Shard, Now) -> R + Send + 'static,
    ) -> Result<R, Unavailable> {
        let _ = look;
        todo!()
    }

    /// Waits until the call is not queued (or not known). May wait for ever; drop the future to stop waiting.
    pub async fn left_queue(&self, org: OrgId, call: CallId) -> Result<(), Unavailable> {
        todo!("{org} {call}")
    }

    /// The public events of `org` after `after`; none: from now on.
    pub async fn follow(
        &self,
        org: OrgId,
        after: Option<Sequence>,
    ) -> Result<crate::EventFeed, crate::FollowError> {
        todo!("{org} {after:?}")
    }

    /// Whether the last commit or probe of the store succeeded.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        todo!()
    }

    /// Figures for metrics.
    #[must_use]
    pub fn stats(&self) -> NodeStats {
        todo!()
    }

    /// The store, for tables that are not the shard's (keys, ended calls). Its methods block.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        todo!()
    }

    /// The time now, as the node counts it.
    #[must_use]
    pub fn now(&self) -> Now {
        todo!()
    }
}
