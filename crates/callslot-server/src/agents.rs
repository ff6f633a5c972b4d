//! Agents.

use std::ops::Bound;
use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::MAX_LIMIT;
use callslot_api::{Agent, AgentPut, Page, Problem};
use callslot_core::{AgentId, Command, OrgCommand, Rejection, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Admin, Reader};
use crate::input::{Json, Params, PathId, bad_cursor, in_range, name, page_limit};
use crate::refusal::Refusal;
use crate::wire;

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// How many items at the most: 1 to 1,000, 100 by default.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

impl PageParams {
    /// The page of a list that is sorted by id. A cursor is the last id of the page before, behind a letter.
    pub(crate) fn page<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        id: impl Fn(&T) -> &str,
    ) -> Result<Page<T>, Refusal> {
        let limit = page_limit(self.limit)?;
        let after = match &self.cursor {
            Some(cursor) => Bound::Excluded(cursor.strip_prefix('i').ok_or_else(bad_cursor)?),
            None => Bound::Unbounded,
        };
        let is_after = |item: &T| match after {
            Bound::Excluded(last) | Bound::Included(last) => id(item) > last,
            Bound::Unbounded => true,
        };
        let mut rest = items.into_iter().filter(is_after);
        let items: Vec<T> = rest.by_ref().take(limit).collect();
        let has_more = rest.next().is_some();
        let next = items.last().filter(|_| has_more).map(|last| format!("i{}", id(last)));
        Ok(Page { items, next })
    }
}

/// List agents
#[utoipa::path(get, path = "/v1/agents", tag = "Agents", params(PageParams),
    responses((status = 200, description = "A page of agents, by id", body = Page<Agent>),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_agents(
    State(app): State<Arc<App>>,
    Reader(org): Reader,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Agent>>, Refusal> {
    let agents = app
        .node
        .read(move |shard, now| {
            let found = shard.org(&org).ok_or(Rejection::UnknownOrg { org: org.clone() })?;
            Ok::<_, Rejection>(found.pool(now).agents.iter().map(wire::agent).collect::<Vec<_>>())
        })
        .await??;
    Ok(JsonBody(params.page(agents, |agent| &agent.id)?))
}

/// Read an agent
#[utoipa::path(get, path = "/v1/agents/{id}", tag = "Agents",
    params(("id" = String, Path, description = "The agent's id")),
    responses((status = 200, description = "The agent", body = Agent),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn read_agent(
    State(app): State<Arc<App>>,
    Reader(org): Reader,
    PathId(id): PathId<AgentId>,
) -> Result<JsonBody<Agent>, Refusal> {
    let agent = app
        .node
        .read(move |shard, _| {
            let agent = shard.org(&org).and_then(|found| found.agent(&id));
            agent.map(|view| wire::agent(&view)).ok_or(Rejection::UnknownAgent { agent: id })
        })
        .await??;
    Ok(JsonBody(agent))
}

/// Create or replace an agent
#[utoipa::path(put, path = "/v1/agents/{id}", tag = "Agents", request_body = AgentPut,
    params(("id" = String, Path, description = "The agent's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`")),
    responses((status = 201, description = "The agent is new", body = Agent),
        (status = 200, description = "The agent was replaced", body = Agent),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn put_agent(
    State(app): State<Arc<App>>,
    Admin(org): Admin,
    PathId(agent): PathId<AgentId>,
    Json(put): Json<AgentPut>,
) -> Result<(StatusCode, JsonBody<Agent>), Refusal> {
    let name = name("name", &put.name)?;
    if let Some(cap) = put.cap {
        in_range("cap", cap.into(), (0, MAX_LIMIT.into()))?;
    }
    let json = Agent { id: agent.to_string(), name: put.name, cap: put.cap };
    let command = OrgCommand::PutAgent { agent, name, cap: put.cap };
    let reply = app.node.submit(Command::Org(org, command)).await?;
    let is_new = matches!(reply, Reply::Agent { is_new: true });
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(json)))
}

/// Delete an agent that has no live calls and no reservation
#[utoipa::path(delete, path = "/v1/agents/{id}", tag = "Agents",
    params(("id" = String, Path, description = "The agent's id")),
    responses((status = 204, description = "It is gone"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delete_agent(
    State(app): State<Arc<App>>,
    Admin(org): Admin,
    PathId(agent): PathId<AgentId>,
) -> Result<StatusCode, Refusal> {
    app.node.submit(Command::Org(org, OrgCommand::DeleteAgent { agent })).await?;
    Ok(StatusCode::NO_CONTENT)
}
