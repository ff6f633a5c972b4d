//! The promises of [`Catalogue`](crate::Catalogue) and [`EndedCalls`](crate::EndedCalls).

use callslot_core::{AgentId, CallId, CallType, PlanId, Sequence, Timestamp};

use crate::conformance::facts::{ended_call, now, org};
use crate::log::Position;
use crate::tables::{ApiKey, EndedFilter, Plan, Role, Store};

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

/// Ended calls are listed newest first, of one organisation.
pub fn ended_calls_are_read_newest_first_by_agent_and_type_and_page_by_page(store: &dyn Store) {
    let calls: Vec<_> = (1..=6)
        .map(|n| {
            let agent = if n % 2 == 0 { "even" } else { "odd" };
            let call_type = if n <= 3 { CallType::Chat } else { CallType::Inbound };
            (org("acme"), Sequence(n), ended_call(&format!("call-{n}"), agent, call_type, n))
        })
        .collect();
    store.project(&calls, Position(6)).expect("a projection");
    store
        .project(&[(org("globex"), Sequence(1), calls[0].2.clone())], Position(7))
        .expect("one more");
    assert_eq!(store.projected().expect("a read"), Position(7));

    let numbers = |filter: EndedFilter, limit| -> Vec<u64> {
        let found = store.ended_calls(&org("acme"), &filter, limit).expect("a read");
        found.into_iter().map(|(sequence, _)| sequence.0).collect()
    };
    let even = AgentId::parse("even").expect("an agent id");
    assert_eq!(numbers(EndedFilter::default(), 4), [6, 5, 4, 3]);
    let rest = EndedFilter { before: Some(Sequence(3)), ..EndedFilter::default() };
    assert_eq!(numbers(rest, 4), [2, 1]);
    let of_agent = EndedFilter { agent: Some(even.clone()), ..EndedFilter::default() };
    assert_eq!(numbers(of_agent, 9), [6, 4, 2]);
    let of_class = EndedFilter { agent: Some(even), call_type: Some(CallType::Chat), before: None };
    assert_eq!(numbers(of_class, 9), [2]);
}

/// An id that was used again leads to its last call.
pub fn of_two_calls_with_one_id_the_newest_is_found(store: &dyn Store) {
    let older = ended_call("call-1", "a", CallType::Chat, 1);
    let newer = ended_call("call-1", "b", CallType::Chat, 2);
    let both = [(org("acme"), Sequence(1), older), (org("acme"), Sequence(2), newer.clone())];
    store.project(&both, Position(1)).expect("a projection");
    let id = CallId::parse("call-1").expect("a call id");
    assert_eq!(store.ended_call(&org("acme"), &id).expect("a read"), Some(newer));
    assert_eq!(store.ended_call(&org("globex"), &id).expect("a read"), None);
}

/// A projection that is repeated after a crash finds its calls there already.
pub fn projecting_a_record_again_doubles_nothing(store: &dyn Store) {
    assert_eq!(store.projected().expect("a read"), Position(0));
    let call = ended_call("call-1", "a", CallType::Chat, 1);
    for _ in 0..2 {
        store
            .project(&[(org("acme"), Sequence(1), call.clone())], Position(1))
            .expect("a projection");
    }
    let kept = store.ended_calls(&org("acme"), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(kept, [(Sequence(1), call)]);
    store.project(&[], Position(4)).expect("a projection of records without ends");
    assert_eq!(store.projected().expect("a read"), Position(4));
}

/// Pruning is by the time of the end.
pub fn old_calls_are_pruned_and_younger_ones_stay(store: &dyn Store) {
    let calls: Vec<_> = (1..=4)
        .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, n * 1_000)))
        .collect();
    store.project(&calls, Position(1)).expect("a projection");
    assert_eq!(store.prune(now(3_000).at).expect("a pruning"), 2);
    let left = store.ended_calls(&org("acme"), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(left.len(), 2);
}

/// Pruning a long history keeps nobody out for long.
pub fn many_old_calls_are_pruned_a_bounded_number_at_a_time(store: &dyn Store) {
    let calls: Vec<_> = (1..=4_500)
        .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, 1)))
        .collect();
    store.project(&calls, Position(1)).expect("a projection");
    let (mut steps, mut pruned) = (0, 0);
    loop {
        match store.prune(now(2).at).expect("a pruning") {
            0 => break,
            some => (steps, pruned) = (steps + 1, pruned + some),
        }
    }
    assert!(steps > 1, "one step took all");
    assert_eq!(pruned, 4_500);
}
