//! One shard: from the order of a caller to a record in the log, and from there to the answer.
//!
//! [`Sequencer`](sequencer::Sequencer) and [`Commit`](commit_steps::Commit) decide what happens, and know no clock, no
//! channel, no thread and no disk; `shard_loop.rs` and `commit_thread.rs` bring them those. Start reading at `sequencer.rs`.

pub(crate) mod commit_steps;
pub(crate) mod commit_thread;
pub(crate) mod recover;
pub(crate) mod sequencer;
pub(crate) mod shard_loop;
