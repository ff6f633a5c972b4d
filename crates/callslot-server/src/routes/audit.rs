//! The audit: who changed what, and how a change of reservations is put back.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::HeaderMap;
use callslot_api::{AuditAction, AuditEntry, Page, Pool, ProblemCode as Code, Time, id};
use callslot_core::{Former, Rejection, Timestamp};
use callslot_node::SubmitError;
use callslot_store::{AuditFilter, AuditedChange};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::actions::orgs::check_exists;
use crate::actions::reservations::set_reservations;
use crate::auth::roles::{MayConfigure, MayManageKeys};
use crate::convert;
use crate::extract::body::NoBody;
use crate::extract::etag::{Versioned, version_wanted, versioned};
use crate::extract::pagination::{List, bad_cursor, page_limit};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_audit", &[]),
    (
        "revert_audit_entry",
        &[
            Code::UnknownAuditEntry,
            Code::CannotRevert,
            Code::ReservationsExceedLimit,
            Code::ReservationsExceedCap,
            Code::VersionMismatch,
        ],
    ),
];

/// The longest id of anything that is changed.
const MAX_OBJECT_CHARS: usize = 128;
/// The longest id of who changes something.
const MAX_ACTOR_CHARS: usize = 64;

/// Which changes to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParams {
    /// Only this, such as `reservations.changed`.
    #[param(inline)]
    action: Option<AuditAction>,
    /// Only what the actor with this id did: a key, also with browsers, or a part of the server.
    #[param(value_type = Option<id::KeyId>)]
    actor: Option<String>,
    /// `false`: only what people and programs did, and not the server itself.
    system: Option<bool>,
    /// Only what was done to this: the id of an agent, gate, key, plan, webhook or organisation, or a call type.
    #[param(min_length = 1, max_length = 128)]
    object: Option<String>,
    /// Only changes at this time or later.
    from: Option<Time>,
    /// Only changes before this time.
    to: Option<Time>,
    /// The maximum number of items: 1 to 1,000, 100 by default.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
    /// Where to continue: `next` of the previous page.
    #[param(pattern = "^([0-9a-f][0-9a-f])+$")]
    cursor: Option<String>,
}

/// List changes, with who made them
///
/// Newest first, up to 13 months back. An operator who names no organisation sees those of all, and changes of plans and of operators'
/// keys. What changed a moment ago may take a second to appear.
#[utoipa::path(get, path = "/v1/audit", tag = "Audit", security(("key" = ["admin"])), params(AuditParams),
    responses((status = 200, description = "A page of changes", body = Page<AuditEntry>)))]
pub(crate) async fn list_audit(
    State(app): State<Arc<App>>,
    MayManageKeys(caller): MayManageKeys,
    Params(params): Params<AuditParams>,
) -> Result<JsonBody<Page<AuditEntry>>, Refusal> {
    let limit = page_limit(params.limit)?;
    if let Some(org) = &caller.org {
        check_exists(&app.node, org).await?;
    }
    let length = params.object.as_ref().map_or(1, |object| object.chars().count());
    if !(1..=MAX_OBJECT_CHARS).contains(&length) {
        let detail =
            format!("`object` has {length} characters; it must have 1 to {MAX_OBJECT_CHARS}");
        return Err(Refusal::invalid_field("object", detail));
    }
    let is_known = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    let is_id = |id: &String| (1..=MAX_ACTOR_CHARS).contains(&id.len()) && id.chars().all(is_known);
    if !params.actor.as_ref().is_none_or(is_id) {
        let detail =
            "`actor` is no id of a key or of a part of the server; GET /v1/keys lists keys";
        return Err(Refusal::invalid_field("actor", detail));
    }
    let before = params.cursor.as_deref().map(|at| List::Audit.place(at).ok_or_else(bad_cursor));
    let filter = AuditFilter {
        org: caller.org,
        action: params.action.map(|action| action.as_str().to_owned()),
        actor: params.actor,
        is_without_system: params.system == Some(false),
        object: params.object,
        from: params.from.map(|at| Timestamp(at.0)),
        to: params.to.map(|at| Timestamp(at.0)),
        before: before.transpose()?,
    };
    let page = app.node.in_store(move |store| store.audit(&filter, limit)).await?;
    let items = page.entries.iter().map(|(seq, entry)| convert::audit::entry(*seq, entry));
    let next = page.next.map(|before| List::Audit.cursor(before));
    Ok(JsonBody(Page { items: items.collect(), next }))
}

/// Put a change of reservations back
///
/// Gives the agents whose reservations this change replaced what they had before it, as a new change, whatever happened since. It is refused
/// if that does not fit now.
#[utoipa::path(post, path = "/v1/audit/{seq}/revert", tag = "Audit", security(("key" = ["admin"])),
    params(("seq" = u64, Path, description = "The number of the change"),
        ("if-match" = Option<String>, Header, nullable = false, pattern = r#"^([*]|(W/)?"(0|[1-9][0-9]{0,18})")$"#, description = "Only if the reservations still have this `ETag`")),
    responses((status = 200, description = "The current pool", body = Pool,
        headers(("etag" = String, description = "The reservations' version, for `if-match`")))))]
pub(crate) async fn revert_audit_entry(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(seq): PathId<u64>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Versioned<Pool>, Refusal> {
    let version = version_wanted(&headers)?;
    let found = app.node.in_store(move |store| store.audited(seq)).await?;
    let found = found.filter(|entry| entry.org.as_ref() == Some(&org));
    let entry = found.ok_or_else(|| {
        let detail = format!("the audit has no change {seq}; GET /v1/audit lists them");
        Refusal::new(Code::UnknownAuditEntry, detail)
    })?;
    let action = entry.action();
    let AuditedChange::Logged { former: Some(Former::Reservations { reservations, .. }), .. } =
        entry.change
    else {
        let detail = format!(
            "change {seq} is `{action}`; only `reservations.changed` can be put back so, make other changes anew"
        );
        return Err(Refusal::new(Code::CannotRevert, detail));
    };
    let set = set_reservations(&app.node, (actor, &org), reservations, version).await;
    let pool = set.map_err(|error| match error {
        SubmitError::Refused(Rejection::UnknownAgent { agent }) => Refusal::new(
            Code::CannotRevert,
            format!(
                "agent {agent}, whose reservations change {seq} replaced, has been deleted since"
            ),
        ),
        SubmitError::Refused(_) | SubmitError::Unavailable(_) => error.into(),
    })?;
    Ok(versioned(pool.version, pool))
}
