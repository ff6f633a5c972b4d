//! Opening, renewing and ending leases, and moving calls between them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, LiveState, Request};
use crate::command::{AdoptCall, EndLease, OpenLease, RenewLease};
use crate::event::{Adoption, LeaseEvent, Recorded};
use crate::id::CallId;
use crate::limits::MAX_CALLS_PER_LEASE;
use crate::org::Org;
use crate::org::index::{KnownCall, LeaseIndex};
use crate::rejection::Rejection;
use crate::reply::{LeaseTime, Started};
use crate::time::Now;

impl Org {
    pub(super) fn open_lease(
        &mut self,
        now: Now,
        OpenLease { lease, ttl_ms, key }: OpenLease,
        events: &mut Vec<Recorded>,
    ) -> Result<LeaseTime, Rejection> {
        if self.leases.has_id(&lease) {
            return Err(Rejection::LeaseExists);
        }
        let max_leases = self.bounds.leases;
        if self.leases.count() >= max_leases {
            return Err(Rejection::TooManyLeases { max_leases });
        }
        let max_leases = self.bounds.leases_of_key;
        if key.as_ref().is_some_and(|key| self.leases.count_of(key) >= max_leases) {
            return Err(Rejection::TooManyLeasesOfKey { max_leases });
        }
        self.record(now, events, LeaseEvent::Opened { lease, ttl_ms, key });
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
        self.pages.forget(index, now.tick);
        Ok(LeaseTime { expires_in_ms: ttl_ms, reconcile: sum.is_some_and(|sum| sum != own) })
    }

    /// Moves a call to the lease, as whose sign of life it counts. One that it has already stays as it is.
    pub(super) fn adopt_call(
        &mut self,
        now: Now,
        AdoptCall { call: id, lease }: AdoptCall,
        events: &mut Vec<Recorded>,
    ) -> Result<Started, Rejection> {
        let heir = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        let found = self.calls.find(&id);
        let index = self.live_call(now, &id, found)?;
        let entry = &self.calls[index];
        let is_new = entry.lease != Some(heir);
        if is_new {
            self.check_lease_has_room(heir)?;
            let mut state = entry.state;
            let mut request = Request::clone(&self.request(index));
            let from = request.lease.replace(lease);
            // The lease bounds it from now on. A claim that is due stays due, and a bound of its own stays what it is.
            if let LiveState::Active(active) = &mut state
                && !active.is_claim_due
                && request.max_duration_ms.is_none()
            {
                active.deadline = None;
            }
            let call = Call { request: Arc::new(request), state };
            self.record_call(now, events, found, Adoption { call, from });
        }
        let ttl_ms = self.leases.lease(heir).ttl_ms;
        self.set_lease_expiry(heir, now.tick.after_ms(ttl_ms));
        Ok(Started { call: self.view(now, KnownCall::Live(index)), is_new })
    }

    pub(super) fn end_lease(
        &mut self,
        now: Now,
        EndLease { lease }: EndLease,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let index = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        self.record_lease_end(now, index, events);
        if !self.has_steps_left {
            self.take_step(now, self.bounds.step_events, events);
        }
        Ok(())
    }

    /// Ends a lease. Its calls are still to end.
    pub(super) fn record_lease_end(
        &mut self,
        now: Now,
        index: LeaseIndex,
        events: &mut Vec<Recorded>,
    ) {
        let lease = self.leases.lease(index).id.clone();
        self.record(now, events, LeaseEvent::Ended { lease });
    }

    pub(super) fn check_lease_has_room(&self, lease: LeaseIndex) -> Result<(), Rejection> {
        if self.leases.lease(lease).calls.len() >= MAX_CALLS_PER_LEASE {
            return Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
        }
        Ok(())
    }

    pub(super) fn is_live(&self, id: &CallId) -> bool {
        matches!(self.calls.find(id).call, Some(KnownCall::Live(_)))
    }
}
