//! Opening, renewing and ending leases, and adopting calls. Calls of a lease that has ended end in steps, in
//! `org.rs`.

use std::sync::Arc;

use callslot_core::{
    Active, Adoption, Call, CallId, CallState, Claimant, KeyId, LeaseEvent, LeaseId, LeaseSum,
    LiveState, Now, Rejection, Reply, Request,
};

use crate::model::org::{Answer, Lease, OrgModel};
use crate::model::paging::{Paging, sum_of};

impl OrgModel {
    pub(super) fn open_lease(
        &mut self,
        now: Now,
        id: &LeaseId,
        (ttl_ms, key): (u64, Option<&KeyId>),
    ) -> Result<Answer, Rejection> {
        if self.leases.iter().any(|lease| lease.id == *id) {
            return Err(Rejection::LeaseExists);
        }
        let max_leases = self.bounds.leases;
        if self.leases.len() + 1 > max_leases {
            return Err(Rejection::TooManyLeases { max_leases });
        }
        let max_leases = self.bounds.leases_of_key;
        if let Some(key) = key
            && self.leases.iter().filter(|lease| lease.key.as_ref() == Some(key)).count() + 1
                > max_leases
        {
            return Err(Rejection::TooManyLeasesOfKey { max_leases });
        }
        let expires = now.tick.after_ms(ttl_ms);
        self.leases.push(Lease {
            id: id.clone(),
            ttl_ms,
            key: key.cloned(),
            expires,
            has_ended: false,
            paging: Paging::None,
        });
        self.record(LeaseEvent::Opened { lease: id.clone(), ttl_ms, key: key.cloned() });
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

    /// A live call is this lease's from now on, which is thereby renewed.
    pub(super) fn adopt(
        &mut self,
        now: Now,
        id: &CallId,
        lease: &LeaseId,
    ) -> Result<Answer, Rejection> {
        if !self.open_leases().any(|open| open.id == *lease) {
            return Err(Rejection::UnknownLease);
        }
        let Some(call) = self.find(id, now.tick).cloned() else {
            return Err(Rejection::UnknownCall { call: id.clone() });
        };
        let ticket = call.request.ticket;
        let from = call.request.lease.clone();
        if call.is_ended() {
            return Err(Rejection::CallHasEnded { call: id.clone() });
        }
        let is_new = from.as_ref() != Some(lease);
        if is_new {
            self.check_room_of(lease)?;
            let moved = self.live.iter_mut().find(|live| live.request.ticket == ticket);
            let moved = moved.expect("a call that has not ended is live");
            moved.request =
                Arc::new(Request { lease: Some(lease.clone()), ..(*call.request).clone() });
            if let CallState::Active(active @ Active { is_claim_due: false, .. }) = &mut moved.state
            {
                // No age limit of others cuts off the calls of a lease.
                active.deadline =
                    active.deadline.filter(|_| call.request.max_duration_ms.is_some());
            }
            let request = Arc::clone(&moved.request);
            let state = match moved.state {
                CallState::Queued(queued) => LiveState::Queued(queued),
                CallState::Active(active) => LiveState::Active(active),
                CallState::Ended(_) => return Err(Rejection::CallHasEnded { call: id.clone() }),
            };
            for (of, claimant) in &mut self.claimants {
                let by_lease = from.as_ref().is_some_and(|from| claimant.as_str() == from.as_str());
                if *of == ticket && by_lease {
                    *claimant = Claimant::from(lease);
                }
            }
            self.record(Adoption { call: Call { request, state }, from });
            self.forget_ended_leases();
        }
        self.prolong_lease(now, lease)?;
        Ok(Answer::Call { ticket, is_new })
    }

    pub(super) fn end_lease(&mut self, id: &LeaseId) -> Result<Answer, Rejection> {
        if !self.open_leases().any(|lease| lease.id == *id) {
            return Err(Rejection::UnknownLease);
        }
        self.close_lease(id);
        Ok(Answer::Plain(Reply::Done))
    }

    /// The lease is over, and its calls are to end.
    pub(super) fn close_lease(&mut self, id: &LeaseId) {
        for lease in self.leases.iter_mut().filter(|lease| lease.id == *id) {
            lease.has_ended = true;
        }
        self.record(LeaseEvent::Ended { lease: id.clone() });
        self.forget_ended_leases();
    }

    /// A lease that has ended is gone once it has no live call.
    pub(super) fn forget_ended_leases(&mut self) {
        let live = &self.live;
        let has_calls =
            |lease: &Lease| live.iter().any(|call| call.request.lease.as_ref() == Some(&lease.id));
        self.leases.retain(|lease| !lease.has_ended || has_calls(lease));
    }

    pub(super) fn open_leases(&self) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(|lease| !lease.has_ended)
    }

    /// Count and digest of the lease's active calls.
    pub(super) fn lease_sum(&self, id: &LeaseId) -> LeaseSum {
        let is_its = |call: &&Call| call.is_active() && call.request.lease.as_ref() == Some(id);
        sum_of(self.live.iter().filter(is_its).map(|call| &call.request.id))
    }

    /// Gives a lease its whole TTL again, and says how long that is.
    pub(super) fn prolong_lease(&mut self, now: Now, id: &LeaseId) -> Result<u64, Rejection> {
        let mut open = self.leases.iter_mut().filter(|lease| !lease.has_ended);
        let lease = open.find(|lease| lease.id == *id);
        let lease = lease.ok_or(Rejection::UnknownLease)?;
        lease.expires = now.tick.after_ms(lease.ttl_ms);
        Ok(lease.ttl_ms)
    }
}
