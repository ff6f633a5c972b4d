//! Signed-in browsers: each has a token that grants what the key grants with which it signed in.
//!
//! Sessions expire by the time for which the server has run, so no clock that jumps ends one. The time is an argument, and so is the turn to change something, which the key ring hands out. Start reading at
//! [`BrowserSessions::sign_in`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use callslot_core::Timestamp;
use callslot_store::{Catalogue, Seen, Session, StoreError};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::auth::known_key::{KnownKey, hash, prefix};
use crate::auth::limits::{
    FORGOTTEN_SESSIONS, MAX_SESSIONS_PER_KEY, SESSION_LASTS, SHOWN_END_JITTER_MS,
};
use crate::auth::secrets::new_token;

/// A turn to change keys or sessions.
pub(super) type Turn<'a> = MutexGuard<'a, ()>;

/// A signed-in browser, and the key with which it signed in.
#[derive(Debug)]
pub(crate) struct BrowserSession {
    pub(crate) stored: Session,
    pub(crate) known: Arc<KnownKey>,
    /// When it ends, as it was shown last, in milliseconds since the epoch.
    shown_end_ms: AtomicU64,
}

impl BrowserSession {
    fn new(stored: Session, known: Arc<KnownKey>) -> Self {
        Self { stored, known, shown_end_ms: AtomicU64::new(0) }
    }

    /// When the clock is going to show that it ends. It is shown the same again while it is about the same.
    pub(crate) fn shown_end(&self, now: (Timestamp, Seen)) -> Timestamp {
        let end = shown_at(self.stored.expires_at, now).0;
        let before = self.shown_end_ms.load(Ordering::Relaxed);
        if end.abs_diff(before) <= SHOWN_END_JITTER_MS {
            return Timestamp(before);
        }
        self.shown_end_ms.store(end, Ordering::Relaxed);
        Timestamp(end)
    }
}

/// All signed-in browsers, by the first 8 bytes of the hash of their token.
#[derive(Debug)]
pub(super) struct BrowserSessions {
    by_hash: RwLock<HashMap<[u8; 8], Arc<BrowserSession>>>,
    /// Notifies holders of open streams that sessions have ended.
    endings: watch::Sender<()>,
}

impl BrowserSessions {
    pub(super) fn new(endings: watch::Sender<()>) -> Self {
        Self { by_hash: RwLock::default(), endings }
    }

    /// Signs a browser in with a key, until `ends_by` at the latest, and ends the session it had. Returns its token, or `None` if the key was revoked in the
    /// meantime. Blocks.
    pub(super) fn sign_in(
        &self,
        store: &dyn Catalogue,
        (known, ends_by): (&Arc<KnownKey>, Option<Seen>),
        before: Option<&BrowserSession>,
        (now, lived): (Timestamp, Seen),
        turn: &Turn<'_>,
    ) -> Result<Option<(String, Arc<BrowserSession>)>, StoreError> {
        let token = new_token();
        let lasts = after(lived, SESSION_LASTS);
        let stored = Session {
            token_sha256: hash(&token),
            key: known.key.id.clone(),
            created_at: now,
            expires_at: ends_by.map_or(lasts, |by| by.min(lasts)),
        };
        if !store.put_session(&stored)? {
            return Ok(None);
        }
        let mut ending: Vec<_> = before.iter().map(|before| before.stored.token_sha256).collect();
        let mut others = self.of_key(known);
        others.retain(|other| !ending.contains(&other.stored.token_sha256));
        // The time seen is coarse: of those that end together, the clock says which came first.
        others.sort_unstable_by_key(|other| (other.stored.expires_at, other.stored.created_at));
        let too_many = (others.len() + 1).saturating_sub(MAX_SESSIONS_PER_KEY);
        ending.extend(others[..too_many].iter().map(|other| other.stored.token_sha256));
        let signed_in = Arc::new(BrowserSession::new(stored, Arc::clone(known)));
        let place = prefix(&signed_in.stored.token_sha256);
        self.write().insert(place, Arc::clone(&signed_in));
        self.end(store, &ending, turn)?;
        Ok(Some((token, signed_in)))
    }

    /// The session with this token, if it has not ended.
    pub(super) fn find(&self, token: &str, lived: Seen) -> Option<Arc<BrowserSession>> {
        let hash = hash(token);
        let sessions = self.read();
        let signed_in = sessions.get(&prefix(&hash))?;
        let is_it = bool::from(signed_in.stored.token_sha256.ct_eq(&hash));
        (is_it && signed_in.stored.expires_at > lived).then(|| Arc::clone(signed_in))
    }

    /// Ends a session. Blocks.
    pub(super) fn sign_out(
        &self,
        store: &dyn Catalogue,
        signed_in: &BrowserSession,
        turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        self.end(store, &[signed_in.stored.token_sha256], turn)
    }

    /// Ends all sessions of a key. Blocks.
    pub(super) fn sign_out_everywhere(
        &self,
        store: &dyn Catalogue,
        known: &KnownKey,
        turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        let all = self.of_key(known);
        self.end(store, &all.iter().map(|it| it.stored.token_sha256).collect::<Vec<_>>(), turn)
    }

    /// Removes expired sessions, a limited number at a time. Blocks.
    pub(super) fn forget_expired(
        &self,
        store: &dyn Catalogue,
        lived: Seen,
        turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        let expired: Vec<_> = self
            .read()
            .values()
            .filter(|signed_in| signed_in.stored.expires_at <= lived)
            .map(|signed_in| signed_in.stored.token_sha256)
            .take(FORGOTTEN_SESSIONS)
            .collect();
        self.end(store, &expired, turn)
    }

    /// Reads all sessions of these keys again. Blocks.
    pub(super) fn load(
        &self,
        store: &dyn Catalogue,
        keys: impl IntoIterator<Item = Arc<KnownKey>>,
        _turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        let by_id: HashMap<_, _> =
            keys.into_iter().map(|known| (known.key.id.clone(), known)).collect();
        let sessions = store.sessions()?.into_iter().filter_map(|stored| {
            let known = Arc::clone(by_id.get(&stored.key)?);
            Some((prefix(&stored.token_sha256), Arc::new(BrowserSession::new(stored, known))))
        });
        let sessions = sessions.collect();
        *self.write() = sessions;
        Ok(())
    }

    /// Keeps only the sessions of existing keys; the store has deleted the others along with their key.
    pub(super) fn retain_of_keys(&self, is_there: impl Fn(&Arc<KnownKey>) -> bool) {
        self.write().retain(|_, signed_in| is_there(&signed_in.known));
    }

    /// Whether this session has not ended.
    pub(super) fn holds(&self, session: &BrowserSession) -> bool {
        let token = session.stored.token_sha256;
        self.read().get(&prefix(&token)).is_some_and(|now| now.stored.token_sha256 == token)
    }

    /// Stores sessions again as they are to be after a rotation of their key. Blocks.
    pub(super) fn keep(
        store: &dyn Catalogue,
        sessions: &[Session],
        _turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        sessions.iter().try_for_each(|session| store.put_session(session).map(drop))
    }

    /// Has sessions that are stored go on with the key as it is now.
    pub(super) fn carry_over(
        &self,
        sessions: Vec<Session>,
        known: &Arc<KnownKey>,
        _turn: &Turn<'_>,
    ) {
        let mut all = self.write();
        for stored in sessions {
            let place = prefix(&stored.token_sha256);
            let shown = all.get(&place).filter(|it| it.stored.expires_at == stored.expires_at);
            let shown = shown.map_or(0, |it| it.shown_end_ms.load(Ordering::Relaxed));
            let carried = BrowserSession::new(stored, Arc::clone(known));
            carried.shown_end_ms.store(shown, Ordering::Relaxed);
            all.insert(place, Arc::new(carried));
        }
    }

    /// Ends sessions, in the store first, so that no ended session comes back after a restart.
    fn end(
        &self,
        store: &dyn Catalogue,
        ending: &[[u8; 32]],
        _turn: &Turn<'_>,
    ) -> Result<(), StoreError> {
        if ending.is_empty() {
            return Ok(());
        }
        store.delete_sessions(ending)?;
        let mut sessions = self.write();
        for token_sha256 in ending {
            sessions.remove(&prefix(token_sha256));
        }
        drop(sessions);
        self.endings.send_replace(());
        Ok(())
    }

    /// The sessions of a key.
    pub(super) fn of_key(&self, known: &KnownKey) -> Vec<Arc<BrowserSession>> {
        let sessions = self.read();
        sessions.values().filter(|it| it.stored.key == known.key.id).cloned().collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<[u8; 8], Arc<BrowserSession>>> {
        self.by_hash.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<[u8; 8], Arc<BrowserSession>>> {
        self.by_hash.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time after this duration.
pub(super) fn after(lived: Seen, later: Duration) -> Seen {
    lived.after_ms(u64::try_from(later.as_millis()).expect("not that long"))
}

/// What the clock is going to show when the server has run for so long, unless it is down or the clock is set meanwhile.
pub(crate) fn shown_at(then: Seen, (now, lived): (Timestamp, Seen)) -> Timestamp {
    Timestamp(now.0.saturating_add(then.0).saturating_sub(lived.0))
}
