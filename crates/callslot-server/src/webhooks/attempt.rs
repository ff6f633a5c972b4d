//! One attempt: the message is sent, and its answer taken.

use std::sync::Arc;

use bytes::Bytes;
use callslot_core::{Sequence, Timestamp};
use callslot_node::{FedEvent, wall_now};
use callslot_store::{Webhook, WebhookMessage};
use callslot_webhooks::{Next, Verdict};
use hyper::StatusCode;

use crate::webhooks::dispatch::{Dispatched, Offers, Taken};
use crate::webhooks::known::{Grace, Shared};
use crate::webhooks::limits::OFFERED_AGAIN_MS;
use crate::webhooks::message::{message, sign};
use crate::webhooks::sender::Sender;

/// An attempt that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) next: Next,
    pub(crate) verdict: Verdict,
    pub(crate) message: String,
    pub(crate) event: String,
    pub(crate) at: Timestamp,
    pub(crate) status: Option<u16>,
    pub(crate) duration_ms: u64,
    pub(crate) bytes: u64,
    pub(crate) cause: Option<String>,
}

/// What an attempt needs.
#[derive(Debug, Clone)]
pub(crate) struct Attempting {
    pub(crate) shared: Arc<Shared>,
    pub(crate) webhook: Arc<Webhook>,
    pub(crate) grace: Grace,
    pub(crate) sender: Sender,
}

impl Attempting {
    /// Sends the message of an event, which is in memory or kept.
    pub(crate) async fn attempt(self, next: Next, fed: Option<Arc<FedEvent>>) -> Ended {
        let org = &self.webhook.org;
        let message = match fed {
            Some(fed) => Some(message(org, &fed)),
            None => match self.kept_message(next.sequence).await {
                Ok(message) => message,
                Err(()) => return not_sent(next, None, Verdict::Later(1_000), "the store failed"),
            },
        };
        let Some(message) = message else {
            return not_sent(next, None, Verdict::Skipped, "its message is no longer kept");
        };
        if !next.is_dispatch {
            return self.send(next, &message).await;
        }
        let Some(dispatched) = Dispatched::of(org, &message.body) else {
            return not_sent(next, Some(&message), Verdict::Skipped, "it offers no call");
        };
        let Some(_offer) = Offers::begin(&self.shared.offers, &dispatched) else {
            let later = Verdict::Later(OFFERED_AGAIN_MS);
            return not_sent(next, Some(&message), later, "it is being offered to another");
        };
        match dispatched.waits(&self.shared.node).await {
            Ok(true) => self.offer(next, &message, &dispatched).await,
            Ok(false) => {
                let cause = "the call no longer waits for a claim";
                not_sent(next, Some(&message), Verdict::Skipped, cause)
            }
            Err(()) => {
                let later = Verdict::Later(1_000);
                not_sent(next, Some(&message), later, "the server could not tell")
            }
        }
    }

    async fn kept_message(&self, sequence: u64) -> Result<Option<WebhookMessage>, ()> {
        let id = self.webhook.id.clone();
        let read =
            move |store: &dyn callslot_store::Store| store.pending_message(&id, Sequence(sequence));
        self.shared.node.in_store(read).await.map_err(|_| ())
    }

    async fn send(&self, next: Next, message: &WebhookMessage) -> Ended {
        let at = wall_now();
        let signed = sign((&self.webhook, self.grace), &message.id, &message.body, at);
        let body = Bytes::from(message.body.clone());
        let answer = self.sender.send(&self.webhook.url, &signed, body).await;
        let verdict = match answer.status {
            Some(status) if status.is_success() => Verdict::Taken,
            Some(StatusCode::GONE) => Verdict::Gone,
            Some(_) | None => Verdict::Failed,
        };
        ended((next, verdict, at), message, &answer, answer.said_cause())
    }

    async fn offer(&self, next: Next, message: &WebhookMessage, dispatched: &Dispatched) -> Ended {
        let at = wall_now();
        let signed = sign((&self.webhook, self.grace), &message.id, &message.body, at);
        let body = Bytes::from(message.body.clone());
        let answer = self.sender.send(&self.webhook.url, &signed, body).await;
        let taken = dispatched.take(&self.shared.node, &self.webhook.id, &answer).await;
        let (verdict, cause) = match (taken, answer.status) {
            (Taken::Decided(said), _) => (Verdict::Taken, said),
            (Taken::Undecided, Some(StatusCode::GONE)) => (Verdict::Gone, answer.said_cause()),
            (Taken::Undecided, _) => (Verdict::Failed, answer.said_cause()),
        };
        ended((next, verdict, at), message, &answer, cause)
    }
}

fn ended(
    (next, verdict, at): (Next, Verdict, Timestamp),
    message: &WebhookMessage,
    answer: &crate::webhooks::sender::Answer,
    cause: Option<String>,
) -> Ended {
    Ended {
        next,
        verdict,
        message: message.id.clone(),
        event: message.event.clone(),
        at,
        status: answer.status.map(|status| status.as_u16()),
        duration_ms: u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX),
        bytes: message.body.len() as u64,
        cause,
    }
}

fn not_sent(next: Next, message: Option<&WebhookMessage>, verdict: Verdict, cause: &str) -> Ended {
    Ended {
        next,
        verdict,
        message: message.map(|message| message.id.clone()).unwrap_or_default(),
        event: message.map(|message| message.event.clone()).unwrap_or_default(),
        at: wall_now(),
        status: None,
        duration_ms: 0,
        bytes: 0,
        cause: Some(cause.to_owned()),
    }
}
