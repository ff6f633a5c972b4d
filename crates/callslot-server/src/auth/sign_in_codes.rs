//! Sign-in codes: each belongs to a key, works once, and does not survive a restart.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_store::Seen;
use subtle::ConstantTimeEq;

use crate::auth::browser_sessions::after;
use crate::auth::known_key::{KnownKey, hash};
use crate::auth::limits::{CODE_LASTS, MAX_CODES, MAX_CODES_PER_KEY};
use crate::auth::secrets::new_token;

/// The unused codes, oldest first. Only their hashes are kept.
#[derive(Debug, Default)]
pub(crate) struct SignInCodes {
    waiting: Mutex<VecDeque<Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    code_sha256: [u8; 32],
    known: Arc<KnownKey>,
    /// When the session ends that made it.
    ends_by: Option<Seen>,
    expires_at: Seen,
}

impl SignInCodes {
    /// Makes a code for a key; returns it and when it expires.
    /// What is signed in with it ends by `ends_by`, and so does the code.
    pub(crate) fn make(
        &self,
        known: &Arc<KnownKey>,
        ends_by: Option<Seen>,
        lived: Seen,
    ) -> (String, Seen) {
        let code = new_token();
        // A code of a session that has ended would sign nobody in.
        let lasts = after(lived, CODE_LASTS);
        let expires_at = ends_by.map_or(lasts, |by| by.min(lasts));
        let mut waiting = self.waiting(lived);
        let of_key = |other: &Waiting| other.known.key.id == known.key.id;
        if waiting.iter().filter(|other| of_key(other)).count() >= MAX_CODES_PER_KEY
            && let Some(oldest) = waiting.iter().position(of_key)
        {
            waiting.remove(oldest);
        }
        if waiting.len() >= MAX_CODES {
            waiting.pop_front();
        }
        let code_sha256 = hash(&code);
        waiting.push_back(Waiting { code_sha256, known: Arc::clone(known), ends_by, expires_at });
        (code, expires_at)
    }

    /// The key of a code, and when what is signed in with it ends at the latest. The code cannot be used again.
    pub(crate) fn take(&self, code: &str, lived: Seen) -> Option<(Arc<KnownKey>, Option<Seen>)> {
        let code_sha256 = hash(code);
        let mut waiting = self.waiting(lived);
        let place =
            waiting.iter().position(|other| bool::from(other.code_sha256.ct_eq(&code_sha256)))?;
        waiting.remove(place).map(|taken| (taken.known, taken.ends_by))
    }

    /// Removes all codes of a key.
    pub(crate) fn forget(&self, known: &KnownKey, lived: Seen) {
        self.waiting(lived).retain(|other| other.known.key.id != known.key.id);
    }

    /// The codes that have not expired.
    fn waiting(&self, lived: Seen) -> MutexGuard<'_, VecDeque<Waiting>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|code| code.expires_at > lived);
        waiting
    }
}

#[cfg(test)]
mod tests {
    use callslot_store::Role;

    use super::*;
    use crate::auth::known_key::tests::known_key;

    const NOW: Seen = Seen(1_700_000_000_000);

    fn known(ids: &[String]) -> Vec<Arc<KnownKey>> {
        let known = |id: &String| known_key(id, None, Role::Viewer);
        ids.iter().map(|id| Arc::new(known(id))).collect()
    }

    #[test]
    fn a_code_works_once_and_for_an_hour() {
        let known = &known(&["1".into()])[0];
        let codes = SignInCodes::default();
        let (code, expires_at) = codes.make(known, None, NOW);
        assert_eq!(expires_at, after(NOW, CODE_LASTS));
        assert!(codes.take("another", NOW).is_none());
        let last = Seen(expires_at.0 - 1);
        assert_eq!(
            codes.take(&code, last).map(|(known, _)| known.key.id.clone()),
            Some("1".into())
        );
        assert!(codes.take(&code, last).is_none(), "it is spent");
        let (code, expires_at) = codes.make(known, None, NOW);
        assert!(codes.take(&code, expires_at).is_none(), "it has expired");
    }

    #[test]
    fn of_a_keys_codes_the_newest_work_and_no_other_keys_are_pushed_out() {
        let known = known(&["1".into(), "2".into()]);
        let codes = SignInCodes::default();
        let (other, _) = codes.make(&known[1], None, NOW);
        let made: Vec<_> =
            (0..=MAX_CODES_PER_KEY).map(|_| codes.make(&known[0], None, NOW).0).collect();
        assert!(codes.take(&made[0], NOW).is_none(), "it was the oldest of too many");
        assert!(made[1..].iter().all(|code| codes.take(code, NOW).is_some()));
        assert!(codes.take(&other, NOW).is_some());
    }

    #[test]
    fn however_many_keys_make_codes_few_are_kept() {
        let ids: Vec<_> = (0..=MAX_CODES).map(|n| n.to_string()).collect();
        let codes = SignInCodes::default();
        let made: Vec<_> = known(&ids).iter().map(|known| codes.make(known, None, NOW).0).collect();
        assert_eq!(codes.waiting(NOW).len(), MAX_CODES);
        assert!(codes.take(&made[0], NOW).is_none());
        assert!(codes.take(&made[MAX_CODES], NOW).is_some());
    }
}
