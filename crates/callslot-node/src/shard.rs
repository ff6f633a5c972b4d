//! One shard: from an order to a record in the log, and back to the answer.
//!
//! [`Sequencer`](sequencer::Sequencer) and [`Commit`](commit_steps::Commit) have the logic; they use no clock, channel or
//! thread. `shard_loop.rs` and `commit_thread.rs` drive them. Start reading at `sequencer.rs`.

pub(crate) mod batch;
pub(crate) mod commit_steps;
pub(crate) mod commit_thread;
pub(crate) mod fair_queue;
pub(crate) mod gone_leases;
pub(crate) mod move_on;
pub(crate) mod order;
pub(crate) mod order_channel;
pub(crate) mod recover;
pub(crate) mod route;
pub(crate) mod sequencer;
pub(crate) mod shard_handle;
pub(crate) mod shard_loop;
