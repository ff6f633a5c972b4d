//! The promises of [`Log`](crate::Log).

use std::thread;

use callslot_core::{OrgId, Sequence, Timestamp};

use crate::conformance::facts::{now, org, record, record_of_everything};
use crate::contract::log::AppendError;
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::store::Store;
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

/// A cursor leads to a place not far before its event, or to the start if its event has been removed.
pub fn reading_from_before_a_number_reaches_every_kept_event_soon(store: &dyn Store) {
    for number in 0..30 {
        let name = if number % 3 == 0 { "globex" } else { "acme" };
        let first = number / 3 * 500 + 1;
        store.append(Position(number), &record(name, first, 500)).expect("an append");
    }
    // Every 1,024th event is indexed: two records of the organisation, and those of the other in between.
    let most_records_before = 9;
    for wanted in [1, 2, 1_024, 1_025, 1_026, 4_000, 4_999] {
        let from = store.position_before(&org("globex"), Sequence(wanted)).expect("a position");
        let at = position_of(store, from, &org("globex"), wanted).expect("it is reached");
        assert!(at.0 - from.0 <= most_records_before, "event {wanted}: {from:?} to {at:?}");
    }
    store.save_snapshot(&snapshot(20)).expect("a snapshot is kept");
    store.truncate(Position(20)).expect("a truncation");
    for wanted in [1, 3_501, 4_097, 4_999] {
        let from = store.position_before(&org("globex"), Sequence(wanted)).expect("a position");
        assert!(from >= Position(20), "{from:?} was truncated");
        let first_kept = wanted.max(3_501);
        assert!(position_of(store, from, &org("globex"), first_kept).is_some(), "{first_kept}");
    }
    assert_eq!(
        store.position_before(&org("nobody"), Sequence(9)).expect("a position"),
        Position(20)
    );
}

/// Retention by age finds its place in the log.
pub fn a_time_leads_to_the_last_record_before_it(store: &dyn Store) {
    append_records(store, 3);
    assert_eq!(store.position_at(Timestamp(0)).expect("a position"), Position(0));
    assert_eq!(store.position_at(now(2).at).expect("a position"), Position(1));
    assert_eq!(store.position_at(now(99).at).expect("a position"), Position(3));
}

/// A probe succeeds when appends would.
pub fn a_probe_of_a_healthy_store_succeeds(store: &dyn Store) {
    store.probe().expect("a healthy store");
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

/// The first position after `from` that holds an event.
fn position_of(store: &dyn Store, from: Position, of: &OrgId, number: u64) -> Option<Position> {
    let reached = store.read_from(from, usize::MAX).expect("a read");
    let holds = |record: &Record| {
        record.events.iter().any(|r| r.org == *of && r.sequence == Some(Sequence(number)))
    };
    reached.into_iter().find(|(_, record)| holds(record)).map(|(position, _)| position)
}
