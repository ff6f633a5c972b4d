//! The keys: which there are, what opens with them, and how often they and those who guess them may ask.
//!
//! Only hashes of secrets are kept, here and in the store. Start reading at [`Keys`]; the browsers that are signed in with
//! a key are in `browser_sessions.rs`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use callslot_api::ProblemCode as Code;
use callslot_core::{OrgId, Timestamp};
use callslot_node::wall_now;
use callslot_store::{ApiKey, Catalogue, Role, StoreError};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::auth::browser_sessions;
use crate::limits::{FAILED_SIGN_INS, REMEMBERED_ADDRESSES};
use crate::refusal::Refusal;

pub(crate) use crate::auth::browser_sessions::{KnownSession, after};

/// Whose failed sign-ins are counted together when too many addresses fail at once.
const EVERYBODY_ELSE: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

pub(super) type ByHash = HashMap<[u8; 8], Arc<KnownKey>>;

/// All keys.
#[derive(Debug)]
pub(crate) struct Keys {
    /// By the first 8 bytes of the secret's hash.
    by_hash: RwLock<ByHash>,
    /// Likewise by the hash of the browser's token.
    pub(super) sessions: RwLock<browser_sessions::ByHash>,
    /// Whoever changes keys or sessions in the store, or reads them from there, holds it: otherwise an older reading could replace
    /// a newer one, and two operators could revoke each other's key.
    changing: Mutex<()>,
    /// Tells those who hold something open that keys were revoked or sessions have ended.
    pub(super) endings: watch::Sender<()>,
    failed: DefaultKeyedRateLimiter<IpAddr>,
    /// When addresses without recent failures may be dropped again.
    dropping: DefaultDirectRateLimiter,
    requests_per_second: Option<NonZeroU32>,
}

/// What came of revoking a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// It opens nothing any more.
    Done,
    /// There was none.
    Unknown,
    /// It stays, as the last one that can act for the operator.
    LastOperator,
}

impl Keys {
    /// `requests_per_second` of one key; 0: without bound.
    pub(crate) fn new(requests_per_second: u32) -> Self {
        let (burst, per_second) = FAILED_SIGN_INS;
        let quota = Quota::per_second(nonzero(per_second)).allow_burst(nonzero(burst));
        Self {
            by_hash: RwLock::default(),
            sessions: RwLock::default(),
            changing: Mutex::default(),
            endings: watch::Sender::default(),
            failed: RateLimiter::keyed(quota),
            dropping: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
            requests_per_second: NonZeroU32::new(requests_per_second),
        }
    }

    /// Reads all keys and sessions again. Blocks.
    pub(crate) fn load(&self, store: &dyn Catalogue) -> Result<(), StoreError> {
        let turn = self.turn();
        self.read_again(store, &turn)?;
        self.read_sessions(store, &turn)
    }

    /// Keeps a new key. Blocks.
    pub(crate) fn add(&self, store: &dyn Catalogue, key: &ApiKey) -> Result<(), StoreError> {
        let turn = self.turn();
        store.put_key(key)?;
        self.read_again(store, &turn)
    }

    /// Revokes a key of the organisation, or any when none is named. Blocks.
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

    /// Keeps in the store when keys were last used, as far as it is not there yet. Blocks.
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
            known.kept_use_ms.store(at.0, Ordering::Relaxed);
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

    /// Waits until this opens nothing any more: the key was revoked, or the browser has signed out.
    pub(crate) async fn until_closed(&self, credential: Credential) {
        let mut endings = self.endings.subscribe();
        while self.opens(&credential) {
            endings.changed().await.expect("the sender is in here");
        }
    }

    /// Whether this still opens anything.
    pub(crate) fn opens(&self, Credential { known, session }: &Credential) -> bool {
        session.as_ref().map_or_else(|| self.holds(known), |session| self.has_session(session))
    }

    fn holds(&self, known: &Arc<KnownKey>) -> bool {
        let by_hash = self.read();
        let now = by_hash.get(&prefix(&known.key.secret_sha256));
        now.is_some_and(|now| Arc::ptr_eq(now, known))
    }

    /// Counts a failed sign-in, and refuses once there are too many from one address.
    pub(crate) fn note_failure(&self, address: IpAddr) -> Result<(), Refusal> {
        self.failed.check_key(&self.counted_as(address)).map_err(|_| {
            Refusal::new(
                Code::RateLimited,
                "too many requests without a valid key came from this address; wait a second",
            )
        })
    }

    /// Under which address failures are counted: so many are remembered, and those beyond count together.
    fn counted_as(&self, address: IpAddr) -> IpAddr {
        if self.failed.len() >= REMEMBERED_ADDRESSES {
            // Looking through all of them takes a while; whoever floods the server must not make it do so each time.
            if self.dropping.check().is_ok() {
                self.failed.retain_recent();
            }
            if self.failed.len() >= REMEMBERED_ADDRESSES {
                return EVERYBODY_ELSE;
            }
        }
        match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            // A client usually has a whole /64 to choose addresses from.
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }

    fn read_again(
        &self,
        store: &dyn Catalogue,
        _turn: &MutexGuard<'_, ()>,
    ) -> Result<(), StoreError> {
        let keys = store.keys()?;
        let mut by_hash = self.by_hash.write().unwrap_or_else(PoisonError::into_inner);
        let mut known = std::mem::take(&mut *by_hash);
        *by_hash = keys
            .into_iter()
            .map(|key| {
                let place = prefix(&key.secret_sha256);
                let same = known.remove(&place).filter(|before| before.key.id == key.id);
                (
                    place,
                    same.unwrap_or_else(|| Arc::new(KnownKey::of(key, self.requests_per_second))),
                )
            })
            .collect();
        drop(by_hash);
        self.drop_sessions_without_key();
        Ok(())
    }

    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, ByHash> {
        self.by_hash.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// With what somebody came in.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) known: Arc<KnownKey>,
    /// The browser's session; none when the key itself was sent.
    pub(crate) session: Option<Arc<KnownSession>>,
}

/// A key, ready to be used.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    limiter: Option<(DefaultDirectRateLimiter, NonZeroU32)>,
    /// When it was last used, in milliseconds since the epoch; 0 when not since the start.
    last_used_ms: AtomicU64,
    /// The last use that the store has, likewise.
    kept_use_ms: AtomicU64,
}

impl KnownKey {
    fn of(key: ApiKey, requests_per_second: Option<NonZeroU32>) -> Self {
        let limiter =
            requests_per_second.map(|most| (RateLimiter::direct(Quota::per_second(most)), most));
        Self { key, limiter, last_used_ms: AtomicU64::new(0), kept_use_ms: AtomicU64::new(0) }
    }

    /// Notes that it is used now, unless it is used too often.
    pub(crate) fn note_use(&self) -> Result<(), Refusal> {
        if let Some((limiter, most)) = &self.limiter
            && limiter.check().is_err()
        {
            return Err(Refusal::new(
                Code::RateLimited,
                format!(
                    "this key may make {most} requests a second; wait a second, or spread the load over keys"
                ),
            ));
        }
        self.last_used_ms.store(wall_now().0, Ordering::Relaxed);
        Ok(())
    }

    /// When it was last used, as far as the store and this run know.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        match self.last_used_ms.load(Ordering::Relaxed) {
            0 => self.key.last_used_at,
            used => Some(Timestamp(used)),
        }
    }

    fn use_to_keep(&self) -> Option<Timestamp> {
        let used = self.last_used_ms.load(Ordering::Relaxed);
        (used != self.kept_use_ms.load(Ordering::Relaxed)).then_some(Timestamp(used))
    }
}

/// SHA-256 of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

pub(super) fn prefix(hash: &[u8; 32]) -> [u8; 8] {
    *hash.first_chunk().expect("a hash has 32 bytes")
}

fn nonzero(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("rates are not zero")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use callslot_core::PlanId;
    use callslot_store::{MemoryStore, Plan, Session};

    use super::*;

    /// A store that lets other threads go first in the middle of everything.
    #[derive(Default)]
    struct Polite(MemoryStore);

    impl Polite {
        fn give_way() {
            for _ in 0..100 {
                std::thread::yield_now();
            }
        }
    }

    impl Catalogue for Polite {
        fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
            self.0.plans()
        }

        fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
            self.0.put_plan(plan)
        }

        fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
            self.0.delete_plan(id)
        }

        fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
            let keys = self.0.keys();
            Self::give_way();
            keys
        }

        fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
            Self::give_way();
            self.0.put_key(key)
        }

        fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
            Self::give_way();
            self.0.delete_key(id)
        }

        fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
            self.0.touch_keys(used)
        }

        fn sessions(&self) -> Result<Vec<Session>, StoreError> {
            self.0.sessions()
        }

        fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
            Self::give_way();
            self.0.put_session(session)
        }

        fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
            Self::give_way();
            self.0.delete_sessions(tokens_sha256)
        }
    }

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

    #[test]
    fn of_operators_who_revoke_each_other_one_stays() {
        let store = Polite::default();
        let keys = Keys::new(0);
        let ids: Vec<String> = (0..16).map(|n| n.to_string()).collect();
        for id in &ids {
            keys.add(&store, &key(id, Role::Operator)).expect("the store works");
        }
        std::thread::scope(|scope| {
            for id in &ids {
                scope.spawn(|| keys.revoke(&store, None, id).expect("the store works"));
            }
        });
        assert_eq!(keys.list(None).len(), 1);
        assert_eq!(store.keys().expect("the store works").len(), 1);
    }

    #[test]
    fn keys_made_at_the_same_time_all_open() {
        for _ in 0..20 {
            let store = Polite::default();
            let keys = Keys::new(0);
            let ids: Vec<String> = (0..8).map(|n| n.to_string()).collect();
            std::thread::scope(|scope| {
                for id in &ids {
                    scope.spawn(|| keys.add(&store, &key(id, Role::Viewer)));
                }
            });
            assert!(ids.iter().all(|id| keys.find(id).is_some()));
        }
    }

    #[test]
    fn of_browsers_that_sign_in_while_the_key_is_revoked_none_stays() {
        for _ in 0..20 {
            let store = Polite::default();
            let keys = Keys::new(0);
            keys.add(&store, &key("1", Role::Viewer)).expect("the store works");
            let known = keys.find("1").expect("it is there");
            let now = Timestamp(1);
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| keys.sign_in(&store, &known, None, now).map(drop));
                }
                scope.spawn(|| keys.revoke(&store, None, "1").map(drop));
            });
            assert_eq!(store.sessions().expect("the store works"), Vec::new());
            assert!(keys.sign_in(&store, &known, None, now).expect("the store works").is_none());
        }
    }

    #[test]
    fn a_use_is_kept_once() {
        let store = MemoryStore::default();
        let keys = Keys::new(0);
        keys.add(&store, &key("1", Role::Viewer)).expect("the store works");
        let known = keys.find("1").expect("it is there");
        assert_eq!(known.use_to_keep(), None);
        known.note_use().expect("there is no bound");
        keys.keep_last_uses(&store).expect("the store works");
        assert_eq!(known.use_to_keep(), None);
        assert_eq!(store.keys().expect("the store works")[0].last_used_at, known.last_used());
    }

    #[test]
    fn however_many_addresses_guess_few_are_remembered() {
        let keys = Keys::new(0);
        // Some are dropped once a second, so a busy machine meets the bound late.
        let is_refused = |n: u32| {
            let refused = keys.note_failure(IpAddr::V4(n.into())).is_err();
            assert!(keys.failed.len() <= REMEMBERED_ADDRESSES + 1);
            refused
        };
        assert!((0..1_000_000).any(is_refused), "those beyond the bound count together");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let keys = Keys::new(0);
        for n in 0..100 {
            let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n);
            keys.note_failure(IpAddr::V6(address)).expect("they are few");
        }
        assert_eq!(keys.failed.len(), 1);
    }
}
