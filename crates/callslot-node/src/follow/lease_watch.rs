//! Routes the events of a lease's calls to the one connection that watches the lease.
//!
//! The loop publishes what is durable and never waits for a watcher: one that falls behind is dropped, and must read the
//! state instead. Nothing is stored or replayed here. Start reading at [`LeaseWatch`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use callslot_core::{self as core, Call, Event, LeaseId, OrgEvent, OrgId, Recorded, Sequence};
use tokio::sync::mpsc;

use crate::limits::LEASE_EVENTS;

/// A call of a watched lease was queued, started, or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseEvent {
    /// The event's number in the organisation.
    pub sequence: Sequence,
    /// The call after the event.
    pub call: Call,
}

/// Why a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchEnd {
    /// The lease expired or was ended. All events of its calls have been delivered.
    LeaseEnded,
    /// Another watch of the same lease replaced this one.
    Replaced,
    /// Too many events were waiting to be taken. Those before have been delivered.
    FellBehind,
    /// The node is shutting down.
    NodeStopped,
}

/// The events of one lease's calls, in order, from the time the watch was made.
///
/// Events arrive before answers: once the node has answered a command, the events up to that answer are here.
///
/// ```
/// # use std::sync::Arc;
/// # use callslot_core::{
/// #     AgentId, CallId, CallType, EndLease, LeaseId, OpenLease, OrgId, PerType, PlanId, PutAgent, StartCall,
/// # };
/// # use callslot_node::{NewOrg, Node, NodeConfig};
/// # use callslot_store::{MemoryStore, Plan};
/// use callslot_node::WatchEnd;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let running = Node::start(Arc::new(MemoryStore::new()), NodeConfig::default())?;
/// # let node = running.handle();
/// # let (plan, org, agent) = (PlanId::parse("small")?, OrgId::parse("acme")?, AgentId::parse("ann")?);
/// # node.put_plan(Plan { id: plan.clone(), name: "Small".into(), limit: 2 }).await?;
/// # let acme = NewOrg {
/// #     name: "Acme".into(),
/// #     plan,
/// #     limit_override: None,
/// #     max_call_duration_ms: 0,
/// #     max_wait_ms: PerType::default(),
/// #     max_queued: 100,
/// # };
/// # node.create_org(org.clone(), acme).await?;
/// # let put = PutAgent { agent: agent.clone(), name: "Ann".into(), cap: None };
/// # node.submit((org.clone(), put)).await?;
/// let lease = LeaseId::parse("engine-1")?;
/// let open = OpenLease { lease: lease.clone(), ttl_ms: 15_000 };
/// node.submit((org.clone(), open)).await?;
/// let mut watch = node.watch_lease(org.clone(), lease.clone());
///
/// let start = StartCall {
///     id: CallId::parse("call-1")?,
///     lease: Some(lease.clone()),
///     // and the rest
/// #     agent,
/// #     call_type: CallType::Chat,
/// #     max_wait_ms: None,
/// #     claim_within_ms: None,
/// #     metadata: None,
/// };
/// node.submit((org.clone(), start)).await?;
/// assert!(watch.next().await.is_ok_and(|event| event.call.is_active()));
///
/// node.submit((org, EndLease { lease })).await?;
/// assert!(watch.next().await.is_ok_and(|event| event.call.is_ended()));
/// assert_eq!(watch.next().await, Err(WatchEnd::LeaseEnded));
/// # running.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LeaseWatch {
    key: Key,
    events: mpsc::UnboundedReceiver<LeaseEvent>,
    state: Arc<State>,
    watches: Arc<LeaseWatches>,
}

impl LeaseWatch {
    /// The next event, or why there is none. Cancel-safe.
    ///
    /// # Errors
    /// [`WatchEnd`] once all events have been taken and no more will come.
    pub async fn next(&mut self) -> Result<LeaseEvent, WatchEnd> {
        match self.events.recv().await {
            Some(event) => Ok(self.taken(event)),
            None => Err(self.end().unwrap_or(WatchEnd::NodeStopped)),
        }
    }

    /// The next event, if there is one already.
    pub fn try_next(&mut self) -> Option<LeaseEvent> {
        let event = self.events.try_recv().ok()?;
        Some(self.taken(event))
    }

    /// Why no more events will be added; none while the watch is live. Events already added can still be taken.
    #[must_use]
    pub fn end(&self) -> Option<WatchEnd> {
        self.state.end.get().copied()
    }

    fn taken(&self, event: LeaseEvent) -> LeaseEvent {
        self.state.backlog.fetch_sub(1, Ordering::Relaxed);
        event
    }
}

impl Drop for LeaseWatch {
    fn drop(&mut self) {
        let mut listeners = self.watches.lock();
        let is_own = |listener: &Listener| Arc::ptr_eq(&listener.state, &self.state);
        if listeners.by_lease.get(&self.key).is_some_and(is_own) {
            listeners.by_lease.remove(&self.key);
        }
    }
}

type Key = (OrgId, LeaseId);

/// The watches, by lease.
#[derive(Debug)]
pub struct LeaseWatches {
    listeners: Mutex<Listeners>,
    /// How many events may wait for one of them.
    bound: usize,
}

#[derive(Debug, Default)]
struct Listeners {
    by_lease: HashMap<Key, Listener>,
    /// How many records were published.
    records: u64,
}

/// The sending end of a watch.
#[derive(Debug)]
struct Listener {
    events: mpsc::UnboundedSender<LeaseEvent>,
    state: Arc<State>,
    /// The last record that had an event for this watch.
    record: u64,
}

#[derive(Debug, Default)]
struct State {
    /// How many events are waiting to be taken.
    backlog: AtomicUsize,
    end: OnceLock<WatchEnd>,
}

impl Default for LeaseWatches {
    fn default() -> Self {
        Self::with_bound(LEASE_EVENTS)
    }
}

impl LeaseWatches {
    /// Nobody watches yet. Up to `bound` events wait for one that does, and those of one record.
    #[must_use]
    pub fn with_bound(bound: usize) -> Self {
        Self { listeners: Mutex::default(), bound }
    }

    /// Watches a lease, in place of the one that does.
    #[must_use]
    pub fn watch(watches: &Arc<Self>, org: OrgId, lease: LeaseId) -> LeaseWatch {
        let (sender, events) = mpsc::unbounded_channel();
        let (key, state) = ((org, lease), Arc::new(State::default()));
        let listener = Listener { events: sender, state: Arc::clone(&state), record: 0 };
        if let Some(before) = watches.lock().by_lease.insert(key.clone(), listener) {
            before.end(WatchEnd::Replaced);
        }
        LeaseWatch { key, events, state, watches: Arc::clone(watches) }
    }

    /// Sends the events of a record to the watches they concern.
    pub fn publish(&self, record: &[Recorded]) {
        let mut listeners = self.lock();
        if listeners.by_lease.is_empty() {
            return;
        }
        listeners.records += 1;
        let mut ended = Vec::new();
        for Recorded { org, sequence, event } in record {
            match event {
                Event::Call(event) => {
                    if let (Some(sequence), Some(lease)) = (*sequence, &event.request().lease) {
                        let key = (org.clone(), lease.clone());
                        let event = LeaseEvent { sequence, call: event.call() };
                        listeners.send(&key, event, self.bound);
                    }
                }
                Event::Lease(core::LeaseEvent::Ended { lease }) => {
                    ended.push((org.clone(), lease.clone()));
                }
                Event::Org(OrgEvent::Deleted) => {
                    ended.extend(listeners.by_lease.keys().filter(|(of, _)| of == org).cloned());
                }
                Event::CallClaimed(_) | Event::Settings(_) | Event::Lease(_) | Event::Org(_) => {}
            }
        }
        // In a record, the end of a lease comes before the ends of its calls.
        for key in ended {
            listeners.end(&key, WatchEnd::LeaseEnded);
        }
    }

    /// Ends all watches.
    pub(crate) fn close_all(&self) {
        for (_, listener) in self.lock().by_lease.drain() {
            listener.end(WatchEnd::NodeStopped);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listeners {
    fn send(&mut self, key: &Key, event: LeaseEvent, bound: usize) {
        let Some(listener) = self.by_lease.get_mut(key) else {
            return;
        };
        let is_first_of_record = listener.record != self.records;
        listener.record = self.records;
        if is_first_of_record && listener.state.backlog.load(Ordering::Relaxed) >= bound {
            self.end(key, WatchEnd::FellBehind);
            return;
        }
        listener.state.backlog.fetch_add(1, Ordering::Relaxed);
        // A watch that is being dropped needs no more events.
        let _ = listener.events.send(event);
    }

    fn end(&mut self, key: &Key, why: WatchEnd) {
        if let Some(listener) = self.by_lease.remove(key) {
            listener.end(why);
        }
    }
}

impl Listener {
    fn end(self, why: WatchEnd) {
        // Set it first: dropping the sender closes the channel, which wakes the watcher.
        let _ = self.state.end.set(why);
    }
}
