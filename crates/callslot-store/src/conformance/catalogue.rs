//! The promises of [`Catalogue`](crate::Catalogue).

use callslot_core::{PlanId, Timestamp};

use crate::conformance::facts::org;
use crate::contract::catalogue::{ApiKey, OldSecret, Plan, Role, Session};
use crate::contract::seen_time::Seen;
use crate::contract::store::Store;

/// Plans are kept.
pub fn plans_are_kept_replaced_and_forgotten(store: &dyn Store) {
    let id = PlanId::parse("standard").expect("a plan id");
    for limit in [20, 30] {
        let plan = Plan { id: id.clone(), name: "Standard".into(), limit };
        store.put_plan(&plan).expect("a plan is kept");
        assert_eq!(store.plans().expect("a read").get(&id), Some(&plan));
    }
    assert!(store.delete_plan(&id).expect("a deletion"));
    assert!(!store.delete_plan(&id).expect("a deletion"));
    assert!(store.plans().expect("a read").is_empty());
}

/// Keys are kept, in the order of their ids.
pub fn keys_are_kept_touched_and_forgotten(store: &dyn Store) {
    let key = ApiKey {
        id: "key_1".into(),
        org: Some(org("acme")),
        name: "CI".into(),
        role: Role::Engine,
        secret_sha256: [7; 32],
        created_at: Timestamp(1),
        last_used_at: None,
        expires_at: None,
        old_secret: None,
    };
    let operator = ApiKey {
        id: "key_0".into(),
        org: None,
        role: Role::Operator,
        expires_at: Some(Timestamp(8)),
        old_secret: Some(OldSecret { sha256: [6; 32], until: Timestamp(5) }),
        ..key.clone()
    };
    store.put_key(&key).expect("a key is kept");
    store.put_key(&operator).expect("a key is kept");
    assert_eq!(store.keys().expect("a read"), vec![operator, key.clone()]);
    store.touch_keys(&[("key_1".into(), Timestamp(9))]).expect("a touch");
    assert_eq!(store.keys().expect("a read")[1].last_used_at, Some(Timestamp(9)));
    assert!(store.delete_key("key_1").expect("a deletion"));
    assert!(!store.delete_key("key_1").expect("a deletion"));
}

fn key(id: &str, secret_sha256: [u8; 32]) -> ApiKey {
    ApiKey {
        id: id.into(),
        org: None,
        name: "K".into(),
        role: Role::Operator,
        secret_sha256,
        created_at: Timestamp(1),
        last_used_at: None,
        expires_at: None,
        old_secret: None,
    }
}

fn session(token: u8, key: &str) -> Session {
    let (created_at, expires_at) = (Timestamp(2), Seen(u64::from(token)));
    Session { token_sha256: [token; 32], key: key.into(), created_at, expires_at }
}

/// Sessions are kept, in the order of the hashes of their tokens, if their key exists.
pub fn sessions_are_kept_and_forgotten(store: &dyn Store) {
    store.put_key(&key("key_1", [7; 32])).expect("a key is kept");
    for token in [2, 1, 3] {
        assert!(store.put_session(&session(token, "key_1")).expect("a session is kept"));
    }
    assert!(!store.put_session(&session(4, "key_2")).expect("no key, no session"));
    let later = Session { expires_at: Seen(9), ..session(3, "key_1") };
    assert!(store.put_session(&later).expect("a session is replaced"));
    let all = vec![session(1, "key_1"), session(2, "key_1"), later.clone()];
    assert_eq!(store.sessions().expect("a read"), all);
    store.delete_sessions(&[[1; 32], [2; 32], [9; 32]]).expect("a deletion");
    assert_eq!(store.sessions().expect("a read"), vec![later]);
}

/// A key that is no longer valid has no sessions.
pub fn a_session_goes_with_its_key_and_with_its_keys_secret(store: &dyn Store) {
    for id in ["key_1", "key_2", "key_3", "key_4"] {
        store.put_key(&key(id, [7; 32])).expect("a key is kept");
    }
    for (token, id) in [(1, "key_1"), (2, "key_2"), (3, "key_3"), (4, "key_1"), (5, "key_4")] {
        store.put_session(&session(token, id)).expect("a session is kept");
    }
    store.delete_key("key_1").expect("a deletion");
    store.put_key(&key("key_2", [8; 32])).expect("another secret");
    store.put_key(&key("key_3", [7; 32])).expect("the same secret");
    let old_secret = Some(OldSecret { sha256: [7; 32], until: Timestamp(9) });
    let rotated = ApiKey { old_secret, ..key("key_4", [8; 32]) };
    store.put_key(&rotated).expect("another secret beside the one before");
    assert_eq!(store.sessions().expect("a read"), vec![session(3, "key_3"), session(5, "key_4")]);
    store.put_key(&ApiKey { old_secret, ..key("key_4", [9; 32]) }).expect("a third secret");
    assert_eq!(store.sessions().expect("a read"), vec![session(3, "key_3")]);
}
