//! Who asks: keys, their roles, and the organisation a request acts in.
//!
//! Only hashes of secrets are kept, here and in the store. A handler names the least role that may call it by taking
//! [`Reader`], [`Engine`], [`Admin`] or [`Operator`] as an argument.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use callslot_api::ProblemCode as Code;
use callslot_core::{OrgId, Timestamp};
use callslot_node::wall_now;
use callslot_store::{ApiKey, Role, Store, StoreError};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::connection::Pulse;
use crate::limits::{FAILED_SIGN_INS, REMEMBERED_ADDRESSES};
use crate::refusal::Refusal;

/// The header with which an operator names the organisation to act in.
const ORG_HEADER: &str = "callslot-org";

/// A key, ready to be used.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    limiter: Option<DefaultDirectRateLimiter>,
    /// When it was last used, in milliseconds since the epoch; 0 when not since the start.
    last_used_ms: AtomicU64,
}

/// All keys.
#[derive(Debug)]
pub(crate) struct Keys {
    /// By the first 8 bytes of the secret's hash.
    by_hash: RwLock<HashMap<[u8; 8], Arc<KnownKey>>>,
    failed: DefaultKeyedRateLimiter<IpAddr>,
    requests_per_second: u32,
}

impl Keys {
    pub(crate) fn new(requests_per_second: u32) -> Self {
        let (burst, per_second) = FAILED_SIGN_INS;
        let quota = Quota::per_second(nonzero(per_second)).allow_burst(nonzero(burst));
        Self { by_hash: RwLock::default(), failed: RateLimiter::keyed(quota), requests_per_second }
    }

    /// Reads all keys again. Blocks.
    pub(crate) fn load(&self, store: &dyn Store) -> Result<(), StoreError> {
        let keys = store.keys()?;
        let mut by_hash = self.by_hash.write().unwrap_or_else(PoisonError::into_inner);
        let mut known = std::mem::take(&mut *by_hash);
        *by_hash = keys
            .into_iter()
            .map(|key| {
                let place = prefix(&key.secret_sha256);
                let same = known.remove(&place).filter(|before| before.key.id == key.id);
                (place, same.unwrap_or_else(|| Arc::new(self.ready(key))))
            })
            .collect();
        Ok(())
    }

    fn ready(&self, key: ApiKey) -> KnownKey {
        let limiter = (self.requests_per_second > 0)
            .then(|| RateLimiter::direct(Quota::per_second(nonzero(self.requests_per_second))));
        KnownKey { key, limiter, last_used_ms: AtomicU64::new(0) }
    }

    /// The keys of one organisation, or all of them.
    pub(crate) fn list(&self, org: Option<&OrgId>) -> Vec<Arc<KnownKey>> {
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        let mut keys: Vec<_> = by_hash
            .values()
            .filter(|known| org.is_none() || known.key.org.as_ref() == org)
            .cloned()
            .collect();
        keys.sort_unstable_by(|a, b| a.key.id.cmp(&b.key.id));
        keys
    }

    /// Which keys were used since the start, and when.
    pub(crate) fn last_uses(&self) -> Vec<(String, Timestamp)> {
        let keys = self.list(None);
        let used = keys.iter().filter_map(|known| Some((known.key.id.clone(), known.last_used()?)));
        used.collect()
    }

    fn find(&self, secret: &str) -> Option<Arc<KnownKey>> {
        let hash = hash(secret);
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        let known = by_hash.get(&prefix(&hash))?;
        bool::from(known.key.secret_sha256.ct_eq(&hash)).then(|| Arc::clone(known))
    }

    /// Counts a failed sign-in, and refuses once there are too many from one address.
    fn note_failure(&self, peer: IpAddr) -> Result<(), Refusal> {
        if self.failed.len() > REMEMBERED_ADDRESSES {
            self.failed.retain_recent();
        }
        self.failed.check_key(&peer).map_err(|_| {
            Refusal::new(
                Code::RateLimited,
                "too many requests without a valid key came from this address; wait a second",
            )
        })
    }
}

impl KnownKey {
    /// When it was last used, as far as the store and this run know.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        match self.last_used_ms.load(Ordering::Relaxed) {
            0 => self.key.last_used_at,
            used => Some(Timestamp(used)),
        }
    }
}

/// SHA-256 of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn prefix(hash: &[u8; 32]) -> [u8; 8] {
    *hash.first_chunk().expect("a hash has 32 bytes")
}

fn nonzero(number: u32) -> std::num::NonZeroU32 {
    std::num::NonZeroU32::new(number).expect("rates are not zero")
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) pulse: Arc<Pulse>,
}

/// May read in an organisation.
pub(crate) struct Reader(pub(crate) OrgId);
/// May start and end calls in an organisation.
pub(crate) struct Engine(pub(crate) OrgId);
/// May change an organisation's settings.
pub(crate) struct Admin(pub(crate) OrgId);
/// May change plans and organisations.
pub(crate) struct Operator;
/// Any key: who it is, and where it acts if that is said.
pub(crate) struct Caller {
    pub(crate) known: Arc<KnownKey>,
    /// The key's organisation, or the one an operator names.
    pub(crate) org: Option<OrgId>,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let secret =
            parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(
                |value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")),
            );
        let Some(known) = secret.and_then(|secret| app.keys.find(secret.trim())) else {
            if let Some(Peer { address, .. }) = parts.extensions.get() {
                app.keys.note_failure(*address)?;
            }
            return Err(Refusal::new(
                Code::Unauthenticated,
                "send a valid key as `authorization: Bearer <key>`; an admin makes one with \
                 `callslot key create NAME ROLE`",
            ));
        };
        if known.limiter.as_ref().is_some_and(|limiter| limiter.check().is_err()) {
            return Err(Refusal::new(
                Code::RateLimited,
                format!(
                    "this key may make {} requests a second; wait a second, or spread the load over keys",
                    app.keys.requests_per_second
                ),
            ));
        }
        known.last_used_ms.store(wall_now().0, Ordering::Relaxed);
        let org = acting_org(parts, &known.key)?;
        Ok(Self { known, org })
    }
}

/// The organisation a request acts in: the key's own, or the one an operator names.
fn acting_org(parts: &Parts, key: &ApiKey) -> Result<Option<OrgId>, Refusal> {
    let Some(named) = parts.headers.get(ORG_HEADER) else {
        return Ok(key.org.clone());
    };
    let named = named.to_str().ok().and_then(|text| OrgId::parse(text).ok()).ok_or_else(|| {
        Refusal::invalid_field(
            ORG_HEADER,
            "the header `callslot-org` does not hold an organisation id",
        )
    })?;
    match &key.org {
        Some(own) if *own != named => Err(Refusal::new(
            Code::Forbidden,
            "this key belongs to another organisation; leave the header `callslot-org` out",
        )),
        Some(_) | None => Ok(Some(named)),
    }
}

impl Caller {
    /// The organisation to act in, if the key has at least this role.
    fn acting_as(self, least: Role) -> Result<OrgId, Refusal> {
        self.check_role(least)?;
        self.org.ok_or_else(|| {
            Refusal::new(
                Code::OrgNotNamed,
                "an operator key belongs to no organisation; name the one to act in with the header `callslot-org`",
            )
        })
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
        impl FromRequestParts<Arc<App>> for $extractor {
            type Rejection = Refusal;

            async fn from_request_parts(
                parts: &mut Parts,
                app: &Arc<App>,
            ) -> Result<Self, Refusal> {
                Caller::from_request_parts(parts, app).await?.acting_as(Role::$role).map(Self)
            }
        }
    };
}

role_extractor!(Reader, Viewer);
role_extractor!(Engine, Engine);
role_extractor!(Admin, Admin);

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        Caller::from_request_parts(parts, app).await?.check_role(Role::Operator)?;
        Ok(Self)
    }
}
