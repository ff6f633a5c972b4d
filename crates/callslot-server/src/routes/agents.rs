//! Agents: list, read, create or replace, delete.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::MAX_LIMIT;
use callslot_api::{Agent, AgentPut, Page, ProblemCode as Code, id};
use callslot_core::{AgentId, AgentWritten, By, DeleteAgent, PutAgent, Rejection};

use crate::actions::gates::checked_pace;
use crate::actions::pool::pool_view;
use crate::auth::roles::{MayConfigure, MayRead};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::field::{in_range, name};
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_agents", &[]),
    ("read_agent", &[Code::UnknownAgent]),
    ("put_agent", &[Code::CapBelowReservations, Code::TooManyAgents]),
    ("delete_agent", &[Code::UnknownAgent, Code::AgentInUse]),
];

/// List agents
///
/// The agents of the organisation, a page at a time.
#[utoipa::path(get, path = "/v1/agents", tag = "Agents", security(("key" = ["viewer"])), params(PageParams),
    responses((status = 200, description = "A page of agents, by id", body = Page<Agent>)))]
pub(crate) async fn list_agents(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Agent>>, Refusal> {
    let page = params.of(List::Agents)?;
    let (pool, _turn) = pool_view(&app, &org).await?;
    Ok(JsonBody(page.take(pool.agents, |agent| agent.id.as_str(), |agent| convert::agent(&agent))))
}

/// Read an agent
///
/// Its name, its cap and its pace.
#[utoipa::path(get, path = "/v1/agents/{id}", tag = "Agents", security(("key" = ["viewer"])),
    params(("id" = id::AgentId, Path, description = "The agent's id")),
    responses((status = 200, description = "The agent", body = Agent)))]
pub(crate) async fn read_agent(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
    PathId(id): PathId<AgentId>,
) -> Result<JsonBody<Agent>, Refusal> {
    let agent = app
        .node
        .read(&org, move |found, _| {
            let agent = found.and_then(|found| found.agent(&id));
            agent.map(|view| convert::agent(&view)).ok_or(Rejection::UnknownAgent { agent: id })
        })
        .await??;
    Ok(JsonBody(agent))
}

/// Create or replace an agent
///
/// An agent that exists is replaced: without `cap` or `pace` it has none afterwards.
#[utoipa::path(put, path = "/v1/agents/{id}", tag = "Agents", security(("key" = ["admin"])), request_body = AgentPut,
    params(("id" = id::AgentId, Path, description = "The agent's id")),
    responses((status = 201, description = "The agent is new", body = Agent),
        (status = 200, description = "The agent was replaced", body = Agent)))]
pub(crate) async fn put_agent(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(agent): PathId<AgentId>,
    Json(put): Json<AgentPut>,
) -> Result<(StatusCode, JsonBody<Agent>), Refusal> {
    let name = name("name", &put.name)?;
    if let Some(cap) = put.cap {
        in_range("cap", cap.into(), (0, MAX_LIMIT.into()))?;
    }
    let pace = checked_pace(put.pace)?;
    let json = Agent { id: agent.to_string(), name: put.name, cap: put.cap, pace: put.pace };
    let command = PutAgent { agent, name, cap: put.cap, pace };
    let AgentWritten { is_new } = app.node.submit((org, By { actor, command })).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(json)))
}

/// Delete an agent that has no live calls and no reservation
///
/// Ended calls of the agent stay in the history.
#[utoipa::path(delete, path = "/v1/agents/{id}", tag = "Agents", security(("key" = ["admin"])),
    params(("id" = id::AgentId, Path, description = "The agent's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_agent(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(agent): PathId<AgentId>,
) -> Result<StatusCode, Refusal> {
    app.node.submit((org, By { actor, command: DeleteAgent { agent } })).await?;
    Ok(StatusCode::NO_CONTENT)
}
