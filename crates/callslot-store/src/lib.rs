//! Keeps what must last: records, snapshots, the history, API keys and plans. Knows no rules.
//!
//! Start reading at [`Log`], the contract that every store keeps.

#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod figures;
pub mod limits;
mod memory;
pub mod stored_form;
#[cfg(feature = "testing")]
pub mod testing;

pub use contract::{
    ApiKey, AppendError, Catalogue, Closed, EndedFilter, EndedPage, History, Log, Marker, Open,
    Part, Plan, Position, Projection, Record, Refused, Role, Row, Series, SeriesKind, SeriesRows,
    Session, Snapshot, Store, StoreError, Which,
};
pub use figures::{Change, Figures, Grain, Levels, Waits};
pub use memory::MemoryStore;
