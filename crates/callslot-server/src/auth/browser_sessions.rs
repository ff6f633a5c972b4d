//! Browsers that are signed in: each has a token that opens what the key opens with which it signed in.
//!
//! The time is an argument. Start reading at [`Keys::sign_in`].

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use callslot_core::Timestamp;
use callslot_store::{Catalogue, Session, StoreError};
use subtle::ConstantTimeEq;

use crate::auth::key_ring::{Keys, KnownKey, hash, prefix};
use crate::auth::secrets::new_token;
use crate::limits::{FORGOTTEN_SESSIONS, MAX_SESSIONS_PER_KEY, SESSION_LASTS};

pub(super) type ByHash = HashMap<[u8; 8], Arc<KnownSession>>;

/// A browser that is signed in, and the key with which it did.
#[derive(Debug)]
pub(crate) struct KnownSession {
    pub(crate) session: Session,
    pub(crate) known: Arc<KnownKey>,
}

impl Keys {
    /// Signs a browser in with a key, and ends the session that it had. Returns its token, or none when the key was revoked
    /// meanwhile. Blocks.
    pub(crate) fn sign_in(
        &self,
        store: &dyn Catalogue,
        known: &Arc<KnownKey>,
        before: Option<&KnownSession>,
        now: Timestamp,
    ) -> Result<Option<(String, Arc<KnownSession>)>, StoreError> {
        let _turn = self.turn();
        let token = new_token();
        let session = Session {
            token_sha256: hash(&token),
            key: known.key.id.clone(),
            created_at: now,
            expires_at: after(now, SESSION_LASTS),
        };
        if !store.put_session(&session)? {
            return Ok(None);
        }
        let mut ending: Vec<_> = before.iter().map(|before| before.session.token_sha256).collect();
        let mut others = self.sessions_of(known);
        others.retain(|other| !ending.contains(&other.session.token_sha256));
        others.sort_unstable_by_key(|other| other.session.created_at);
        let too_many = (others.len() + 1).saturating_sub(MAX_SESSIONS_PER_KEY);
        ending.extend(others[..too_many].iter().map(|other| other.session.token_sha256));
        let signed_in = Arc::new(KnownSession { session, known: Arc::clone(known) });
        let place = prefix(&signed_in.session.token_sha256);
        self.write_sessions().insert(place, Arc::clone(&signed_in));
        self.end(store, &ending)?;
        Ok(Some((token, signed_in)))
    }

    /// The session with this token, if it has not ended.
    pub(crate) fn session(&self, token: &str, now: Timestamp) -> Option<Arc<KnownSession>> {
        let hash = hash(token);
        let sessions = self.read_known_sessions();
        let signed_in = sessions.get(&prefix(&hash))?;
        let is_it = bool::from(signed_in.session.token_sha256.ct_eq(&hash));
        (is_it && signed_in.session.expires_at > now).then(|| Arc::clone(signed_in))
    }

    /// Ends a session. Blocks.
    pub(crate) fn sign_out(
        &self,
        store: &dyn Catalogue,
        signed_in: &KnownSession,
    ) -> Result<(), StoreError> {
        let _turn = self.turn();
        self.end(store, &[signed_in.session.token_sha256])
    }

    /// Ends all sessions of a key. Blocks.
    pub(crate) fn sign_out_everywhere(
        &self,
        store: &dyn Catalogue,
        known: &KnownKey,
    ) -> Result<(), StoreError> {
        let _turn = self.turn();
        let all = self.sessions_of(known);
        self.end(store, &all.iter().map(|it| it.session.token_sha256).collect::<Vec<_>>())
    }

    /// Forgets sessions that have expired, some at a time. Blocks.
    pub(crate) fn forget_expired(
        &self,
        store: &dyn Catalogue,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let _turn = self.turn();
        let expired: Vec<_> = self
            .read_known_sessions()
            .values()
            .filter(|signed_in| signed_in.session.expires_at <= now)
            .map(|signed_in| signed_in.session.token_sha256)
            .take(FORGOTTEN_SESSIONS)
            .collect();
        self.end(store, &expired)
    }

    /// Reads all sessions again.
    pub(super) fn read_sessions(
        &self,
        store: &dyn Catalogue,
        _turn: &MutexGuard<'_, ()>,
    ) -> Result<(), StoreError> {
        let by_id: HashMap<_, _> =
            self.list(None).into_iter().map(|known| (known.key.id.clone(), known)).collect();
        let sessions = store.sessions()?.into_iter().filter_map(|session| {
            let known = Arc::clone(by_id.get(&session.key)?);
            Some((prefix(&session.token_sha256), Arc::new(KnownSession { session, known })))
        });
        let sessions = sessions.collect();
        *self.write_sessions() = sessions;
        Ok(())
    }

    /// Drops the sessions of keys that are gone; the store has forgotten them with their key.
    pub(super) fn drop_sessions_without_key(&self) {
        let keys = self.read();
        self.write_sessions().retain(|_, signed_in| {
            let known = keys.get(&prefix(&signed_in.known.key.secret_sha256));
            known.is_some_and(|known| Arc::ptr_eq(known, &signed_in.known))
        });
        drop(keys);
        self.endings.send_replace(());
    }

    /// Whether this session has not ended.
    pub(super) fn has_session(&self, session: &Arc<KnownSession>) -> bool {
        let place = prefix(&session.session.token_sha256);
        self.read_known_sessions().get(&place).is_some_and(|now| Arc::ptr_eq(now, session))
    }

    /// Ends sessions: in the store first, so that none that was ended comes back after a restart.
    fn end(&self, store: &dyn Catalogue, ending: &[[u8; 32]]) -> Result<(), StoreError> {
        if ending.is_empty() {
            return Ok(());
        }
        store.delete_sessions(ending)?;
        let mut sessions = self.write_sessions();
        for token_sha256 in ending {
            sessions.remove(&prefix(token_sha256));
        }
        drop(sessions);
        self.endings.send_replace(());
        Ok(())
    }

    fn sessions_of(&self, known: &KnownKey) -> Vec<Arc<KnownSession>> {
        let sessions = self.read_known_sessions();
        sessions.values().filter(|it| it.session.key == known.key.id).cloned().collect()
    }

    fn read_known_sessions(&self) -> RwLockReadGuard<'_, ByHash> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_sessions(&self) -> RwLockWriteGuard<'_, ByHash> {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time so much later.
pub(crate) fn after(now: Timestamp, later: Duration) -> Timestamp {
    Timestamp(now.0 + u64::try_from(later.as_millis()).expect("not that long"))
}

#[cfg(test)]
mod tests {
    use callslot_store::{MemoryStore, Role};

    use super::*;
    use crate::auth::key_ring::tests::key;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    struct Fixture {
        store: MemoryStore,
        keys: Keys,
    }

    impl Fixture {
        fn with_keys(ids: &[&str]) -> Self {
            let fixture = Self { store: MemoryStore::default(), keys: Keys::new(0) };
            for id in ids {
                fixture.keys.add(&fixture.store, &key(id, Role::Viewer)).expect("the store works");
            }
            fixture
        }

        fn sign_in_at(&self, id: &str, now: Timestamp) -> String {
            let known = self.keys.find(id).expect("the key is there");
            let signed_in = self.keys.sign_in(&self.store, &known, None, now);
            signed_in.expect("the store works").expect("the key is there").0
        }

        fn opens(&self, token: &str, now: Timestamp) -> bool {
            self.keys.session(token, now).is_some()
        }

        fn kept(&self) -> usize {
            self.store.sessions().expect("the store works").len()
        }
    }

    #[test]
    fn a_session_opens_for_seven_days_and_is_then_forgotten() {
        let fixture = Fixture::with_keys(&["1"]);
        let token = fixture.sign_in_at("1", NOW);
        let ends = Timestamp(NOW.0 + 7 * 24 * 3_600_000);
        let last = Timestamp(ends.0 - 1);
        assert!(fixture.opens(&token, last));
        assert!(!fixture.opens(&token, ends));
        fixture.keys.forget_expired(&fixture.store, last).expect("the store works");
        assert_eq!(fixture.kept(), 1);
        fixture.keys.forget_expired(&fixture.store, ends).expect("the store works");
        assert_eq!((fixture.kept(), fixture.opens(&token, NOW)), (0, false));
    }

    #[test]
    fn of_too_many_sessions_of_a_key_the_oldest_ends_and_other_keys_keep_theirs() {
        let fixture = Fixture::with_keys(&["1", "2"]);
        let other = fixture.sign_in_at("2", NOW);
        let at = |n: usize| Timestamp(NOW.0 + n as u64);
        let tokens: Vec<_> =
            (0..MAX_SESSIONS_PER_KEY + 2).map(|n| fixture.sign_in_at("1", at(n))).collect();
        let open: Vec<_> = tokens.iter().map(|token| fixture.opens(token, NOW)).collect();
        assert_eq!(open[..3], [false, false, true]);
        assert!(open[2..].iter().all(|is_open| *is_open));
        assert!(fixture.opens(&other, NOW));
        assert_eq!(fixture.kept(), MAX_SESSIONS_PER_KEY + 1);
    }

    #[test]
    fn sessions_are_read_again_with_their_keys() {
        let fixture = Fixture::with_keys(&["1", "2"]);
        let (first, second) = (fixture.sign_in_at("1", NOW), fixture.sign_in_at("2", NOW));
        let again = Keys::new(0);
        again.load(&fixture.store).expect("the store works");
        let of = |token| again.session(token, NOW).map(|it| it.known.key.id.clone());
        assert_eq!((of(&first), of(&second)), (Some("1".into()), Some("2".into())));
        again.revoke(&fixture.store, None, "1").expect("the store works");
        assert_eq!((of(&first), of(&second)), (None, Some("2".into())));
        fixture.keys.load(&fixture.store).expect("the store works");
        assert_eq!((fixture.opens(&first, NOW), fixture.opens(&second, NOW)), (false, true));
    }

    #[test]
    fn signing_out_ends_one_session_or_all_of_the_key() {
        let fixture = Fixture::with_keys(&["1", "2"]);
        let tokens = ["1", "1", "1", "2"].map(|id| fixture.sign_in_at(id, NOW));
        let open = || tokens.each_ref().map(|token| fixture.opens(token, NOW));
        let signed_in = fixture.keys.session(&tokens[0], NOW).expect("it is open");
        fixture.keys.sign_out(&fixture.store, &signed_in).expect("the store works");
        assert_eq!(open(), [false, true, true, true]);
        let known = &signed_in.known;
        fixture.keys.sign_out_everywhere(&fixture.store, known).expect("the store works");
        assert_eq!(open(), [false, false, false, true]);
        assert_eq!(fixture.kept(), 1);
    }
}
