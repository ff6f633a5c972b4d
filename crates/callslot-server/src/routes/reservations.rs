//! The pool now, and its reservations.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderName};
use callslot_api::limits::{MAX_LIMIT, MAX_RESERVATIONS};
use callslot_api::{Pool, Reservation, ReservationsPut, id};
use callslot_core::{AgentId, Command, OrgCommand, OrgId, PerType, Rejection, Version};

use crate::auth::roles::{Admin, Reader};
use crate::convert;
use crate::extract::body::{Json, NoParams, PathId, in_range};
use crate::refusal::{Refusal, bad_id};
use crate::state::App;

/// A pool, with its version as `ETag`.
type PoolAnswer = ([(HeaderName, String); 1], JsonBody<Pool>);

/// Read the pool
#[utoipa::path(get, path = "/v1/concurrency", tag = "Concurrency", security(("key" = ["viewer"])),
    responses((status = 200, description = "The pool now; the `ETag` is the reservations' version", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn read_pool(
    State(app): State<Arc<App>>,
    Reader(org): Reader,
    _: NoParams,
) -> Result<PoolAnswer, Refusal> {
    pool_answer(&app, org).await
}

/// Replace agents' reservations, all or nothing
#[utoipa::path(put, path = "/v1/reservations", tag = "Concurrency", security(("key" = ["admin"])), request_body = ReservationsPut,
    params(("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"[0-9]{1,19}"|[0-9]{1,19})$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "The pool now", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn put_reservations(
    State(app): State<Arc<App>>,
    Admin(org): Admin,
    _: NoParams,
    headers: HeaderMap,
    Json(put): Json<ReservationsPut>,
) -> Result<PoolAnswer, Refusal> {
    let reservations = reserved(&put.reservations, "reservations.agent")?;
    set_reservations(&app, &org, reservations, version_wanted(&headers)?).await?;
    pool_answer(&app, org).await
}

/// Remove an agent's reservations
#[utoipa::path(delete, path = "/v1/reservations/{agent}", tag = "Concurrency", security(("key" = ["admin"])),
    params(("agent" = id::AgentId, Path, description = "The agent's id"),
        ("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"[0-9]{1,19}"|[0-9]{1,19})$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "The pool now", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn delete_reservations(
    State(app): State<Arc<App>>,
    Admin(org): Admin,
    _: NoParams,
    PathId(agent): PathId<AgentId>,
    headers: HeaderMap,
) -> Result<PoolAnswer, Refusal> {
    let nothing = vec![(agent, PerType::default())];
    set_reservations(&app, &org, nothing, version_wanted(&headers)?).await?;
    pool_answer(&app, org).await
}

/// Replaces agents' reservations, all or nothing; only at this version, if one is named.
pub(crate) async fn set_reservations(
    app: &App,
    org: &OrgId,
    reservations: Vec<(AgentId, PerType<u32>)>,
    if_version: Option<Version>,
) -> Result<(), Refusal> {
    let command = OrgCommand::SetReservations { reservations, if_version };
    app.node.submit(Command::Org(org.clone(), command)).await?;
    Ok(())
}

async fn pool_answer(app: &App, org: OrgId) -> Result<PoolAnswer, Refusal> {
    let pool = pool(app, org).await?;
    let etag = format!("\"{}\"", pool.version);
    Ok(([(ETAG, etag)], JsonBody(pool)))
}

/// The pool now.
pub(crate) async fn pool(app: &App, org: OrgId) -> Result<Pool, Refusal> {
    let pool = app
        .node
        .read(move |shard, now| match shard.org(&org) {
            Some(found) => Ok((found.pool(now), org)),
            None => Err(Rejection::UnknownOrg { org }),
        })
        .await?;
    let (pool, org) = pool?;
    Ok(convert::pool(&org, &pool))
}

/// The slots that agents are to have reserved; `agent_field` is what the request calls an agent.
pub(crate) fn reserved(
    wanted: &[Reservation],
    agent_field: &'static str,
) -> Result<Vec<(AgentId, PerType<u32>)>, Refusal> {
    in_range("reservations", wanted.len() as u64, (0, MAX_RESERVATIONS as u64))?;
    wanted.iter().map(|wanted| reserved_by_one(wanted, agent_field)).collect()
}

fn reserved_by_one(
    wanted: &Reservation,
    agent_field: &'static str,
) -> Result<(AgentId, PerType<u32>), Refusal> {
    let agent = AgentId::parse(&wanted.agent).map_err(bad_id(agent_field))?;
    let slots = [
        ("reservations.webcall", wanted.webcall),
        ("reservations.chat", wanted.chat),
        ("reservations.outbound", wanted.outbound),
        ("reservations.inbound", wanted.inbound),
    ];
    for (field, slots) in slots {
        in_range(field, slots.into(), (0, MAX_LIMIT.into()))?;
    }
    Ok((agent, PerType(slots.map(|(_, slots)| slots))))
}

/// The version in `If-Match`; none when it is absent or `*`.
fn version_wanted(headers: &HeaderMap) -> Result<Option<Version>, Refusal> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text.trim_start_matches("W/").trim_matches('"').parse().map_err(|_| {
        Refusal::invalid_field(
            "if-match",
            "`if-match` must be the `ETag` of /v1/concurrency, such as \"3\"",
        )
    })?;
    Ok(Some(Version(number)))
}
