//! Gates: list, read, create or replace, delete.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::{Gate, GatePut, Page, ProblemCode as Code, id};
use callslot_core::{GateId, GateWritten, Org, OrgId, Rejection};

use crate::actions::gates::settings;
use crate::auth::roles::{MayConfigure, MayRead};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_gates", &[]),
    ("read_gate", &[Code::UnknownGate]),
    ("put_gate", &[Code::TooManyGates]),
    ("delete_gate", &[Code::UnknownGate, Code::GateInUse]),
];

/// List gates
///
/// The gates of the organisation, a page at a time.
#[utoipa::path(get, path = "/v1/gates", tag = "Gates", security(("key" = ["viewer"])), params(PageParams),
    responses((status = 200, description = "A page of gates, by id", body = Page<Gate>)))]
pub(crate) async fn list_gates(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Gate>>, Refusal> {
    let page = params.of(List::Gates)?;
    let after = page.after().and_then(|after| GateId::named(after).ok());
    // One more says whether there is another page.
    let most = page.limit() + 1;
    // It goes through all lanes.
    let turn = app.turns.to_read(&org).await;
    let look = move |found: Option<&Org>, now| {
        let _turn = turn;
        found.map(|found| found.gates(after.as_ref(), most, now))
    };
    let gates = app.node.read(&org, look).await?;
    let gates = gates.ok_or_else(|| Rejection::UnknownOrg { org: org.clone() })?;
    let hours = app.node.gate_hours(&org);
    let show = |gate| convert::gates::gate(&gate, &hours);
    Ok(JsonBody(page.take(gates, |gate| gate.id.as_str(), show)))
}

/// Read a gate
///
/// Its settings, its calls, and in how long the next one may start.
#[utoipa::path(get, path = "/v1/gates/{id}", tag = "Gates", security(("key" = ["viewer"])),
    params(("id" = id::GateId, Path, description = "The gate's id")),
    responses((status = 200, description = "The gate", body = Gate)))]
pub(crate) async fn read_gate(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
    PathId(id): PathId<GateId>,
) -> Result<JsonBody<Gate>, Refusal> {
    gate_now(&app, &org, id).await.map(JsonBody)
}

/// Create or replace a gate
///
/// A gate that exists is replaced: what is left out it has no longer. No change ends a call or drops one from the queue. A gate that is
/// paused or closed lets no call start; those that are active go on.
#[utoipa::path(put, path = "/v1/gates/{id}", tag = "Gates", security(("key" = ["admin"])), request_body = GatePut,
    params(("id" = id::GateId, Path, description = "The gate's id")),
    responses((status = 201, description = "The gate is new", body = Gate),
        (status = 200, description = "The gate was replaced", body = Gate)))]
pub(crate) async fn put_gate(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(gate): PathId<GateId>,
    Json(put): Json<GatePut>,
) -> Result<(StatusCode, JsonBody<Gate>), Refusal> {
    let settings = settings(&put)?;
    let GateWritten { is_new } = app.node.put_gate(actor, &org, gate.clone(), settings).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(gate_now(&app, &org, gate).await?)))
}

/// Delete a gate that has no live calls
///
/// Ended calls that passed it stay in the history.
#[utoipa::path(delete, path = "/v1/gates/{id}", tag = "Gates", security(("key" = ["admin"])),
    params(("id" = id::GateId, Path, description = "The gate's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_gate(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(gate): PathId<GateId>,
) -> Result<StatusCode, Refusal> {
    app.node.delete_gate(actor, &org, gate).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn gate_now(app: &App, org: &OrgId, id: GateId) -> Result<Gate, Refusal> {
    // It goes through all lanes.
    let turn = app.turns.to_read(org).await;
    let look = move |found: Option<&Org>, now| {
        let _turn = turn;
        let gate = found.and_then(|found| found.gate(&id, now));
        gate.ok_or(Rejection::UnknownGate { gate: id })
    };
    let gate = app.node.read(org, look).await??;
    Ok(convert::gates::gate(&gate, &app.node.gate_hours(org)))
}
