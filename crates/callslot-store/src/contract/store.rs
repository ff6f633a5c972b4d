//! One name for everything that a node needs of a store, and the shards that it is made of.

use std::fmt::Debug;
use std::sync::Arc;

use crate::contract::audit::Audit;
use crate::contract::history::History;
use crate::contract::log::Log;
use crate::contract::webhooks::Webhooks;

/// A store that keeps all four contracts, as it is seen from one of its shards.
///
/// Each shard has a [`Log`] of its own: positions, snapshots and truncation are the shard's. So are the place that the history has reached
/// ([`History::projected`], [`History::project`]), the series of [`History::series_after`], and the places in the log that entries of the
/// audit are from ([`Audit::keep_audited`]). Everything else is the same from whichever shard it is asked: an organisation is in one shard,
/// the one that [`shard_of`](crate::shard_of) says, and what belongs to none is in the store once. So old calls, figures and entries of the
/// audit are removed, and the time that the server has seen is kept, for all shards at once.
pub trait Store: Log + Audit + History + Webhooks + Debug {
    /// How many shards there are: a power of two, up to [`MAX_SHARDS`](crate::limits::MAX_SHARDS), which never changes.
    fn shards(&self) -> u16;

    /// The shard that this is seen from, from 0 on. A store that was just opened is seen from shard 0.
    fn number(&self) -> u16;

    /// The same store, seen from this shard.
    ///
    /// # Panics
    /// When there is no such shard.
    fn shard(self: Arc<Self>, number: u16) -> Arc<dyn Store>;
}
