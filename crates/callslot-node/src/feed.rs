//! Event streams: what happened in one organisation, from a cursor on.
use callslot_core::{Event, Sequence, Timestamp};

/// A public event of an organisation, as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FedEvent {
    /// Its number.
    pub sequence: Sequence,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Why events cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The log no longer reaches back to the cursor, or never had it.
    #[error("the events after {after} are no longer kept")]
    CursorExpired {
        /// The cursor.
        after: Sequence,
    },
    /// No organisation has this id.
    #[error("no such organisation")]
    UnknownOrg,
    /// The node cannot answer now.
    #[error(transparent)]
    Unavailable(#[from] crate::Unavailable),
}

/// The public events of one organisation, in order, without gaps.
#[derive(Debug)]
pub struct EventFeed {}

impl EventFeed {
    /// The next events, at least one; none once the node shuts down. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Vec<std::sync::Arc<FedEvent>>, FollowError>> {
        todo!()
    }
}
