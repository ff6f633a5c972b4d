//! The store of one server: two SQLite files in a data directory, their backups and what is restored from them.
//!
//! It keeps what `callslot-store` promises and decides nothing. Start reading at [`SqliteStore::open`].

mod backup;
mod catalogue;
mod checkpoints;
mod data_directory;
mod ended_calls;
mod errors;
mod history;
mod integers;
mod limits;
mod log;
mod markers;
mod minutes_and_hours;
mod open;
mod replaced_files;
mod schema;
mod snapshots;
mod store;

pub use backup::{BackupReport, backup, restore};
pub use store::SqliteStore;
