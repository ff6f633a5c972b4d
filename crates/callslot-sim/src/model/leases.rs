//! Leases.

use callslot_core::{
    CallId, CallState, EndReason, Event, LeaseId, LeaseSum, Now, Rejection, Reply,
};
use sha2::{Digest, Sha256};

use super::{Model, ModelLease};

impl Model {
    pub(super) fn open_lease(
        &mut self,
        now: Now,
        lease: &LeaseId,
        ttl_ms: u64,
    ) -> Result<Reply, Rejection> {
        if self.leases.iter().any(|known| known.id == *lease) {
            return Err(Rejection::LeaseExists);
        }
        self.leases.push(ModelLease {
            id: lease.clone(),
            ttl_ms,
            expires: now.tick.after_ms(ttl_ms),
        });
        self.note(Event::LeaseOpened { lease: lease.clone(), ttl_ms });
        Ok(Reply::Lease { expires_in_ms: ttl_ms, reconcile: false })
    }

    pub(super) fn renew_lease(
        &mut self,
        now: Now,
        lease: &LeaseId,
        sum: Option<LeaseSum>,
    ) -> Result<Reply, Rejection> {
        let own = self.sum_of(lease);
        let known = self.leases.iter_mut().find(|known| known.id == *lease);
        let known = known.ok_or(Rejection::UnknownLease)?;
        known.expires = now.tick.after_ms(known.ttl_ms);
        let reconcile = sum.is_some_and(|sum| sum != own);
        Ok(Reply::Lease { expires_in_ms: known.ttl_ms, reconcile })
    }

    pub(super) fn reconcile_lease(
        &mut self,
        now: Now,
        lease: &LeaseId,
        active: &[CallId],
    ) -> Result<Reply, Rejection> {
        self.renew_lease(now, lease, None)?;
        let ttl_ms =
            self.leases.iter().find(|known| known.id == *lease).map_or(0, |known| known.ttl_ms);
        let is_live =
            |id: &CallId| self.calls.iter().any(|call| call.request.id == *id && !call.is_ended());
        let unknown = active.iter().filter(|id| !is_live(id)).cloned().collect();
        let mut ended = Vec::new();
        for place in 0..self.calls.len() {
            let call = &self.calls[place];
            let CallState::Active { dispatched, .. } = call.state else { continue };
            let may_be_news = dispatched.is_some_and(|tick| tick.after_ms(ttl_ms) > now.tick);
            let is_of_lease = call.request.lease.as_ref() == Some(lease);
            if is_of_lease && !may_be_news && !active.contains(&call.request.id) {
                ended.push(call.request.id.clone());
                self.end(now, place, EndReason::Reconciled, None);
            }
        }
        Ok(Reply::Reconciled { ended, unknown })
    }

    pub(super) fn end_lease(&mut self, now: Now, lease: &LeaseId) -> Result<Reply, Rejection> {
        if !self.leases.iter().any(|known| known.id == *lease) {
            return Err(Rejection::UnknownLease);
        }
        self.finish_lease(now, lease);
        Ok(Reply::Done)
    }

    /// Ends a lease and then its calls, oldest first.
    pub(super) fn finish_lease(&mut self, now: Now, lease: &LeaseId) {
        self.leases.retain(|known| known.id != *lease);
        self.note(Event::LeaseEnded { lease: lease.clone() });
        for place in 0..self.calls.len() {
            let call = &self.calls[place];
            if !call.is_ended() && call.request.lease.as_ref() == Some(lease) {
                self.end(now, place, EndReason::LeaseExpired, None);
            }
        }
    }

    fn sum_of(&self, lease: &LeaseId) -> LeaseSum {
        let own = self.active().filter(|call| call.request.lease.as_ref() == Some(lease));
        own.fold(LeaseSum::default(), |sum, call| {
            let hash = Sha256::digest(call.request.id.as_str().as_bytes());
            let first = hash[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
            LeaseSum { count: sum.count + 1, digest: sum.digest ^ first }
        })
    }
}
