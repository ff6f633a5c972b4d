//! Opening, renewing, reconciling and ending leases.

use callslot_core::{
    Active, Call, CallId, CallState, EndReason, LeaseEvent, LeaseId, LeaseSum, Now, Rejection,
    Reply, Tick,
};
use sha2::{Digest, Sha256};

use crate::model::org::{Answer, Lease, OrgModel};

impl OrgModel {
    pub(super) fn open_lease(
        &mut self,
        now: Now,
        id: &LeaseId,
        ttl_ms: u64,
    ) -> Result<Answer, Rejection> {
        if self.leases.iter().any(|lease| lease.id == *id) {
            return Err(Rejection::LeaseExists);
        }
        let expires = now.tick.after_ms(ttl_ms);
        self.leases.push(Lease { id: id.clone(), ttl_ms, expires });
        self.record(LeaseEvent::Opened { lease: id.clone(), ttl_ms });
        Ok(Answer::Plain(Reply::Lease { expires_in_ms: ttl_ms, reconcile: false }))
    }

    pub(super) fn renew_lease(
        &mut self,
        now: Now,
        id: &LeaseId,
        sum: Option<LeaseSum>,
    ) -> Result<Answer, Rejection> {
        let expires_in_ms = self.prolong_lease(now, id)?;
        let reconcile = sum.is_some_and(|sum| sum != self.lease_sum(id));
        Ok(Answer::Plain(Reply::Lease { expires_in_ms, reconcile }))
    }

    pub(super) fn reconcile(
        &mut self,
        now: Now,
        id: &LeaseId,
        named: &[CallId],
    ) -> Result<Answer, Rejection> {
        let ttl_ms = self.prolong_lease(now, id)?;
        let is_live = |id: &&CallId| self.live.iter().any(|call| call.request.id == **id);
        let unknown = named.iter().filter(|id| !is_live(id)).cloned().collect();
        let is_forsaken = |call: &&Call| {
            call.request.lease.as_ref() == Some(id)
                && !named.contains(&call.request.id)
                && is_known_to_engine(call, ttl_ms, now.tick)
        };
        let forsaken: Vec<Call> = self.live.iter().filter(is_forsaken).cloned().collect();
        for call in &forsaken {
            self.end(now, call, EndReason::Reconciled, None);
        }
        let ended = forsaken.iter().map(|call| call.request.id.clone()).collect();
        Ok(Answer::Plain(Reply::Reconciled { ended, unknown }))
    }

    pub(super) fn end_lease(&mut self, now: Now, id: &LeaseId) -> Result<Answer, Rejection> {
        if !self.leases.iter().any(|lease| lease.id == *id) {
            return Err(Rejection::UnknownLease);
        }
        self.close_lease(now, id);
        Ok(Answer::Plain(Reply::Done))
    }

    /// The lease is over, and with it its calls, oldest first.
    pub(super) fn close_lease(&mut self, now: Now, id: &LeaseId) {
        self.leases.retain(|lease| lease.id != *id);
        self.record(LeaseEvent::Ended { lease: id.clone() });
        let vouched = self.live.iter().filter(|call| call.request.lease.as_ref() == Some(id));
        for call in vouched.cloned().collect::<Vec<Call>>() {
            self.end(now, &call, EndReason::LeaseExpired, None);
        }
    }

    /// Count and digest of the lease's active calls.
    pub(super) fn lease_sum(&self, id: &LeaseId) -> LeaseSum {
        let mut sum = LeaseSum::default();
        for call in &self.live {
            if call.is_active() && call.request.lease.as_ref() == Some(id) {
                let hash = Sha256::digest(call.request.id.as_str());
                let first: [u8; 8] = hash[..8].try_into().expect("a SHA-256 has 32 bytes");
                sum.count += 1;
                sum.digest ^= u64::from_be_bytes(first);
            }
        }
        sum
    }

    /// Gives a lease its whole TTL again, and says how long that is.
    fn prolong_lease(&mut self, now: Now, id: &LeaseId) -> Result<u64, Rejection> {
        let lease = self.leases.iter_mut().find(|lease| lease.id == *id);
        let lease = lease.ok_or(Rejection::UnknownLease)?;
        lease.expires = now.tick.after_ms(lease.ttl_ms);
        Ok(lease.ttl_ms)
    }
}

/// Whether the call is active and its engine must have heard of it: one that came from the queue only just may be news.
fn is_known_to_engine(call: &Call, ttl_ms: u64, tick: Tick) -> bool {
    match call.state {
        CallState::Active(Active { dispatched: Some(dispatched), .. }) => {
            tick.ms_after(dispatched) >= ttl_ms
        }
        CallState::Active(Active { dispatched: None, .. }) => true,
        CallState::Queued(_) | CallState::Ended(_) => false,
    }
}
