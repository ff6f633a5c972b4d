//! What a server has, in the form of a file.

use callslot_api::{Client, ClientError, PoolAgent, WebhookState};

use super::document::{AgentSpec, Document, GateSpec, Reserve, TypeSpec, TypeSpecs, WebhookSpec};
use crate::remote::all_pages;

/// What a server has.
#[derive(Debug, Clone)]
pub struct Live {
    /// Every section is there.
    pub document: Document,
    /// The ids of its webhooks, in their order.
    pub webhook_ids: Vec<String>,
    /// That of the reservations.
    pub version: u64,
}

/// Reads all settings.
pub fn read(client: &Client) -> Result<Live, ClientError> {
    let pool = client.pool()?;
    let agents = pool.agents.iter().map(|agent| (agent.id.clone(), agent_spec(agent)));
    let of = |cap, pace| Some(TypeSpec { cap, pace }).filter(|spec| *spec != TypeSpec::default());
    let (caps, paces) = (pool.type_caps, pool.type_paces);
    let types = TypeSpecs {
        webcall: of(caps.webcall, paces.webcall),
        chat: of(caps.chat, paces.chat),
        outbound: of(caps.outbound, paces.outbound),
        inbound: of(caps.inbound, paces.inbound),
    };
    let gates = all_pages(|cursor| client.gates(cursor), usize::MAX)?;
    let gates = gates.into_iter().map(|gate| (gate.id, gate_spec(gate.settings)));
    let mut webhooks = all_pages(|cursor| client.webhooks(cursor), usize::MAX)?;
    // In an order that another server would have as well.
    webhooks.sort_by(|a, b| (&a.url, &a.description).cmp(&(&b.url, &b.description)));
    let (webhook_ids, webhooks) =
        webhooks.into_iter().map(|webhook| (webhook.id.clone(), webhook_spec(webhook))).unzip();
    let document = Document {
        agents: Some(agents.collect()),
        types: Some(types),
        gates: Some(gates.collect()),
        webhooks: Some(webhooks),
    };
    Ok(Live { document, webhook_ids, version: pool.version })
}

fn agent_spec(agent: &PoolAgent) -> AgentSpec {
    let types = &agent.types;
    let reserve = Reserve {
        webcall: types.webcall.reserved,
        chat: types.chat.reserved,
        outbound: types.outbound.reserved,
        inbound: types.inbound.reserved,
    };
    AgentSpec { name: agent.name.clone(), cap: agent.cap, pace: agent.pace, reserve }
}

fn gate_spec(gate: callslot_api::GateSettings) -> GateSpec {
    let paused = gate.paused.then_some(true);
    GateSpec {
        name: gate.name,
        kind: gate.kind,
        cap: gate.cap,
        pace: gate.pace,
        hours: gate.hours,
        paused,
    }
}

fn webhook_spec(webhook: callslot_api::Webhook) -> WebhookSpec {
    let enabled = (webhook.state == WebhookState::Disabled).then_some(false);
    WebhookSpec {
        url: webhook.url,
        events: webhook.events,
        agents: webhook.agents,
        types: webhook.types,
        gates: webhook.gates,
        description: webhook.description,
        claims: webhook.claims,
        enabled,
    }
}
