//! The current pool: the limit, who holds how many slots, and who is waiting.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::IntoResponse;
use callslot_api::Pool;

use crate::actions::pool::pool_json;
use crate::auth::roles::MayRead;
use crate::extract::etag::tag;
use crate::extract::query::NoParams;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[("read_pool", &[])];

/// Read the pool
///
/// The limit, the shared pool, and for each agent its reservations, active and queued calls by type. The `etag` is the
/// version of the reservations; `as_of` is the number of the last event that it includes.
#[utoipa::path(get, path = "/v1/concurrency", tag = "Concurrency", security(("key" = ["viewer"])),
    responses((status = 200, description = "The current pool; the `ETag` is the reservations' version", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn read_pool(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
) -> Result<impl IntoResponse, Refusal> {
    let (json, version) = pool_json(&app, org).await?;
    Ok(([(ETAG, tag(version)), (CONTENT_TYPE, "application/json".to_owned())], json))
}
