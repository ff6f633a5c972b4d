//! What every store promises: the log, the catalogue, the audit and the history, as traits with their types.
//!
//! It stores and decides nothing. The promises are checked in `conformance.rs`. Start reading at [`Log`].

pub(crate) mod audit;
pub(crate) mod catalogue;
pub(crate) mod history;
pub(crate) mod log;
pub(crate) mod record;
pub(crate) mod seen_time;
pub(crate) mod store;
pub(crate) mod store_error;
pub(crate) mod webhooks;

pub use audit::{
    Audit, AuditFilter, AuditPage, Audited, AuditedChange, CatalogueChange, KeyFacts, Origin,
    WebhookFacts,
};
pub use catalogue::{ApiKey, Catalogue, OldSecret, Plan, Role, Session};
pub use history::{
    Closed, EndedFilter, EndedPage, History, Marker, Open, Part, Projection, Refused, Row, Series,
    SeriesKind, SeriesRows, Which,
};
pub use log::{AppendError, Log, OrgRecords, encode_for_append};
pub use record::{Position, Record, Snapshot};
pub use seen_time::{Aging, Doubt, OldTimes, Seen, SeenTime};
pub use store::Store;
pub use store_error::{Cause, Damage, Failure, StoreError, VersionKind};
pub use webhooks::{
    Attempt, AttemptOutcome, PendingDelivery, Webhook, WebhookFailure, WebhookMessage,
    WebhookPlace, WebhookProgress, Webhooks,
};
