//! Event streams: what happened in one organisation, from a cursor on.
//!
//! A feed reads the log until it has caught up and then listens to what the loop publishes after each commit. Whenever it
//! misses something it goes back to the log: so it has no gaps and repeats nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{Event, OrgId, Recorded, Sequence, Timestamp};
use callslot_store::{Position, Record, Store};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::handle::Unavailable;
use crate::limits::{FEED_EVENTS, FEED_EVENTS_AT_A_TIME, READ_BYTES};

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
    Unavailable(#[from] Unavailable),
}

/// Who listens, by organisation.
#[derive(Debug, Default)]
pub(crate) struct Feeds {
    by_org: Mutex<HashMap<OrgId, broadcast::Sender<Arc<FedEvent>>>>,
}

impl Feeds {
    pub(crate) fn subscribe(&self, org: &OrgId) -> broadcast::Receiver<Arc<FedEvent>> {
        let mut by_org = self.by_org();
        by_org.retain(|_, sender| sender.receiver_count() > 0);
        by_org.entry(org.clone()).or_insert_with(|| broadcast::Sender::new(FEED_EVENTS)).subscribe()
    }

    /// Tells those who listen to an organisation.
    pub(crate) fn publish(&self, org: &OrgId, event: FedEvent) {
        if let Some(sender) = self.by_org().get(org) {
            // Nobody listening is no failure.
            let _ = sender.send(Arc::new(event));
        }
    }

    /// Ends the feeds of an organisation.
    pub(crate) fn close(&self, org: &OrgId) {
        self.by_org().remove(org);
    }

    /// Ends all feeds.
    pub(crate) fn close_all(&self) {
        self.by_org().clear();
    }

    fn by_org(&self) -> MutexGuard<'_, HashMap<OrgId, broadcast::Sender<Arc<FedEvent>>>> {
        self.by_org.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The public events of one organisation, in order, without gaps.
#[derive(Debug)]
pub struct EventFeed {
    org: OrgId,
    store: Arc<dyn Store>,
    /// The last event handed on.
    cursor: Sequence,
    live: broadcast::Receiver<Arc<FedEvent>>,
    /// Where in the log to read on, while behind.
    behind: Option<Position>,
}

impl EventFeed {
    /// A feed of what comes after `cursor`, when the organisation is at `as_of`. `live` was subscribed to before.
    pub(crate) async fn open(
        org: OrgId,
        store: Arc<dyn Store>,
        cursor: Sequence,
        as_of: Sequence,
        live: broadcast::Receiver<Arc<FedEvent>>,
    ) -> Result<Self, FollowError> {
        let expired = FollowError::CursorExpired { after: cursor };
        if cursor > as_of {
            return Err(expired);
        }
        let mut feed = Self { org, store, cursor, live, behind: None };
        if cursor < as_of {
            feed.go_back().await?;
            if !feed.reaches_back().await? {
                return Err(expired);
            }
        }
        Ok(feed)
    }

    /// The next events, at least one; none once the node shuts down or the organisation is deleted. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Vec<Arc<FedEvent>>, FollowError>> {
        loop {
            let events = match self.behind {
                Some(position) => self.read_on(position).await,
                None => self.listen().await?,
            };
            match events {
                Ok(events) if events.is_empty() => {}
                Ok(events) => return Some(self.hand_on(events)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn hand_on(&mut self, events: Vec<Arc<FedEvent>>) -> Result<Vec<Arc<FedEvent>>, FollowError> {
        if events[0].sequence != self.cursor.next() {
            return Err(FollowError::CursorExpired { after: self.cursor });
        }
        self.cursor = events[events.len() - 1].sequence;
        Ok(events)
    }

    /// What comes live, empty when something was missed; none when there will be no more.
    async fn listen(&mut self) -> Option<Result<Vec<Arc<FedEvent>>, FollowError>> {
        let mut next = match self.live.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(_)) => return Some(self.go_back().await.map(|()| Vec::new())),
            Err(RecvError::Closed) => return None,
        };
        let mut events: Vec<Arc<FedEvent>> = Vec::new();
        loop {
            let last = events.last().map_or(self.cursor, |event| event.sequence);
            if next.sequence == last.next() {
                events.push(next);
            } else if next.sequence > last {
                // What came before it was published before this feed listened, or not at all.
                return Some(self.go_back().await.map(|()| Vec::new()));
            }
            if events.len() == FEED_EVENTS_AT_A_TIME {
                return Some(Ok(events));
            }
            next = match self.live.try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Empty | TryRecvError::Closed | TryRecvError::Lagged(_)) => {
                    return Some(Ok(events));
                }
            };
        }
    }

    /// Finds out where in the log to read on.
    async fn go_back(&mut self) -> Result<(), FollowError> {
        let (store, org, wanted) = (Arc::clone(&self.store), self.org.clone(), self.cursor.next());
        let position = blocking(move || store.position_before(&org, wanted)).await?;
        self.behind = Some(position);
        Ok(())
    }

    /// Whether the log holds the event after the cursor.
    async fn reaches_back(&mut self) -> Result<bool, FollowError> {
        while let Some(position) = self.behind {
            let (events, next) = self.read(position).await?;
            if let Some(first) = events.first() {
                return Ok(first.sequence == self.cursor.next());
            }
            self.behind = next;
        }
        Ok(false)
    }

    async fn read_on(&mut self, position: Position) -> Result<Vec<Arc<FedEvent>>, FollowError> {
        let (events, next) = self.read(position).await?;
        self.behind = next;
        Ok(events)
    }

    /// The events of the next records, and where to read on; none at the log's end.
    async fn read(
        &self,
        from: Position,
    ) -> Result<(Vec<Arc<FedEvent>>, Option<Position>), FollowError> {
        let store = Arc::clone(&self.store);
        let records = blocking(move || store.read_from(from, READ_BYTES)).await?;
        let next = records.last().map(|(position, _)| *position);
        let after = self.cursor;
        let events = records
            .into_iter()
            .flat_map(|(_, record)| public_events(record))
            .filter(|(org, event)| *org == self.org && event.sequence > after)
            .map(|(_, event)| Arc::new(event));
        Ok((events.collect(), next))
    }
}

/// The public events of a record.
pub(crate) fn public_events(record: Record) -> impl Iterator<Item = (OrgId, FedEvent)> {
    let at = record.now.at;
    record.events.into_iter().filter_map(move |Recorded { org, sequence, event }| {
        sequence.map(|sequence| (org, FedEvent { sequence, at, event }))
    })
}

/// Reads from the store on a thread that may wait.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, callslot_store::StoreError> + Send + 'static,
) -> Result<T, FollowError> {
    let outcome = tokio::task::spawn_blocking(read).await.expect("reading the log does not panic");
    outcome.map_err(|error| {
        tracing::error!(%error, "the log cannot be read");
        FollowError::Unavailable(Unavailable::StoreFailed)
    })
}
