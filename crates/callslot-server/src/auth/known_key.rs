//! A secret of a key as the server knows it: the key's stored form, its rate limit, when it was last used, and when the secret ends.
//!
//! A rotated key has two for a while, which share its rate limit and uses. Only hashes of secrets are kept, here and in the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use callslot_api::{ProblemCode as Code, Time};
use callslot_core::{KeyId, OrgId, Timestamp};
use callslot_node::wall_now;
use callslot_store::ApiKey;
use sha2::{Digest, Sha256};

use crate::auth::rate_limit::CommandLimit;
use crate::refusal::Refusal;

/// When a secret ends that does not.
const NEVER_MS: u64 = u64::MAX;

/// A secret of a key, ready to be used.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    /// From when on it grants nothing, in milliseconds since the epoch. A rotation brings it forward.
    ends_ms: AtomicU64,
    usage: Arc<Usage>,
}

/// How a key is used, with whichever secret.
#[derive(Debug)]
pub(super) struct Usage {
    limit: CommandLimit,
    /// When it was last used, in milliseconds since the epoch; 0 if not since the start.
    last_used_ms: AtomicU64,
    /// The last use that the store knows, likewise.
    kept_use_ms: AtomicU64,
}

impl Usage {
    pub(super) fn new(limit: CommandLimit) -> Self {
        Self { limit, last_used_ms: AtomicU64::new(0), kept_use_ms: AtomicU64::new(0) }
    }
}

impl KnownKey {
    pub(super) fn new(key: ApiKey, usage: Arc<Usage>) -> Self {
        let ends_ms = key.expires_at.map_or(NEVER_MS, |at| at.0);
        Self { key, ends_ms: AtomicU64::new(ends_ms), usage }
    }

    pub(super) fn usage(&self) -> &Arc<Usage> {
        &self.usage
    }

    /// Has it end at this time.
    pub(super) fn end_at(&self, end: Timestamp) {
        self.ends_ms.store(end.0, Ordering::Relaxed);
    }

    /// Whether it belongs to this organisation, if one is named.
    pub(super) fn is_of(&self, org: Option<&OrgId>) -> bool {
        org.is_none() || self.key.org.as_ref() == org
    }

    /// From when on it grants nothing, by the clock; `None` if it never ends.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        Some(self.ends_ms.load(Ordering::Relaxed)).filter(|end| *end != NEVER_MS).map(Timestamp)
    }

    /// How long it goes on by the clock, which is nothing once it has ended; `None` if it never ends.
    pub(crate) fn lasts(&self) -> Option<Duration> {
        let left = |end: Timestamp| Duration::from_millis(end.0.saturating_sub(wall_now().0));
        self.end().map(left)
    }

    /// Refuses a secret that has ended.
    pub(crate) fn check_end(&self) -> Result<(), Refusal> {
        let Some(end) = self.end().filter(|end| *end <= wall_now()) else { return Ok(()) };
        let detail = if Some(end) == self.key.expires_at {
            format!(
                "this key expired at {}; an admin renews it with `callslot key rotate {} --expires 90d`, or creates another",
                Time(end.0),
                self.key.id
            )
        } else {
            format!(
                "the key {} was rotated, and this secret of it worked until {}; send the new one",
                self.key.id,
                Time(end.0)
            )
        };
        Err(Refusal::new(Code::KeyExpired, detail))
    }

    /// Its id as the core keeps it.
    pub(crate) fn key_id(&self) -> KeyId {
        KeyId::kept(&self.key.id).expect("the id of a key is one")
    }

    /// Records a use, which counts as a command, unless the rate limit is exceeded.
    pub(crate) fn note_use(&self) -> Result<(), Refusal> {
        self.count_command()?;
        self.usage.last_used_ms.store(wall_now().0, Ordering::Relaxed);
        Ok(())
    }

    /// Counts one more command of a use, unless the rate limit is exceeded.
    pub(crate) fn count_command(&self) -> Result<(), Refusal> {
        self.usage.limit.check()
    }

    /// When it was last used, as far as the store and this run know.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        match self.usage.last_used_ms.load(Ordering::Relaxed) {
            0 => self.key.last_used_at,
            used => Some(Timestamp(used)),
        }
    }

    /// The last use, if it is not stored yet.
    pub(super) fn use_to_keep(&self) -> Option<Timestamp> {
        let used = self.usage.last_used_ms.load(Ordering::Relaxed);
        (used != self.usage.kept_use_ms.load(Ordering::Relaxed)).then_some(Timestamp(used))
    }

    /// Records that this use is stored.
    pub(super) fn note_kept(&self, used: Timestamp) {
        self.usage.kept_use_ms.store(used.0, Ordering::Relaxed);
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
            expires_at: None,
            old_secret: None,
        }
    }

    /// The same as the server knows it, in this organisation.
    pub(crate) fn known_key(id: &str, org: Option<&str>, role: Role) -> KnownKey {
        let org = org.map(|org| OrgId::parse(org).expect("an id"));
        let usage = Usage::new(CommandLimit::per_second(None));
        KnownKey::new(ApiKey { org, ..key(id, role) }, Arc::new(usage))
    }
}
