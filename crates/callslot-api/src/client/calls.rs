//! Calls, and the leases that vouch for them.

use crate::limits::MAX_RECONCILED_PAGE;
use crate::{
    Call, CallBatch, CallBatchResults, CallClaim, CallDecline, CallEnd, CallStart, CallsEnd,
    CallsEnded, Lease, LeaseAdopt, LeaseOpen, LeaseReconcile, LeaseReconciled, LeaseRenew,
    LeaseRenewed, LeaseStatus, Page,
};

use super::{Client, ClientError, encoded, page, query};

/// How often a reconciliation is sent again of which the server has lost pages.
const RECONCILE_TRIES: u32 = 4;

impl Client {
    /// Starts a call, waiting up to `wait_s` seconds for it to leave the queue.
    pub fn start_call(&self, start: &CallStart, wait_s: u64) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls?wait_s={wait_s}"), start)
    }

    /// Starts up to 1,000 calls in order; the outcomes are in the same order.
    pub fn start_calls(&self, batch: &CallBatch) -> Result<CallBatchResults, ClientError> {
        self.send("POST", "/v1/calls/batch", batch)
    }

    /// Ends all calls that match, and returns once the last has ended.
    pub fn end_calls(&self, end: &CallsEnd) -> Result<CallsEnded, ClientError> {
        self.send("POST", "/v1/calls/end", end)
    }

    /// Ends a call.
    pub fn end_call(&self, id: &str, end: &CallEnd) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/end", encoded(id)), end)
    }

    /// Declines a dispatched call that is to be claimed.
    pub fn decline_call(&self, id: &str, decline: &CallDecline) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/decline", encoded(id)), decline)
    }

    /// Removes the metadata and the note of an ended call for good.
    pub fn erase_call(&self, id: &str) -> Result<Call, ClientError> {
        self.request("POST", &format!("/v1/calls/{}/erase", encoded(id)), None::<&()>, &[])
    }

    /// Claims a dispatched call.
    pub fn claim_call(&self, id: &str, claim: &CallClaim) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/claim", encoded(id)), claim)
    }

    /// One call, waiting up to `wait_s` seconds for it to leave the queue.
    pub fn call(&self, id: &str, wait_s: u64) -> Result<Call, ClientError> {
        self.get(&format!("/v1/calls/{}?wait_s={wait_s}", encoded(id)))
    }

    /// A page of calls. `filters` are query parameters.
    pub fn calls(&self, filters: &[(&str, &str)]) -> Result<Page<Call>, ClientError> {
        self.get(&format!("/v1/calls{}", query(filters)))
    }

    /// A page of leases.
    pub fn leases(&self, cursor: Option<&str>) -> Result<Page<LeaseStatus>, ClientError> {
        self.get(&format!("/v1/leases{}", page(cursor)))
    }

    /// Opens a lease.
    pub fn open_lease(&self, open: &LeaseOpen) -> Result<Lease, ClientError> {
        self.send("POST", "/v1/leases", open)
    }

    /// Renews a lease.
    pub fn renew_lease(&self, id: &str, renew: &LeaseRenew) -> Result<LeaseRenewed, ClientError> {
        self.send("POST", &format!("/v1/leases/{}/renew", encoded(id)), renew)
    }

    /// Names every call that is active under a lease: a long list in pages, again from the first one if the server has lost some.
    pub fn reconcile_lease(
        &self,
        id: &str,
        active: &[String],
    ) -> Result<LeaseReconciled, ClientError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.reconcile_in_pages(id, active) {
                Err(ClientError::Problem(problem))
                    if problem.code == "reconciliation_lost" && tries < RECONCILE_TRIES => {}
                outcome => return outcome,
            }
        }
    }

    fn reconcile_in_pages(
        &self,
        id: &str,
        active: &[String],
    ) -> Result<LeaseReconciled, ClientError> {
        let path = format!("/v1/leases/{}/reconcile", encoded(id));
        let mut rest = active;
        let mut cursor = None;
        loop {
            let (page, after) = rest.split_at(rest.len().min(MAX_RECONCILED_PAGE));
            let (active, more) = (page.to_vec(), !after.is_empty());
            let answer: LeaseReconciled =
                self.send("POST", &path, &LeaseReconcile { active, more, cursor })?;
            if !more {
                return Ok(answer);
            }
            (rest, cursor) = (after, answer.next);
        }
    }

    /// Moves live calls to a lease, whatever their own is.
    pub fn adopt_calls(
        &self,
        id: &str,
        adopt: &LeaseAdopt,
    ) -> Result<CallBatchResults, ClientError> {
        self.send("POST", &format!("/v1/leases/{}/adopt", encoded(id)), adopt)
    }

    /// Ends a lease and its calls.
    pub fn end_lease(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/leases/{}", encoded(id)))
    }
}
