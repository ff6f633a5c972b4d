//! An invented call centre for `callslot demo`: who calls whom and when, its past, and its traffic from now on.
//!
//! The past is written into a data directory before a server uses it; everything after that comes over the public API, as from
//! any client. No production server uses this crate. Start reading at [`Callers`].

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
