//! All keys: what each secret or session grants access to, and until when.
//!
//! Only hashes of secrets are kept, here and in the store. Start reading at [`KeyRing`]; browsers that are signed in with a
//! key are in `browser_sessions.rs`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use callslot_core::{Actor, OrgId, Timestamp};
use callslot_store::{
    ApiKey, Audit, Audited, AuditedChange, Catalogue, CatalogueChange, OldSecret, Role, Seen,
    StoreError,
};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::auth::browser_sessions::{BrowserSession, BrowserSessions, Turn, after};
use crate::auth::known_key::{KnownKey, Usage, hash, prefix};
use crate::auth::limits::{LOOKS_AT_CLOCK_EVERY, MAX_KEYS_PER_ORG};
use crate::auth::rate_limit::{CommandLimit, FailedSignIns};
use crate::refusal::Refusal;

#[cfg(test)]
mod tests;

/// The keys, as they were read last.
#[derive(Debug, Default)]
struct Keys {
    /// By the first 8 bytes of a secret's hash; a rotated key may be there twice.
    by_hash: HashMap<[u8; 8], Arc<KnownKey>>,
    /// Each with its newest secret, by id.
    listed: Vec<Arc<KnownKey>>,
}

impl Keys {
    /// Whether exactly this one is among them, not another one with the same secret.
    fn has(&self, known: &Arc<KnownKey>) -> bool {
        let now = self.by_hash.get(&prefix(&known.key.secret_sha256));
        now.is_some_and(|now| Arc::ptr_eq(now, known))
    }

    /// Whether an operator who never has to be replaced is among the others.
    fn has_lasting_operator_beside(&self, id: &str) -> bool {
        let is_lasting = |ApiKey { role, expires_at, .. }: &ApiKey| {
            *role == Role::Operator && expires_at.is_none()
        };
        self.listed.iter().any(|other| other.key.id != id && is_lasting(&other.key))
    }
}

/// All keys, and the browsers signed in with them.
#[derive(Debug)]
pub(crate) struct KeyRing {
    keys: RwLock<Keys>,
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
    /// The key is kept, as the last one with the role operator that does not expire.
    LastOperator,
}

/// How a key is to be rotated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation {
    /// SHA-256 of the new secret.
    pub(crate) secret_sha256: [u8; 32],
    /// When the secret before ends.
    pub(crate) old_until: Timestamp,
    /// When the key expires from now on; `None`: as before.
    pub(crate) expires_at: Option<Timestamp>,
}

/// The outcome of rotating a key.
#[derive(Debug, Clone)]
pub(crate) enum Rotated {
    /// The key as it is now.
    Done(Arc<KnownKey>),
    /// No such key exists.
    Unknown,
    /// It has expired, and nothing was said about its new end.
    Expired(Timestamp),
    /// The key is kept as it is, since no other operator key would last.
    LastOperator,
    /// The secret before works until then, as was promised, and a key remembers one.
    InGrace(Timestamp),
}

/// The entry of a change of a key.
fn entry(by: &Arc<Actor>, key: &ApiKey, at: Timestamp, change: AuditedChange) -> Audited {
    Audited { at, org: key.org.clone(), actor: Arc::clone(by), change, event: None }
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
            keys: RwLock::default(),
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
    pub(crate) fn add(
        &self,
        store: &dyn Audit,
        key: &ApiKey,
        by: &Arc<Actor>,
    ) -> Result<Added, StoreError> {
        let turn = self.turn();
        let is_beside = |known: &&Arc<KnownKey>| known.key.org == key.org;
        if self.read().listed.iter().filter(is_beside).count() >= MAX_KEYS_PER_ORG {
            return Ok(Added::TooMany);
        }
        let change = AuditedChange::KeyCreated(key.into());
        let entry = entry(by, key, key.created_at, change);
        store.change_catalogue(CatalogueChange::PutKey(key), &entry)?;
        self.read_again(store, &turn)?;
        Ok(Added::Done)
    }

    /// Revokes a key of the organisation, or any key if none is named. Blocks.
    pub(crate) fn revoke(
        &self,
        store: &dyn Audit,
        (org, id): (Option<&OrgId>, &str),
        by: &Arc<Actor>,
        now: Timestamp,
    ) -> Result<Revoked, StoreError> {
        let turn = self.turn();
        let Some(known) = self.with_id(org, id) else {
            return Ok(Revoked::Unknown);
        };
        if known.key.role == Role::Operator && !self.read().has_lasting_operator_beside(id) {
            return Ok(Revoked::LastOperator);
        }
        let change = AuditedChange::KeyRevoked((&known.key).into());
        let entry = entry(by, &known.key, now, change);
        store.change_catalogue(CatalogueChange::DeleteKey(id), &entry)?;
        self.read_again(store, &turn)?;
        Ok(Revoked::Done)
    }

    /// Gives a key of the organisation, or any key if none is named, a new secret. With the secret before, browsers are signed in until
    /// it ends, except the one that asks for this, which stays signed in. Blocks.
    pub(crate) fn rotate(
        &self,
        store: &dyn Audit,
        (org, id): (Option<&OrgId>, &str),
        rotation: Rotation,
        (by, asking): (&Arc<Actor>, Option<&BrowserSession>),
        (now, lived): (Timestamp, Seen),
    ) -> Result<Rotated, StoreError> {
        let turn = self.turn();
        let Some(before) = self.with_id(org, id) else {
            return Ok(Rotated::Unknown);
        };
        let Rotation { secret_sha256, old_until, expires_at } = rotation;
        if let Some(end) = before.key.expires_at
            && end <= now
            && expires_at.is_none()
        {
            return Ok(Rotated::Expired(end));
        }
        let is_operator = before.key.role == Role::Operator;
        if is_operator && expires_at.is_some() && !self.read().has_lasting_operator_beside(id) {
            return Ok(Rotated::LastOperator);
        }
        let until = before.key.expires_at.map_or(old_until, |end| end.min(old_until));
        if let Some(promised) = before.old_until().filter(|_| until > now) {
            return Ok(Rotated::InGrace(promised));
        }
        let old_secret = OldSecret { sha256: before.key.secret_sha256, until };
        let key = ApiKey {
            secret_sha256,
            expires_at: expires_at.or(before.key.expires_at),
            old_secret: Some(old_secret).filter(|_| until > now),
            last_used_at: before.last_used(),
            ..before.key.clone()
        };
        let ends_by = lived.after_ms(until.0.saturating_sub(now.0));
        let mut sessions: Vec<_> =
            self.browsers.of_key(&before).iter().map(|it| it.stored.clone()).collect();
        for session in &mut sessions {
            if asking.is_none_or(|asking| asking.stored.token_sha256 != session.token_sha256) {
                session.expires_at = session.expires_at.min(ends_by);
            }
        }
        sessions.retain(|session| session.expires_at > lived);
        let change = AuditedChange::KeyRotated { former: (&before.key).into(), now: (&key).into() };
        let entry = entry(by, &key, now, change);
        store.change_catalogue(CatalogueChange::PutKey(&key), &entry)?;
        BrowserSessions::keep(store, &sessions, &turn)?;
        self.read_keys(store, &turn)?;
        let known = self.with_id(None, id).expect("it was stored, and only this turn changes keys");
        self.browsers.carry_over(sessions, &known, &turn);
        self.end_what_lost_its_key();
        Ok(Rotated::Done(known))
    }

    /// The keys of one organisation, or all of them, by id.
    pub(crate) fn list(&self, org: Option<&OrgId>) -> Vec<Arc<KnownKey>> {
        self.read().listed.iter().filter(|known| known.is_of(org)).cloned().collect()
    }

    /// A key of one organisation, or of any.
    pub(crate) fn with_id(&self, org: Option<&OrgId>, id: &str) -> Option<Arc<KnownKey>> {
        let is_it = |known: &&Arc<KnownKey>| known.key.id == id && known.is_of(org);
        self.read().listed.iter().find(is_it).cloned()
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

    /// The key with this secret, which may have ended.
    pub(crate) fn find(&self, secret: &str) -> Option<Arc<KnownKey>> {
        let hash = hash(secret);
        let keys = self.read();
        let known = keys.by_hash.get(&prefix(&hash))?;
        bool::from(known.key.secret_sha256.ct_eq(&hash)).then(|| Arc::clone(known))
    }

    /// Waits until the credential is no longer valid: the key was revoked or has expired, or the browser has signed out.
    pub(crate) async fn until_closed(&self, credential: Credential) {
        let mut endings = self.endings.subscribe();
        while self.opens(&credential) {
            let looks_again = credential.known.lasts().unwrap_or(LOOKS_AT_CLOCK_EVERY);
            tokio::select! {
                changed = endings.changed() => changed.expect("the sender is in here"),
                () = tokio::time::sleep(looks_again.min(LOOKS_AT_CLOCK_EVERY)) => {}
            }
        }
    }

    /// Whether the credential is still valid.
    pub(crate) fn opens(&self, Credential { known, session }: &Credential) -> bool {
        let is_there = session
            .as_ref()
            .map_or_else(|| self.read().has(known), |session| self.browsers.holds(session));
        is_there && known.check_end().is_ok()
    }

    /// Counts a failed sign-in, and refuses once there are too many from one address.
    pub(crate) fn note_failure(&self, address: IpAddr) -> Result<(), Refusal> {
        self.failed.note(address)
    }

    fn read_again(&self, store: &dyn Catalogue, turn: &Turn<'_>) -> Result<(), StoreError> {
        self.read_keys(store, turn)?;
        self.end_what_lost_its_key();
        Ok(())
    }

    /// Reads all keys again. Those that are the same stay the same.
    fn read_keys(&self, store: &dyn Catalogue, _turn: &Turn<'_>) -> Result<(), StoreError> {
        let stored = store.keys()?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *keys).by_hash;
        let same = |id: &str, secret: &[u8; 32]| {
            before.get(&prefix(secret)).filter(|before| before.key.id == id).cloned()
        };
        for key in stored {
            let newest = same(&key.id, &key.secret_sha256);
            let old = key.old_secret.and_then(|old| same(&key.id, &old.sha256));
            let usage = newest.as_ref().or(old.as_ref()).map_or_else(
                || Arc::new(Usage::new(CommandLimit::per_second(self.commands_per_second))),
                |known| Arc::clone(known.usage()),
            );
            if let Some(OldSecret { sha256, until }) = key.old_secret {
                let with_old = || ApiKey { secret_sha256: sha256, ..key.clone() };
                let old =
                    old.unwrap_or_else(|| Arc::new(KnownKey::new(with_old(), Arc::clone(&usage))));
                old.end_at(until);
                keys.by_hash.insert(prefix(&sha256), old);
            }
            let place = prefix(&key.secret_sha256);
            let newest = newest.unwrap_or_else(|| Arc::new(KnownKey::new(key, usage)));
            keys.by_hash.insert(place, Arc::clone(&newest));
            keys.listed.push(newest);
        }
        keys.listed.sort_unstable_by(|a, b| a.key.id.cmp(&b.key.id));
        Ok(())
    }

    /// Signs out the browsers whose key is no longer there, and has streams look whether theirs is.
    fn end_what_lost_its_key(&self) {
        let keys = self.read();
        self.browsers.retain_of_keys(|known| keys.has(known));
        drop(keys);
        self.endings.send_replace(());
    }

    fn turn(&self) -> Turn<'_> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Signing browsers in and out.
impl KeyRing {
    /// Signs a browser in with a key, until `ends_by` or the end of its secret at the latest, and ends the session it had. Returns
    /// its token, or `None` if the key was revoked in the meantime. Blocks.
    pub(crate) fn sign_in(
        &self,
        store: &dyn Catalogue,
        known: &Arc<KnownKey>,
        ends_by: Option<Seen>,
        before: Option<&BrowserSession>,
        now: (Timestamp, Seen),
    ) -> Result<Option<(String, Arc<BrowserSession>)>, StoreError> {
        let turn = self.turn();
        if !self.read().has(known) {
            return Ok(None);
        }
        let with_secret = known.lasts().map(|lasts| after(now.1, lasts));
        let ends_by = ends_by.into_iter().chain(with_secret).min();
        self.browsers.sign_in(store, (known, ends_by), before, now, &turn)
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
