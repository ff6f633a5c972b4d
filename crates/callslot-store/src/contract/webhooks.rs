//! The contract of webhooks: their settings, how far each has come in the log, what is to be tried again, and what was tried. It
//! knows no rules.
//!
//! The place of a webhook, the deliveries that wait and the attempts change together, in one transaction, so a crash repeats at
//! most what was under way. Start reading at [`Webhooks`].

use std::ops::Range;

use callslot_core::{AgentId, CallType, GateId, OrgId, Sequence, Timestamp};

use crate::contract::store_error::StoreError;

/// The settings of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The organisation it belongs to.
    pub org: OrgId,
    /// Where events are sent.
    pub url: String,
    /// The names of the events that it gets; `*`: all.
    pub events: Vec<String>,
    /// Only these agents; none: all.
    pub agents: Option<Vec<AgentId>>,
    /// Only these types; none: all.
    pub types: Option<Vec<CallType>>,
    /// Only these gates; none: all.
    pub gates: Option<Vec<GateId>>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its 2xx claims a call that is to be claimed.
    pub claims: bool,
    /// With what it signs.
    pub secret: Vec<u8>,
    /// With what it signs too, and until when, by the clock.
    pub old_secret: Option<(Vec<u8>, Timestamp)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Why it gets nothing; none: it does.
    pub disabled: Option<String>,
}

/// An attempt that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookFailure {
    /// When.
    pub at: Timestamp,
    /// The HTTP status of the answer; none: none came.
    pub status: Option<u16>,
    /// What went wrong.
    pub cause: String,
}

/// How far a webhook has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookPlace {
    /// All events up to it are settled, or wait among the pending ones.
    pub sequence: Sequence,
    /// Further events of which the same holds, in order.
    pub beyond: Vec<Range<u64>>,
    /// How many events left the log before it came to them.
    pub missed: u64,
    /// When an attempt was last taken.
    pub last_success_at: Option<Timestamp>,
    /// The last attempt that was not.
    pub last_failure: Option<WebhookFailure>,
    /// How many attempts in a row were not taken.
    pub failures_in_row: u32,
}

/// A delivery that waits: to be tried again, or for one of the same call before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingDelivery {
    /// The event's number.
    pub sequence: Sequence,
    /// Deliveries of one key go one after the other; none: it waits for no other.
    pub key: Option<u64>,
    /// How many attempts were made.
    pub attempts: u32,
    /// When it is tried, by the clock.
    pub due_at: Timestamp,
    /// Whether it offers a call that is to be claimed.
    pub is_dispatch: bool,
}

/// What is sent for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookMessage {
    /// Its id, the same for each attempt.
    pub id: String,
    /// The event's name.
    pub event: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// It was taken.
    Delivered,
    /// It is tried again.
    Failed,
    /// It is not.
    GivenUp,
    /// It was not sent.
    Skipped,
}

impl AttemptOutcome {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Delivered, Self::Failed, Self::GivenUp, Self::Skipped];

    /// The number in the store.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Delivered => 0,
            Self::Failed => 1,
            Self::GivenUp => 2,
            Self::Skipped => 3,
        }
    }
}

/// An attempt to deliver an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The id of the message.
    pub message: String,
    /// The event's name.
    pub event: String,
    /// The event's number.
    pub sequence: Sequence,
    /// Which attempt it was: 1, 2, 3, …
    pub attempt: u32,
    /// When it began.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// The HTTP status of the answer; none: none came.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The size of the body, in bytes.
    pub bytes: u64,
    /// What went wrong.
    pub cause: Option<String>,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
}

/// What changed for a webhook since its last progress.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookProgress {
    /// How far it has come.
    pub place: WebhookPlace,
    /// Pending deliveries that are settled.
    pub settled: Vec<Sequence>,
    /// Deliveries that wait from now on, or wait otherwise; with the message if it is not kept yet.
    pub pending: Vec<(PendingDelivery, Option<WebhookMessage>)>,
    /// Attempts, in the order of their ends.
    pub attempts: Vec<Attempt>,
}

/// Webhooks: each change is durable when the method returns. All methods block.
pub trait Webhooks: Send + Sync {
    /// All webhooks, by id.
    fn webhooks(&self) -> Result<Vec<Webhook>, StoreError>;
    /// Creates or replaces the settings of a webhook.
    fn put_webhook(&self, webhook: &Webhook) -> Result<(), StoreError>;
    /// Removes a webhook with everything that is kept of it; returns whether there was one.
    fn delete_webhook(&self, id: &str) -> Result<bool, StoreError>;
    /// How far a webhook has come; none if nothing is kept of that.
    fn webhook_place(&self, id: &str) -> Result<Option<WebhookPlace>, StoreError>;
    /// The deliveries of a webhook that wait, by their numbers.
    fn pending_deliveries(&self, id: &str) -> Result<Vec<PendingDelivery>, StoreError>;
    /// The message of a delivery that waits.
    fn pending_message(
        &self,
        id: &str,
        sequence: Sequence,
    ) -> Result<Option<WebhookMessage>, StoreError>;
    /// Keeps the progress of webhooks, each by its id, in one transaction. Of the attempts of each the newest
    /// [`ATTEMPTS_KEPT`](crate::limits::ATTEMPTS_KEPT) stay.
    fn keep_progress(&self, of: &[(String, WebhookProgress)]) -> Result<(), StoreError>;
    /// Puts a webhook at another place, and drops the deliveries that wait.
    fn put_place(&self, id: &str, place: &WebhookPlace) -> Result<(), StoreError>;
    /// Attempts of a webhook, newest first: at most `limit` with numbers below `before`, each with its number.
    fn attempts(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Attempt)>, StoreError>;
}
