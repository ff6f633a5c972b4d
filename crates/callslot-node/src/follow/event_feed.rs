//! Event feeds: the public events of one organisation, from a cursor on.
//!
//! A feed reads the log until it has caught up, then listens to what the loop publishes after each commit. Whenever it misses
//! an event it goes back to the log, so it has no gaps and no repetitions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_core::{Event, OrgEvent, OrgId, PublicEvent, Recorded, Sequence, Timestamp};
use callslot_store::{Position, Record, Store, StoreError};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{Semaphore, SemaphorePermit, broadcast};

use crate::advice::with_advice;
use crate::limits::{FEED_EVENTS, FEED_EVENTS_AT_A_TIME, FEED_READ_BYTES, LOG_READS_PER_ORG};
use crate::threads::with_store;
use crate::unavailable::Unavailable;

/// A public event of an organisation, as it is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FedEvent {
    pub sequence: Sequence,
    pub at: Timestamp,
    pub event: PublicEvent,
}

/// Why a feed cannot be opened or continued.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The log no longer has the event after the cursor.
    #[error("the events after {after} are no longer kept")]
    CursorExpired { after: Sequence },
    /// The organisation has not come as far as the cursor: it was given before a restore, or by another server.
    #[error("there is no event {after} yet: the last one is {as_of}")]
    CursorAhead { after: Sequence, as_of: Sequence },
    #[error("no such organisation")]
    UnknownOrg,
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// A channel for each organisation that has listeners.
#[derive(Debug)]
pub(crate) struct Feeds {
    by_org: Mutex<HashMap<OrgId, Channel>>,
    /// Reads of the logs of a node that may go on at once.
    reads: Arc<Semaphore>,
}

#[derive(Debug)]
struct Channel {
    live: broadcast::Sender<Arc<FedEvent>>,
    /// Those of this organisation.
    reads: Arc<Semaphore>,
}

impl Feeds {
    /// Feeds that read when `reads` has a turn for them.
    pub(crate) fn reading_in_turn(reads: Arc<Semaphore>) -> Self {
        Self { by_org: Mutex::default(), reads }
    }

    pub(crate) fn subscribe(feeds: &Arc<Self>, org: &OrgId) -> Subscription {
        let mut by_org = feeds.by_org();
        let channel = by_org.entry(org.clone()).or_insert_with(|| Channel {
            live: broadcast::Sender::new(FEED_EVENTS),
            reads: Arc::new(Semaphore::new(LOG_READS_PER_ORG)),
        });
        let (live, reads) = (channel.live.subscribe(), Arc::clone(&channel.reads));
        let guard = ChannelGuard { feeds: Arc::clone(feeds), org: org.clone() };
        Subscription { live, reads, guard }
    }

    pub(crate) fn publish(&self, org: &OrgId, event: FedEvent) {
        if let Some(channel) = self.by_org().get(org) {
            // It is fine if nobody is listening.
            let _ = channel.live.send(Arc::new(event));
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

    fn by_org(&self) -> MutexGuard<'_, HashMap<OrgId, Channel>> {
        self.by_org.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One listener of an organisation. The last one to leave removes the channel.
#[derive(Debug)]
pub(crate) struct Subscription {
    /// Declared before the guard, because it must be dropped before the guard counts who is left.
    live: broadcast::Receiver<Arc<FedEvent>>,
    reads: Arc<Semaphore>,
    guard: ChannelGuard,
}

impl Subscription {
    /// Waits for its turn to read the log, first among those of the same organisation, so that the streams of one that come back
    /// all at once do not hold up those of others.
    async fn turn(&self) -> (SemaphorePermit<'_>, SemaphorePermit<'_>) {
        let of_org = self.reads.acquire().await.expect("it is never closed");
        let of_all = self.guard.feeds.reads.acquire().await.expect("it is never closed");
        (of_org, of_all)
    }
}

#[derive(Debug)]
struct ChannelGuard {
    feeds: Arc<Feeds>,
    org: OrgId,
}

impl Drop for ChannelGuard {
    fn drop(&mut self) {
        let mut by_org = self.feeds.by_org();
        if by_org.get(&self.org).is_some_and(|channel| channel.live.receiver_count() == 0) {
            by_org.remove(&self.org);
        }
    }
}

/// Where a feed gets its next events.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// From what the loop publishes.
    Live,
    /// From the log, starting at the event after the cursor.
    Log,
    /// From the log, after this position.
    LogAfter(Position),
}

/// The public events of one organisation, in order, without gaps.
#[derive(Debug)]
pub struct EventFeed {
    org: OrgId,
    store: Arc<dyn Store>,
    /// The last event returned.
    cursor: Sequence,
    subscription: Subscription,
    source: Source,
}

impl EventFeed {
    /// Opens a feed of the events after `cursor`. `as_of` is the organisation's latest event, read after subscribing.
    pub(crate) async fn open(
        org: OrgId,
        store: Arc<dyn Store>,
        cursor: Sequence,
        as_of: Sequence,
        subscription: Subscription,
    ) -> Result<Self, FollowError> {
        if cursor > as_of {
            return Err(FollowError::CursorAhead { after: cursor, as_of });
        }
        let source = if cursor < as_of { Source::Log } else { Source::Live };
        let mut feed = Self { org, store, cursor, subscription, source };
        if cursor < as_of && !feed.reaches_back().await? {
            return Err(FollowError::CursorExpired { after: cursor });
        }
        Ok(feed)
    }

    /// The last event that was returned, or the one that the feed begins after.
    #[must_use]
    pub fn cursor(&self) -> Sequence {
        self.cursor
    }

    /// The next events, at least one, or none once the node shuts down or the organisation is deleted. Cancel-safe.
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

    /// The next live events; empty if some were missed, none if there will be no more.
    ///
    /// It does not wait after it has taken an event, so cancelling it loses none.
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
                // The events before it were published before this feed listened, or not at all.
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

    /// The events of the next records, and where to get the ones after them.
    async fn read(&self) -> Result<(Vec<Arc<FedEvent>>, Source), FollowError> {
        let (org, after) = (self.org.clone(), self.cursor);
        let from = match self.source {
            Source::LogAfter(position) => Some(position),
            Source::Log | Source::Live => None,
        };
        let _turn = self.subscription.turn().await;
        let read = with_store(&self.store, move |store| events_after(store, &org, after, from));
        let (events, reached) = read.await?.map_err(|error| {
            tracing::error!(error = with_advice(&error), "the log cannot be read");
            FollowError::Unavailable(Unavailable::StoreFailed)
        })?;
        let next = reached.map_or(Source::Live, Source::LogAfter);
        Ok((events.into_iter().map(Arc::new).collect(), next))
    }
}

/// Reads one part of the log for the public events of `org` after `after`, a bounded number of them. Starts after position `from`,
/// or finds the start when that is none. Also returns the position after which to go on, or none at the end of the log. Blocks.
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
    let (records, reached) = store.read_org_from(org, from, FEED_READ_BYTES)?;
    let (mut events, mut before) = (Vec::new(), from);
    for (position, record) in records {
        let of_record = public_events(record, org);
        let mut new = of_record.into_iter().filter(|event| event.sequence > after);
        events.extend(new.by_ref().take(FEED_EVENTS_AT_A_TIME - events.len()));
        // A record may have thousands: the rest of it is read again.
        if new.next().is_some() {
            return Ok((events, Some(before)));
        }
        before = position;
    }
    Ok((events, reached))
}

/// The public events of an organisation in a record, without those from before its deletion.
fn public_events(record: Record, of: &OrgId) -> Vec<FedEvent> {
    let at = record.now.at;
    let mut events = Vec::new();
    for Recorded { sequence, event, .. } in record.events.into_iter().filter(|it| it.org == *of) {
        if event == Event::Org(OrgEvent::Deleted) {
            events.clear();
        }
        if let Some((sequence, event)) = sequence.zip(event.into_public()) {
            events.push(FedEvent { sequence, at, event });
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_goes_with_its_last_listener() {
        let feeds = Arc::new(Feeds::reading_in_turn(Arc::new(Semaphore::new(1))));
        let org = OrgId::parse("o").expect("an organisation id");
        let first = Feeds::subscribe(&feeds, &org);
        let second = Feeds::subscribe(&feeds, &org);
        drop(first);
        assert_eq!(feeds.by_org().len(), 1);
        drop(second);
        assert!(feeds.by_org().is_empty());
    }

    #[test]
    fn a_follower_of_a_closed_channel_leaves_the_one_opened_since_alone() {
        let feeds = Arc::new(Feeds::reading_in_turn(Arc::new(Semaphore::new(1))));
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
