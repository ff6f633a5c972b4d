//! Webhooks and their deliveries, as the API shows them.

use callslot_api as api;
use callslot_core as core;
use callslot_node::wall_now;
use callslot_store as store;

use crate::convert::{call_type, time};
use crate::webhooks::known::{Known, State};

/// A webhook, without its secret.
pub(crate) fn webhook_json(known: &Known, as_of: core::Sequence) -> api::Webhook {
    let (webhook, State { place, waiting, unsettled: _ }) = (known.settings(), known.state());
    let strings = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let agents = webhook.agents.as_ref();
    let gates = webhook.gates.as_ref();
    let beyond: u64 = place.beyond.iter().map(|span| span.end - span.start).sum();
    let unread = as_of.0.saturating_sub(place.sequence.0).saturating_sub(beyond);
    api::Webhook {
        id: webhook.id.clone(),
        url: webhook.url.clone(),
        events: webhook.events.clone(),
        agents: agents.map(|ids| strings(ids.iter().map(core::AgentId::as_str).collect())),
        types: webhook.types.as_ref().map(|types| types.iter().map(|it| call_type(*it)).collect()),
        gates: gates.map(|ids| strings(ids.iter().map(core::GateId::as_str).collect())),
        description: webhook.description.clone(),
        claims: webhook.claims,
        state: match (&webhook.disabled, place.failures_in_row) {
            (Some(_), _) => api::WebhookState::Disabled,
            (None, 0) => api::WebhookState::Ok,
            (None, _) => api::WebhookState::Failing,
        },
        disabled_because: webhook.disabled.clone(),
        secret: None,
        old_secret_until: known.grace().until(&webhook, wall_now()).map(time),
        created_at: time(webhook.created_at),
        last_success_at: place.last_success_at.map(time),
        last_failure: place.last_failure.as_ref().map(|failure| api::WebhookFailure {
            at: time(failure.at),
            status: failure.status,
            cause: failure.cause.clone(),
        }),
        behind: unread + waiting,
        missed: place.missed,
    }
}

/// An attempt.
pub(crate) fn delivery(attempt: &store::Attempt) -> api::Delivery {
    api::Delivery {
        id: attempt.message.clone(),
        event: attempt.event.clone(),
        seq: attempt.sequence.0,
        attempt: attempt.attempt,
        at: time(attempt.at),
        outcome: match attempt.outcome {
            store::AttemptOutcome::Delivered => api::DeliveryOutcome::Delivered,
            store::AttemptOutcome::Failed => api::DeliveryOutcome::Failed,
            store::AttemptOutcome::GivenUp => api::DeliveryOutcome::GivenUp,
            store::AttemptOutcome::Skipped => api::DeliveryOutcome::Skipped,
        },
        status: attempt.status,
        duration_ms: attempt.duration_ms,
        bytes: attempt.bytes,
        cause: attempt.cause.clone(),
        next_attempt_at: attempt.next_at.map(time),
    }
}
