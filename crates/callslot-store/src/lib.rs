//! Keeps what must last: records, snapshots, ended calls, API keys and plans. Knows no rules.
//!
//! Start reading at [`Log`], the contract that every store keeps.

mod log;
mod tables;

pub use log::{AppendError, Log, Position, Record, Snapshot, StoreError};
pub use tables::{ApiKey, Catalogue, EndedCalls, EndedFilter, Plan, Role, Store};
