//! What every store promises, whatever it is made of: the log, the catalogue and the history.
//!
//! Traits and the types they speak of; it stores and decides nothing. The promises are checked in `conformance.rs`. Start
//! reading at [`Log`].

pub(crate) mod catalogue;
pub(crate) mod history;
pub(crate) mod log;
pub(crate) mod store;

pub use catalogue::{ApiKey, Catalogue, Plan, Role, Session};
pub use history::{
    Closed, EndedFilter, EndedPage, History, Marker, Open, Part, Projection, Refused, Row, Series,
    SeriesKind, SeriesRows, Which,
};
pub use log::{AppendError, Log, Position, Record, Snapshot, StoreError};
pub use store::Store;
