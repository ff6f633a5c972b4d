//! The handle of a running node: everything the server asks of it. What is asked of an organisation goes to its shard.

use std::sync::Arc;

use callslot_core::{
    CallId, EndCalls, EndLease, LeaseId, Now, Org, OrgId, ReconcileLease, Reconciling, Sequence,
    Shard, Timestamp,
};
use callslot_store::{Seen, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::advice::with_advice;
use crate::follow::event_feed::{EventFeed, Feeds, FollowError};
use crate::follow::lease_watch::{LeaseWatch, LeaseWatches, WatchSuccessor};
use crate::metrics::NodeMetrics;
use crate::plan_changes::PlanChange;
use crate::shard::order::{Askable, Decisions, Order};
use crate::shard::route::Route;
use crate::shard::shard_handle::ShardHandle;
use crate::shared_state::Shared;
use crate::threads::with_store;
use crate::time::system_clock::instant_now;
use crate::unavailable::{SubmitError, Unavailable};

/// A handle of a running node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NodeHandle {
    route: Route,
    shards: Arc<[ShardHandle]>,
    pub(crate) changes: mpsc::Sender<PlanChange>,
    shared: Shared,
}

impl NodeHandle {
    pub(crate) fn new(
        shards: Vec<ShardHandle>,
        changes: mpsc::Sender<PlanChange>,
        shared: Shared,
    ) -> Self {
        Self { route: Route::over(shared.store.shards()), shards: shards.into(), changes, shared }
    }

    /// The node's UTC time, as events are dated.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.utc.at(instant_now())
    }

    /// The time for which the server has run, accurate to a second. Unlike a clock it never jumps.
    #[must_use]
    pub fn lived(&self) -> Seen {
        self.shared.seen_clock.read().lived()
    }

    /// Submits a command: `(OrgId, _)` to an organisation. Returns its reply once its events are durable.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the core refuses it, [`SubmitError::Unavailable`] when it was not carried out.
    pub async fn submit<A: Askable>(&self, ask: A) -> Result<A::Reply, SubmitError> {
        let decided = self.ask(|caller| Order::decide(ask, caller)).await?;
        Ok(decided?)
    }

    /// Submits commands to one organisation, to be decided in order, in one batch.
    ///
    /// # Errors
    /// [`Unavailable`] when none of them was carried out.
    pub async fn submit_all<A: Askable>(
        &self,
        asks: Vec<A>,
    ) -> Result<Decisions<A::Reply>, Unavailable> {
        self.hand_in(asks).await
    }

    /// Like [`NodeHandle::submit_all`], but the commands are already queued when this returns; the future only waits for the
    /// result. So commands are decided in the order in which they are handed in, even if nobody awaits them in that order.
    pub fn hand_in<A: Askable>(
        &self,
        asks: Vec<A>,
    ) -> impl Future<Output = Result<Decisions<A::Reply>, Unavailable>> + Send + use<A> {
        let outcome = self.enqueue(|caller| Order::decide_all(asks, caller));
        async move { outcome?.await }
    }

    /// Reads the state of an organisation, none if there is no such organisation, in its turn: after the commands of it that were
    /// handed in before. Returns once everything that was read is durable. `look` must be short: it runs between commands.
    ///
    /// # Errors
    /// [`Unavailable`] when the state was not read.
    pub async fn read<R: Send + 'static>(
        &self,
        org: &OrgId,
        look: impl FnOnce(Option<&Org>, Now) -> R + Send + 'static,
    ) -> Result<R, Unavailable> {
        let of = org.clone();
        let look = move |shard: &Shard, now| look(shard.org(&of), now);
        self.ask(|caller| Order::look(Some(org.clone()), look, caller)).await
    }

    /// Reads the state of all shards, like [`NodeHandle::read`] and each at a moment of its own. An organisation is in one of them.
    ///
    /// # Errors
    /// [`Unavailable`] when one of them was not read.
    pub async fn read_all<R: Send + 'static>(
        &self,
        look: impl FnOnce(&Shard, Now) -> R + Clone + Send + 'static,
    ) -> Result<Vec<R>, Unavailable> {
        let asked: Vec<_> = self.shards.iter().map(|shard| shard.look(look.clone())).collect();
        let mut seen = Vec::new();
        for answer in asked {
            seen.push(answer.await?);
        }
        Ok(seen)
    }

    /// Reads the state of these organisations, a bounded number of one shard at a time, with whatever else waits in between. Those that
    /// do not exist are left out.
    ///
    /// # Errors
    /// [`Unavailable`] when one of them was not read.
    pub async fn read_orgs<R: Send + 'static>(
        &self,
        orgs: impl IntoIterator<Item = OrgId>,
        at_a_time: usize,
        look: impl Fn(&OrgId, &Org, Now) -> R + Clone + Send + 'static,
    ) -> Result<Vec<R>, Unavailable> {
        let mut of_shards = vec![Vec::new(); self.shards.len()];
        for org in orgs {
            of_shards[usize::from(self.route.shard_of(&org))].push(org);
        }
        let mut seen = Vec::new();
        for (shard, orgs) in self.shards.iter().zip(of_shards) {
            for orgs in orgs.chunks(at_a_time) {
                let (orgs, look) = (orgs.to_vec(), look.clone());
                let look = move |shard: &Shard, now| {
                    let known = orgs.iter().filter_map(|id| Some((id, shard.org(id)?)));
                    known.map(|(id, org)| look(id, org, now)).collect::<Vec<_>>()
                };
                seen.extend(shard.look(look).await?);
            }
        }
        Ok(seen)
    }

    /// Waits until the call is no longer queued, or is not known. May wait indefinitely; drop the future to stop waiting.
    ///
    /// The answer says only *that* it left; [`NodeHandle::read`] the call to see its state. Crash safety needs this second
    /// trip: when a waiter is released, the shard's state is already ahead of the log, because the next batch is decided
    /// while a record commits. A state read at that moment could be undone by a crash, whereas a read through the loop is
    /// answered only once everything it saw is durable.
    ///
    /// # Errors
    /// [`Unavailable`] when the node can no longer tell; ask again.
    pub async fn left_queue(&self, org: OrgId, call: CallId) -> Result<(), Unavailable> {
        self.ask(|caller| Order::LeftQueue(org, call, caller)).await
    }

    /// The public events of `org` after `after`, or from now on if that is none.
    ///
    /// # Errors
    /// [`FollowError`] when there is no such organisation, or the log no longer contains the events after the cursor.
    pub async fn follow(
        &self,
        org: OrgId,
        after: Option<Sequence>,
    ) -> Result<EventFeed, FollowError> {
        let shard = &self.shard_of(&org).state;
        // Subscribe before reading the state, so that no event falls between the two.
        let live = Feeds::subscribe(&shard.feeds, &org);
        let as_of = self.read(&org, |found, _| found.map(Org::as_of)).await?;
        let as_of = as_of.ok_or(FollowError::UnknownOrg)?;
        EventFeed::open(org, Arc::clone(&shard.store), after.unwrap_or(as_of), as_of, live).await
    }

    /// The events of a lease's calls from now on. A lease has one watch at a time: an earlier one ends with
    /// [`WatchEnd::Replaced`](crate::WatchEnd::Replaced).
    #[must_use]
    pub fn watch_lease(&self, org: OrgId, lease: LeaseId) -> LeaseWatch {
        LeaseWatches::watch(&self.shard_of(&org).state.lease_watches, org, lease)
    }

    /// The same, beside the watch that there is, which goes on until the new one takes its place.
    #[must_use]
    pub fn watch_lease_beside(&self, org: OrgId, lease: LeaseId) -> WatchSuccessor {
        LeaseWatches::watch_beside(&self.shard_of(&org).state.lease_watches, org, lease)
    }

    /// Ends a lease and its calls. Returns once the last of them has ended durably, which may take several records.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when there is no such lease, [`SubmitError::Unavailable`] when the store failed: what is left
    /// to do then is done once it can write again.
    pub async fn end_lease(&self, org: OrgId, lease: LeaseId) -> Result<(), SubmitError> {
        self.submit((org.clone(), EndLease { lease: lease.clone() })).await?;
        Ok(self.ask(|caller| Order::LeaseGone(org, lease, caller)).await?)
    }

    /// Ends all calls that match: [`EndCalls`]. Returns how many once the last of them has ended durably, which may take several
    /// records.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when the core refuses it, [`SubmitError::Unavailable`] when the store failed: what is left
    /// to do then is done once it can write again, if it had begun.
    pub async fn end_calls(&self, org: OrgId, command: EndCalls) -> Result<u64, SubmitError> {
        Ok(self.ask(|caller| Order::EndCalls(org, command, caller)).await??)
    }

    /// Reconciles a lease: [`ReconcileLease`], again as long as there is more to look at or to end than one step may.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] when there is no such lease or no room for the page, [`SubmitError::Unavailable`] when it was not
    /// carried out wholly.
    pub async fn reconcile_lease(
        &self,
        org: OrgId,
        mut command: ReconcileLease,
    ) -> Result<Reconciling, SubmitError> {
        let first = self.submit((org.clone(), command.clone())).await?;
        let Reconciling::Decided(mut reconciled) = first else { return Ok(first) };
        while let Some(rest) = reconciled.rest.take() {
            command.rest = Some(rest);
            let next = self.submit((org.clone(), command.clone())).await?;
            let Reconciling::Decided(next) = next else { return Ok(next) };
            reconciled.ended.extend(next.ended);
            reconciled.unknown.extend(next.unknown);
            reconciled.rest = next.rest;
        }
        Ok(Reconciling::Decided(reconciled))
    }

    /// Whether the last commit or probe of the store succeeded, in every shard.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.shards.iter().all(ShardHandle::is_writable)
    }

    /// The node's own metrics.
    #[must_use]
    pub fn metrics(&self) -> &NodeMetrics {
        &self.shared.metrics
    }

    /// Runs `work` with the store on a blocking thread: with what is the same for all shards, such as keys and ended calls.
    ///
    /// # Errors
    /// [`Unavailable::StoreFailed`] when the store fails.
    pub async fn in_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Unavailable> {
        told_in_store(&self.shared.store, work).await
    }

    /// The same with the store as it is seen from the shard of an organisation, whose log that has.
    ///
    /// # Errors
    /// [`Unavailable::StoreFailed`] when the store fails.
    pub async fn in_store_of<T: Send + 'static>(
        &self,
        org: &OrgId,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Unavailable> {
        told_in_store(&self.shard_of(org).state.store, work).await
    }

    /// The shard that an organisation is in.
    pub(crate) fn shard_of(&self, org: &OrgId) -> &ShardHandle {
        &self.shards[usize::from(self.route.shard_of(org))]
    }

    /// How many shards there are.
    #[must_use]
    pub fn shard_count(&self) -> u16 {
        self.shared.store.shards()
    }

    /// All shards, by their numbers.
    pub(crate) fn shards(&self) -> &[ShardHandle] {
        &self.shards
    }

    async fn ask<R>(
        &self,
        order: impl FnOnce(oneshot::Sender<Result<R, Unavailable>>) -> Order,
    ) -> Result<R, Unavailable> {
        self.enqueue(order)?.await
    }

    /// Puts an order into the queue of the shard that it belongs to.
    fn enqueue<R, O: FnOnce(oneshot::Sender<Result<R, Unavailable>>) -> Order>(
        &self,
        order: O,
    ) -> Result<impl Future<Output = Result<R, Unavailable>> + use<R, O>, Unavailable> {
        let (caller, answer) = oneshot::channel();
        let order = order(caller);
        let share = order.share();
        let handle = &self.shards[usize::from(self.route.shard_of_share(&share))];
        handle.enqueue(share, order)?;
        Ok(handle.outcome(answer))
    }
}

/// Runs `work` with a store on a blocking thread, and says so if it fails.
async fn told_in_store<T: Send + 'static>(
    store: &Arc<dyn Store>,
    work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Unavailable> {
    with_store(store, work).await?.map_err(|error| {
        tracing::error!(error = with_advice(&error), "a store operation failed");
        Unavailable::StoreFailed
    })
}
