//! The dispatch webhook: an answer to `call.started` claims the call, gives it back or ends it.
//!
//! A call is offered to one webhook at a time, and only while it waits for a claim, so that no two receivers believe it is theirs.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use callslot_api::{CallChanged, WebhookAnswer, WebhookDecline, WebhookEvent};
use callslot_core::{
    CallId, CallState, ClaimCall, Claimant, Decline, DeclineCall, OrgId, Timestamp,
};
use callslot_node::{NodeHandle, SubmitError};
use hyper::StatusCode;

use crate::webhooks::sender::Answer;

/// The calls that are being offered.
#[derive(Debug, Default)]
pub(crate) struct Offers(Mutex<HashSet<(OrgId, CallId)>>);

/// A call that is being offered, until this is dropped.
#[derive(Debug)]
pub(crate) struct Offer {
    offers: Arc<Offers>,
    call: (OrgId, CallId),
}

impl Offers {
    /// Begins to offer a call, if nobody else does.
    pub(crate) fn begin(offers: &Arc<Self>, dispatched: &Dispatched) -> Option<Offer> {
        let call = (dispatched.org.clone(), dispatched.call.clone());
        let is_first = {
            let mut offered = offers.0.lock().unwrap_or_else(PoisonError::into_inner);
            offered.insert(call.clone())
        };
        // Not `then_some`: an offer that is made and dropped ends the one of somebody else.
        is_first.then(|| Offer { offers: Arc::clone(offers), call })
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        let mut offered = self.offers.0.lock().unwrap_or_else(PoisonError::into_inner);
        offered.remove(&self.call);
    }
}

/// A call that was dispatched to be claimed.
#[derive(Debug)]
pub(crate) struct Dispatched {
    org: OrgId,
    call: CallId,
    started_at: Timestamp,
}

/// The outcome of an answer.
#[derive(Debug)]
pub(crate) enum Taken {
    /// The receiver has decided; what is to be said about it.
    Decided(Option<String>),
    /// It has not.
    Undecided,
}

impl Dispatched {
    /// The call that a message offers.
    pub(crate) fn of(org: &OrgId, body: &[u8]) -> Option<Self> {
        let event: WebhookEvent = serde_json::from_slice(body).ok()?;
        let changed: CallChanged = serde_json::from_str(event.data.get()).ok()?;
        let call = CallId::named(&changed.call.id).ok()?;
        let started_at = Timestamp(changed.call.started_at?.0);
        Some(Self { org: org.clone(), call, started_at })
    }

    /// Whether it still waits for its claim, from this start. An error says that nobody knows now.
    pub(crate) async fn waits(&self, node: &NodeHandle) -> Result<bool, ()> {
        let (call, started_at) = (self.call.clone(), self.started_at);
        let look = move |found: Option<&callslot_core::Org>, now| {
            let live = found.and_then(|found| found.call(&call, now));
            live.is_some_and(|view| match view.call.state {
                CallState::Active(active) => active.is_claim_due && active.started_at == started_at,
                CallState::Queued(_) | CallState::Ended(_) => false,
            })
        };
        node.read(&self.org, look).await.map_err(|_| ())
    }

    /// Does what the answer says.
    pub(crate) async fn take(&self, node: &NodeHandle, webhook: &str, answer: &Answer) -> Taken {
        let (org, call) = (self.org.clone(), self.call.clone());
        if answer.is_taken() {
            let claimant = Claimant::kept(webhook).expect("the id of a webhook names it");
            let claim = ClaimCall { call, claimant: Some(claimant.clone()), caller: claimant };
            return outcome(node.submit((org, claim)).await.map(|_| ()), None);
        }
        let Some(decline) = declined(answer) else { return Taken::Undecided };
        let said = match decline {
            Decline::ForNow => "declined for now",
            Decline::ForGood => "declined for good",
        };
        let command = DeclineCall { call, decline, note: None };
        outcome(node.submit((org, command)).await.map(|_| ()), Some(said.to_owned()))
    }
}

fn outcome(done: Result<(), SubmitError>, said: Option<String>) -> Taken {
    match done {
        Ok(()) => Taken::Decided(said),
        Err(SubmitError::Refused(rejection)) => {
            Taken::Decided(Some(format!("the answer came too late: {rejection}")))
        }
        Err(SubmitError::Unavailable(_)) => Taken::Undecided,
    }
}

fn declined(answer: &Answer) -> Option<Decline> {
    let said: Option<WebhookAnswer> = serde_json::from_slice(&answer.body).ok();
    match said.and_then(|said| said.decline) {
        Some(WebhookDecline::ForGood) => Some(Decline::ForGood),
        Some(WebhookDecline::Now) => Some(Decline::ForNow),
        None => {
            let gives_back =
                answer.status == Some(StatusCode::SERVICE_UNAVAILABLE) && answer.has_retry_after;
            gives_back.then_some(Decline::ForNow)
        }
    }
}
