//! Event streams: what happened in one organisation, from a cursor on.
//!
//! A feed reads the log until it has caught up and then listens to what the loop publishes after each commit. Whenever it
//! misses something it goes back to the log: so it has no gaps and repeats nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{OrgId, PublicEvent, Recorded, Sequence, Timestamp};
use callslot_store::{Position, Record, Store, StoreError};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::limits::{FEED_EVENTS, FEED_EVENTS_AT_A_TIME, READ_BYTES};
use crate::threads::with_store;
use crate::unavailable::Unavailable;

/// A public event of an organisation, as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FedEvent {
    /// Its number.
    pub sequence: Sequence,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: PublicEvent,
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
    pub(crate) fn subscribe(feeds: &Arc<Self>, org: &OrgId) -> Subscription {
        let mut by_org = feeds.by_org();
        let sender = by_org.entry(org.clone());
        let live = sender.or_insert_with(|| broadcast::Sender::new(FEED_EVENTS)).subscribe();
        Subscription { live, _guard: ChannelGuard { feeds: Arc::clone(feeds), org: org.clone() } }
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

/// Somebody who listens to an organisation. The last to leave takes the channel along.
#[derive(Debug)]
pub(crate) struct Subscription {
    /// Declared before the guard, because it must be dropped before the guard counts who is left.
    live: broadcast::Receiver<Arc<FedEvent>>,
    _guard: ChannelGuard,
}

#[derive(Debug)]
struct ChannelGuard {
    feeds: Arc<Feeds>,
    org: OrgId,
}

impl Drop for ChannelGuard {
    fn drop(&mut self) {
        let mut by_org = self.feeds.by_org();
        if by_org.get(&self.org).is_some_and(|sender| sender.receiver_count() == 0) {
            by_org.remove(&self.org);
        }
    }
}

/// Where a feed takes its next events from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// What the loop publishes.
    Live,
    /// The log, from wherever the event after the cursor is.
    Log,
    /// The log, after this position.
    LogAfter(Position),
}

/// The public events of one organisation, in order, without gaps.
#[derive(Debug)]
pub struct EventFeed {
    org: OrgId,
    store: Arc<dyn Store>,
    /// The last event handed on.
    cursor: Sequence,
    subscription: Subscription,
    source: Source,
}

impl EventFeed {
    /// A feed of what comes after `cursor`, when the organisation is at `as_of` or beyond, as the subscription is older.
    pub(crate) async fn open(
        org: OrgId,
        store: Arc<dyn Store>,
        cursor: Sequence,
        as_of: Sequence,
        subscription: Subscription,
    ) -> Result<Self, FollowError> {
        let expired = FollowError::CursorExpired { after: cursor };
        if cursor > as_of {
            return Err(expired);
        }
        let source = if cursor < as_of { Source::Log } else { Source::Live };
        let mut feed = Self { org, store, cursor, subscription, source };
        if cursor < as_of && !feed.reaches_back().await? {
            return Err(expired);
        }
        Ok(feed)
    }

    /// The next events, at least one; none once the node shuts down or the organisation is deleted. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Vec<Arc<FedEvent>>, FollowError>> {
        loop {
            let events = match self.source {
                Source::Live => self.listen().await?,
                Source::Log | Source::LogAfter(_) => match self.read().await {
                    Ok((events, next)) => {
                        self.source = next;
                        events
                    }
                    Err(error) => return Some(Err(error)),
                },
            };
            if !events.is_empty() {
                return Some(self.hand_on(events));
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
    ///
    /// It waits for nothing once it has taken an event, so that none is lost when it is cancelled.
    async fn listen(&mut self) -> Option<Vec<Arc<FedEvent>>> {
        let mut next = match self.subscription.live.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(_)) => return Some(self.go_back()),
            Err(RecvError::Closed) => return None,
        };
        let mut events: Vec<Arc<FedEvent>> = Vec::new();
        loop {
            let last = events.last().map_or(self.cursor, |event| event.sequence);
            if next.sequence == last.next() {
                events.push(next);
            } else if next.sequence > last {
                // What came before it was published before this feed listened, or not at all.
                return Some(self.go_back());
            }
            if events.len() == FEED_EVENTS_AT_A_TIME {
                return Some(events);
            }
            next = match self.subscription.live.try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Empty | TryRecvError::Closed | TryRecvError::Lagged(_)) => {
                    return Some(events);
                }
            };
        }
    }

    fn go_back(&mut self) -> Vec<Arc<FedEvent>> {
        self.source = Source::Log;
        Vec::new()
    }

    /// Whether the log holds the event after the cursor.
    async fn reaches_back(&mut self) -> Result<bool, FollowError> {
        loop {
            let (events, next) = self.read().await?;
            if let Some(first) = events.first() {
                return Ok(first.sequence == self.cursor.next());
            }
            self.source = next;
            if matches!(next, Source::Live) {
                return Ok(false);
            }
        }
    }

    /// The events of the next records, and where those after them come from.
    async fn read(&self) -> Result<(Vec<Arc<FedEvent>>, Source), FollowError> {
        let (org, after) = (self.org.clone(), self.cursor);
        let from = match self.source {
            Source::LogAfter(position) => Some(position),
            Source::Log | Source::Live => None,
        };
        let read = with_store(&self.store, move |store| events_after(store, &org, after, from));
        let (events, reached) = read.await?.map_err(|error| {
            tracing::error!(%error, "the log cannot be read");
            FollowError::Unavailable(Unavailable::StoreFailed)
        })?;
        let next = reached.map_or(Source::Live, Source::LogAfter);
        Ok((events.into_iter().map(Arc::new).collect(), next))
    }
}

/// Public events of `org` numbered above `after`, from a part of the log: that behind `from`, or wherever they begin. Says
/// also how far it read; none: there is nothing more in the log. Blocks.
pub fn events_after(
    store: &dyn Store,
    org: &OrgId,
    after: Sequence,
    from: Option<Position>,
) -> Result<(Vec<FedEvent>, Option<Position>), StoreError> {
    let from = match from {
        Some(position) => position,
        None => store.position_before(org, after.next())?,
    };
    let records = store.read_from(from, READ_BYTES)?;
    let reached = records.last().map(|(position, _)| *position);
    let events = records
        .into_iter()
        .flat_map(|(_, record)| public_events(record))
        .filter(|(of, event)| of == org && event.sequence > after)
        .map(|(_, event)| event);
    Ok((events.collect(), reached))
}

/// The public events of a record.
fn public_events(record: Record) -> impl Iterator<Item = (OrgId, FedEvent)> {
    let at = record.now.at;
    record.events.into_iter().filter_map(move |Recorded { org, sequence, event }| {
        let (sequence, event) = sequence.zip(event.into_public())?;
        Some((org, FedEvent { sequence, at, event }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_goes_with_its_last_listener() {
        let feeds = Arc::new(Feeds::default());
        let org = OrgId::parse("o").expect("an organisation id");
        let first = Feeds::subscribe(&feeds, &org);
        let second = Feeds::subscribe(&feeds, &org);
        drop(first);
        assert_eq!(feeds.by_org().len(), 1);
        drop(second);
        assert!(feeds.by_org().is_empty());
    }

    #[test]
    fn whoever_leaves_a_closed_channel_leaves_the_one_opened_since_alone() {
        let feeds = Arc::new(Feeds::default());
        let org = OrgId::parse("o").expect("an organisation id");
        let of_the_deleted = Feeds::subscribe(&feeds, &org);
        feeds.close(&org);
        let of_the_new = Feeds::subscribe(&feeds, &org);
        drop(of_the_deleted);
        assert_eq!(feeds.by_org().len(), 1);
        drop(of_the_new);
        assert!(feeds.by_org().is_empty());
    }
}
