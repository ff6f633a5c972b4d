//! A key as the server knows it: its stored form, its rate limit, and when it was last used.
//!
//! Only hashes of secrets are kept, here and in the store.

use std::sync::atomic::{AtomicU64, Ordering};

use callslot_core::{KeyId, Timestamp};
use callslot_node::wall_now;
use callslot_store::ApiKey;
use sha2::{Digest, Sha256};

use crate::auth::rate_limit::CommandLimit;
use crate::refusal::Refusal;

/// A key, ready to be used.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    limit: CommandLimit,
    /// When it was last used, in milliseconds since the epoch; 0 if not since the start.
    last_used_ms: AtomicU64,
    /// The last use that the store knows, likewise.
    kept_use_ms: AtomicU64,
}

impl KnownKey {
    pub(super) fn new(key: ApiKey, limit: CommandLimit) -> Self {
        Self { key, limit, last_used_ms: AtomicU64::new(0), kept_use_ms: AtomicU64::new(0) }
    }

    /// Its id as the core keeps it.
    pub(crate) fn key_id(&self) -> KeyId {
        KeyId::kept(&self.key.id).expect("the id of a key is one")
    }

    /// Records a use, which counts as a command, unless the rate limit is exceeded.
    pub(crate) fn note_use(&self) -> Result<(), Refusal> {
        self.count_command()?;
        self.last_used_ms.store(wall_now().0, Ordering::Relaxed);
        Ok(())
    }

    /// Counts one more command of a use, unless the rate limit is exceeded.
    pub(crate) fn count_command(&self) -> Result<(), Refusal> {
        self.limit.check()
    }

    /// When it was last used, as far as the store and this run know.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        match self.last_used_ms.load(Ordering::Relaxed) {
            0 => self.key.last_used_at,
            used => Some(Timestamp(used)),
        }
    }

    /// The last use, if it is not stored yet.
    pub(super) fn use_to_keep(&self) -> Option<Timestamp> {
        let used = self.last_used_ms.load(Ordering::Relaxed);
        (used != self.kept_use_ms.load(Ordering::Relaxed)).then_some(Timestamp(used))
    }

    /// Records that this use is stored.
    pub(super) fn note_kept(&self, used: Timestamp) {
        self.kept_use_ms.store(used.0, Ordering::Relaxed);
    }
}

/// SHA-256 of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The part of a hash by which keys and sessions are found; the rest is compared in constant time.
pub(super) fn prefix(hash: &[u8; 32]) -> [u8; 8] {
    *hash.first_chunk().expect("a hash has 32 bytes")
}

#[cfg(test)]
pub(crate) mod tests {
    use callslot_core::OrgId;
    use callslot_store::Role;

    use super::*;

    /// A key whose secret is its id.
    pub(crate) fn key(id: &str, role: Role) -> ApiKey {
        ApiKey {
            id: id.into(),
            org: None,
            name: id.into(),
            role,
            secret_sha256: hash(id),
            created_at: Timestamp(1),
            last_used_at: None,
        }
    }

    /// The same as the server knows it, in this organisation.
    pub(crate) fn known_key(id: &str, org: Option<&str>, role: Role) -> KnownKey {
        let org = org.map(|org| OrgId::parse(org).expect("an id"));
        KnownKey::new(ApiKey { org, ..key(id, role) }, CommandLimit::per_second(None))
    }
}
