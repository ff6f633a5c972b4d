//! Routes the events of a lease's calls to the one connection that watches the lease, and to those that are about to take its place.
//!
//! The loop publishes what is durable and never waits for a watcher: one that falls behind is dropped, and must read the
//! state instead. Nothing is stored or replayed here. Start reading at [`LeaseWatch`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use callslot_core::{
    self as core, Adoption, Call, Event, LeaseId, OrgEvent, OrgId, Recorded, Sequence,
};
use tokio::sync::mpsc;

use crate::limits::LEASE_EVENTS;
use crate::shard::gone_leases::GoneLeases;

/// A call of a watched lease was queued, started, or ended, or a call was adopted: by this lease, or from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseEvent {
    /// The event's number in the organisation; none if the call was adopted, which is not public.
    pub sequence: Option<Sequence>,
    /// The call after the event. One that another lease has adopted names that lease.
    pub call: Call,
}

/// Why a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchEnd {
    /// The lease expired or was ended, and so were its calls, which may take several records. All events of its calls have been
    /// delivered.
    LeaseEnded,
    /// Another watch of the same lease took its place.
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
/// #     AgentId, CallGates, CallId, CallType, EndLease, LeaseId, OpenLease, OrgId, PerType, PlanId, PutAgent, StartCall,
/// # };
/// # use callslot_node::{NewOrg, Node, NodeConfig};
/// # use callslot_store::{MemoryStore, Plan};
/// use callslot_node::WatchEnd;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let running = Node::start(Arc::new(MemoryStore::new()), &NodeConfig::default())?;
/// # let node = running.handle();
/// # let (plan, org, agent) = (PlanId::parse("small")?, OrgId::parse("acme")?, AgentId::parse("ann")?);
/// # node.put_plan(callslot_node::system_actor("doc"), Plan { id: plan.clone(), name: "Small".into(), limit: 2 }).await?;
/// # let acme = NewOrg {
/// #     name: "Acme".into(),
/// #     plan,
/// #     limit_override: None,
/// #     max_call_duration_ms: 0,
/// #     max_wait_ms: PerType::default(),
/// #     max_queued: 100,
/// # };
/// # node.create_org(callslot_node::system_actor("doc"), org.clone(), acme).await?;
/// # let put = PutAgent { agent: agent.clone(), name: "Ann".into(), cap: None, pace: None };
/// # node.submit((org.clone(), put)).await?;
/// let lease = LeaseId::parse("engine-1")?;
/// let open = OpenLease { lease: lease.clone(), ttl_ms: 15_000, key: None };
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
/// #     max_duration_ms: None,
/// #     claim_within_ms: None,
/// #     gates: CallGates::default(),
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
        self.watches.lock().forget(&self.key, &self.state);
    }
}

/// A watch beside the one of a lease, whose place it takes only when told to. Until then it keeps the events that happen, within
/// the same bound; dropped, it leaves the other one alone.
#[derive(Debug)]
pub struct WatchSuccessor(LeaseWatch);

impl WatchSuccessor {
    /// Takes the place of the lease's watch, which ends with [`WatchEnd::Replaced`]. One that has ended itself takes nobody's
    /// place: [`LeaseWatch::end`] says why.
    #[must_use]
    pub fn take_over(self) -> LeaseWatch {
        let Self(watch) = self;
        watch.watches.lock().promote(&watch.key, &watch.state);
        watch
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
    by_lease: HashMap<Key, ListenersOfLease>,
    /// How many records were published.
    records: u64,
}

/// Who listens to one lease; at least one does.
#[derive(Debug, Default)]
struct ListenersOfLease {
    /// Whether the lease has ended, and only its calls are left.
    is_ending: bool,
    carrier: Option<Listener>,
    successors: Vec<Listener>,
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
        Self::watch_beside(watches, org, lease).take_over()
    }

    /// Watches a lease beside the one that does, to take its place later.
    #[must_use]
    pub fn watch_beside(watches: &Arc<Self>, org: OrgId, lease: LeaseId) -> WatchSuccessor {
        let (sender, events) = mpsc::unbounded_channel();
        let (key, state) = ((org, lease), Arc::new(State::default()));
        let listener = Listener { events: sender, state: Arc::clone(&state), record: 0 };
        watches.lock().by_lease.entry(key.clone()).or_default().successors.push(listener);
        WatchSuccessor(LeaseWatch { key, events, state, watches: Arc::clone(watches) })
    }

    /// Sends the events of a record to the watches they concern, and ends those of leases that are gone with it.
    pub fn publish(&self, record: &[Recorded], gone: &GoneLeases) {
        let mut listeners = self.lock();
        if listeners.by_lease.is_empty() {
            return;
        }
        listeners.records += 1;
        let mut deleted = Vec::new();
        for Recorded { org, sequence, event } in record {
            match event {
                Event::Call(event) => {
                    if let (Some(sequence), Some(lease)) = (*sequence, &event.request().lease) {
                        let key = (org.clone(), lease.clone());
                        let event = LeaseEvent { sequence: Some(sequence), call: event.call() };
                        listeners.send(&key, event, self.bound);
                    }
                }
                Event::CallAdopted(adoption) => {
                    let Adoption { call, from } = &**adoption;
                    for lease in [from, &call.request.lease].into_iter().flatten() {
                        let event = LeaseEvent { sequence: None, call: call.clone().into() };
                        listeners.send(&(org.clone(), lease.clone()), event, self.bound);
                    }
                }
                Event::Lease(core::LeaseEvent::Ended { lease }) => {
                    listeners.note_end(&(org.clone(), lease.clone()));
                }
                Event::Lease(core::LeaseEvent::Opened { lease, .. }) => {
                    listeners.end_if_ending(&(org.clone(), lease.clone()));
                }
                Event::Org(OrgEvent::Deleted) => {
                    deleted.extend(listeners.by_lease.keys().filter(|(of, _)| of == org).cloned());
                }
                Event::Lease(
                    core::LeaseEvent::PagesBegun { .. }
                    | core::LeaseEvent::PagesDecided { .. }
                    | core::LeaseEvent::PagesLost { .. },
                )
                | Event::CallClaimed(_)
                | Event::EndsRemembered(..)
                | Event::CallErased(_)
                | Event::Sweep(_)
                | Event::Settings(_)
                | Event::Alert(_)
                | Event::ChangedBy(_)
                | Event::Org(_) => {}
            }
        }
        // The end of a lease comes before the ends of its calls.
        for key in gone.iter().chain(&deleted) {
            listeners.end(key, WatchEnd::LeaseEnded);
        }
    }

    /// Ends all watches.
    pub(crate) fn close_all(&self) {
        for (_, listeners) in self.lock().by_lease.drain() {
            listeners.end(WatchEnd::NodeStopped);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listeners {
    fn send(&mut self, key: &Key, event: LeaseEvent, bound: usize) {
        let Some(listeners) = self.by_lease.get_mut(key) else {
            return;
        };
        let record = self.records;
        let ListenersOfLease { carrier, successors, .. } = listeners;
        successors.retain_mut(|listener| listener.takes(record, event.clone(), bound));
        if carrier.as_mut().is_some_and(|listener| !listener.takes(record, event, bound)) {
            *carrier = None;
        }
        if listeners.is_empty() {
            self.by_lease.remove(key);
        }
    }

    fn end(&mut self, key: &Key, why: WatchEnd) {
        if let Some(listeners) = self.by_lease.remove(key) {
            listeners.end(why);
        }
    }

    /// Notes that a lease has ended. Its calls may end in later records.
    fn note_end(&mut self, key: &Key) {
        if let Some(listeners) = self.by_lease.get_mut(key) {
            listeners.is_ending = true;
        }
    }

    /// Another lease is opened under the id of one that has ended.
    fn end_if_ending(&mut self, key: &Key) {
        if self.by_lease.get(key).is_some_and(|listeners| listeners.is_ending) {
            self.end(key, WatchEnd::LeaseEnded);
        }
    }

    /// Makes a successor the carrier, if it is still one.
    fn promote(&mut self, key: &Key, state: &Arc<State>) {
        let Some(listeners) = self.by_lease.get_mut(key) else {
            return;
        };
        let place = listeners.successors.iter().position(|listener| listener.is_of(state));
        if let Some(place) = place {
            let successor = listeners.successors.swap_remove(place);
            if let Some(before) = listeners.carrier.replace(successor) {
                before.end(WatchEnd::Replaced);
            }
        }
    }

    /// Forgets a watch that is dropped.
    fn forget(&mut self, key: &Key, state: &Arc<State>) {
        let Some(listeners) = self.by_lease.get_mut(key) else {
            return;
        };
        listeners.carrier.take_if(|listener| listener.is_of(state));
        listeners.successors.retain(|listener| !listener.is_of(state));
        if listeners.is_empty() {
            self.by_lease.remove(key);
        }
    }
}

impl ListenersOfLease {
    fn is_empty(&self) -> bool {
        self.carrier.is_none() && self.successors.is_empty()
    }

    fn end(self, why: WatchEnd) {
        for listener in self.carrier.into_iter().chain(self.successors) {
            listener.end(why);
        }
    }
}

impl Listener {
    /// Sends an event; says whether the watch goes on. One that has too many events waiting when a record comes falls behind.
    fn takes(&mut self, record: u64, event: LeaseEvent, bound: usize) -> bool {
        let is_first_of_record = self.record != record;
        self.record = record;
        if is_first_of_record && self.state.backlog.load(Ordering::Relaxed) >= bound {
            let _ = self.state.end.set(WatchEnd::FellBehind);
            return false;
        }
        self.state.backlog.fetch_add(1, Ordering::Relaxed);
        // A watch that is being dropped needs no more events.
        let _ = self.events.send(event);
        true
    }

    fn is_of(&self, state: &Arc<State>) -> bool {
        Arc::ptr_eq(&self.state, state)
    }

    fn end(self, why: WatchEnd) {
        // Set it first: dropping the sender closes the channel, which wakes the watcher.
        let _ = self.state.end.set(why);
    }
}
