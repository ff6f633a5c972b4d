//! Leases: list, open, renew, reconcile, adopt calls, end.

use std::iter;
use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::{
    DEFAULT_LEASE_TTL_S, LEASE_TTL_S, MAX_ADOPTED_CALLS, MAX_COUNTED_CALLS, MAX_RECONCILED_CALLS,
    MAX_RECONCILED_PAGE,
};
use callslot_api::{
    BatchResult, CallBatchResults, Lease, LeaseAdopt, LeaseOpen, LeaseReconcile, LeaseReconciled,
    LeaseRenew, LeaseRenewed, LeaseStatus, Page, ProblemCode as Code, id,
};
use callslot_core::{
    AdoptCall, CallId, Command, LeaseId, LeaseSum, LeaseTime, NamedCalls, OpenLease, OrgCommand,
    ReconcileLease, Reconciling, Rejection, RenewLease,
};

use crate::actions::calls::{call_of, taken_on};
use crate::auth::roles::{MayRead, MayRunCalls, MayStream};
use crate::auth::secrets::new_id;
use crate::convert;
use crate::extract::body::{Json, OptionalJson};
use crate::extract::field::{at_most, checked_id, checked_ids, in_range, quoted};
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_leases", &[]),
    ("open_lease", &[Code::TooManyLeases]),
    ("renew_lease", &[Code::LeaseExpired]),
    (
        "reconcile_lease",
        &[Code::LeaseExpired, Code::ReconciliationLost, Code::ReconciliationTooLong],
    ),
    ("adopt_calls", &[Code::LeaseExpired]),
    ("end_lease", &[Code::LeaseExpired]),
];

/// List leases
///
/// The open leases of the organisation, a page at a time: who opened each, when it would run out, and how many calls it has.
#[utoipa::path(get, path = "/v1/leases", tag = "Leases", security(("key" = ["viewer"])), params(PageParams),
    responses((status = 200, description = "A page of leases, by id", body = Page<LeaseStatus>)))]
pub(crate) async fn list_leases(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<LeaseStatus>>, Refusal> {
    let page = params.of(List::Leases)?;
    let (after, most) = (page.after().map(str::to_owned), page.limit() + 1);
    // It goes through all leases.
    let turn = app.turns.to_read(&org).await;
    let leases = app.node.read(&org, move |found, now| {
        let _turn = turn;
        found.map(|found| found.open_leases(after.as_deref(), most, now))
    });
    let leases = leases.await?.ok_or(Rejection::UnknownOrg { org })?;
    Ok(JsonBody(page.take(leases, |lease| lease.id.as_str(), |lease| convert::lease(&lease))))
}

/// Open a lease
///
/// A process opens one lease for all its calls and renews it every third of `ttl_s`. When it expires, its calls end.
#[utoipa::path(post, path = "/v1/leases", tag = "Leases", security(("key" = ["engine"])), request_body = Option<LeaseOpen>,
    responses((status = 201, description = "The lease", body = Lease)))]
pub(crate) async fn open_lease(
    State(app): State<Arc<App>>,
    MayStream(credential, org): MayStream,
    _: NoParams,
    OptionalJson(open): OptionalJson<LeaseOpen>,
) -> Result<(StatusCode, JsonBody<Lease>), Refusal> {
    let ttl_s = in_range("ttl_s", open.ttl_s.unwrap_or(DEFAULT_LEASE_TTL_S), LEASE_TTL_S)?;
    let lease = LeaseId::parse(&new_id("lease")).expect("ids made here are valid");
    let id = lease.to_string();
    let command = OpenLease { lease, ttl_ms: ttl_s * 1000, key: Some(credential.known.key_id()) };
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
/// Active calls of the lease that are not named end as `reconciled`, except those that started less than one TTL ago. Ids that are
/// not active calls of the lease are returned as `unknown`, with the reason: do not run these calls.
///
/// A long list comes in pages of up to 10,000 ids: all but the last with `"more":true`, each with the `next` of the answer before as its
/// `cursor`. They are decided when the last one is there. If the server has lost some, as after a restart, or no page has come for one
/// TTL, it ends nothing and answers `reconciliation_lost`: send all pages again. Without `cursor` the pages count as well, but
/// those of two clients can mix, and once pages were lost the next list ends nothing, unless it begins with the same page.
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
    let LeaseReconcile { active, more, cursor } = reconcile;
    at_most("active", "ids", active.len(), MAX_RECONCILED_CALLS)?;
    if more {
        at_most("active", "ids of a page", active.len(), MAX_RECONCILED_PAGE)?;
    }
    let cursor = cursor.as_deref().map(page_cursor).transpose()?;
    let active: Vec<CallId> = checked_ids("active", &active)?;
    let active = Arc::new(NamedCalls::from(active));
    let command = ReconcileLease { lease, active, more, cursor, rest: None };
    let (mut ended, mut unknown, mut next) = (Vec::new(), Vec::new(), None);
    match app.node.reconcile_lease(org, command).await? {
        Reconciling::Decided(reconciled) => {
            ended = reconciled.ended.iter().map(ToString::to_string).collect();
            unknown = reconciled.unknown.iter().map(convert::unknown_call).collect();
        }
        Reconciling::Kept { cursor } => next = Some(format!("{cursor:016x}")),
        Reconciling::Lost => {
            return Err(Refusal::new(
                Code::ReconciliationLost,
                "the server has forgotten the pages before this one, or has decided them already; nothing was ended: send all of them \
                 again, from the first one",
            ));
        }
    }
    Ok(JsonBody(LeaseReconciled { ended, unknown, next }))
}

/// What the answer to the page before had.
fn page_cursor(text: &str) -> Result<u64, Refusal> {
    let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(text, 16).ok().filter(|_| is_hex).ok_or_else(|| {
        Refusal::invalid_field(
            "cursor",
            "`cursor` must be the `next` of the answer to the page before",
        )
    })
}

/// Adopt live calls
///
/// Moves up to 1,000 calls to the lease, whatever their own is, and renews it: who carries on the calls of an engine that has
/// died becomes the one that holds them. Each call is decided on its own, in order and in one batch; one refused call
/// does not affect the others.
#[utoipa::path(post, path = "/v1/leases/{id}/adopt", tag = "Leases", security(("key" = ["engine"])), request_body = LeaseAdopt,
    params(("id" = id::LeaseId, Path, description = "The lease's id")),
    responses((status = 200, description = "The outcome of each call, in order", body = CallBatchResults)))]
pub(crate) async fn adopt_calls(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(lease): PathId<LeaseId>,
    Json(adopt): Json<LeaseAdopt>,
) -> Result<JsonBody<CallBatchResults>, Refusal> {
    at_most("calls", "ids", adopt.calls.len(), MAX_ADOPTED_CALLS)?;
    let row_of = |row: usize| format!("calls[{row}]");
    let rows = adopt.calls.iter().enumerate();
    let ids: Vec<Result<CallId, _>> = rows.map(|(row, id)| checked_id(&row_of(row), id)).collect();
    let adoptions = ids
        .iter()
        .flatten()
        .map(|call| OrgCommand::AdoptCall(AdoptCall { call: call.clone(), lease: lease.clone() }));
    // It says whether there is such a lease, whatever the calls are.
    let renewal = OrgCommand::RenewLease(RenewLease { lease: lease.clone(), sum: None });
    let commands = iter::once(renewal).chain(adoptions);
    let commands = commands.map(|command| Command::Org(org.clone(), command)).collect();
    let mut decisions = app.node.submit_all(commands).await?.into_iter();
    let mut decided = || decisions.next().expect("every command was decided");
    decided()?;
    let hours = app.node.gate_hours(&org);
    let mut results = Vec::with_capacity(ids.len());
    for (row, id) in ids.into_iter().enumerate() {
        let outcome = match id {
            Ok(call) => {
                let adopted = decided().map(call_of);
                let adopted = taken_on(&app.node, &org, call, adopted).await;
                adopted.map_err(|refusal| refusal.in_row(&row_of(row)))
            }
            Err(refusal) => Err(refusal),
        };
        results.push(match outcome {
            Ok(view) => BatchResult::Call(Box::new(convert::call_view(&view, &hours))),
            Err(refusal) => BatchResult::Error(refusal.into_problem()),
        });
    }
    Ok(JsonBody(CallBatchResults { results }))
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
    app.node.end_lease(org, lease).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The calls that the client believes are active: count and digest, or neither.
fn sum(renew: &LeaseRenew) -> Result<Option<LeaseSum>, Refusal> {
    match (renew.count, &renew.digest) {
        (None, None) => Ok(None),
        (Some(count), Some(digest)) => {
            in_range("count", count, (0, MAX_COUNTED_CALLS))?;
            let is_hex = digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            let number =
                u64::from_str_radix(digest, 16).ok().filter(|_| is_hex).ok_or_else(|| {
                    let detail =
                        format!("`digest` is {}; it must be 16 hexadecimal digits", quoted(digest));
                    Refusal::invalid_field("digest", detail)
                })?;
            Ok(Some(LeaseSum { count, digest: number }))
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
