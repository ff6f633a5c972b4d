//! Authentication and roles: who sent a request, what they may do, and in which organisation.
//!
//! A handler names the lowest role that may call it by taking one of the extractors here as an argument, such as
//! [`MayRead`] or [`MayConfigure`]. Its `security` says the same in the OpenAPI document; tests compare the two. The keys themselves
//! are in `key_ring.rs`.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};
use callslot_api::ProblemCode as Code;
use callslot_core::{Actor, ActorKind, OrgId};
use callslot_store::{ApiKey, Role, Seen};

use crate::auth::browser_sessions::BrowserSession;
use crate::auth::cookies::tokens;
use crate::auth::csrf::{CameFrom, cross_site};
use crate::auth::key_ring::{Credential, HasKeys, KeyRing};
use crate::auth::known_key::KnownKey;
use crate::connection::peer::{Peer, is_our_tls};
use crate::extract::field::checked_id;
use crate::extract::headers::single;
use crate::refusal::Refusal;

/// The header with which an operator names the organisation to act in.
const ORG_HEADER: HeaderName = HeaderName::from_static("callslot-org");

/// May read in an organisation.
pub(crate) struct MayRead(pub(crate) OrgId);
/// May start and end calls in an organisation.
pub(crate) struct MayRunCalls(pub(crate) OrgId);
/// The same, with its credential: for a client that stays connected, which may lose it meanwhile, or whose key is noted.
pub(crate) struct MayStream(pub(crate) Credential, pub(crate) OrgId);
/// May change an organisation's settings, with who that is.
pub(crate) struct MayConfigure(pub(crate) Arc<Actor>, pub(crate) OrgId);
/// May change plans and organisations, with who that is.
pub(crate) struct MayOperate(pub(crate) Arc<Actor>);
/// An admin of an organisation, or an operator, who may name one.
pub(crate) struct MayManageKeys(pub(crate) Authenticated);
/// Any valid key, and the organisation it acts in, if that is known.
pub(crate) struct Authenticated {
    pub(crate) known: Arc<KnownKey>,
    /// The key's organisation, or the one an operator names.
    pub(crate) org: Option<OrgId>,
    /// The browser's session; `None` if the key itself was sent.
    pub(crate) session: Option<Arc<BrowserSession>>,
}

impl<S: HasKeys + Sync> FromRequestParts<S> for Authenticated {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let keys = state.keys();
        let (known, session) = match bearer(&parts.headers)? {
            Some(secret) => (keys.find(secret), None),
            None => match session(&parts.headers, is_our_tls(parts), keys, state.lived()) {
                Some(session) => (Some(Arc::clone(&session.known)), Some(session)),
                None => (None, None),
            },
        };
        let Some(known) = known else {
            if let Some(Peer { address, .. }) = parts.extensions.get() {
                keys.note_failure(*address)?;
            }
            return Err(unauthenticated(parts));
        };
        let is_safe = matches!(parts.method, Method::GET | Method::HEAD);
        if session.is_some() && !is_safe && CameFrom::of(parts) != CameFrom::OurPage {
            return Err(cross_site());
        }
        known.check_end()?;
        known.note_use()?;
        let org = acting_org(parts, &known.key)?;
        let authenticated = Self { known, org, session };
        // It pays for the body, which is read after this, and must still be valid then.
        parts.extensions.insert(authenticated.credential());
        Ok(authenticated)
    }
}

/// The secret in the header `authorization`, empty if it is malformed. `None` if there is no such header, or one with another
/// scheme, which a browser may send for a reverse proxy.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = single(headers, &AUTHORIZATION)? else {
        return Ok(None);
    };
    let value = value.to_str().unwrap_or("bearer");
    let (scheme, secret) = value.split_once(' ').unwrap_or((value, ""));
    Ok(scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim()))
}

/// The session that a browser presents, if it has not ended.
pub(crate) fn session(
    headers: &HeaderMap,
    is_our_tls: bool,
    keys: &KeyRing,
    lived: Seen,
) -> Option<Arc<BrowserSession>> {
    tokens(headers, is_our_tls).find_map(|token| keys.session(token, lived))
}

/// Refuses a client whose key was revoked or has expired, or whose browser signed out, while it waited.
pub(crate) fn no_longer_valid(Credential { known, .. }: &Credential) -> Refusal {
    let revoked = || {
        Refusal::new(
            Code::Unauthenticated,
            "the key was revoked, or the browser signed out, while this request waited; send a valid key",
        )
    };
    known.check_end().err().unwrap_or_else(revoked)
}

fn unauthenticated(parts: &Parts) -> Refusal {
    let headers = &parts.headers;
    if matches!(bearer(headers), Ok(None)) && tokens(headers, is_our_tls(parts)).next().is_some() {
        return Refusal::new(
            Code::Unauthenticated,
            "this session has ended; sign in again with a key, or with a link that `callslot dashboard` prints",
        );
    }
    Refusal::new(
        Code::Unauthenticated,
        "send a valid key as `authorization: Bearer <key>`; an admin creates one with `callslot key create NAME ROLE`",
    )
}

/// The organisation a request acts in: the key's own, or the one an operator names.
fn acting_org(parts: &Parts, key: &ApiKey) -> Result<Option<OrgId>, Refusal> {
    let Some(named) = single(&parts.headers, &ORG_HEADER)? else {
        return Ok(key.org.clone());
    };
    let named: OrgId = checked_id(ORG_HEADER.as_str(), &String::from_utf8_lossy(named.as_bytes()))?;
    match &key.org {
        Some(own) if *own != named => Err(Refusal::new(
            Code::Forbidden,
            "this key belongs to another organisation; omit the header `callslot-org`",
        )),
        Some(_) | None => Ok(Some(named)),
    }
}

impl Authenticated {
    /// The organisation to act in, if the key has at least this role.
    pub(crate) fn acting_as(self, least: Role) -> Result<OrgId, Refusal> {
        self.check_role(least)?;
        self.org.ok_or_else(|| {
            Refusal::new(
                Code::OrgNotNamed,
                "an operator key does not belong to an organisation; name the one to act in with the header `callslot-org`",
            )
        })
    }

    /// The caller as the one who makes a change.
    pub(crate) fn actor(&self) -> Arc<Actor> {
        let kind = if self.session.is_some() { ActorKind::Session } else { ActorKind::Key };
        let ApiKey { id, name, .. } = &self.known.key;
        Arc::new(Actor { kind, id: id.as_str().into(), name: name.as_str().into() })
    }

    /// What the caller was authenticated with.
    pub(crate) fn credential(&self) -> Credential {
        Credential { known: Arc::clone(&self.known), session: self.session.clone() }
    }

    pub(crate) fn check_role(&self, least: Role) -> Result<(), Refusal> {
        let own = self.known.key.role;
        if own >= least {
            return Ok(());
        }
        Err(Refusal::new(
            Code::Forbidden,
            format!("this key has the role {}; this needs {}", own.as_str(), least.as_str()),
        ))
    }
}

macro_rules! role_extractor {
    ($extractor:ident, $role:ident) => {
        impl<S: HasKeys + Sync> FromRequestParts<S> for $extractor {
            type Rejection = Refusal;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
                Authenticated::from_request_parts(parts, state)
                    .await?
                    .acting_as(Role::$role)
                    .map(Self)
            }
        }
    };
}

role_extractor!(MayRead, Viewer);
role_extractor!(MayRunCalls, Engine);

impl<S: HasKeys + Sync> FromRequestParts<S> for MayConfigure {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let caller = Authenticated::from_request_parts(parts, state).await?;
        let actor = caller.actor();
        Ok(Self(actor, caller.acting_as(Role::Admin)?))
    }
}

impl<S: HasKeys + Sync> FromRequestParts<S> for MayStream {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let caller = Authenticated::from_request_parts(parts, state).await?;
        let credential = caller.credential();
        Ok(Self(credential, caller.acting_as(Role::Engine)?))
    }
}

impl<S: HasKeys + Sync> FromRequestParts<S> for MayManageKeys {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let caller = Authenticated::from_request_parts(parts, state).await?;
        caller.check_role(Role::Admin)?;
        Ok(Self(caller))
    }
}

impl<S: HasKeys + Sync> FromRequestParts<S> for MayOperate {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let caller = Authenticated::from_request_parts(parts, state).await?;
        caller.check_role(Role::Operator)?;
        Ok(Self(caller.actor()))
    }
}
