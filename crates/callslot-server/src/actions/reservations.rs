//! Reservations, as every door changes them: checks those in a request, and replaces them.

use std::sync::Arc;

use callslot_api::limits::{MAX_LIMIT, MAX_RESERVATIONS};
use callslot_api::{Pool, Reservation};
use callslot_core::{
    Actor, AgentId, By, Capped, OrgId, PerType, Rejection, SetReservations, Version,
};
use callslot_node::{NodeHandle, SubmitError};

use crate::convert;
use crate::extract::field::{at_most, checked_id, in_range};
use crate::refusal::Refusal;

/// The slots to reserve for each agent; `agent_field` is the request's name for the agent's field.
pub(crate) fn reserved(
    wanted: &[Reservation],
    agent_field: &str,
) -> Result<Vec<(AgentId, PerType<u32>)>, Refusal> {
    at_most("reservations", "entries", wanted.len(), MAX_RESERVATIONS)?;
    let rows = wanted.iter().enumerate();
    rows.map(|(row, wanted)| {
        reserved_by_one(wanted, agent_field).map_err(|refusal| refusal.in_row(&row_name(row)))
    })
    .collect()
}

fn row_name(row: usize) -> String {
    format!("reservations[{row}]")
}

fn reserved_by_one(
    wanted: &Reservation,
    agent_field: &str,
) -> Result<(AgentId, PerType<u32>), Refusal> {
    let agent = checked_id(agent_field, &wanted.agent)?;
    let slots = [
        ("webcall", wanted.webcall),
        ("chat", wanted.chat),
        ("outbound", wanted.outbound),
        ("inbound", wanted.inbound),
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
    (actor, org): (Arc<Actor>, &OrgId),
    reservations: Vec<(AgentId, PerType<u32>)>,
    if_version: Option<Version>,
) -> Result<Pool, SubmitError> {
    let command = SetReservations { reservations, if_version };
    let pool = node.submit((org.clone(), By { actor, command })).await?;
    Ok(convert::pool(org, &pool))
}

/// Replaces the reservations that the rows of a request name. A refusal of one row says which; `agent_field` is the request's
/// name for the agent's field.
pub(crate) async fn set_rows(
    node: &NodeHandle,
    (actor, org): (Arc<Actor>, &OrgId),
    rows: Vec<(AgentId, PerType<u32>)>,
    agent_field: &str,
    if_version: Option<Version>,
) -> Result<Pool, Refusal> {
    let agents: Vec<_> = rows.iter().map(|(agent, _)| agent.clone()).collect();
    set_reservations(node, (actor, org), rows, if_version).await.map_err(|error| match error {
        SubmitError::Refused(rejection) => refused(&agents, rejection, agent_field),
        SubmitError::Unavailable(_) => error.into(),
    })
}

/// The refusal of a request that names these agents, one a row.
pub(crate) fn refused(agents: &[AgentId], rejection: Rejection, agent_field: &str) -> Refusal {
    let row = row_at_fault(agents, &rejection);
    let refusal = Refusal::from(rejection);
    match row {
        Some(row) => refusal.about(&format!("{}.{agent_field}", row_name(row))),
        None => refusal,
    }
}

/// The row that a rejection is about, if it is about one.
fn row_at_fault(agents: &[AgentId], rejection: &Rejection) -> Option<usize> {
    if let Rejection::AgentNamedTwice { agent } = rejection {
        return agents.iter().rposition(|named| named == agent);
    }
    let (Rejection::UnknownAgent { agent }
    | Rejection::ReservationsExceedCap { of: Capped::Agent(agent), .. }) = rejection
    else {
        return None;
    };
    agents.iter().position(|named| named == agent)
}
