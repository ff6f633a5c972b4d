//! The promises of a store with several shards, and the promises of each shard while others are written to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use callslot_core::{CallType, OrgEvent, OrgId, PlanId, Recorded, Sequence, Timestamp};

use crate::conformance::audit::logged;
use crate::conformance::facts::{ended_call, now, org, record};
use crate::conformance::history::{at, open_after, project};
use crate::conformance::log::record_of_bytes;
use crate::contract::audit::{AuditFilter, Origin};
use crate::contract::catalogue::Plan;
use crate::contract::history::{Open, Part, Projection, Series};
use crate::contract::log::AppendError;
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::OldTimes;
use crate::contract::store::Store;
use crate::limits::{MAX_RECORD_BYTES, RECORDS_PER_BLOCK};
use crate::shards::{is_number_of_shards, shard_of};

/// How often the others are written to at most while a promise is checked.
const WRITES_BESIDE: u64 = 400;

/// An organisation of the shard that a store is seen from.
#[must_use]
pub fn org_of(store: &dyn Store) -> OrgId {
    org_named(store, "acme")
}

/// The same with a name that begins so.
fn org_named(store: &dyn Store, name: &str) -> OrgId {
    let named = |number: u64| match number {
        0 => org(name),
        _ => org(&format!("{name}-{number}")),
    };
    let is_here = |org: &OrgId| shard_of(org, store.shards()) == store.number();
    (0..10_000).map(named).find(is_here).expect("each shard has organisations")
}

/// Checks a promise on an empty store, while all other shards are appended to, truncated and projected.
pub fn beside_writers(store: &Arc<dyn Store>, promise: fn(&dyn Store)) {
    let is_over = &AtomicBool::new(false);
    thread::scope(|scope| {
        let over = SetWhenDropped(is_over);
        let others: Vec<_> = all_of(store)
            .into_iter()
            .filter(|other| other.number() != store.number())
            .map(|other| scope.spawn(move || write_until(&*other, is_over)))
            .collect();
        promise(&**store);
        drop(over);
        for other in others {
            other.join().expect("the other shards take writes");
        }
    });
}

/// Ends the writers if the check fails, too: the scope waits for them.
struct SetWhenDropped<'a>(&'a AtomicBool);

impl Drop for SetWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Writes whatever a shard has of its own, at times that are never old, and finds it again.
fn write_until(store: &dyn Store, is_over: &AtomicBool) {
    let of = org_named(store, "beside");
    let late = |number| now(1 << 40 | number);
    let mut end = Position(0);
    for number in 1..=WRITES_BESIDE {
        if is_over.load(Ordering::Relaxed) && number > RECORDS_PER_BLOCK {
            break;
        }
        let written = Record { now: late(number), ..record(of.as_str(), number, 1) };
        end = store.append(end, &written).expect("an append");
        if !number.is_multiple_of(16) {
            continue;
        }
        store.save_snapshot(&Snapshot { position: end, record: written }).expect("a snapshot");
        store.truncate(Position(number - 8)).expect("a truncation");
        let call = ended_call("call-1", "a", CallType::Chat, 1 << 40 | number);
        let ended = vec![(of.clone(), Sequence(number), call)];
        let (_, series, Open { minute, hour }) = open_after(1, 1);
        let lately = |part: Part| Part { at: Timestamp(part.at.0 + (1 << 40)), ..part };
        let open = Open { minute: lately(minute), hour: lately(hour) };
        let open = vec![(of.clone(), series, open)];
        project(store, number, Projection { ended, open, ..Projection::default() });
    }
    let snapshot = store.latest_snapshot().expect("a read").expect("it was kept");
    assert_eq!(snapshot.position, Position(end.0 / 16 * 16));
    assert_eq!(store.projected().expect("a read"), snapshot.position);
    assert_eq!(store.start().expect("a start"), Position(snapshot.position.0 - 7));
    let kept = store.read_from(Position(0), usize::MAX).expect("a read");
    assert!(kept.iter().map(|(position, _)| position.0).eq(snapshot.position.0 - 7..=end.0));
    assert!(kept.iter().all(|(_, record)| record.events[0].org == of));
}

/// The store as it is seen from each shard, in their order.
fn all_of(store: &Arc<dyn Store>) -> Vec<Arc<dyn Store>> {
    (0..store.shards()).map(|number| Arc::clone(store).shard(number)).collect()
}

/// The first two shards, of which each has an organisation of its own.
fn two_of(store: &Arc<dyn Store>) -> [(Arc<dyn Store>, OrgId); 2] {
    [0, 1].map(|number| {
        let store = Arc::clone(store).shard(number);
        let of = org_of(&*store);
        (store, of)
    })
}

/// Everybody finds each shard under its number.
pub fn a_store_is_seen_from_each_of_its_shards(store: &Arc<dyn Store>) {
    assert!(is_number_of_shards(store.shards()));
    assert_eq!(store.number(), 0);
    let numbers: Vec<_> = all_of(store).iter().map(|shard| shard.number()).collect();
    assert!(numbers.into_iter().eq(0..store.shards()));
    let last = Arc::clone(store).shard(store.shards() - 1);
    assert_eq!(last.shards(), store.shards());
    assert_eq!(last.shard(0).number(), 0, "each leads to the others");
}

/// Each shard counts its own records, and a writer of one says nothing about the end of another.
pub fn positions_are_those_of_the_shard(store: &Arc<dyn Store>) {
    let [(first, acme), (second, globex)] = two_of(store);
    let of = |name: &OrgId, number| record(name.as_str(), number, 1);
    for number in 1..=3 {
        let appended = first.append(Position(number - 1), &of(&acme, number)).expect("an append");
        assert_eq!(appended, Position(number));
    }
    let wrong = second.append(Position(3), &of(&globex, 1));
    assert!(matches!(wrong, Err(AppendError::NotAtEnd { end: Position(0), .. })), "{wrong:?}");
    assert_eq!(second.append(Position(0), &of(&globex, 1)).expect("an append"), Position(1));
    let wrong = first.append(Position(1), &of(&acme, 4));
    assert!(matches!(wrong, Err(AppendError::NotAtEnd { end: Position(3), .. })), "{wrong:?}");
    let ends = [&first, &second].map(|shard| shard.end().expect("an end"));
    assert_eq!(ends, [Position(3), Position(1)]);
    let one = second.read_from(Position(0), usize::MAX).expect("a read");
    assert_eq!(one, [(Position(1), of(&globex, 1))]);
    let three = first.read_from(Position(0), usize::MAX).expect("a read");
    assert!(three.into_iter().eq((1..=3).map(|number| (Position(number), of(&acme, number)))));
    for other in all_of(store).into_iter().skip(2) {
        assert_eq!(other.end().expect("an end"), Position(0));
        assert_eq!(other.start().expect("a start"), Position(1));
        assert_eq!(other.read_from(Position(0), usize::MAX).expect("a read"), []);
    }
}

/// However many append at once, each shard has its own records in its own order, and what is refused is refused alone.
pub fn shards_that_are_appended_to_at_once_do_not_disturb_each_other(store: &Arc<dyn Store>) {
    const RECORDS: u64 = 60;
    let shards = all_of(store);
    let too_large = &record_of_bytes(MAX_RECORD_BYTES);
    let write = |shard: &dyn Store| {
        let of = org_of(shard);
        for number in 1..=RECORDS {
            let after = Position(number - 1);
            if number.is_multiple_of(7) {
                let refused = shard.append(Position(number), &record(of.as_str(), number, 1));
                assert!(
                    matches!(refused, Err(AppendError::NotAtEnd { end, .. }) if end == after),
                    "{refused:?}"
                );
            }
            if number == 31 && shard.number() == 1 {
                let refused = shard.append(after, too_large);
                assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
            }
            let appended = shard.append(after, &record(of.as_str(), number, 1));
            assert_eq!(appended.expect("an append"), Position(number));
        }
    };
    thread::scope(|scope| {
        for shard in &shards {
            scope.spawn(move || write(&**shard));
        }
    });
    for shard in &shards {
        let of = org_of(&**shard);
        let kept = shard.read_from(Position(0), usize::MAX).expect("a read");
        let written = (1..=RECORDS).map(|n| (Position(n), record(of.as_str(), n, 1)));
        assert!(kept.into_iter().eq(written), "shard {}", shard.number());
    }
}

/// A snapshot covers the records of its shard alone.
pub fn a_snapshot_and_what_is_truncated_are_the_shards(store: &Arc<dyn Store>) {
    let [(first, acme), (second, globex)] = two_of(store);
    for number in 0..5 {
        for (shard, of) in [(&first, &acme), (&second, &globex)] {
            shard.append(Position(number), &record(of.as_str(), number + 1, 1)).expect("an append");
        }
    }
    let snapshot = |of: &OrgId, position| Snapshot {
        position: Position(position),
        record: record(of.as_str(), 1, position),
    };
    first.save_snapshot(&snapshot(&acme, 4)).expect("a snapshot");
    assert_eq!(second.latest_snapshot().expect("a read"), None);
    assert_eq!(second.truncate(Position(5)).expect("a truncation"), 0, "no snapshot covers them");
    second.save_snapshot(&snapshot(&globex, 2)).expect("a snapshot");
    assert_eq!(first.latest_snapshot().expect("a read"), Some(snapshot(&acme, 4)));
    assert_eq!(first.truncate(Position(5)).expect("a truncation"), 4);
    let starts = || [&first, &second].map(|shard| shard.start().expect("a start"));
    assert_eq!(starts(), [Position(5), Position(1)]);
    assert_eq!(second.truncate(Position(1)).expect("a truncation"), 1);
    assert_eq!(starts(), [Position(5), Position(2)]);
    let old = OldTimes::before(now(4).at);
    let reaches = [&first, &second].map(|shard| shard.position_of_old(&old).expect("a position"));
    assert_eq!(reaches, [Position(4), Position(3)]);
    second.save_snapshot(&snapshot(&globex, 5)).expect("a snapshot");
    assert_eq!(second.truncate(Position(5)).expect("a truncation"), 4);
    let ends = [&first, &second].map(|shard| shard.end().expect("an end"));
    assert_eq!(ends, [Position(5), Position(5)]);
}

/// The index by organisation is the shard's, and so is the record in which one was deleted.
pub fn a_read_for_an_organisation_is_of_its_shard(store: &Arc<dyn Store>) {
    let [(first, acme), (second, globex)] = two_of(store);
    let records = RECORDS_PER_BLOCK * 2 + 10;
    for number in 0..records {
        let gone =
            Recorded { org: globex.clone(), sequence: None, event: OrgEvent::Deleted.into() };
        let mut of_globex = record(globex.as_str(), number + 1, 1);
        if number == 99 {
            of_globex.events.insert(0, gone);
        }
        first.append(Position(number), &record(acme.as_str(), number + 1, 1)).expect("an append");
        second.append(Position(number), &of_globex).expect("an append");
    }
    let positions = |shard: &dyn Store, of: &OrgId| -> Vec<u64> {
        let (found, _) = shard.read_org_from(of, Position(0), usize::MAX).expect("a read");
        found.into_iter().map(|(position, _)| position.0).collect()
    };
    assert!(positions(&*first, &acme).into_iter().eq(1..=records));
    assert!(positions(&*second, &globex).into_iter().eq(100..=records));
    let before = first.position_before(&acme, Sequence(RECORDS_PER_BLOCK + 5)).expect("a position");
    assert!((1..=RECORDS_PER_BLOCK + 4).contains(&before.0), "{before:?}");
    let before = second.position_before(&globex, Sequence(1)).expect("a position");
    assert!(before <= Position(99), "{before:?}");
}

/// The history follows each log by itself, and is one history.
pub fn each_shard_says_how_far_it_is_in_the_history(store: &Arc<dyn Store>) {
    let [(first, acme), (second, globex)] = two_of(store);
    let call = || ended_call("call-1", "a", CallType::Chat, 1);
    let open = |of: &OrgId| (of.clone(), Series::Org, open_after(5, 1).2);
    let of = |of: &OrgId| Projection {
        ended: vec![(of.clone(), Sequence(1), call())],
        open: vec![open(of)],
        ..Projection::default()
    };
    project(&*first, 7, of(&acme));
    assert_eq!(second.projected().expect("a read"), Position(0));
    let of_another = Projection { after: Position(7), reached: Position(8), ..of(&globex) };
    assert!(!second.project(&of_another).expect("a projection"), "it does not follow on");
    project(&*second, 2, of(&globex));
    let reached = [&first, &second].map(|shard| shard.projected().expect("a read"));
    assert_eq!(reached, [Position(7), Position(2)]);
    for shard in all_of(store) {
        for of in [&acme, &globex] {
            let found = shard.ended_call(of, &call().request.id).expect("a read");
            assert_eq!(found, Some(call()), "from shard {}", shard.number());
        }
    }
    for (shard, of) in [(&first, &acme), (&second, &globex)] {
        assert_eq!(shard.series_after(at(1)).expect("a read"), [(of.clone(), Series::Org)]);
    }
    while second.erase(&acme).expect("a removal") > 0 {}
    assert_eq!(first.ended_call(&acme, &call().request.id).expect("a read"), None);
    assert_eq!(first.projected().expect("a read"), Position(7));
}

/// Entries from the same place of two logs are two, and each number is given once.
pub fn entries_of_the_audit_from_two_logs_are_apart(store: &Arc<dyn Store>) {
    let [(first, acme), (second, globex)] = two_of(store);
    let entry = |of: &OrgId| (Origin { position: Position(3), place: 1 }, logged(of.as_str(), 5));
    first.keep_audited(&[entry(&acme)]).expect("an entry is kept");
    second.keep_audited(&[entry(&globex)]).expect("an entry is kept");
    for _ in 0..2 {
        let page = first.audit(&AuditFilter::default(), 9).expect("a read");
        assert_eq!(page.entries, [(2, entry(&globex).1), (1, entry(&acme).1)]);
        assert_eq!(second.audit(&AuditFilter::default(), 9).expect("a read"), page);
        second.keep_audited(&[entry(&globex)]).expect("it is passed over");
        first.keep_audited(&[entry(&acme)]).expect("it is passed over");
    }
}

/// What belongs to no shard is the store's.
pub fn plans_are_the_same_from_every_shard(store: &Arc<dyn Store>) {
    let id = PlanId::parse("standard").expect("a plan id");
    let plan = Plan { id: id.clone(), name: "Standard".into(), limit: 20 };
    let last = Arc::clone(store).shard(store.shards() - 1);
    last.put_plan(&plan).expect("a plan is kept");
    for shard in all_of(store) {
        assert_eq!(shard.plans().expect("a read").get(&id), Some(&plan));
    }
    assert!(store.delete_plan(&id).expect("a deletion"));
    assert!(last.plans().expect("a read").is_empty());
}
