//! Keys and sessions, one at a time and concurrently.

use std::collections::BTreeMap;

use callslot_core::PlanId;
use callslot_store::{
    Audit, AuditFilter, AuditPage, Audited, CatalogueChange, MemoryStore, OldTimes, Origin, Plan,
    Session,
};

use super::*;
use crate::auth::known_key::tests::key;
use crate::auth::limits::MAX_SESSIONS_PER_KEY;
use crate::auth::sign_in_codes::SignInCodes;

const NOW: Seen = Seen(1_700_000_000_000);

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

impl Audit for Polite {
    fn change_catalogue(
        &self,
        change: CatalogueChange<'_>,
        entry: &Audited,
    ) -> Result<bool, StoreError> {
        Self::give_way();
        self.0.change_catalogue(change, entry)
    }

    fn keep_audited(&self, entries: &[(Origin, Audited)]) -> Result<(), StoreError> {
        self.0.keep_audited(entries)
    }

    fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, StoreError> {
        self.0.audit(filter, limit)
    }

    fn audited(&self, number: u64) -> Result<Option<Audited>, StoreError> {
        self.0.audited(number)
    }

    fn erase_audit(&self, org: &OrgId) -> Result<u64, StoreError> {
        self.0.erase_audit(org)
    }

    fn prune_audit(&self, old: &OldTimes) -> Result<u64, StoreError> {
        self.0.prune_audit(old)
    }
}

/// Who makes the changes here.
fn me() -> Arc<Actor> {
    callslot_node::system_actor("a test")
}

#[test]
fn of_operators_who_revoke_each_other_one_stays() {
    let store = Polite::default();
    let keys = KeyRing::new(0);
    let ids: Vec<String> = (0..16).map(|n| n.to_string()).collect();
    for id in &ids {
        keys.add(&store, &key(id, Role::Operator), &me()).expect("the store works");
    }
    std::thread::scope(|scope| {
        for id in &ids {
            scope.spawn(|| {
                keys.revoke(&store, (None, id), &me(), Timestamp(1)).expect("the store works")
            });
        }
    });
    assert_eq!(keys.list(None).len(), 1);
    assert_eq!(store.keys().expect("the store works").len(), 1);
}

#[test]
fn keys_made_at_the_same_time_all_open() {
    for _ in 0..20 {
        let store = Polite::default();
        let keys = KeyRing::new(0);
        let ids: Vec<String> = (0..8).map(|n| n.to_string()).collect();
        std::thread::scope(|scope| {
            for id in &ids {
                scope.spawn(|| keys.add(&store, &key(id, Role::Viewer), &me()));
            }
        });
        assert!(ids.iter().all(|id| keys.find(id).is_some()));
    }
}

#[test]
fn of_browsers_that_sign_in_while_the_key_is_revoked_none_stays() {
    for _ in 0..20 {
        let store = Polite::default();
        let keys = KeyRing::new(0);
        keys.add(&store, &key("1", Role::Viewer), &me()).expect("the store works");
        let known = keys.find("1").expect("it is there");
        let now = (Timestamp(1), Seen(1));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| keys.sign_in(&store, &known, None, None, now).map(drop));
            }
            scope.spawn(|| keys.revoke(&store, (None, "1"), &me(), Timestamp(1)).map(drop));
        });
        assert_eq!(store.sessions().expect("the store works"), Vec::new());
        assert!(keys.sign_in(&store, &known, None, None, now).expect("the store works").is_none());
    }
}

#[test]
fn a_use_is_kept_once() {
    let store = MemoryStore::default();
    let keys = KeyRing::new(0);
    keys.add(&store, &key("1", Role::Viewer), &me()).expect("the store works");
    let known = keys.find("1").expect("it is there");
    assert_eq!(known.use_to_keep(), None);
    known.note_use().expect("there is no bound");
    keys.keep_last_uses(&store).expect("the store works");
    assert_eq!(known.use_to_keep(), None);
    assert_eq!(store.keys().expect("the store works")[0].last_used_at, known.last_used());
}

struct Fixture {
    store: MemoryStore,
    keys: KeyRing,
}

impl Fixture {
    fn with_keys(ids: &[&str]) -> Self {
        let fixture = Self { store: MemoryStore::default(), keys: KeyRing::new(0) };
        for id in ids {
            fixture
                .keys
                .add(&fixture.store, &key(id, Role::Viewer), &me())
                .expect("the store works");
        }
        fixture
    }

    fn sign_in_at(&self, id: &str, lived: Seen) -> String {
        let known = self.keys.find(id).expect("the key is there");
        let signed_in = self.keys.sign_in(&self.store, &known, None, None, (Timestamp(1), lived));
        signed_in.expect("the store works").expect("the key is there").0
    }

    fn opens(&self, token: &str, lived: Seen) -> bool {
        self.keys.session(token, lived).is_some()
    }

    fn kept(&self) -> usize {
        self.store.sessions().expect("the store works").len()
    }
}

#[test]
fn a_session_opens_for_seven_days_and_is_then_forgotten() {
    let fixture = Fixture::with_keys(&["1"]);
    let token = fixture.sign_in_at("1", NOW);
    let ends = Seen(NOW.0 + 7 * 24 * 3_600_000);
    let last = Seen(ends.0 - 1);
    assert!(fixture.opens(&token, last));
    assert!(!fixture.opens(&token, ends));
    fixture.keys.forget_expired(&fixture.store, last).expect("the store works");
    assert_eq!(fixture.kept(), 1);
    fixture.keys.forget_expired(&fixture.store, ends).expect("the store works");
    assert_eq!((fixture.kept(), fixture.opens(&token, NOW)), (0, false));
}

#[test]
fn a_session_opened_with_a_code_of_another_ends_with_it() {
    let fixture = Fixture::with_keys(&["1"]);
    let first = fixture.sign_in_at("1", NOW);
    let first = fixture.keys.session(&first, NOW).expect("it is open");
    let ends = first.stored.expires_at;
    let (codes, later) = (SignInCodes::default(), Seen(ends.0 - 10));
    let (code, expires_at) = codes.make(&first.known, Some(ends), later);
    assert_eq!(expires_at, ends, "the code ends with it too");
    assert!(codes.take(&code, ends).is_none());
    let (code, _) = codes.make(&first.known, Some(ends), later);
    let (known, ends_by) = codes.take(&code, later).expect("it works once");
    let now = (Timestamp(1), later);
    let signed_in = fixture.keys.sign_in(&fixture.store, &known, ends_by, None, now);
    let (token, _) = signed_in.expect("the store works").expect("the key is there");
    assert!(fixture.opens(&token, Seen(ends.0 - 1)));
    assert!(!fixture.opens(&token, ends));
}

#[test]
fn the_end_of_a_session_is_shown_the_same_while_clocks_differ_by_little() {
    let fixture = Fixture::with_keys(&["1"]);
    let session = fixture.keys.session(&fixture.sign_in_at("1", NOW), NOW).expect("it is open");
    let at = |clock_ms: u64, lived_ms: u64| {
        session.shown_end((Timestamp(NOW.0 + clock_ms), Seen(NOW.0 + lived_ms)))
    };
    let first = at(900, 0);
    assert_eq!([at(1_000, 1_000), at(1_999, 1_000), at(61_500, 61_000)], [first; 3]);
    assert_eq!(at(3_600_000, 0), Timestamp(first.0 + 3_600_000 - 900), "the clock was set");
}

#[test]
fn an_organisation_has_a_bound_on_its_keys_and_a_revoked_one_makes_room() {
    let fixture = Fixture::with_keys(&[]);
    let org = |org: &str| Some(OrgId::parse(org).expect("an organisation id"));
    let of = |whose: Option<OrgId>, id: &str| ApiKey { org: whose, ..key(id, Role::Viewer) };
    for n in 0..MAX_KEYS_PER_ORG {
        fixture.store.put_key(&of(org("o"), &n.to_string())).expect("the store works");
    }
    fixture.keys.load(&fixture.store).expect("the store works");
    let add = |key: &ApiKey| fixture.keys.add(&fixture.store, key, &me()).expect("the store works");
    assert_eq!(add(&of(org("o"), "more")), Added::TooMany);
    assert!(fixture.keys.find("more").is_none());
    assert_eq!(add(&of(org("p"), "other")), Added::Done);
    fixture.keys.revoke(&fixture.store, (None, "7"), &me(), Timestamp(1)).expect("the store works");
    assert_eq!(add(&of(org("o"), "more")), Added::Done);
}

#[test]
fn of_too_many_sessions_of_a_key_the_oldest_ends_and_other_keys_keep_theirs() {
    let fixture = Fixture::with_keys(&["1", "2"]);
    let other = fixture.sign_in_at("2", NOW);
    let at = |n: usize| Seen(NOW.0 + n as u64);
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
    let again = KeyRing::new(0);
    again.load(&fixture.store).expect("the store works");
    let of = |token| again.session(token, NOW).map(|it| it.known.key.id.clone());
    assert_eq!((of(&first), of(&second)), (Some("1".into()), Some("2".into())));
    again.revoke(&fixture.store, (None, "1"), &me(), Timestamp(1)).expect("the store works");
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

#[test]
fn both_secrets_of_a_rotated_key_share_its_uses_and_its_streams_end_with_their_secret() {
    let fixture = Fixture::with_keys(&["1"]);
    let old = fixture.keys.find("1").expect("the key is there");
    let now = (callslot_node::wall_now(), NOW);
    let rotation = |secret: &str, old_until| Rotation {
        secret_sha256: hash(secret),
        old_until,
        expires_at: None,
    };
    let ask = |rotation| {
        let rotated =
            fixture.keys.rotate(&fixture.store, (None, "1"), rotation, (&me(), None), now);
        rotated.expect("the store works")
    };
    let rotate = |rotation| assert!(matches!(ask(rotation), Rotated::Done(_)));
    let opens = |known: &Arc<KnownKey>| {
        fixture.keys.opens(&Credential { known: Arc::clone(known), session: None })
    };
    let promised = Timestamp(callslot_node::wall_now().0 + 3_000);
    rotate(rotation("2", promised));
    let newer = fixture.keys.find("2").expect("the new secret is there");
    assert!(
        opens(&old) && opens(&newer) && Arc::ptr_eq(&old, &fixture.keys.find("1").expect("it"))
    );
    old.note_use().expect("there is no bound");
    assert!(newer.last_used().is_some() && newer.last_used() == old.last_used());
    assert_eq!(fixture.keys.list(None).len(), 1);

    let later = || rotation("3", Timestamp(now.0.0 + 3_600_000));
    assert!(matches!(ask(later()), Rotated::InGrace(until) if until == promised));
    assert!(opens(&old) && fixture.keys.find("3").is_none(), "nothing was promised in vain");
    while callslot_node::wall_now() < promised {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    rotate(later());
    assert!(!opens(&old) && opens(&newer), "one secret before the last is remembered");
    rotate(rotation("4", now.0));
    assert!(!opens(&newer) && fixture.keys.find("3").is_none());
}

#[tokio::test]
async fn a_stream_of_a_key_ends_when_the_key_expires() {
    let fixture = Fixture::with_keys(&[]);
    let soon = Timestamp(callslot_node::wall_now().0 + 50);
    let expiring = ApiKey { expires_at: Some(soon), ..key("1", Role::Viewer) };
    fixture.keys.add(&fixture.store, &expiring, &me()).expect("the store works");
    let known = fixture.keys.find("1").expect("the key is there");
    fixture.keys.until_closed(Credential { known, session: None }).await;
    assert!(callslot_node::wall_now() >= soon);
}
