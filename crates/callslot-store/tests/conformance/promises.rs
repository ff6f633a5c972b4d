//! The promises of `Log`, `Catalogue` and `EndedCalls`, one test each, on every store.

use callslot_core::{AgentId, CallId, CallType, PlanId, Sequence, Timestamp};
use callslot_store::{
    ApiKey, AppendError, EndedFilter, Plan, Position, Record, Role, Snapshot, Store, decode, encode,
};

use crate::facts::{ended_call, now, org, record, record_of_everything};
use crate::on_every_store;

#[test]
fn every_kind_of_event_is_read_back_as_it_was_written() {
    let written = record_of_everything();
    assert_eq!(decode(&encode(&written), "the record").expect("it is readable"), written);
    on_every_store(|store| {
        let written = record_of_everything();
        store.append(Position(0), &written).expect("an append");
        assert_eq!(all(store), vec![(Position(1), written)]);
    });
}

#[test]
fn an_append_after_anything_but_the_end_writes_nothing() {
    on_every_store(|store| {
        store.append(Position(0), &record("acme", 1, 1)).expect("an append");
        for wrong in [Position(0), Position(2)] {
            let refused = store.append(wrong, &record("acme", 2, 1));
            assert!(matches!(refused, Err(AppendError::NotAtEnd { end: Position(1), .. })));
        }
        assert_eq!(all(store).len(), 1);
    });
}

#[test]
fn a_record_without_events_marks_the_time() {
    on_every_store(|store| {
        let mark = Record { now: now(60_000), events: Vec::new() };
        store.append(Position(0), &mark).expect("an append");
        assert_eq!(all(store), vec![(Position(1), mark)]);
    });
}

#[test]
fn reading_stops_at_the_byte_bound_but_never_before_one_record() {
    on_every_store(|store| {
        append_records(store, 5);
        assert_eq!(store.read_from(Position(1), 1).expect("a read").len(), 1);
        assert_eq!(store.read_from(Position(1), usize::MAX).expect("a read").len(), 4);
        assert_eq!(store.read_from(Position(5), 1).expect("a read"), Vec::new());
    });
}

#[test]
fn truncation_never_reaches_beyond_the_snapshot() {
    on_every_store(|store| {
        append_records(store, 5);
        assert_eq!(store.truncate(Position(5)).expect("no snapshot, no truncation"), 0);
        store.save_snapshot(&snapshot(3)).expect("a snapshot is kept");
        assert_eq!(store.truncate(Position(5)).expect("a truncation"), 3);
        assert_eq!(store.start().expect("a start"), Position(4));
        assert_eq!(store.end().expect("an end"), Position(5));
    });
}

#[test]
fn the_end_holds_when_every_record_is_gone() {
    on_every_store(|store| {
        append_records(store, 2);
        store.save_snapshot(&snapshot(2)).expect("a snapshot is kept");
        store.truncate(Position(2)).expect("a truncation");
        assert_eq!(store.end().expect("an end"), Position(2));
        assert_eq!(store.start().expect("a start"), Position(3));
        assert_eq!(
            store.append(Position(2), &record("acme", 3, 1)).expect("an append"),
            Position(3)
        );
    });
}

#[test]
fn a_long_log_is_truncated_a_bounded_number_of_records_at_a_time() {
    on_every_store(|store| {
        append_records(store, 1_100);
        store.save_snapshot(&snapshot(1_050)).expect("a snapshot is kept");
        let mut steps = 0;
        while store.truncate(Position(1_050)).expect("a truncation") > 0 {
            steps += 1;
        }
        assert!(steps > 1, "one step took all");
        assert_eq!(store.start().expect("a start"), Position(1_051));
    });
}

#[test]
fn a_snapshot_replaces_the_one_before_however_large() {
    on_every_store(|store| {
        assert_eq!(store.latest_snapshot().expect("a read"), None);
        let large = Snapshot { position: Position(1), record: record("acme", 1, 60_000) };
        store.save_snapshot(&large).expect("a snapshot is kept");
        assert_eq!(store.latest_snapshot().expect("a read"), Some(large));
        store.save_snapshot(&snapshot(2)).expect("a snapshot is kept");
        assert_eq!(store.latest_snapshot().expect("a read"), Some(snapshot(2)));
    });
}

#[test]
fn reading_from_before_a_number_reaches_every_later_event() {
    on_every_store(|store| {
        for number in 0..30 {
            let name = if number % 3 == 0 { "globex" } else { "acme" };
            let first = number / 3 * 500 + 1;
            store.append(Position(number), &record(name, first, 500)).expect("an append");
        }
        for wanted in [1, 2, 1_024, 1_025, 1_026, 4_000, 4_999] {
            let from = store.position_before(&org("globex"), Sequence(wanted)).expect("a position");
            let reached = store.read_from(from, usize::MAX).expect("a read");
            let found = reached.iter().flat_map(|(_, record)| &record.events).any(|recorded| {
                recorded.org == org("globex") && recorded.sequence == Some(Sequence(wanted))
            });
            assert!(found, "event {wanted} is not reached from {from:?}");
        }
    });
}

#[test]
fn a_time_leads_to_the_last_record_before_it() {
    on_every_store(|store| {
        append_records(store, 3);
        assert_eq!(store.position_at(Timestamp(0)).expect("a position"), Position(0));
        assert_eq!(store.position_at(now(2).at).expect("a position"), Position(1));
        assert_eq!(store.position_at(now(99).at).expect("a position"), Position(3));
    });
}

#[test]
fn a_probe_of_a_healthy_store_succeeds() {
    on_every_store(|store| store.probe().expect("a healthy store"));
}

#[test]
fn plans_are_kept_replaced_and_forgotten() {
    on_every_store(|store| {
        let id = PlanId::parse("standard").expect("a plan id");
        for limit in [20, 30] {
            let plan = Plan { id: id.clone(), name: "Standard".into(), limit };
            store.put_plan(&plan).expect("a plan is kept");
            assert_eq!(store.plans().expect("a read").get(&id), Some(&plan));
        }
        assert!(store.delete_plan(&id).expect("a deletion"));
        assert!(!store.delete_plan(&id).expect("a deletion"));
        assert!(store.plans().expect("a read").is_empty());
    });
}

#[test]
fn keys_are_kept_touched_and_forgotten() {
    on_every_store(|store| {
        let key = ApiKey {
            id: "key_1".into(),
            org: Some(org("acme")),
            name: "CI".into(),
            role: Role::Engine,
            secret_sha256: [7; 32],
            created_at: Timestamp(1),
            last_used_at: None,
        };
        let operator =
            ApiKey { id: "key_0".into(), org: None, role: Role::Operator, ..key.clone() };
        store.put_key(&key).expect("a key is kept");
        store.put_key(&operator).expect("a key is kept");
        assert_eq!(store.keys().expect("a read"), vec![operator, key.clone()]);
        store.touch_keys(&[("key_1".into(), Timestamp(9))]).expect("a touch");
        assert_eq!(store.keys().expect("a read")[1].last_used_at, Some(Timestamp(9)));
        assert!(store.delete_key("key_1").expect("a deletion"));
        assert!(!store.delete_key("key_1").expect("a deletion"));
    });
}

#[test]
fn ended_calls_are_read_newest_first_by_agent_and_type_and_page_by_page() {
    on_every_store(|store| {
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
        let of_class =
            EndedFilter { agent: Some(even), call_type: Some(CallType::Chat), before: None };
        assert_eq!(numbers(of_class, 9), [2]);
    });
}

#[test]
fn of_two_calls_with_one_id_the_newest_is_found() {
    on_every_store(|store| {
        let older = ended_call("call-1", "a", CallType::Chat, 1);
        let newer = ended_call("call-1", "b", CallType::Chat, 2);
        let both = [(org("acme"), Sequence(1), older), (org("acme"), Sequence(2), newer.clone())];
        store.project(&both, Position(1)).expect("a projection");
        let id = CallId::parse("call-1").expect("a call id");
        assert_eq!(store.ended_call(&org("acme"), &id).expect("a read"), Some(newer));
        assert_eq!(store.ended_call(&org("globex"), &id).expect("a read"), None);
    });
}

#[test]
fn old_calls_are_pruned_and_younger_ones_stay() {
    on_every_store(|store| {
        let calls: Vec<_> = (1..=4)
            .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, n * 1_000)))
            .collect();
        store.project(&calls, Position(1)).expect("a projection");
        assert_eq!(store.prune(now(3_000).at).expect("a pruning"), 2);
        let left = store.ended_calls(&org("acme"), &EndedFilter::default(), 9).expect("a read");
        assert_eq!(left.len(), 2);
    });
}

fn append_records(store: &dyn Store, count: u64) {
    for number in 0..count {
        let appended = store.append(Position(number), &record("acme", number + 1, 1));
        assert_eq!(appended.expect("an append"), Position(number + 1));
    }
}

fn snapshot(position: u64) -> Snapshot {
    Snapshot { position: Position(position), record: record("acme", 1, 3) }
}

fn all(store: &dyn Store) -> Vec<(Position, Record)> {
    store.read_from(Position(0), usize::MAX).expect("a read")
}
