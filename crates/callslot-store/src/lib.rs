//! Keeps what must last: records, snapshots, the history, API keys and plans. Knows no rules.
//!
//! Start reading at [`Log`], the contract that every store keeps.

mod around;
mod backup;
#[cfg(feature = "conformance")]
pub mod conformance;
mod figures;
mod history;
mod limits;
mod log;
mod memory;
mod record;
mod sqlite;
mod tables;

pub use around::Around;
pub use backup::{BackupReport, backup, restore};
pub use figures::{Change, Figures, Grain, Levels, Waits};
pub use history::{
    Closed, EndedFilter, EndedPage, History, Marker, Open, Part, Projection, Refused, Row, Series,
    SeriesKind, SeriesRows, Which,
};
pub use log::{AppendError, Log, Position, Record, Snapshot, StoreError};
pub use memory::MemoryStore;
pub use record::{decode, encode};
pub use sqlite::SqliteStore;
pub use tables::{ApiKey, Catalogue, Plan, Role, Session, Store};
