//! Opening, renewing, reconciling and ending leases.

use alloc::vec::Vec;

use hashbrown::HashSet;

use crate::call::{Active, EndReason, LiveState};
use crate::command::{EndLease, OpenLease, ReconcileLease, RenewLease};
use crate::event::{LeaseEvent, Recorded};
use crate::id::CallId;
use crate::org::Org;
use crate::org::index::{CallIndex, KnownCall, LeaseIndex};
use crate::rejection::Rejection;
use crate::reply::{LeaseTime, Reconciled};
use crate::time::{Now, Tick};

impl Org {
    pub(super) fn open_lease(
        &mut self,
        now: Now,
        OpenLease { lease, ttl_ms }: OpenLease,
        events: &mut Vec<Recorded>,
    ) -> Result<LeaseTime, Rejection> {
        if self.leases.find(&lease).is_some() {
            return Err(Rejection::LeaseExists);
        }
        self.record(now.tick, events, LeaseEvent::Opened { lease, ttl_ms });
        Ok(LeaseTime { expires_in_ms: ttl_ms, reconcile: false })
    }

    /// Renewals are not logged: after a restart every lease has its whole TTL again.
    pub(super) fn renew_lease(
        &mut self,
        now: Now,
        RenewLease { lease, sum }: RenewLease,
        _: &mut Vec<Recorded>,
    ) -> Result<LeaseTime, Rejection> {
        let index = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        let lease = self.leases.lease(index);
        let (ttl_ms, own) = (lease.ttl_ms, lease.sum);
        self.set_lease_expiry(index, now.tick.after_ms(ttl_ms));
        Ok(LeaseTime { expires_in_ms: ttl_ms, reconcile: sum.is_some_and(|sum| sum != own) })
    }

    pub(super) fn reconcile_lease(
        &mut self,
        now: Now,
        ReconcileLease { lease, active }: ReconcileLease,
        events: &mut Vec<Recorded>,
    ) -> Result<Reconciled, Rejection> {
        let index = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        let ttl_ms = self.leases.lease(index).ttl_ms;
        let named: HashSet<&CallId> = active.iter().collect();
        let unheard_of: Vec<CallIndex> = self
            .lease_calls(index)
            .filter(|&call| {
                let call = &self.calls[call];
                !named.contains(&call.id) && must_be_known(call.state, now.tick, ttl_ms)
            })
            .collect();
        let unknown = active.iter().filter(|id| !self.is_live(id)).cloned().collect();

        let mut ended = Vec::with_capacity(unheard_of.len());
        for call in unheard_of {
            ended.push(self.calls[call].id.clone());
            self.record_end(now, call, EndReason::Reconciled, None, events);
        }
        self.set_lease_expiry(index, now.tick.after_ms(ttl_ms));
        self.dispatch(now, events);
        Ok(Reconciled { ended, unknown })
    }

    pub(super) fn end_lease(
        &mut self,
        now: Now,
        EndLease { lease }: EndLease,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let index = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        self.record_lease_end(now, index, events);
        self.dispatch(now, events);
        Ok(())
    }

    /// Ends a lease and then its calls, oldest first.
    pub(super) fn record_lease_end(
        &mut self,
        now: Now,
        index: LeaseIndex,
        events: &mut Vec<Recorded>,
    ) {
        let calls: Vec<CallIndex> = self.lease_calls(index).collect();
        let lease = self.leases.lease(index).id.clone();
        self.record(now.tick, events, LeaseEvent::Ended { lease });
        for call in calls {
            self.record_end(now, call, EndReason::LeaseExpired, None, events);
        }
    }

    fn lease_calls(&self, lease: LeaseIndex) -> impl Iterator<Item = CallIndex> {
        self.leases.lease(lease).calls.iter(&self.calls)
    }

    fn is_live(&self, id: &CallId) -> bool {
        matches!(self.calls.find(id).call, Some(KnownCall::Live(_)))
    }
}

/// Whether the engine must know by now that the call is active. The news of one dispatched from the queue less than a TTL
/// ago may not have reached it yet, and ending that one would drop a call that waited its turn.
fn must_be_known(state: LiveState, tick: Tick, ttl_ms: u64) -> bool {
    match state {
        LiveState::Active(Active { dispatched, .. }) => {
            dispatched.is_none_or(|started| tick.ms_after(started) >= ttl_ms)
        }
        LiveState::Queued(_) => false,
    }
}
