//! Changes a server, one step after the other.

use callslot_api::{
    AgentPut, Client, ClientError, GatePut, ReservationsPut, TypePut, WebhookCreate, WebhookPatch,
};

use super::document::{GateSpec, WebhookSpec};
use super::plan::{Change, Plan, Step};
use crate::output::word;

/// Makes the changes in order and tells of each; returns how many are made, and what went wrong with the next one. `version` is
/// that of the reservations with which the plan was made.
pub fn carry_out(
    client: &Client,
    plan: &Plan,
    version: u64,
    mut tell: impl FnMut(&Change),
) -> (usize, Result<(), ClientError>) {
    for (done, change) in plan.changes.iter().enumerate() {
        if let Err(error) = take(client, &change.step, version) {
            return (done, Err(error));
        }
        tell(change);
    }
    (plan.changes.len(), Ok(()))
}

fn take(client: &Client, step: &Step, version: u64) -> Result<(), ClientError> {
    match step {
        Step::PutAgent(id, spec) => {
            let put = AgentPut { name: spec.name.clone(), cap: spec.cap, pace: spec.pace };
            client.put_agent(id, &put).map(drop)
        }
        Step::PutType(call_type, spec) => {
            let put = TypePut { cap: spec.cap, pace: spec.pace };
            client.put_type(&word(call_type), &put).map(drop)
        }
        Step::PutGate(id, spec) => client.put_gate(id, &gate_put(spec)).map(drop),
        Step::Reserve(reservations) => {
            let put = ReservationsPut { reservations: reservations.clone() };
            client.put_reservations(&put, Some(version)).map(drop)
        }
        Step::CreateWebhook(spec) => create_webhook(client, spec),
        Step::ChangeWebhook(id, spec) => client.change_webhook(id, &webhook_patch(spec)).map(drop),
        Step::DeleteWebhook(id) => client.delete_webhook(id),
        Step::DeleteGate(id) => client.delete_gate(id),
        Step::DeleteAgent(id) => client.delete_agent(id),
    }
}

fn gate_put(spec: &GateSpec) -> GatePut {
    GatePut {
        name: spec.name.clone(),
        kind: spec.kind,
        cap: spec.cap,
        pace: spec.pace,
        paused: spec.paused.unwrap_or_default(),
        hours: spec.hours.clone(),
    }
}

/// Makes a webhook. Its secret is shown to nobody; `callslot webhook rotate` gives it one that is.
fn create_webhook(client: &Client, spec: &WebhookSpec) -> Result<(), ClientError> {
    let WebhookSpec { url, events, agents, types, gates, description, claims, enabled } =
        spec.clone();
    let create =
        WebhookCreate { url, events, agents, types, gates, description, claims: Some(claims) };
    let made = client.create_webhook(&create)?;
    if enabled == Some(false) {
        let patch = WebhookPatch { enabled, ..WebhookPatch::default() };
        client.change_webhook(&made.id, &patch)?;
    }
    Ok(())
}

fn webhook_patch(spec: &WebhookSpec) -> WebhookPatch {
    let WebhookSpec { url, events, agents, types, gates, description, claims, enabled } =
        spec.clone();
    WebhookPatch {
        url: Some(url),
        events: Some(events),
        agents: Some(agents),
        types: Some(types),
        gates: Some(gates),
        description: Some(description),
        claims: Some(claims),
        enabled,
    }
}
