//! What every store of Callslot promises, and the bytes in which it keeps its data. Knows no rules.
//!
//! A store keeps four things: the [`Log`], whose records are durable once appended; the [`Catalogue`] of plans, API keys and
//! sessions; the [`Audit`] of changes; the [`History`], projected from the log; and the [`Webhooks`] with how far each has come. [`Store`] is
//! all five, seen from one of the shards that the log is made of. `conformance` holds their promises as checks
//! that any store can be put to, [`stored_form`] writes and reads the bytes, and [`MemoryStore`] keeps them for as long as the
//! process lives. Start reading at [`Log`].
//!
//! ```
//! use callslot_core::{Event, Now, OrgEvent, OrgId, Recorded, Tick, Timestamp};
//! use callslot_store::{AppendError, Log, MemoryStore, Position, Record};
//!
//! let store = MemoryStore::new();
//! let now = Now { at: Timestamp(1_700_000_000_000), tick: Tick(0) };
//! let org = OrgId::parse("acme").expect("an id");
//! let recorded = Recorded { org, sequence: None, event: Event::Org(OrgEvent::Deleted) };
//! let record = Record { now, events: vec![recorded] };
//!
//! // A writer says where it believes the log ends, so of two writers only one succeeds.
//! assert_eq!(store.append(Position(0), &record).expect("an append"), Position(1));
//! let late = store.append(Position(0), &record);
//! assert!(matches!(late, Err(AppendError::NotAtEnd { end: Position(1), .. })));
//!
//! let log = store.read_from(Position(0), usize::MAX).expect("a read");
//! assert_eq!(log, [(Position(1), record)]);
//! ```

#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod figures;
#[cfg(feature = "history_blocks")]
pub mod history_blocks;
pub mod limits;
mod memory;
pub mod org_blocks;
mod shards;
pub mod stored_form;
#[cfg(feature = "testing")]
pub mod testing;

pub use contract::{
    Aging, ApiKey, AppendError, Attempt, AttemptOutcome, Audit, AuditFilter, AuditPage, Audited,
    AuditedChange, Catalogue, CatalogueChange, Cause, Closed, Damage, Doubt, EndedFilter,
    EndedPage, Failure, History, KeyFacts, Log, Marker, OldSecret, OldTimes, Open, OrgRecords,
    Origin, Part, PendingDelivery, Plan, Position, Projection, Record, Refused, Role, Row, Seen,
    SeenTime, Series, SeriesKind, SeriesRows, Session, Snapshot, Store, StoreError, VersionKind,
    Webhook, WebhookFacts, WebhookFailure, WebhookMessage, WebhookPlace, WebhookProgress, Webhooks,
    Which, encode_for_append,
};
pub use figures::{Change, EndCounts, Figures, Grain, Levels, Waits};
pub use memory::MemoryStore;
pub use shards::{is_number_of_shards, shard_of};
