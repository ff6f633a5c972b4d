//! Plans: the limits of organisations. Only an operator may see or change them.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::MAX_LIMIT;
use callslot_api::{Page, Plan, PlanPut, ProblemCode as Code, id};
use callslot_core::PlanId;

use crate::auth::roles::MayOperate;
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
    ("list_plans", &[]),
    ("read_plan", &[Code::UnknownPlan]),
    ("put_plan", &[Code::LimitBelowReservations]),
    ("delete_plan", &[Code::UnknownPlan, Code::PlanInUse]),
];

/// List plans
///
/// All plans, a page at a time.
#[utoipa::path(get, path = "/v1/plans", tag = "Operator", security(("key" = ["operator"])), params(PageParams),
    responses((status = 200, description = "A page of plans, by id", body = Page<Plan>)))]
pub(crate) async fn list_plans(
    State(app): State<Arc<App>>,
    _: MayOperate,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Plan>>, Refusal> {
    let page = params.of(List::Plans)?;
    let plans = app.node.plans().await?.into_values();
    Ok(JsonBody(page.take(plans, |plan| plan.id.as_str(), |plan| plan_json(&plan))))
}

/// Read a plan
///
/// Its name and its limit.
#[utoipa::path(get, path = "/v1/plans/{id}", tag = "Operator", security(("key" = ["operator"])),
    params(("id" = id::PlanId, Path, description = "The plan's id")),
    responses((status = 200, description = "The plan", body = Plan)))]
pub(crate) async fn read_plan(
    State(app): State<Arc<App>>,
    _: MayOperate,
    _: NoParams,
    PathId(id): PathId<PlanId>,
) -> Result<JsonBody<Plan>, Refusal> {
    let plans = app.node.plans().await?;
    let plan = plans.get(&id).ok_or_else(|| {
        Refusal::new(
            Code::UnknownPlan,
            format!("no plan has the id {id}; GET /v1/plans lists them"),
        )
    })?;
    Ok(JsonBody(plan_json(plan)))
}

/// Create or replace a plan, and give its limit to every organisation on it
///
/// The limit of every organisation on the plan changes with it, or none if one of them has more reserved. No active
/// call is ended.
#[utoipa::path(put, path = "/v1/plans/{id}", tag = "Operator", security(("key" = ["operator"])), request_body = PlanPut,
    params(("id" = id::PlanId, Path, description = "The plan's id")),
    responses((status = 201, description = "The plan is new", body = Plan),
        (status = 200, description = "The plan was replaced", body = Plan)))]
pub(crate) async fn put_plan(
    State(app): State<Arc<App>>,
    MayOperate(actor): MayOperate,
    _: NoParams,
    PathId(id): PathId<PlanId>,
    Json(put): Json<PlanPut>,
) -> Result<(StatusCode, JsonBody<Plan>), Refusal> {
    let name = name("name", &put.name)?.to_string();
    in_range("limit", put.limit.into(), (0, MAX_LIMIT.into()))?;
    let plan = callslot_store::Plan { id, name, limit: put.limit };
    let json = plan_json(&plan);
    let is_new = app.node.put_plan(actor, plan).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(json)))
}

/// Delete a plan that no organisation is on
///
/// Only a plan that no organisation uses can be deleted.
#[utoipa::path(delete, path = "/v1/plans/{id}", tag = "Operator", security(("key" = ["operator"])),
    params(("id" = id::PlanId, Path, description = "The plan's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_plan(
    State(app): State<Arc<App>>,
    MayOperate(actor): MayOperate,
    _: NoParams,
    PathId(id): PathId<PlanId>,
) -> Result<StatusCode, Refusal> {
    app.node.delete_plan(actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn plan_json(plan: &callslot_store::Plan) -> Plan {
    Plan { id: plan.id.to_string(), name: plan.name.clone(), limit: plan.limit }
}
