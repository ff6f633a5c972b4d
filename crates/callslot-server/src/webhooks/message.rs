//! The message of an event, and whether a webhook wants it.

use callslot_api::WebhookEvent;
use callslot_core::{
    AlertEvent, CallEvent, OrgId, PublicEvent, Sequence, SettingsEvent, Timestamp,
};
use callslot_node::FedEvent;
use callslot_store::{Webhook, WebhookMessage};
use callslot_webhooks::{NewDelivery, Secret, signatures};
use serde_json::value::RawValue;

use crate::convert;
use crate::webhooks::known::Grace;
use crate::webhooks::sender::Signed;

/// Stands for all events in a webhook's list.
pub(crate) const EVERY_EVENT: &str = "*";
/// The name of the event of a test.
pub(crate) const TEST: &str = "webhook.test";

/// The message of an event.
pub(crate) fn message(org: &OrgId, fed: &FedEvent) -> WebhookMessage {
    let event = convert::events::event_name(fed);
    let data = RawValue::from_string(convert::events::event_data(fed)).expect("the data is JSON");
    let body = body(org, event, (fed.sequence, fed.at), data);
    WebhookMessage { id: message_id(org, fed), event: event.to_owned(), body }
}

/// The message of a test.
pub(crate) fn test_message(org: &OrgId, id: String, at: Timestamp) -> WebhookMessage {
    let data = RawValue::from_string("{}".to_owned()).expect("it is JSON");
    let body = body(org, TEST, (Sequence(0), at), data);
    WebhookMessage { id, event: TEST.to_owned(), body }
}

fn body(
    org: &OrgId,
    event: &str,
    (sequence, at): (Sequence, Timestamp),
    data: Box<RawValue>,
) -> Vec<u8> {
    let event = WebhookEvent {
        kind: event.to_owned(),
        timestamp: convert::time(at),
        org: org.to_string(),
        seq: sequence.0,
        data,
    };
    serde_json::to_vec(&event).expect("an event can be written")
}

/// The id of an event's message, the same whenever it is made. One of another organisation, or of one that had the same name before,
/// has another id.
fn message_id(org: &OrgId, fed: &FedEvent) -> String {
    let of_org = fnv_1a(org.as_str().bytes());
    format!("evt_{:08x}{:011x}_{}", of_org >> 32, fed.at.0, fed.sequence)
}

/// FNV-1a with 64 bits. What it gives is kept and sent, so it must be the same in every release.
fn fnv_1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The key of the events of one call or one alert, which go one after the other.
fn key_of(kind: &str, id: &str) -> u64 {
    fnv_1a(kind.bytes().chain([0]).chain(id.bytes()))
}

/// The key of an event; none: it waits for no other.
fn key(event: &PublicEvent) -> Option<u64> {
    let alert = match event {
        PublicEvent::Call(event) => return Some(key_of("call", event.request().id.as_str())),
        PublicEvent::Alert(AlertEvent::Opened(opening)) => &opening.alert,
        PublicEvent::Alert(AlertEvent::Closed(closing)) => &closing.opening.alert,
        PublicEvent::Settings(
            SettingsEvent::AlertPut { alert, .. } | SettingsEvent::AlertDeleted { alert },
        ) => alert,
        PublicEvent::Settings(
            SettingsEvent::ReservationsChanged { .. }
            | SettingsEvent::LimitChanged { .. }
            | SettingsEvent::AgentPut { .. }
            | SettingsEvent::AgentDeleted { .. }
            | SettingsEvent::TypeChanged { .. }
            | SettingsEvent::GatePut { .. }
            | SettingsEvent::GateHours { .. }
            | SettingsEvent::GateDeleted { .. },
        ) => return None,
    };
    Some(key_of("alert", alert.as_str()))
}

/// The number of the event whose message has this id.
pub(crate) fn sequence_of(id: &str) -> Option<Sequence> {
    let (_, number) = id.strip_prefix("evt_")?.split_once('_')?;
    number.parse().ok().map(Sequence)
}

/// Signs a message.
pub(crate) fn sign(
    (webhook, grace): (&Webhook, Grace),
    id: &str,
    body: &[u8],
    now: Timestamp,
) -> Signed {
    let old = webhook.old_secret.iter().filter(|_| grace.lasts());
    let secrets = std::iter::once(&webhook.secret).chain(old.map(|(secret, _)| secret));
    let secrets: Vec<Secret> = secrets.cloned().map(Secret::of).collect();
    let timestamp_s = now.0 / 1000;
    Signed {
        id: id.to_owned(),
        timestamp_s,
        signatures: signatures(&secrets, id, timestamp_s, body),
    }
}

/// How an event is delivered, if the webhook wants it.
pub(crate) fn wanted(webhook: &Webhook, fed: &FedEvent) -> Option<NewDelivery> {
    let name = convert::events::event_name(fed);
    let is_named = webhook.events.iter().any(|wanted| wanted == name || wanted == EVERY_EVENT);
    let agent = convert::events::agent_of(&fed.event);
    let gates = convert::events::gates_of(&fed.event);
    let is_of_agent = agent.zip(webhook.agents.as_ref());
    let is_of_agent = is_of_agent.is_none_or(|(agent, agents)| agents.contains(agent));
    let is_of_gate = gates.zip(webhook.gates.as_ref());
    let is_of_gate =
        is_of_gate.is_none_or(|(gates, wanted)| gates.iter().any(|gate| wanted.contains(gate)));
    let (is_of_type, is_dispatch) = match &fed.event {
        PublicEvent::Call(event) => {
            let request = event.request();
            let types = webhook.types.as_ref();
            let is_of_type = types.is_none_or(|types| types.contains(&request.call_type));
            (is_of_type, is_dispatch(event))
        }
        PublicEvent::Alert(event) => {
            let of_rule = convert::alerts::rule_of_event(event).call_type;
            let both = of_rule.zip(webhook.types.as_ref());
            (both.is_none_or(|(of_rule, types)| types.contains(&of_rule)), false)
        }
        PublicEvent::Settings(_) => (true, false),
    };
    let is_wanted = is_named && is_of_agent && is_of_gate && is_of_type;
    let is_dispatch = is_dispatch && webhook.claims;
    is_wanted.then_some(NewDelivery { key: key(&fed.event), is_dispatch })
}

/// Whether an event offers a call that is to be claimed.
fn is_dispatch(event: &CallEvent) -> bool {
    match event {
        CallEvent::Started(call) => call.state.is_claim_due,
        CallEvent::Queued(_) | CallEvent::Ended(_) | CallEvent::EndedAtOnce(_) => false,
    }
}

#[cfg(test)]
#[path = "message/tests.rs"]
mod tests;
