//! API keys: those of the caller's organisation, or all of them for an operator.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, StatusCode};
use callslot_api::{Key, KeyCreate, Page, ProblemCode as Code, id};
use callslot_node::wall_now;
use callslot_store::{ApiKey, Role};

use crate::actions::orgs::check_exists;
use crate::auth::key_ring::{Added, Revoked};
use crate::auth::known_key::{KnownKey, hash};
use crate::auth::limits::MAX_KEYS_PER_ORG;
use crate::auth::roles::MayManageKeys;
use crate::auth::secrets::{new_id, new_secret};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::field::name;
use crate::extract::pagination::{List, PageParams};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_keys", &[]),
    ("create_key", &[Code::TooManyKeys]),
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
/// The answer is the only one that shows the secret.
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
    let secret = new_secret(role);
    let key = ApiKey {
        id: new_id("key"),
        org,
        name: name("name", &create.name)?.to_string(),
        role,
        secret_sha256: hash(&secret),
        created_at: wall_now(),
        last_used_at: None,
    };
    let (id, adding) = (key.id.clone(), Arc::clone(&app));
    if app.node.in_store(move |store| adding.keys.add(store, &key)).await? == Added::TooMany {
        let refusal = Refusal::new(
            Code::TooManyKeys,
            format!(
                "the organisation has {MAX_KEYS_PER_ORG} keys, which is the most that one may have; revoke those that nobody uses \
                 with DELETE /v1/keys/{{id}}"
            ),
        );
        return Err(refusal.number("max_keys", MAX_KEYS_PER_ORG as u64));
    }
    let made = app.keys.list(None).into_iter().find(|known| known.key.id == id);
    let made = made.ok_or_else(|| {
        Refusal::new(
            Code::UnknownOrg,
            "the organisation has been deleted in the meantime; no key was created",
        )
    })?;
    let headers = [(CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, headers, JsonBody(key_json(&made, Some(secret)))))
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
    let (org, revoking) = (caller.org, Arc::clone(&app));
    let revoked =
        app.node.in_store(move |store| revoking.keys.revoke(store, org.as_ref(), &id)).await?;
    match revoked {
        Revoked::Done => Ok(StatusCode::NO_CONTENT),
        Revoked::Unknown => {
            Err(Refusal::new(Code::UnknownKey, "there is no such key; GET /v1/keys lists them"))
        }
        Revoked::LastOperator => Err(Refusal::new(
            Code::KeyInUse,
            "this is the last operator key; create another one before revoking it",
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
    }
}
