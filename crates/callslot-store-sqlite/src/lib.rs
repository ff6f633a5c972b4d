//! The store of one server: two SQLite files in a data directory, their backups, and what is restored from them.
//!
//! It keeps what [`callslot_store`] promises and decides nothing. What each table holds is in `schema/log.sql` and
//! `schema/history.sql`; what the bytes in them mean is in `docs/internals/stored-form.md`. Start reading at
//! [`SqliteStore::open`].
//!
//! ```
//! use callslot_core::{Event, Now, OrgEvent, OrgId, Recorded, Tick, Timestamp};
//! use callslot_store::{Log, Position, Record};
//! use callslot_store_sqlite::{
//!     Inspection, RestoredKeys, SqliteStore, backup, inspect, restore,
//! };
//!
//! let directory = tempfile::tempdir().expect("a directory");
//! let data = directory.path().join("data");
//! assert_eq!(inspect(&data).expect("readable"), Inspection::Nothing);
//!
//! // A record that was appended survives a crash of the process and of the machine.
//! let store = SqliteStore::open(&data).expect("a new store");
//! let now = Now { at: Timestamp(1_700_000_000_000), tick: Tick(0) };
//! let org = OrgId::parse("acme").expect("an id");
//! let record = Record { now, events: vec![Recorded { org, sequence: None, event: Event::Org(OrgEvent::Deleted) }] };
//! assert_eq!(store.append(Position(0), &record).expect("an append"), Position(1));
//!
//! // A backup is made while the store is in use, and restored into a directory of its own.
//! let file = directory.path().join("backup.db");
//! assert_eq!(backup(&data, &file).expect("a backup").ends, [Position(1)]);
//! let restored = directory.path().join("restored");
//! restore(&file, &restored, &RestoredKeys::default(), |_| Ok(())).expect("a restore");
//! let copy = SqliteStore::open(&restored).expect("a store");
//! assert_eq!(copy.read_from(Position(0), usize::MAX).expect("a read"), [(Position(1), record)]);
//! ```

mod audit;
mod backup;
mod catalogue;
mod checkpoints;
mod committer;
mod data_directory;
mod ended_blocks;
mod ended_calls;
mod ended_erasure;
mod ended_migration;
mod ended_reads;
mod ended_removal;
mod ended_tail;
mod errors;
mod history;
mod inspect;
mod integers;
mod limits;
mod log;
mod markers;
mod minutes_and_hours;
mod open;
mod org_index;
mod positions;
mod readers;
mod records;
mod replaced_files;
mod restore;
mod schema;
mod seen_time;
mod shard;
mod snapshots;
mod store;
mod unpacked_blocks;
mod webhooks;

pub use backup::{BackupError, BackupReport, backup};
pub use inspect::{Inspection, inspect};
pub use restore::{RestoreReport, RestoredKeys, restore};
pub use seen_time::seen_time_in;
pub use store::SqliteStore;
