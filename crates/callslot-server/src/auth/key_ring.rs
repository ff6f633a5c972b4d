//! All keys: what each secret or session grants access to, and until when.
//!
//! Only hashes of secrets are kept, here and in the store. Start reading at [`KeyRing`]; browsers that are signed in with a
//! key are in `browser_sessions.rs`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use callslot_core::{OrgId, Timestamp};
use callslot_store::{ApiKey, Catalogue, Role, Seen, StoreError};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::auth::browser_sessions::{BrowserSession, BrowserSessions, Turn};
use crate::auth::known_key::{KnownKey, hash, prefix};
use crate::auth::limits::MAX_KEYS_PER_ORG;
use crate::auth::rate_limit::{CommandLimit, FailedSignIns};
use crate::refusal::Refusal;

#[cfg(test)]
mod tests;

type ByHash = HashMap<[u8; 8], Arc<KnownKey>>;

/// All keys, and the browsers signed in with them.
#[derive(Debug)]
pub(crate) struct KeyRing {
    /// By the first 8 bytes of the secret's hash.
    by_hash: RwLock<ByHash>,
    browsers: BrowserSessions,
    /// Held while keys or sessions are changed in the store or read from it. Otherwise an older reading could replace a newer
    /// one, and two operators could revoke each other's key.
    changing: Mutex<()>,
    /// Notifies holders of open streams that keys were revoked or sessions have ended.
    endings: watch::Sender<()>,
    failed: FailedSignIns,
    commands_per_second: Option<NonZeroU32>,
}

/// What a client was authenticated with.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) known: Arc<KnownKey>,
    /// The browser's session; `None` if the key itself was sent.
    pub(crate) session: Option<Arc<BrowserSession>>,
}

/// The outcome of adding a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is stored.
    Done,
    /// The organisation has as many keys as one may have.
    TooMany,
}

/// The outcome of revoking a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// The key grants nothing any more.
    Done,
    /// No such key exists.
    Unknown,
    /// The key is kept, as the last one with the role operator.
    LastOperator,
}

/// State that has the keys: all that the extractors of roles need.
pub(crate) trait HasKeys {
    fn keys(&self) -> &KeyRing;

    /// For how long the server has run, by which sessions expire.
    fn lived(&self) -> Seen;
}

impl KeyRing {
    /// `commands_per_second` is the limit of each key; 0: no limit.
    pub(crate) fn new(commands_per_second: u32) -> Self {
        let endings = watch::Sender::default();
        Self {
            by_hash: RwLock::default(),
            browsers: BrowserSessions::new(endings.clone()),
            changing: Mutex::default(),
            endings,
            failed: FailedSignIns::default(),
            commands_per_second: NonZeroU32::new(commands_per_second),
        }
    }

    /// Reads all keys and sessions again. Blocks.
    pub(crate) fn load(&self, store: &dyn Catalogue) -> Result<(), StoreError> {
        let turn = self.turn();
        self.read_again(store, &turn)?;
        self.browsers.load(store, self.list(None), &turn)
    }

    /// Stores a new key. Blocks.
    pub(crate) fn add(&self, store: &dyn Catalogue, key: &ApiKey) -> Result<Added, StoreError> {
        let turn = self.turn();
        let is_beside = |known: &&Arc<KnownKey>| known.key.org == key.org;
        if self.read().values().filter(is_beside).count() >= MAX_KEYS_PER_ORG {
            return Ok(Added::TooMany);
        }
        store.put_key(key)?;
        self.read_again(store, &turn)?;
        Ok(Added::Done)
    }

    /// Revokes a key of the organisation, or any key if none is named. Blocks.
    pub(crate) fn revoke(
        &self,
        store: &dyn Catalogue,
        org: Option<&OrgId>,
        id: &str,
    ) -> Result<Revoked, StoreError> {
        let turn = self.turn();
        let Some(known) = self.list(org).into_iter().find(|known| known.key.id == id) else {
            return Ok(Revoked::Unknown);
        };
        let is_operator = |known: &Arc<KnownKey>| known.key.role == Role::Operator;
        if is_operator(&known) && self.read().values().filter(|key| is_operator(key)).count() == 1 {
            return Ok(Revoked::LastOperator);
        }
        store.delete_key(id)?;
        self.read_again(store, &turn)?;
        Ok(Revoked::Done)
    }

    /// The keys of one organisation, or all of them, by id.
    pub(crate) fn list(&self, org: Option<&OrgId>) -> Vec<Arc<KnownKey>> {
        let is_wanted = |known: &&Arc<KnownKey>| org.is_none() || known.key.org.as_ref() == org;
        let mut keys: Vec<_> = self.read().values().filter(is_wanted).cloned().collect();
        keys.sort_unstable_by(|a, b| a.key.id.cmp(&b.key.id));
        keys
    }

    /// Stores when keys were last used, where that has changed. Blocks.
    pub(crate) fn keep_last_uses(&self, store: &dyn Catalogue) -> Result<(), StoreError> {
        let used: Vec<_> = self
            .list(None)
            .into_iter()
            .filter_map(|known| known.use_to_keep().map(|at| (known, at)))
            .collect();
        if used.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = used.iter().map(|(known, at)| (known.key.id.clone(), *at)).collect();
        store.touch_keys(&rows)?;
        for (known, at) in used {
            known.note_kept(at);
        }
        Ok(())
    }

    /// The key with this secret.
    pub(crate) fn find(&self, secret: &str) -> Option<Arc<KnownKey>> {
        let hash = hash(secret);
        let by_hash = self.read();
        let known = by_hash.get(&prefix(&hash))?;
        bool::from(known.key.secret_sha256.ct_eq(&hash)).then(|| Arc::clone(known))
    }

    /// Waits until the credential is no longer valid: the key was revoked, or the browser has signed out.
    pub(crate) async fn until_closed(&self, credential: Credential) {
        let mut endings = self.endings.subscribe();
        while self.opens(&credential) {
            endings.changed().await.expect("the sender is in here");
        }
    }

    /// Whether the credential is still valid.
    pub(crate) fn opens(&self, Credential { known, session }: &Credential) -> bool {
        session
            .as_ref()
            .map_or_else(|| is_there(&self.read(), known), |session| self.browsers.holds(session))
    }

    /// Counts a failed sign-in, and refuses once there are too many from one address.
    pub(crate) fn note_failure(&self, address: IpAddr) -> Result<(), Refusal> {
        self.failed.note(address)
    }

    fn read_again(&self, store: &dyn Catalogue, _turn: &Turn<'_>) -> Result<(), StoreError> {
        let keys = store.keys()?;
        let mut by_hash = self.by_hash.write().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut *by_hash);
        let known =
            |key| Arc::new(KnownKey::new(key, CommandLimit::per_second(self.commands_per_second)));
        *by_hash = keys
            .into_iter()
            .map(|key| {
                let place = prefix(&key.secret_sha256);
                let same = before.remove(&place).filter(|before| before.key.id == key.id);
                (place, same.unwrap_or_else(|| known(key)))
            })
            .collect();
        drop(by_hash);
        let keys = self.read();
        self.browsers.retain_of_keys(|known| is_there(&keys, known));
        drop(keys);
        self.endings.send_replace(());
        Ok(())
    }

    fn turn(&self) -> Turn<'_> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, ByHash> {
        self.by_hash.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Signing browsers in and out.
impl KeyRing {
    /// Signs a browser in with a key, until `ends_by` at the latest, and ends the session it had. Returns its token, or `None` if the key was revoked in the
    /// meantime. Blocks.
    pub(crate) fn sign_in(
        &self,
        store: &dyn Catalogue,
        known: &Arc<KnownKey>,
        ends_by: Option<Seen>,
        before: Option<&BrowserSession>,
        now: (Timestamp, Seen),
    ) -> Result<Option<(String, Arc<BrowserSession>)>, StoreError> {
        self.browsers.sign_in(store, (known, ends_by), before, now, &self.turn())
    }

    /// The session with this token, if it has not ended.
    pub(crate) fn session(&self, token: &str, lived: Seen) -> Option<Arc<BrowserSession>> {
        self.browsers.find(token, lived)
    }

    /// Ends a session. Blocks.
    pub(crate) fn sign_out(
        &self,
        store: &dyn Catalogue,
        signed_in: &BrowserSession,
    ) -> Result<(), StoreError> {
        self.browsers.sign_out(store, signed_in, &self.turn())
    }

    /// Ends all sessions of a key. Blocks.
    pub(crate) fn sign_out_everywhere(
        &self,
        store: &dyn Catalogue,
        known: &KnownKey,
    ) -> Result<(), StoreError> {
        self.browsers.sign_out_everywhere(store, known, &self.turn())
    }

    /// Removes expired sessions, a limited number at a time. Blocks.
    pub(crate) fn forget_expired(
        &self,
        store: &dyn Catalogue,
        lived: Seen,
    ) -> Result<(), StoreError> {
        self.browsers.forget_expired(store, lived, &self.turn())
    }
}

/// Whether exactly this key is among them, not another one with the same secret.
fn is_there(keys: &ByHash, known: &Arc<KnownKey>) -> bool {
    let now = keys.get(&prefix(&known.key.secret_sha256));
    now.is_some_and(|now| Arc::ptr_eq(now, known))
}
