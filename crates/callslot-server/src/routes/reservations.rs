//! Reservations: replace those of some agents, or remove one agent's.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use callslot_api::{Pool, ProblemCode as Code, ReservationsPreview, ReservationsPut, id};
use callslot_core::{AgentId, PerType};

use crate::actions::preview::preview_rows;
use crate::actions::reservations::{reserved, set_reservations, set_rows};
use crate::auth::roles::MayConfigure;
use crate::extract::body::Json;
use crate::extract::etag::{Versioned, version_wanted, versioned};
use crate::extract::path::PathId;
use crate::extract::query::NoParams;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    (
        "put_reservations",
        &[
            Code::UnknownAgent,
            Code::ReservationsExceedLimit,
            Code::ReservationsExceedCap,
            Code::VersionMismatch,
        ],
    ),
    ("preview_reservations", &[Code::UnknownAgent, Code::VersionMismatch]),
    ("delete_reservations", &[Code::UnknownAgent, Code::VersionMismatch]),
];

/// Replace agents' reservations, all or nothing
///
/// Replaces the reservations of the agents named and leaves the others. No active call is ended; if more is in use
/// than the new reservations allow, the pool is settling. The answer is the pool right after this change.
#[utoipa::path(put, path = "/v1/reservations", tag = "Concurrency", security(("key" = ["admin"])), request_body = ReservationsPut,
    params(("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"(0|[1-9][0-9]{0,18})")$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "The current pool", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn put_reservations(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    headers: HeaderMap,
    Json(put): Json<ReservationsPut>,
) -> Result<Versioned<Pool>, Refusal> {
    let reservations = reserved(&put.reservations, "agent")?;
    let version = version_wanted(&headers)?;
    let pool = set_rows(&app.node, (actor, &org), reservations, "agent", version).await?;
    Ok(versioned(pool.version, pool))
}

/// Preview reservations
///
/// What replacing the reservations of the agents named would lead to at once: which queued calls would start, who may wait longer,
/// and by how much the pool would settle. Changes nothing. Reservations that do not fit are answered with `fits: false` and
/// the problem that saving them would be refused with; anything else wrong is refused as if they were saved.
#[utoipa::path(post, path = "/v1/reservations/preview", tag = "Concurrency", security(("key" = ["admin"])), request_body = ReservationsPut,
    params(("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"(0|[1-9][0-9]{0,18})")$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "What would follow", body = ReservationsPreview,
        headers(("etag" = String, description = "The version of the reservations that would be replaced")))))]
pub(crate) async fn preview_reservations(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    _: NoParams,
    headers: HeaderMap,
    Json(put): Json<ReservationsPut>,
) -> Result<Versioned<ReservationsPreview>, Refusal> {
    let reservations = reserved(&put.reservations, "agent")?;
    let version = version_wanted(&headers)?;
    let (version, preview) = preview_rows(&app, org, reservations, version).await?;
    Ok(versioned(version.0, preview))
}

/// Remove an agent's reservations
///
/// Sets the agent's reservations of all four types to 0. Its active calls continue.
#[utoipa::path(delete, path = "/v1/reservations/{agent}", tag = "Concurrency", security(("key" = ["admin"])),
    params(("agent" = id::AgentId, Path, description = "The agent's id"),
        ("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"(0|[1-9][0-9]{0,18})")$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "The current pool", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn delete_reservations(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(agent): PathId<AgentId>,
    headers: HeaderMap,
) -> Result<Versioned<Pool>, Refusal> {
    let nothing = vec![(agent, PerType::default())];
    let version = version_wanted(&headers)?;
    let pool = set_reservations(&app.node, (actor, &org), nothing, version).await?;
    Ok(versioned(pool.version, pool))
}
