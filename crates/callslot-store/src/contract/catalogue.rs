//! The contract of the catalogue: plans, API keys and browser sessions, which change too rarely to need a log. It knows no rules.

use std::collections::BTreeMap;

use callslot_core::{OrgId, PlanId, Timestamp};

use crate::contract::seen_time::Seen;
use crate::contract::store_error::StoreError;

/// A plan of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its name, for people.
    pub name: String,
    /// How many calls an organisation on it may have active at once.
    pub limit: u32,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Starts and ends calls too, and keeps leases.
    Engine,
    /// All of its organisation.
    Admin,
    /// All organisations and the plans.
    Operator,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Engine, Self::Admin, Self::Operator];

    /// The name in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Engine => "engine",
            Self::Admin => "admin",
            Self::Operator => "operator",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// The organisation it belongs to; none for an operator's key.
    pub org: Option<OrgId>,
    /// Its name, for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the secret.
    pub secret_sha256: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, accurate to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it grants nothing, by the clock; `None` if it never expires.
    pub expires_at: Option<Timestamp>,
    /// The secret that it had before, if that still works beside the new one or did so last.
    pub old_secret: Option<OldSecret>,
}

/// A secret that was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldSecret {
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// From when on it grants nothing, by the clock.
    pub until: Timestamp,
}

/// A browser that is signed in with a key, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token that the browser keeps.
    pub token_sha256: [u8; 32],
    /// The id of the key.
    pub key: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// For how long the server has run when it stops being valid.
    pub expires_at: Seen,
}

/// Plans, API keys and sessions: small tables, each change durable when the method returns.
pub trait Catalogue: Send + Sync {
    /// All plans, by id.
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError>;
    /// Creates or replaces a plan.
    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError>;
    /// Removes a plan; returns whether there was one.
    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError>;
    /// All keys, by id. Revoked keys are no longer there.
    fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;
    /// Creates or replaces a key. If the secret changes, and the one before is not kept as the old secret, the sessions of the key
    /// are removed.
    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError>;
    /// Removes a key and its sessions; returns whether there was one.
    fn delete_key(&self, id: &str) -> Result<bool, StoreError>;
    /// Notes when keys were last used.
    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError>;
    /// All sessions, including expired ones, by the hash of the token.
    fn sessions(&self) -> Result<Vec<Session>, StoreError>;
    /// Creates a session if its key exists; returns whether it does.
    fn put_session(&self, session: &Session) -> Result<bool, StoreError>;
    /// Removes the sessions with these hashes of tokens, if they exist.
    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError>;
}
