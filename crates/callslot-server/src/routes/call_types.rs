//! The settings of call types.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use callslot_api::limits::MAX_LIMIT;
use callslot_api::{CallType as ApiCallType, ProblemCode as Code, TypePut, TypeSettings};
use callslot_core::{CallType, Org, Rejection, SetTypeCap};

use crate::auth::roles::{MayConfigure, MayRead};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::field::in_range;
use crate::extract::path::PathId;
use crate::extract::query::NoParams;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals =
    &[("read_type", &[]), ("put_type", &[Code::CapBelowReservations])];

/// Read a call type's settings
///
/// Its cap: how many calls of the type may be active at once, over all agents.
#[utoipa::path(get, path = "/v1/types/{type}", tag = "Types", security(("key" = ["viewer"])),
    params(("type" = ApiCallType, Path, description = "The call type")),
    responses((status = 200, description = "The settings", body = TypeSettings)))]
pub(crate) async fn read_type(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
    PathId(call_type): PathId<CallType>,
) -> Result<JsonBody<TypeSettings>, Refusal> {
    let caps = app.node.read(&org, |found, _| found.map(Org::type_caps)).await?;
    let cap = caps.ok_or(Rejection::UnknownOrg { org })?[call_type];
    Ok(JsonBody(TypeSettings { call_type: convert::call_type(call_type), cap }))
}

/// Replace a call type's settings
///
/// Without `cap` the type has none afterwards. No active call is ended. A cap below what is reserved of the type is refused.
#[utoipa::path(put, path = "/v1/types/{type}", tag = "Types", security(("key" = ["admin"])), request_body = TypePut,
    params(("type" = ApiCallType, Path, description = "The call type")),
    responses((status = 200, description = "The settings from now on", body = TypeSettings)))]
pub(crate) async fn put_type(
    State(app): State<Arc<App>>,
    MayConfigure(org): MayConfigure,
    _: NoParams,
    PathId(call_type): PathId<CallType>,
    Json(TypePut { cap }): Json<TypePut>,
) -> Result<JsonBody<TypeSettings>, Refusal> {
    if let Some(cap) = cap {
        in_range("cap", cap.into(), (0, MAX_LIMIT.into()))?;
    }
    app.node.submit((org, SetTypeCap { call_type, cap })).await?;
    Ok(JsonBody(TypeSettings { call_type: convert::call_type(call_type), cap }))
}
