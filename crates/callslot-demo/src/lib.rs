//! A call centre that could be, for `callslot demo`: who calls whom and when, the past it has behind it, and the traffic
//! it makes from now on.
//!
//! The past is written into a data directory before a server uses it; everything after comes over the public API, as from
//! any client. Never part of a server that runs for real. Start reading at [`Callers`].

mod api_client_traffic;
mod backfill;
mod caller_model;

use tempfile::TempDir;

pub use api_client_traffic::Traffic;
pub use backfill::{BackfillError, Caller, Past, write_past};
pub use caller_model::{Callers, agents, reservations};

/// A directory that is deleted, with everything in it, when it is dropped.
pub fn temporary_directory() -> std::io::Result<TempDir> {
    tempfile::tempdir()
}
