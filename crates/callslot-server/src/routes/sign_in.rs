//! Signing browsers in with a key or a code, signing them out, and making sign-in codes.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::{Extension, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use callslot_api::{ProblemCode as Code, Session, SessionKey, SignIn, SignInCode};
use callslot_core::Timestamp;
use callslot_store::{Audited, AuditedChange, CatalogueChange, Seen, Store};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::browser_sessions::{BrowserSession, shown_at};
use crate::auth::cookies::CookieScope;
use crate::auth::csrf::{CameFrom, cross_site};
use crate::auth::known_key::KnownKey;
use crate::auth::roles::{Authenticated, session};
use crate::connection::peer::{Channel, Peer};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::{Refusals, SESSIONS};
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    (
        "sign_in",
        &[
            Code::Unauthenticated,
            Code::KeyExpired,
            Code::CrossSite,
            Code::InvalidField,
            Code::RateLimited,
            Code::Overloaded,
            Code::StoreFailed,
            Code::ShuttingDown,
        ],
    ),
    ("read_session", &[]),
    (
        "sign_out",
        &[
            Code::Unauthenticated,
            Code::Forbidden,
            Code::CrossSite,
            Code::InvalidField,
            Code::RateLimited,
            Code::Overloaded,
            Code::StoreFailed,
            Code::ShuttingDown,
        ],
    ),
    ("create_code", &[]),
];

/// For answers that must not be stored anywhere.
const NO_STORE: (HeaderName, HeaderValue) = (CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// Sign a browser in
///
/// The answer sets the cookie `callslot_session`, which grants the key's access for 7 days. Any previous session of the
/// browser ends. At most 100 browsers can be signed in with one key; the next one signs out the oldest. With the cookie, any
/// request other than GET and HEAD must come from a page of this server.
#[utoipa::path(post, path = "/v1/session", tag = SESSIONS, security(()), request_body = SignIn,
    responses((status = 200, description = "Who is signed in", body = Session,
        headers(("set-cookie" = String, description = "The cookie, for the browser only"),
            ("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    came_from: CameFrom,
    scope: CookieScope,
    Extension(Peer { address, channel, .. }): Extension<Peer>,
    headers: HeaderMap,
    _: NoParams,
    Json(sign_in): Json<SignIn>,
) -> Result<([(HeaderName, HeaderValue); 2], JsonBody<Session>), Refusal> {
    // Otherwise another site could sign a browser in under its own key and see what the user does.
    if came_from == CameFrom::Elsewhere {
        return Err(cross_site());
    }
    let (known, refusal) = match (&sign_in.key, &sign_in.code) {
        (Some(secret), None) => (
            app.keys.find(secret).map(|known| (known, None)),
            "this key is unknown or revoked; an admin creates one with `callslot key create NAME ROLE`",
        ),
        (None, Some(code)) => (
            app.codes.take(code, app.node.lived()),
            "this code is unknown, already used or expired; `callslot dashboard` prints a new link, or sign in with a key",
        ),
        (None, None) | (Some(_), Some(_)) => {
            return Err(Refusal::invalid_field(
                "key",
                "send either `key`, the secret of an API key, or `code`, a one-time code",
            ));
        }
    };
    let Some((known, ends_by)) = known else {
        app.keys.note_failure(address)?;
        return Err(Refusal::new(Code::Unauthenticated, refusal));
    };
    known.check_end()?;
    known.note_use()?;
    let before = session(&headers, channel == Channel::OurTls, &app.keys, app.node.lived());
    let (keeping, now) = (Arc::clone(&app), app.now());
    let signed_in = app.node.in_store(move |store| {
        keeping.keys.sign_in(store, &known, ends_by, before.as_deref(), now)
    });
    let Some((token, signed_in)) = signed_in.await? else {
        return Err(Refusal::new(Code::Unauthenticated, refusal));
    };
    let json = session_json(&signed_in.known, Some(&signed_in), now);
    Ok(([(SET_COOKIE, scope.keep(&token)), NO_STORE], JsonBody(json)))
}

/// Read who is signed in, and until when
///
/// The role, the organisation, and for a browser when its session ends.
#[utoipa::path(get, path = "/v1/session", tag = SESSIONS, security(("key" = ["viewer"])),
    responses((status = 200, description = "The key, what it may do, and when the session ends", body = Session,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn read_session(
    State(app): State<Arc<App>>,
    caller: Authenticated,
    _: NoParams,
) -> ([(HeaderName, HeaderValue); 1], JsonBody<Session>) {
    ([NO_STORE], JsonBody(session_json(&caller.known, caller.session.as_deref(), app.now())))
}

/// How to sign out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignOutParams {
    /// Whether to end every session of the key, and its codes
    everywhere: Option<bool>,
}

/// Sign a browser out
///
/// Ends the cookie's session and removes the cookie; without a session, nothing changes. To end all sessions of a key, send
/// the key or one of its sessions.
#[utoipa::path(delete, path = "/v1/session", tag = SESSIONS, security(()), params(SignOutParams),
    responses((status = 204, description = "Signed out",
        headers(("set-cookie" = String, description = "Removes the cookie")))))]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Result<Authenticated, Refusal>,
    scope: CookieScope,
    Params(params): Params<SignOutParams>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Refusal> {
    let ending = Arc::clone(&app);
    match (caller, params.everywhere.unwrap_or_default()) {
        (Ok(caller), true) => {
            app.codes.forget(&caller.known, app.node.lived());
            let ended = app
                .node
                .in_store(move |store| ending.keys.sign_out_everywhere(store, &caller.known));
            ended.await?;
        }
        (Ok(Authenticated { session: Some(session), .. }), false) => {
            app.node.in_store(move |store| ending.keys.sign_out(store, &session)).await?;
        }
        // A key has no session of its own.
        (Ok(Authenticated { session: None, .. }), false) => {}
        // A browser without a session is already signed out.
        (Err(refusal), false) if refusal.code() == Code::Unauthenticated.as_str() => {}
        (Err(refusal), _) => return Err(refusal),
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, scope.remove())]))
}

/// Create a one-time sign-in code
///
/// It signs a browser in with the caller's key, once and within an hour: at the page `/sign-in#<code>` or with
/// `POST /v1/session`. It does not survive a restart. A session opened with a code that a session made ends when that one does.
#[utoipa::path(post, path = "/v1/session/codes", tag = SESSIONS, security(("key" = ["viewer"])),
    responses((status = 201, description = "The code, which is only in this answer", body = SignInCode,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn create_code(
    State(app): State<Arc<App>>,
    caller: Authenticated,
    _: NoParams,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], JsonBody<SignInCode>), Refusal> {
    let now = app.now();
    let (actor, key) = (caller.actor(), &caller.known.key);
    let change = AuditedChange::SignInCode { key: key.id.clone() };
    let entry = Audited { at: now.0, org: key.org.clone(), actor, change, event: None };
    let keep = move |store: &dyn Store| store.change_catalogue(CatalogueChange::Nothing, &entry);
    app.node.in_store(keep).await?;
    // Otherwise a session could renew itself without end.
    let ends_by = caller.session.map(|session| session.stored.expires_at);
    let (code, expires_at) = app.codes.make(&caller.known, ends_by, now.1);
    let json = SignInCode { code, expires_at: convert::time(shown_at(expires_at, now)) };
    Ok((StatusCode::CREATED, [NO_STORE], JsonBody(json)))
}

fn session_json(
    known: &KnownKey,
    signed_in: Option<&BrowserSession>,
    now: (Timestamp, Seen),
) -> Session {
    let key = &known.key;
    Session {
        role: convert::role(key.role),
        key: SessionKey { id: key.id.clone(), name: key.name.clone() },
        org: key.org.as_ref().map(ToString::to_string),
        expires_at: signed_in.map(|signed_in| {
            let (session, secret) = (signed_in.shown_end(now), known.end());
            convert::time(secret.map_or(session, |end| end.min(session)))
        }),
    }
}
