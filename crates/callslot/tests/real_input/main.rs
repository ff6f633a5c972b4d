//! Real input: the release binary with its data on disk, client processes that load it, and everything that can go wrong
//! around it. Judged from the event stream and from what clients were told; nothing here knows how the server decides.
//!
//! `judge.rs` and `answers_vs_history.rs` judge; `server.rs`, `clients.rs` and `http.rs` are the processes and the way between
//! them. Each other file makes one kind of trouble.

mod answers_vs_history;
mod clients;
mod clock;
mod disk;
mod dispatch_kills;
mod dribble;
mod hours;
mod http;
mod judge;
mod kills;
mod pauses;
mod postgres;
mod server;
mod shard_kills;
mod synced_before_answer;

use std::time::Duration;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(2);
