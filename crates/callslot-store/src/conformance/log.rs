//! The promises of [`Log`](crate::Log).

use std::sync::Arc;
use std::thread;

use callslot_core::{CallEvent, CallType, OrgEvent, OrgId, Recorded, Sequence};

use crate::conformance::facts::{ended_call, now, org, record, record_of_everything};
use crate::contract::log::AppendError;
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::OldTimes;
use crate::contract::store::Store;
use crate::limits::{MAX_RECORD_BYTES, RECORDS_PER_BLOCK};
use crate::stored_form::{decode, encode};

/// Every kind of event is read back as it was appended.
pub fn every_kind_of_event_is_read_back_as_it_was_written(store: &dyn Store) {
    let written = record_of_everything();
    assert_eq!(decode(&encode(&written), "the record").expect("it is readable"), written);
    let written = record_of_everything();
    store.append(Position(0), &written).expect("an append");
    assert_eq!(all(store), vec![(Position(1), written)]);
}

/// A writer that is wrong about the end changes nothing.
pub fn an_append_after_anything_but_the_end_writes_nothing(store: &dyn Store) {
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    for wrong in [Position(0), Position(2)] {
        let refused = store.append(wrong, &record("acme", 2, 1));
        assert!(matches!(refused, Err(AppendError::NotAtEnd { end: Position(1), .. })));
    }
    assert_eq!(all(store).len(), 1);
}

/// A record has a bound, whatever the store could hold.
pub fn a_record_that_is_too_large_is_refused_and_writes_nothing(store: &dyn Store) {
    let half = record_of_bytes(MAX_RECORD_BYTES / 2);
    store.append(Position(0), &half).expect("half as many fit");
    let refused = store.append(Position(1), &record_of_bytes(MAX_RECORD_BYTES));
    assert!(matches!(refused, Err(AppendError::TooLarge { bytes }) if bytes > MAX_RECORD_BYTES));
    assert_eq!(store.end().expect("an end"), Position(1));
}

/// Two processes that both believe they own a shard never both write.
pub fn of_writers_at_one_position_exactly_one_wins(store: &dyn Store) {
    for end in 0..20 {
        let outcomes: Vec<_> = thread::scope(|scope| {
            let append = |writer| move || store.append(Position(end), &record("acme", writer, 1));
            let writers: Vec<_> = (1..=4).map(|writer| scope.spawn(append(writer))).collect();
            writers.into_iter().map(|writer| writer.join().expect("no panic")).collect()
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let lost =
            outcomes.iter().filter(|o| matches!(o, Err(AppendError::NotAtEnd { .. }))).count();
        assert_eq!((won, lost), (1, 3), "at position {end}");
    }
    assert_eq!(all(store).len(), 20);
}

/// A record may hold no events.
pub fn a_record_without_events_marks_the_time(store: &dyn Store) {
    let mark = Record { now: now(60_000), events: Vec::new() };
    store.append(Position(0), &mark).expect("an append");
    assert_eq!(all(store), vec![(Position(1), mark)]);
}

/// A reader makes progress, however small its bound.
pub fn reading_stops_at_the_byte_bound_but_never_before_one_record(store: &dyn Store) {
    append_records(store, 5);
    assert_eq!(store.read_from(Position(1), 1).expect("a read").len(), 1);
    assert_eq!(store.read_from(Position(1), usize::MAX).expect("a read").len(), 4);
    assert_eq!(store.read_from(Position(5), 1).expect("a read"), Vec::new());
}

/// No record that recovery needs is forgotten.
pub fn truncation_never_reaches_beyond_the_snapshot(store: &dyn Store) {
    append_records(store, 5);
    assert_eq!(store.truncate(Position(5)).expect("no snapshot, no truncation"), 0);
    store.save_snapshot(&snapshot(3)).expect("a snapshot is kept");
    assert_eq!(store.truncate(Position(5)).expect("a truncation"), 3);
    assert_eq!(store.start().expect("a start"), Position(4));
    assert_eq!(store.end().expect("an end"), Position(5));
}

/// Positions are never given twice.
pub fn the_end_holds_when_every_record_is_gone(store: &dyn Store) {
    append_records(store, 2);
    store.save_snapshot(&snapshot(2)).expect("a snapshot is kept");
    store.truncate(Position(2)).expect("a truncation");
    assert_eq!(store.end().expect("an end"), Position(2));
    assert_eq!(store.start().expect("a start"), Position(3));
    assert_eq!(store.append(Position(2), &record("acme", 3, 1)).expect("an append"), Position(3));
}

/// Truncating a long log blocks appends only briefly.
pub fn a_long_log_is_truncated_a_bounded_number_of_records_at_a_time(store: &dyn Store) {
    append_records(store, 1_100);
    store.save_snapshot(&snapshot(1_050)).expect("a snapshot is kept");
    let mut steps = 0;
    while store.truncate(Position(1_050)).expect("a truncation") > 0 {
        steps += 1;
    }
    assert!(steps > 1, "one step took all");
    assert_eq!(store.start().expect("a start"), Position(1_051));
}

/// The newest snapshot is the one that is read.
pub fn a_snapshot_replaces_the_one_before_however_large(store: &dyn Store) {
    assert_eq!(store.latest_snapshot().expect("a read"), None);
    let large = Snapshot { position: Position(1), record: record("acme", 1, 20_000) };
    store.save_snapshot(&large).expect("a snapshot is kept");
    assert_eq!(store.latest_snapshot().expect("a read"), Some(large));
    store.save_snapshot(&snapshot(2)).expect("a snapshot is kept");
    assert_eq!(store.latest_snapshot().expect("a read"), Some(snapshot(2)));
}

/// A reader during a save finds either the snapshot before or the new one, and appends go on.
pub fn a_snapshot_is_seen_whole_or_not_at_all(store: &dyn Store) {
    let snapshots: Vec<_> = (1..=4)
        .map(|n| Snapshot { position: Position(n), record: record("acme", n, 9_000 / n) })
        .collect();
    thread::scope(|scope| {
        let saving = scope.spawn(|| {
            for snapshot in &snapshots {
                store.save_snapshot(snapshot).expect("a snapshot is kept");
            }
        });
        let mut end = Position(0);
        let mut newest = Position(0);
        while !saving.is_finished() {
            end = store.append(end, &record("acme", end.0 + 1, 1)).expect("an append");
            let Some(found) = store.latest_snapshot().expect("a whole snapshot") else { continue };
            assert!(found.position >= newest, "an older snapshot came back");
            newest = found.position;
            assert!(snapshots.contains(&found), "a snapshot that nobody saved");
        }
    });
    assert_eq!(store.latest_snapshot().expect("a read").as_ref(), snapshots.last());
}

/// Whatever the bound on bytes, an organisation's records come in order and once, and few of others come with them.
pub fn a_read_for_an_organisation_has_all_its_events_and_few_of_others(store: &dyn Store) {
    append_for_two(store);
    for (name, events) in [("globex", 75), ("acme", 1_485), ("nobody", 0)] {
        for max_bytes in [1, 3_000, usize::MAX] {
            let (numbers, others) = read_on(store, &org(name), Position(0), max_bytes);
            assert!(numbers.into_iter().eq(1..=events), "{name}, {max_bytes} bytes at a time");
            assert!(others <= RECORDS_PER_BLOCK, "{name}: {others} records of others");
        }
    }
}

/// Who takes the id of a deleted organisation finds nothing of it.
pub fn a_read_for_an_organisation_begins_where_it_was_deleted(store: &dyn Store) {
    let deletion = Recorded { org: org("acme"), sequence: None, event: OrgEvent::Deleted.into() };
    for number in 0..200 {
        let record = match number {
            0..100 => record("acme", number + 1, 1),
            100 => Record { events: vec![deletion.clone()], ..record("globex", 100, 1) },
            150 | 199 => record("acme", number, 1),
            _ => record("globex", number, 1),
        };
        store.append(Position(number), &record).expect("an append");
    }
    for wanted in [1, 50, 150] {
        let from = store.position_before(&org("acme"), Sequence(wanted)).expect("a position");
        let (numbers, _) = read_on(store, &org("acme"), from, usize::MAX);
        assert_eq!(numbers, [150, 199], "from before event {wanted}");
    }
    let (others, _) = read_on(store, &org("globex"), Position(0), usize::MAX);
    assert_eq!(others.len(), 97);
}

/// A cursor leads to its event past few records, or to the start if its event has been removed.
pub fn reading_from_before_a_number_reaches_every_kept_event_soon(store: &dyn Store) {
    append_for_two(store);
    for wanted in [1, 2, 5, 6, 40, 75] {
        let from = store.position_before(&org("globex"), Sequence(wanted)).expect("a position");
        let (numbers, _) = read_on(store, &org("globex"), from, usize::MAX);
        assert!(numbers.contains(&wanted), "event {wanted} comes before {from:?}");
        assert!(numbers[0] + 5 > wanted, "event {wanted}: {} comes first", numbers[0]);
    }
    store.save_snapshot(&snapshot(700)).expect("a snapshot is kept");
    while store.truncate(Position(700)).expect("a truncation") > 0 {}
    for (wanted, first) in [(1, 36), (36, 36), (41, 41), (75, 71)] {
        let from = store.position_before(&org("globex"), Sequence(wanted)).expect("a position");
        assert!(from >= Position(700), "{from:?} was truncated");
        let (numbers, _) = read_on(store, &org("globex"), from, usize::MAX);
        assert!(numbers.into_iter().eq(first..=75), "from before event {wanted}");
    }
    let nobody = store.position_before(&org("nobody"), Sequence(9)).expect("a position");
    assert_eq!(nobody, Position(700));
}

/// Retention by age finds its place in the log. Times may go back, and what is old is so in the order of the records.
pub fn old_records_are_those_before_the_first_that_is_not(store: &dyn Store) {
    append_records(store, 3);
    let reaches = |old: &OldTimes| store.position_of_old(old).expect("a position");
    assert_eq!(reaches(&OldTimes::default()), Position(0));
    assert_eq!(reaches(&OldTimes::before(now(2).at)), Position(1));
    assert_eq!(reaches(&OldTimes::before(now(99).at)), Position(3));
    let mut earlier = record("acme", 4, 1);
    earlier.now.at = now(1).at;
    store.append(Position(3), &earlier).expect("an append");
    assert_eq!(reaches(&OldTimes::before(now(2).at)), Position(1));
    store.save_snapshot(&snapshot(4)).expect("a snapshot");
    store.truncate(Position(3)).expect("a truncation");
    assert_eq!(reaches(&OldTimes::default()), Position(3));
    assert_eq!(reaches(&OldTimes::before(now(2).at)), Position(4));
}

/// A probe succeeds when appends would.
pub fn a_probe_of_a_healthy_store_succeeds(store: &dyn Store) {
    store.probe().expect("a healthy store");
}

/// A record with a call that says this many bytes, and some more.
pub(super) fn record_of_bytes(bytes: usize) -> Record {
    let mut call = ended_call("call-1", "a", CallType::Chat, 1);
    call.state.note = Some(Arc::from("x".repeat(bytes)));
    let event = CallEvent::Ended(call).into();
    Record {
        now: now(1),
        events: vec![Recorded { org: org("acme"), sequence: Some(Sequence(1)), event }],
    }
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

/// A log of 1,500 records. Every hundredth has five events of `globex`, the others one of `acme`.
fn append_for_two(store: &dyn Store) {
    let (mut acme, mut globex) = (1, 1);
    for number in 0..1_500 {
        let record = if number % 100 == 0 {
            globex += 5;
            record("globex", globex - 5, 5)
        } else {
            acme += 1;
            record("acme", acme - 1, 1)
        };
        store.append(Position(number), &record).expect("an append");
    }
}

/// The numbers of an organisation's events after a position, and how many records without any were read.
fn read_on(store: &dyn Store, of: &OrgId, from: Position, max_bytes: usize) -> (Vec<u64>, u64) {
    let (mut numbers, mut others, mut reached) = (Vec::new(), 0, from);
    loop {
        let (records, next) = store.read_org_from(of, reached, max_bytes).expect("a read");
        for (_, record) in records {
            let events = record.events.iter().filter(|event| event.org == *of);
            let before = numbers.len();
            numbers.extend(events.filter_map(|event| event.sequence).map(|number| number.0));
            others += u64::from(numbers.len() == before);
        }
        let Some(next) = next else { return (numbers, others) };
        assert!(next > reached, "a read makes progress");
        reached = next;
    }
}
