//! Organisations. Only an operator may see or change them.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::{
    DEFAULT_MAX_CALL_DURATION_S, DEFAULT_MAX_QUEUED, MAX_CALL_DURATION_S, MAX_LIMIT,
    MAX_MAX_QUEUED, MAX_MAX_WAIT_S,
};
use callslot_api::{
    MaxWaits, MaxWaitsPatch, Org, OrgCreate, OrgPatch, Page, ProblemCode as Code, id,
};
use callslot_core::{OrgChange, OrgId, PerType, Rejection};
use callslot_node::NewOrg;

use crate::auth::roles::MayOperate;
use crate::auth::secrets::new_id;
use crate::convert;
use crate::extract::body::Json;
use crate::extract::field::{checked_id, in_range, name};
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_orgs", &[]),
    ("read_org", &[Code::UnknownOrg]),
    ("create_org", &[Code::UnknownPlan, Code::OrgExists]),
    ("change_org", &[Code::UnknownOrg, Code::UnknownPlan, Code::LimitBelowReservations]),
    ("delete_org", &[Code::UnknownOrg, Code::OrgInUse]),
];

/// List organisations
///
/// All organisations with their plans and limits, a page at a time.
#[utoipa::path(get, path = "/v1/orgs", tag = "Operator", security(("key" = ["operator"])), params(PageParams),
    responses((status = 200, description = "A page of organisations, by id", body = Page<Org>)))]
pub(crate) async fn list_orgs(
    State(app): State<Arc<App>>,
    _: MayOperate,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Org>>, Refusal> {
    let page = params.of(List::Orgs)?;
    let (after, most) = (page.after().map(str::to_owned), page.limit() + 1);
    // Each shard may have all of the page, and one more that says whether there is another.
    let found = app.node.read_all(move |shard, _| {
        let is_after = |id: &OrgId| after.as_deref().is_none_or(|last| id.as_str() > last);
        let orgs = shard.orgs().into_iter().filter(|(id, _)| is_after(id)).take(most);
        orgs.map(|(id, org)| (id, org.summary())).collect::<Vec<_>>()
    });
    let mut found: Vec<_> = found.await?.into_iter().flatten().collect();
    found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(JsonBody(page.take(found, |(id, _)| id.as_str(), |(id, org)| convert::org(&id, &org))))
}

/// Read an organisation
///
/// Its settings.
#[utoipa::path(get, path = "/v1/orgs/{id}", tag = "Operator", security(("key" = ["operator"])),
    params(("id" = id::OrgId, Path, description = "The organisation's id")),
    responses((status = 200, description = "The organisation", body = Org)))]
pub(crate) async fn read_org(
    State(app): State<Arc<App>>,
    _: MayOperate,
    _: NoParams,
    PathId(id): PathId<OrgId>,
) -> Result<JsonBody<Org>, Refusal> {
    let found = app.node.read(&id, |found, _| found.map(callslot_core::Org::summary)).await?;
    let summary = found.ok_or_else(|| Rejection::UnknownOrg { org: id.clone() })?;
    Ok(JsonBody(convert::org(&id, &summary)))
}

/// Create an organisation
///
/// It gets the limit of its plan, unless `limit_override` names another.
#[utoipa::path(post, path = "/v1/orgs", tag = "Operator", security(("key" = ["operator"])), request_body = OrgCreate,
    responses((status = 201, description = "The organisation", body = Org)))]
pub(crate) async fn create_org(
    State(app): State<Arc<App>>,
    MayOperate(actor): MayOperate,
    _: NoParams,
    Json(create): Json<OrgCreate>,
) -> Result<(StatusCode, JsonBody<Org>), Refusal> {
    let id = match &create.id {
        Some(id) => checked_id("id", id)?,
        None => OrgId::parse(&new_id("org")).expect("ids made here are valid"),
    };
    let duration_s = create.max_call_duration_s.unwrap_or(DEFAULT_MAX_CALL_DURATION_S);
    let new = NewOrg {
        name: name("name", &create.name)?,
        plan: checked_id("plan", &create.plan)?,
        limit_override: create.limit_override.map(checked_limit).transpose()?,
        max_call_duration_ms: checked_duration_ms(duration_s)?,
        max_wait_ms: waits_ms(create.max_wait_s.unwrap_or_default())?,
        max_queued: checked_queue(create.max_queued.unwrap_or(DEFAULT_MAX_QUEUED))?,
    };
    let org = app.node.create_org(actor, id.clone(), new).await?;
    Ok((StatusCode::CREATED, JsonBody(convert::org(&id, &org))))
}

/// Change an organisation
///
/// Fields that are absent stay as they are; `limit_override: null` removes the override. No active call is ended.
#[utoipa::path(patch, path = "/v1/orgs/{id}", tag = "Operator", security(("key" = ["operator"])), request_body = OrgPatch,
    params(("id" = id::OrgId, Path, description = "The organisation's id")),
    responses((status = 200, description = "The organisation as it is now", body = Org)))]
pub(crate) async fn change_org(
    State(app): State<Arc<App>>,
    MayOperate(actor): MayOperate,
    _: NoParams,
    PathId(id): PathId<OrgId>,
    Json(patch): Json<OrgPatch>,
) -> Result<JsonBody<Org>, Refusal> {
    let change = OrgChange {
        name: patch.name.map(|new| name("name", &new)).transpose()?,
        plan: None,
        limit_override: patch
            .limit_override
            .map(|wanted| wanted.map(checked_limit).transpose())
            .transpose()?,
        max_call_duration_ms: patch.max_call_duration_s.map(checked_duration_ms).transpose()?,
        max_wait_ms: changed_waits_ms(patch.max_wait_s.unwrap_or_default())?,
        max_queued: patch.max_queued.map(checked_queue).transpose()?,
    };
    let plan = patch.plan.as_deref().map(|plan| checked_id("plan", plan)).transpose()?;
    let org = app.node.change_org(actor, id.clone(), change, plan).await?;
    Ok(JsonBody(convert::org(&id, &org)))
}

/// Delete an organisation that has no live calls, and its keys
///
/// All its keys stop working.
#[utoipa::path(delete, path = "/v1/orgs/{id}", tag = "Operator", security(("key" = ["operator"])),
    params(("id" = id::OrgId, Path, description = "The organisation's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_org(
    State(app): State<Arc<App>>,
    MayOperate(actor): MayOperate,
    _: NoParams,
    PathId(id): PathId<OrgId>,
) -> Result<StatusCode, Refusal> {
    app.node.delete_org(actor, id.clone()).await?;
    app.webhooks.forget(&id).await?;
    let reloading = Arc::clone(&app);
    app.node.in_store(move |store| reloading.keys.load(store)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn checked_limit(limit: u32) -> Result<u32, Refusal> {
    in_range("limit_override", limit.into(), (0, MAX_LIMIT.into()))?;
    Ok(limit)
}

fn checked_queue(max_queued: u32) -> Result<u32, Refusal> {
    in_range("max_queued", max_queued.into(), (0, MAX_MAX_QUEUED.into()))?;
    Ok(max_queued)
}

fn checked_duration_ms(seconds: u64) -> Result<u64, Refusal> {
    Ok(in_range("max_call_duration_s", seconds, (0, MAX_CALL_DURATION_S))? * 1000)
}

fn checked_wait_ms(field: &str, seconds: u64) -> Result<u64, Refusal> {
    Ok(in_range(field, seconds, (0, MAX_MAX_WAIT_S))? * 1000)
}

fn waits_ms(waits: MaxWaits) -> Result<PerType<Option<u64>>, Refusal> {
    let checked = |field, seconds: Option<u64>| {
        seconds.map(|seconds| checked_wait_ms(field, seconds)).transpose()
    };
    Ok(PerType([
        checked("max_wait_s.webcall", waits.webcall)?,
        checked("max_wait_s.chat", waits.chat)?,
        checked("max_wait_s.outbound", waits.outbound)?,
        checked("max_wait_s.inbound", waits.inbound)?,
    ]))
}

#[expect(clippy::option_option, reason = "absent is told from null")]
fn changed_waits_ms(waits: MaxWaitsPatch) -> Result<PerType<Option<Option<u64>>>, Refusal> {
    let checked = |field, wanted: Option<Option<u64>>| {
        let checked = |seconds: u64| checked_wait_ms(field, seconds);
        wanted.map(|seconds| seconds.map(checked).transpose()).transpose()
    };
    Ok(PerType([
        checked("max_wait_s.webcall", waits.webcall)?,
        checked("max_wait_s.chat", waits.chat)?,
        checked("max_wait_s.outbound", waits.outbound)?,
        checked("max_wait_s.inbound", waits.inbound)?,
    ]))
}
