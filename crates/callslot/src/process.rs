//! The process itself: its threads here; its signals, its log and its limit on open files below.

pub mod logging;
pub mod open_files;
pub mod signals;

use tokio::runtime::Runtime;

use crate::failure::Failure;

/// The threads that a server runs on.
pub fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::said(format!("cannot start threads: {error}")))
}
