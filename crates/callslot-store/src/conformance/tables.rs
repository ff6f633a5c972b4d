//! The promises of [`Catalogue`](crate::Catalogue).

use callslot_core::{PlanId, Timestamp};

use crate::conformance::facts::org;
use crate::tables::{ApiKey, Plan, Role, Store};

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
    };
    let operator = ApiKey { id: "key_0".into(), org: None, role: Role::Operator, ..key.clone() };
    store.put_key(&key).expect("a key is kept");
    store.put_key(&operator).expect("a key is kept");
    assert_eq!(store.keys().expect("a read"), vec![operator, key.clone()]);
    store.touch_keys(&[("key_1".into(), Timestamp(9))]).expect("a touch");
    assert_eq!(store.keys().expect("a read")[1].last_used_at, Some(Timestamp(9)));
    assert!(store.delete_key("key_1").expect("a deletion"));
    assert!(!store.delete_key("key_1").expect("a deletion"));
}
