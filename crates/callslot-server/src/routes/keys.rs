//! API keys: those of the caller's organisation, or all of them for an operator.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, StatusCode};
use callslot_api::limits::{DEFAULT_KEY_GRACE_S, KEY_LASTS_S, MAX_KEY_GRACE_S};
use callslot_api::{Key, KeyCreate, KeyRotate, Page, ProblemCode as Code, Time, id};
use callslot_core::Timestamp;
use callslot_node::wall_now;
use callslot_store::{ApiKey, Role};

use crate::actions::orgs::check_exists;
use crate::auth::key_ring::{Added, Revoked, Rotated, Rotation};
use crate::auth::known_key::{KnownKey, hash};
use crate::auth::limits::MAX_KEYS_PER_ORG;
use crate::auth::roles::MayManageKeys;
use crate::auth::secrets::{new_id, new_secret};
use crate::convert;
use crate::extract::body::{Json, OptionalJson};
use crate::extract::field::{in_range, name};
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::first_start::GIVEN_OPERATOR_KEY;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_keys", &[]),
    ("create_key", &[Code::TooManyKeys]),
    ("rotate_key", &[Code::UnknownKey, Code::KeyInUse]),
    ("revoke_key", &[Code::UnknownKey, Code::KeyInUse]),
];

/// List keys
///
/// Never with their secrets. An operator who names no organisation sees the keys of all.
#[utoipa::path(get, path = "/v1/keys", tag = "Keys", security(("key" = ["admin"])), params(PageParams),
    responses((status = 200, description = "A page of keys, without their secrets", body = Page<Key>)))]
pub(crate) async fn list_keys(
    State(app): State<Arc<App>>,
    MayManageKeys(caller): MayManageKeys,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Key>>, Refusal> {
    let page = params.of(List::Keys)?;
    let keys = app.keys.list(caller.org.as_ref());
    Ok(JsonBody(page.take(keys, |known| known.key.id.as_str(), |known| key_json(&known, None))))
}

/// Create a key
///
/// The answer is the only one that shows the secret. A key that expires is refused from then on, with the code `key_expired`.
#[utoipa::path(post, path = "/v1/keys", tag = "Keys", security(("key" = ["admin"])), request_body = KeyCreate,
    responses((status = 201, description = "The key; its secret is only in this answer", body = Key,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn create_key(
    State(app): State<Arc<App>>,
    MayManageKeys(caller): MayManageKeys,
    _: NoParams,
    Json(create): Json<KeyCreate>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], JsonBody<Key>), Refusal> {
    let role = convert::core_role(create.role);
    caller.check_role(role)?;
    let by = caller.actor();
    let org = match (role, caller.org) {
        (Role::Operator, _) => None,
        (Role::Viewer | Role::Engine | Role::Admin, Some(org)) => {
            check_exists(&app.node, &org).await?;
            Some(org)
        }
        (Role::Viewer | Role::Engine | Role::Admin, None) => {
            return Err(Refusal::new(
                Code::OrgNotNamed,
                "a key of this role belongs to an organisation; name it with the header `callslot-org`",
            ));
        }
    };
    let now = wall_now();
    let expires_at = end_of(create.expires_at, create.expires_in_s, now)?;
    let secret = new_secret(role);
    let key = ApiKey {
        id: new_id("key"),
        org,
        name: name("name", &create.name)?.to_string(),
        role,
        secret_sha256: hash(&secret),
        created_at: now,
        last_used_at: None,
        expires_at,
        old_secret: None,
    };
    let (id, adding) = (key.id.clone(), Arc::clone(&app));
    if app.node.in_store(move |store| adding.keys.add(store, &key, &by)).await? == Added::TooMany {
        let refusal = Refusal::new(
            Code::TooManyKeys,
            format!(
                "the organisation has {MAX_KEYS_PER_ORG} keys, which is the most that one may have; revoke those that nobody uses \
                 with DELETE /v1/keys/{{id}}"
            ),
        );
        return Err(refusal.number("max_keys", MAX_KEYS_PER_ORG as u64));
    }
    let made = app.keys.with_id(None, &id).ok_or_else(|| {
        Refusal::new(
            Code::UnknownOrg,
            "the organisation has been deleted in the meantime; no key was created",
        )
    })?;
    let headers = [(CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, headers, JsonBody(key_json(&made, Some(secret)))))
}

/// Rotate a key
///
/// Gives it a new secret, which only this answer shows. The secret before goes on working for `grace_s`, with its streams and signed-in
/// browsers; a browser that asks for this stays signed in. What the key may do and how often stays the same, for both secrets together.
#[utoipa::path(post, path = "/v1/keys/{id}/rotate", tag = "Keys", security(("key" = ["admin"])),
    params(("id" = id::KeyId, Path, description = "The key's id")), request_body = Option<KeyRotate>,
    responses((status = 200, description = "The key; its new secret is only in this answer", body = Key,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn rotate_key(
    State(app): State<Arc<App>>,
    MayManageKeys(caller): MayManageKeys,
    _: NoParams,
    PathId(id): PathId<String>,
    OptionalJson(rotate): OptionalJson<KeyRotate>,
) -> Result<([(HeaderName, &'static str); 1], JsonBody<Key>), Refusal> {
    let now = app.now();
    let grace_s = rotate.grace_s.unwrap_or(DEFAULT_KEY_GRACE_S);
    let grace_s = in_range("grace_s", grace_s, (0, MAX_KEY_GRACE_S))?;
    let expires_at = end_of(rotate.expires_at, rotate.expires_in_s, now.0)?;
    let before = app.keys.with_id(caller.org.as_ref(), &id).ok_or_else(unknown_key)?;
    if id == GIVEN_OPERATOR_KEY {
        return Err(Refusal::new(
            Code::KeyInUse,
            "this key's secret is in the server's settings, which would put it back at the next start; change CALLSLOT_OPERATOR_KEY and restart the server",
        ));
    }
    let secret = new_secret(before.key.role);
    let rotation = Rotation {
        secret_sha256: hash(&secret),
        old_until: Timestamp(now.0.0 + grace_s * 1000),
        expires_at,
    };
    let rotating = Arc::clone(&app);
    let rotated = app.node.in_store(move |store| {
        let (org, asking) = (caller.org.as_ref(), caller.session.as_deref());
        let by = (&caller.actor(), asking);
        rotating.keys.rotate(store, (org, &id), rotation, by, now)
    });
    match rotated.await? {
        Rotated::Done(known) => {
            Ok(([(CACHE_CONTROL, "no-store")], JsonBody(key_json(&known, Some(secret)))))
        }
        Rotated::Unknown => Err(unknown_key()),
        Rotated::Expired(end) => Err(Refusal::invalid_field(
            "expires_in_s",
            format!(
                "the key expired at {}; say in `expires_in_s` or `expires_at` when it expires next",
                convert::time(end)
            ),
        )),
        Rotated::InGrace(until) => Err(Refusal::new(
            Code::KeyInUse,
            format!(
                "the secret before this key's own works until {}, as its last rotation promised; rotate it after that, or end both now with `grace_s` 0",
                convert::time(until)
            ),
        )),
        Rotated::LastOperator => Err(Refusal::new(
            Code::KeyInUse,
            "this is the last operator key that does not expire; create another one before this one gets an end",
        )),
    }
}

/// Revoke a key
///
/// The key stops working at once, and browsers that signed in with it are signed out.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "Keys", security(("key" = ["admin"])),
    params(("id" = id::KeyId, Path, description = "The key's id")),
    responses((status = 204, description = "The key is revoked")))]
pub(crate) async fn revoke_key(
    State(app): State<Arc<App>>,
    MayManageKeys(caller): MayManageKeys,
    _: NoParams,
    PathId(id): PathId<String>,
) -> Result<StatusCode, Refusal> {
    let (by, now, revoking) = (caller.actor(), wall_now(), Arc::clone(&app));
    let revoked = app
        .node
        .in_store(move |store| revoking.keys.revoke(store, (caller.org.as_ref(), &id), &by, now));
    let revoked = revoked.await?;
    match revoked {
        Revoked::Done => Ok(StatusCode::NO_CONTENT),
        Revoked::Unknown => Err(unknown_key()),
        Revoked::LastOperator => Err(Refusal::new(
            Code::KeyInUse,
            "this is the last operator key that does not expire; create another one before revoking it",
        )),
    }
}

fn unknown_key() -> Refusal {
    Refusal::new(Code::UnknownKey, "there is no such key; GET /v1/keys lists them")
}

/// When a key is to expire, if that is said, in one of the two ways.
fn end_of(
    at: Option<Time>,
    in_s: Option<u64>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let (least, most) = KEY_LASTS_S;
    match (at, in_s) {
        (None, None) => Ok(None),
        (None, Some(in_s)) => {
            let in_s = in_range("expires_in_s", in_s, KEY_LASTS_S)?;
            Ok(Some(Timestamp(now.0 + in_s * 1000)))
        }
        (Some(Time(at)), None) if (now.0 + least * 1000..=now.0 + most * 1000).contains(&at) => {
            Ok(Some(Timestamp(at)))
        }
        (Some(at), None) => Err(Refusal::invalid_field(
            "expires_at",
            format!(
                "`expires_at` is {at}; it must be at least {least} s and at most {} days from now, which is {}",
                most / 86_400,
                convert::time(now)
            ),
        )),
        (Some(_), Some(_)) => Err(Refusal::invalid_field(
            "expires_at",
            "`expires_at` and `expires_in_s` are both there; send one of them",
        )),
    }
}

fn key_json(known: &KnownKey, secret: Option<String>) -> Key {
    let key = &known.key;
    Key {
        id: key.id.clone(),
        name: key.name.clone(),
        role: convert::role(key.role),
        org: key.org.as_ref().map(ToString::to_string),
        secret,
        created_at: convert::time(key.created_at),
        last_used_at: known.last_used().map(convert::time),
        expires_at: key.expires_at.map(convert::time),
        old_secret_until: known.old_until().map(convert::time),
    }
}
