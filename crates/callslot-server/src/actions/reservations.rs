//! Reservations, as every door changes them: checks those in a request, and replaces them.

use callslot_api::limits::{MAX_LIMIT, MAX_RESERVATIONS};
use callslot_api::{Pool, Reservation};
use callslot_core::{AgentId, OrgId, PerType, SetReservations, Version};
use callslot_node::NodeHandle;

use crate::convert;
use crate::extract::field::in_range;
use crate::refusal::{Refusal, bad_id};

/// The slots to reserve for each agent; `agent_field` is the request's name for the agent's field.
pub(crate) fn reserved(
    wanted: &[Reservation],
    agent_field: &'static str,
) -> Result<Vec<(AgentId, PerType<u32>)>, Refusal> {
    in_range("reservations", wanted.len() as u64, (0, MAX_RESERVATIONS as u64))?;
    wanted.iter().map(|wanted| reserved_by_one(wanted, agent_field)).collect()
}

fn reserved_by_one(
    wanted: &Reservation,
    agent_field: &'static str,
) -> Result<(AgentId, PerType<u32>), Refusal> {
    let agent = AgentId::parse(&wanted.agent).map_err(bad_id(agent_field))?;
    let slots = [
        ("reservations.webcall", wanted.webcall),
        ("reservations.chat", wanted.chat),
        ("reservations.outbound", wanted.outbound),
        ("reservations.inbound", wanted.inbound),
    ];
    for (field, slots) in slots {
        in_range(field, slots.into(), (0, MAX_LIMIT.into()))?;
    }
    Ok((agent, PerType(slots.map(|(_, slots)| slots))))
}

/// Replaces agents' reservations, all or nothing; with `if_version` only if they still have that version. Returns the pool
/// as this change leaves it.
pub(crate) async fn set_reservations(
    node: &NodeHandle,
    org: &OrgId,
    reservations: Vec<(AgentId, PerType<u32>)>,
    if_version: Option<Version>,
) -> Result<Pool, Refusal> {
    let command = SetReservations { reservations, if_version };
    let pool = node.submit((org.clone(), command)).await?;
    Ok(convert::pool(org, &pool))
}
