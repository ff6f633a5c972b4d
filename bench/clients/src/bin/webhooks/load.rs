//! What the parts of the load share: calls, webhooks, and what is read of a delivery.

use std::net::SocketAddr;

use callslot_api::{
    CallBatch, CallStart, CallType, Client, LeaseOpen, Webhook, WebhookCreate, WebhookPatch,
};
use serde::Deserialize;

/// How many calls are started with one request.
const BATCH: usize = 1_000;

/// What is read of a delivery.
#[derive(Deserialize)]
pub struct Delivered {
    pub seq: u64,
    pub data: Data,
}

#[derive(Deserialize)]
pub struct Data {
    pub call: OfCall,
}

#[derive(Deserialize)]
pub struct OfCall {
    pub id: String,
    pub agent: String,
}

pub fn delivered(body: &[u8]) -> Delivered {
    serde_json::from_slice(body).expect("a delivery of an event of a call")
}

pub fn call(agent: &str, id: String, lease: Option<&str>) -> CallStart {
    CallStart {
        id: Some(id),
        lease: lease.map(ToOwned::to_owned),
        ..CallStart::new(agent, CallType::Chat)
    }
}

pub fn start_all(client: &Client, calls: Vec<CallStart>) {
    let mut calls = calls.into_iter().peekable();
    while calls.peek().is_some() {
        let batch = CallBatch { calls: calls.by_ref().take(BATCH).collect() };
        client.start_calls(&batch).expect("calls are started");
    }
}

/// Makes two events for each of that many calls: each starts and ends.
pub fn start_and_end(client: &Client, calls: usize) {
    let mut from = 0;
    while from < calls {
        let to = calls.min(from + 50_000);
        let lease = client.open_lease(&LeaseOpen { ttl_s: Some(600) }).expect("a lease").id;
        let named = |number| call("support", format!("made-{number}"), Some(&lease));
        start_all(client, (from..to).map(named).collect());
        client.end_lease(&lease).expect("its calls end");
        from = to;
    }
}

pub fn hook(client: &Client, receiver: SocketAddr, events: &[&str]) -> Webhook {
    let create = WebhookCreate {
        url: format!("http://{receiver}/hook"),
        events: events.iter().map(|&event| event.to_owned()).collect(),
        agents: None,
        types: None,
        gates: None,
        description: None,
        claims: None,
    };
    client.create_webhook(&create).expect("a webhook")
}

pub fn enable(client: &Client, webhook: &Webhook, is_enabled: bool) {
    let patch = WebhookPatch { enabled: Some(is_enabled), ..WebhookPatch::default() };
    client.change_webhook(&webhook.id, &patch).expect("it is changed");
}
