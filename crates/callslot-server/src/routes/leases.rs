//! Leases: open, renew, reconcile, end.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::{
    DEFAULT_LEASE_TTL_S, LEASE_TTL_S, MAX_COUNTED_CALLS, MAX_RECONCILED_CALLS,
};
use callslot_api::{
    Lease, LeaseOpen, LeaseReconcile, LeaseReconciled, LeaseRenew, LeaseRenewed,
    ProblemCode as Code, id,
};
use callslot_core::{
    CallId, EndLease, LeaseId, LeaseSum, LeaseTime, OpenLease, ReconcileLease, Reconciled,
    RenewLease,
};

use crate::auth::roles::MayRunCalls;
use crate::auth::secrets::new_id;
use crate::extract::body::{Json, OptionalJson};
use crate::extract::field::in_range;
use crate::extract::path::PathId;
use crate::extract::query::NoParams;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("open_lease", &[]),
    ("renew_lease", &[Code::LeaseExpired]),
    ("reconcile_lease", &[Code::LeaseExpired]),
    ("end_lease", &[Code::LeaseExpired]),
];

/// Open a lease
///
/// A process opens one lease for all its calls and renews it every third of `ttl_s`. When it expires, its calls end.
#[utoipa::path(post, path = "/v1/leases", tag = "Leases", security(("key" = ["engine"])), request_body = Option<LeaseOpen>,
    responses((status = 201, description = "The lease", body = Lease)))]
pub(crate) async fn open_lease(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    OptionalJson(open): OptionalJson<LeaseOpen>,
) -> Result<(StatusCode, JsonBody<Lease>), Refusal> {
    let ttl_s = in_range("ttl_s", open.ttl_s.unwrap_or(DEFAULT_LEASE_TTL_S), LEASE_TTL_S)?;
    let lease = LeaseId::parse(&new_id("lease")).expect("ids made here are valid");
    let id = lease.to_string();
    let command = OpenLease { lease, ttl_ms: ttl_s * 1000 };
    let LeaseTime { expires_in_ms, .. } = app.node.submit((org, command)).await?;
    Ok((StatusCode::CREATED, JsonBody(Lease { id, ttl_s, expires_in_ms })))
}

/// Renew a lease
///
/// Moves the expiry to a full TTL from now. With `count` and `digest` the server compares its list of active calls
/// with the client's, and says whether to reconcile.
#[utoipa::path(post, path = "/v1/leases/{id}/renew", tag = "Leases", security(("key" = ["engine"])), request_body = Option<LeaseRenew>,
    params(("id" = id::LeaseId, Path, description = "The lease's id")),
    responses((status = 200, description = "The lease is renewed", body = LeaseRenewed)))]
pub(crate) async fn renew_lease(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(lease): PathId<LeaseId>,
    OptionalJson(renew): OptionalJson<LeaseRenew>,
) -> Result<JsonBody<LeaseRenewed>, Refusal> {
    let command = RenewLease { lease, sum: sum(&renew)? };
    let LeaseTime { expires_in_ms, reconcile } = app.node.submit((org, command)).await?;
    Ok(JsonBody(LeaseRenewed { expires_in_ms, reconcile }))
}

/// Report every call that is active under a lease
///
/// Active calls of the lease that are not named end as `reconciled`, except those dispatched from the queue less than one
/// TTL ago. Ids that are not live calls are returned as `unknown`.
#[utoipa::path(post, path = "/v1/leases/{id}/reconcile", tag = "Leases", security(("key" = ["engine"])), request_body = LeaseReconcile,
    params(("id" = id::LeaseId, Path, description = "The lease's id")),
    responses((status = 200, description = "The differences; the lease is renewed", body = LeaseReconciled)))]
pub(crate) async fn reconcile_lease(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(lease): PathId<LeaseId>,
    Json(reconcile): Json<LeaseReconcile>,
) -> Result<JsonBody<LeaseReconciled>, Refusal> {
    in_range("active", reconcile.active.len() as u64, (0, MAX_RECONCILED_CALLS as u64))?;
    let active = reconcile.active.iter().map(|id| CallId::parse(id));
    let active = active.collect::<Result<_, _>>().map_err(crate::refusal::bad_id("active"))?;
    let command = ReconcileLease { lease, active };
    let Reconciled { ended, unknown } = app.node.submit((org, command)).await?;
    let texts = |ids: Vec<CallId>| ids.iter().map(ToString::to_string).collect();
    Ok(JsonBody(LeaseReconciled { ended: texts(ended), unknown: texts(unknown) }))
}

/// End a lease and its calls
///
/// Its queued and active calls end as `lease_expired`, and their slots are free at once.
#[utoipa::path(delete, path = "/v1/leases/{id}", tag = "Leases", security(("key" = ["engine"])),
    params(("id" = id::LeaseId, Path, description = "The lease's id")),
    responses((status = 204, description = "Deleted; its calls have ended")))]
pub(crate) async fn end_lease(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(lease): PathId<LeaseId>,
) -> Result<StatusCode, Refusal> {
    app.node.submit((org, EndLease { lease })).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The calls that the client believes are active: count and digest, or neither.
fn sum(renew: &LeaseRenew) -> Result<Option<LeaseSum>, Refusal> {
    match (renew.count, &renew.digest) {
        (None, None) => Ok(None),
        (Some(count), Some(digest)) => {
            in_range("count", count, (0, MAX_COUNTED_CALLS))?;
            let is_hex = digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            let digest =
                u64::from_str_radix(digest, 16).ok().filter(|_| is_hex).ok_or_else(|| {
                    Refusal::invalid_field("digest", "`digest` must be 16 hexadecimal digits")
                })?;
            Ok(Some(LeaseSum { count, digest }))
        }
        (Some(_), None) => Err(Refusal::invalid_field(
            "digest",
            "`count` goes with `digest`; send both or neither",
        )),
        (None, Some(_)) => {
            Err(Refusal::invalid_field("count", "`digest` goes with `count`; send both or neither"))
        }
    }
}
