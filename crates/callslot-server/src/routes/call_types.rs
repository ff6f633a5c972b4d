//! The settings of call types.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use callslot_api::limits::MAX_LIMIT;
use callslot_api::{CallType as ApiCallType, ProblemCode as Code, TypePut, TypeSettings};
use callslot_core::{By, CallType, Org, Rejection, SetType};

use crate::actions::gates::checked_pace;
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
/// Its cap and its pace: how many calls of the type may be active at once and how often they may start, over all agents.
#[utoipa::path(get, path = "/v1/types/{type}", tag = "Types", security(("key" = ["viewer"])),
    params(("type" = ApiCallType, Path, description = "The call type")),
    responses((status = 200, description = "The settings", body = TypeSettings)))]
pub(crate) async fn read_type(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
    PathId(call_type): PathId<CallType>,
) -> Result<JsonBody<TypeSettings>, Refusal> {
    let look = move |found: Option<&Org>, _| {
        found.map(|found| (found.type_caps()[call_type], found.type_paces()[call_type]))
    };
    let (cap, pace) = app.node.read(&org, look).await?.ok_or(Rejection::UnknownOrg { org })?;
    let pace = pace.map(convert::gates::pace);
    Ok(JsonBody(TypeSettings { call_type: convert::call_type(call_type), cap, pace }))
}

/// Replace a call type's settings
///
/// Without `cap` or `pace` the type has none afterwards. No active call is ended. A cap below what is reserved of the type is refused.
#[utoipa::path(put, path = "/v1/types/{type}", tag = "Types", security(("key" = ["admin"])), request_body = TypePut,
    params(("type" = ApiCallType, Path, description = "The call type")),
    responses((status = 200, description = "The settings from now on", body = TypeSettings)))]
pub(crate) async fn put_type(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(call_type): PathId<CallType>,
    Json(TypePut { cap, pace }): Json<TypePut>,
) -> Result<JsonBody<TypeSettings>, Refusal> {
    if let Some(cap) = cap {
        in_range("cap", cap.into(), (0, MAX_LIMIT.into()))?;
    }
    let set = SetType { call_type, cap, pace: checked_pace(pace)? };
    app.node.submit((org, By { actor, command: set })).await?;
    Ok(JsonBody(TypeSettings { call_type: convert::call_type(call_type), cap, pace }))
}
