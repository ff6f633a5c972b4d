//! The store of one server in a PostgreSQL database, which may be replicated and is backed up by PostgreSQL's own means.
//!
//! It keeps what [`callslot_store`] promises and decides nothing. What each table holds is in `schema/`; what the bytes in them
//! mean is in `docs/internals/stored-form.md`. One server at a time may write: the database itself sees to that, in each append. Start
//! reading at [`PostgresStore::open`], then `owner.rs` and `log.rs`.
//!
//! ```no_run
//! use callslot_store::{Log, Position};
//! use callslot_store_postgres::PostgresStore;
//!
//! let store = PostgresStore::open("postgres://callslot@localhost/callslot", || std::process::exit(1));
//! println!("the log ends at {:?}", store.expect("a database").end());
//! ```

mod audit;
mod catalogue;
mod checks;
mod ended_blocks;
mod ended_calls;
mod ended_erasure;
mod ended_migration;
mod ended_reads;
mod ended_removal;
mod ended_tail;
mod errors;
mod history;
mod integers;
mod lanes;
mod layout;
mod limits;
mod log;
mod markers;
mod minutes_and_hours;
mod org_blocks;
mod org_reads;
mod owner;
mod record_body;
mod ring;
mod seen_time;
mod series_reads;
mod session;
mod snapshots;
mod store;
mod target;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod webhook_progress;
mod webhooks;

pub use checks::{CONNECTIONS, DatabaseFacts, inspect_database};
pub use store::PostgresStore;
