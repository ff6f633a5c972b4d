//! The promises of [`History`](crate::History).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use callslot_core::{
    AgentId, Call, CallGates, CallId, CallType, EndReason, Ended, GateId, OrgId, Sequence,
    SettingsEvent, Timestamp,
};

use crate::conformance::facts::{ended_call, ended_for, now, org};
use crate::contract::history::{
    Closed, EndedFilter, Marker, Open, Part, Projection, Refused, Row, Series, SeriesKind, Which,
};
use crate::contract::record::Position;
use crate::contract::seen_time::{Doubt, OldTimes, Seen, SeenTime};
use crate::contract::store::Store;
use crate::figures::{Change, Figures, Grain, Levels};
use crate::limits::FOUND_BY_ID_PREFIX;

/// Ended calls are listed newest first, of one organisation.
pub fn ended_calls_are_read_newest_first_by_agent_and_type_and_page_by_page(store: &dyn Store) {
    let calls: Vec<_> = (1..=6)
        .map(|n| {
            let agent = if n % 2 == 0 { "even" } else { "odd" };
            let call_type = if n <= 3 { CallType::Chat } else { CallType::Inbound };
            let mut call = ended_call(&format!("call-{n}"), agent, call_type, n);
            if n == 4 {
                pass_gate(&mut call, "trunk");
            }
            (org("acme"), Sequence(n), call)
        })
        .collect();
    let of_other = vec![(org("globex"), Sequence(1), calls[0].2.clone())];
    project(store, 6, Projection { ended: calls, ..Projection::default() });
    project(store, 7, Projection { ended: of_other, ..Projection::default() });
    assert_eq!(store.projected().expect("a read"), Position(7));

    let even = AgentId::parse("even").expect("an agent id");
    assert_eq!(numbers(store, &EndedFilter::default(), 4), [6, 5, 4, 3]);
    let page = store.ended_calls(&org("acme"), &EndedFilter::default(), 4).expect("a read");
    assert_eq!(page.next, Some(Sequence(3)));
    let rest = EndedFilter { before: page.next, ..EndedFilter::default() };
    assert_eq!(numbers(store, &rest, 4), [2, 1]);
    assert_eq!(store.ended_calls(&org("acme"), &rest, 4).expect("a read").next, None);
    let of_agent = EndedFilter { agent: Some(even.clone()), ..EndedFilter::default() };
    assert_eq!(numbers(store, &of_agent, 9), [6, 4, 2]);
    let of_class = EndedFilter { call_type: Some(CallType::Chat), ..of_agent };
    assert_eq!(numbers(store, &of_class, 9), [2]);
    let gate = |id| EndedFilter { gate: GateId::parse(id).ok(), ..EndedFilter::default() };
    assert_eq!(numbers(store, &gate("trunk"), 9), [4]);
    assert_eq!(numbers(store, &gate("other"), 9), [0; 0]);
}

/// Ended calls are found by each part of a filter.
pub fn ended_calls_are_found_by_reason_time_of_end_and_wait(store: &dyn Store) {
    let reasons = [EndReason::Completed, EndReason::MaxWait];
    // Numbers have gaps, since other events have numbers too, and several calls end at one time.
    let calls: Vec<_> = (1..=12)
        .map(|n| {
            let reason = reasons[usize::try_from(n % 2).expect("0 or 1")];
            let call = ended_for(reason, &format!("call-{n}"), n / 3 * 1_000);
            (org("acme"), Sequence(n * 5), call)
        })
        .collect();
    project(store, 1, Projection { ended: calls, ..Projection::default() });
    let all = EndedFilter::default();
    let of_reason = EndedFilter { reason: Some(EndReason::MaxWait), ..all.clone() };
    assert_eq!(numbers(store, &of_reason, 3), [55, 45, 35]);
    let since = EndedFilter { from: Some(now(2_000).at), ..all.clone() };
    assert_eq!(numbers(store, &since, 99), [60, 55, 50, 45, 40, 35, 30]);
    let between = EndedFilter { to: Some(now(3_000).at), ..since };
    assert_eq!(numbers(store, &between, 99), [40, 35, 30]);
    let never = EndedFilter { from: Some(now(9_000).at), ..all.clone() };
    assert_eq!(numbers(store, &never, 99), [0; 0]);
    let none = EndedFilter { to: Some(now(0).at), ..all.clone() };
    assert_eq!(numbers(store, &none, 99), [0; 0]);
    // Those that were served waited half as long as they took to end, the others all of it.
    let patient = EndedFilter { least_wait_ms: Some(1_999), ..all };
    assert_eq!(numbers(store, &patient, 99), [60, 55, 45, 35]);
    let nobody = store.ended_calls(&org("globex"), &patient, 9).expect("a read");
    assert_eq!((nobody.calls.len(), nobody.next), (0, None));
}

fn pass_gate(call: &mut Call<Ended>, id: &str) {
    let gates = CallGates::new(GateId::parse(id).into_iter().collect()).expect("one gate");
    Arc::make_mut(&mut call.request).gates = gates;
}

/// Ended calls are found by how their ids begin, few or many, newest first and page by page, together with the other filters.
pub fn ended_calls_are_found_by_the_beginning_of_their_ids(store: &dyn Store) {
    let many = u64::try_from(FOUND_BY_ID_PREFIX).expect("a small number") + 5;
    // Those of an id with `~`, the last character of all, and one that is like the beginning, but longer or shorter.
    let ids = ["sip-1", "sip-1~", "sip-2", "sip", "SIP-1", "sip-1"];
    let few = (1..).zip(ids).map(|(n, id)| (n, id.to_owned()));
    let calls = few.chain((7..7 + many).map(|n| (n, format!("web-{n}"))));
    let ended = |(n, id): (u64, String)| {
        let agent = if n % 2 == 0 { "even" } else { "odd" };
        (org("acme"), Sequence(n), ended_call(&id, agent, CallType::Chat, n))
    };
    let of_other =
        vec![(org("globex"), Sequence(1), ended_call("sip-1", "odd", CallType::Chat, 1))];
    project(store, 1, Projection { ended: calls.map(ended).collect(), ..Projection::default() });
    project(store, 2, Projection { ended: of_other, ..Projection::default() });

    let begins =
        |with: &str| EndedFilter { id_prefix: Some(with.to_owned()), ..EndedFilter::default() };
    assert_eq!(numbers(store, &begins("sip-1"), 9), [6, 2, 1]);
    assert_eq!(numbers(store, &begins("sip"), 9), [6, 4, 3, 2, 1]);
    assert_eq!(numbers(store, &begins("sip-1~"), 9), [2]);
    assert_eq!(numbers(store, &begins("ip-"), 9), [0; 0]);
    let of_agent = EndedFilter { agent: AgentId::parse("even").ok(), ..begins("sip") };
    assert_eq!(numbers(store, &of_agent, 9), [6, 4, 2]);
    let page = store.ended_calls(&org("acme"), &begins("sip"), 2).expect("a read");
    assert_eq!(page.next, Some(Sequence(4)));
    let rest = EndedFilter { before: page.next, ..begins("sip") };
    assert_eq!(numbers(store, &rest, 9), [3, 2, 1]);
    let last = 6 + many;
    assert_eq!(numbers(store, &begins("web-"), 3), [last, last - 1, last - 2]);
    let of_many = EndedFilter { before: Some(Sequence(9)), ..begins("web-") };
    assert_eq!(numbers(store, &of_many, 9), [8, 7]);
}

/// Calls that are erased lose their metadata and notes, all with the id and no others, wherever they are kept.
pub fn erased_calls_have_no_texts_and_are_otherwise_as_they_were(store: &dyn Store) {
    let id = |n: u64| format!("call-{n:04}");
    let call = |n: u64| ended_for(EndReason::Completed, &id(n % 1_500), n);
    let ended = |name: &str, numbers: RangeInclusive<u64>| -> Vec<_> {
        numbers.map(|n| (org(name), Sequence(n), call(n))).collect()
    };
    // Enough for closed blocks, then some for an open one, where a store has those, then few; and an id is used again.
    let mut kept = Vec::new();
    for (position, numbers) in (1..).zip([1..=1_400, 1_401..=2_600, 2_601..=2_605]) {
        let calls = ended("acme", numbers);
        kept.extend(calls.clone());
        project(store, position, Projection { ended: calls, ..Projection::default() });
    }
    let of_other = ended("globex", 1..=3);
    project(store, 4, Projection { ended: of_other.clone(), ..Projection::default() });
    let erase = |position: u64, of: &[u64], ended| {
        let of = of.iter().map(|n| (org("acme"), CallId::parse(&id(*n)).expect("a call id")));
        let erased = of.chain([(org("nobody"), call(1).request.id.clone())]).collect();
        project(store, position, Projection { erased, ended, ..Projection::default() });
    };
    // Of an id that ends in the same part of the log, what comes after is kept as it comes.
    let later = ended("acme", 3_700..=3_701);
    erase(5, &[1, 700, 1_102, 1_499, 1_400], later.clone());
    erase(6, &[1, 9], Vec::new());
    let erased = |n: u64| [1, 9, 700, 1_102, 1_499, 1_400].contains(&(n % 1_500));
    for (_, number, call) in &mut kept {
        if erased(number.0) {
            assert!(call.erase_texts());
        }
    }
    kept.extend(later);
    kept.reverse();
    let mut filter = EndedFilter::default();
    let mut found = Vec::new();
    loop {
        let page = store.ended_calls(&org("acme"), &filter, 500).expect("a read");
        found.extend(page.calls);
        filter.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), kept.len());
    for ((number, found), (_, expected_number, expected)) in found.iter().zip(&kept) {
        assert_eq!((number, found), (expected_number, expected));
    }
    for (n, has_texts) in [(700, true), (701, true), (1_102, false), (1_499, false)] {
        let id = CallId::parse(&id(n)).expect("a call id");
        let found = store.ended_call(&org("acme"), &id).expect("a read").expect("it is kept");
        assert_eq!(found.request.metadata.is_some(), has_texts, "{n}");
    }
    let all = store.ended_calls(&org("globex"), &EndedFilter::default(), 9).expect("a read").calls;
    let expected = of_other.into_iter().rev().map(|(_, number, call)| (number, call));
    assert_eq!(all, expected.collect::<Vec<_>>(), "another organisation's stay");
}

/// Nothing is left of an organisation that is erased, however much there was, and everything of the others stays.
pub fn an_organisation_is_erased_a_bounded_number_of_rows_at_a_time(store: &dyn Store) {
    let hour = Grain::Hour.ms();
    let call = ended_call("call-1", "a", CallType::Chat, 1);
    let ended = |name: &str, count: u64| {
        (1..=count).map(|n| (org(name), Sequence(n), call.clone())).collect::<Vec<_>>()
    };
    let of_org = |name: &str| {
        let (open_org, _, open) = open_after(9, 1);
        let open = (org(name), Series::Org, open);
        assert_eq!(open_org, org("acme"));
        let figures = Figures::quiet(Levels::default(), Grain::Minute.ms());
        let part = Part { at: Timestamp(hour), figures };
        let (series, grain, until) = (Series::Org, Grain::Minute, Timestamp(2 * hour));
        let closed = Closed { org: org(name), series, grain, part, until };
        let refused =
            Refused { org: org(name), series: Series::Org, at: Timestamp(hour), count: 3 };
        let change =
            SettingsEvent::AgentDeleted { agent: AgentId::parse("a").expect("an agent id") };
        let marker =
            Marker { at: Timestamp(hour), org: org(name), sequence: Sequence(1), by: None, change };
        (open, closed, refused, marker)
    };
    for (at, name, calls) in [(1, "acme", 5_000), (2, "globex", 3)] {
        let (open, closed, refused, marker) = of_org(name);
        let kept = Projection {
            ended: ended(name, calls),
            open: vec![open],
            closed: vec![closed],
            refused: vec![refused],
            markers: vec![marker],
            ..Projection::default()
        };
        project(store, at, kept);
    }
    let mut steps = 0;
    while store.erase(&org("acme")).expect("a removal") > 0 {
        steps += 1;
    }
    assert!(steps > 2, "one step took all");
    let all = (Timestamp(0), Timestamp(u64::MAX / 2));
    for (name, is_kept) in [("acme", false), ("globex", true)] {
        let name = org(name);
        let calls = store.ended_calls(&name, &EndedFilter::default(), 9).expect("a read").calls;
        assert_eq!(!calls.is_empty(), is_kept, "calls of {name}");
        let markers = store.markers(&name, all.0, all.1, 9).expect("a read");
        assert_eq!(!markers.is_empty(), is_kept, "changes of {name}");
        let series = store.count_series(&name, SeriesKind::Org).expect("a read");
        assert_eq!(series > 0, is_kept, "series of {name}");
        let one = Which::One(Series::Org);
        let figures = store.figures(&name, &one, Grain::Minute, all.0, all.1).expect("a read");
        let rows: usize = figures.iter().map(|series| series.rows.len()).sum();
        assert_eq!(rows > 0, is_kept, "figures of {name}");
    }
}

/// However often a clock was set back, all ends of a time are found, page by page.
pub fn ended_calls_are_found_by_time_however_often_the_clock_was_set_back(store: &dyn Store) {
    let most = 1_000;
    let ended = (1..=most)
        .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, 10_000 - n)));
    project(store, 1, Projection { ended: ended.collect(), ..Projection::default() });
    let (from, to) = (Some(now(10_000 - most).at), Some(now(10_000 - most + 10).at));
    let mut asked = EndedFilter { from, to, ..EndedFilter::default() };
    let mut found = Vec::new();
    for _ in 0..most {
        let page = store.ended_calls(&org("acme"), &asked, 4).expect("a read");
        found.extend(page.calls.iter().map(|(sequence, _)| sequence.0));
        asked.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    let expected: Vec<u64> = (most - 9..=most).rev().collect();
    assert_eq!(found, expected);
    assert_eq!(asked.before, None, "it comes to an end");
}

/// Where a clock was set back, ends are not in the order of their times: pages are in the order of ends, and times are found in all of it.
pub fn ended_calls_are_found_by_time_wherever_the_clock_was_set_back(store: &dyn Store) {
    let times = [1_000, 2_000, 9_000, 9_500, 3_000, 4_000, 2_500, 5_000];
    for (ended_at, n) in times.into_iter().zip(1..) {
        let call = ended_call("call", "a", CallType::Chat, ended_at);
        let ended = vec![(org("acme"), Sequence(n * 5), call)];
        project(store, n, Projection { ended, ..Projection::default() });
    }
    let all = EndedFilter::default();
    assert_eq!(numbers(store, &all, 99), [40, 35, 30, 25, 20, 15, 10, 5]);
    for from in [0, 1_000, 2_400, 4_500, 9_200, 10_000] {
        for to in [0, 2_000, 2_600, 4_500, 9_400, 10_000] {
            let is_in = |at: u64| now(from).at <= now(at).at && now(at).at < now(to).at;
            let found = (1..).map(|n| n * 5).zip(times).filter(|(_, at)| is_in(*at));
            let mut expected: Vec<u64> = found.map(|(number, _)| number).collect();
            expected.reverse();
            let (since, until) = (Some(now(from).at), Some(now(to).at));
            let mut asked = EndedFilter { from: since, to: until, ..all.clone() };
            assert_eq!(numbers(store, &asked, 99), expected, "from {from} to {to}");
            let mut paged = Vec::new();
            loop {
                let page = store.ended_calls(&org("acme"), &asked, 1).expect("a read");
                paged.extend(page.calls.iter().map(|(sequence, _)| sequence.0));
                asked.before = page.next;
                if page.next.is_none() {
                    break;
                }
            }
            assert_eq!(paged, expected, "page by page, from {from} to {to}");
        }
    }
}

/// An id that was used again leads to its last call.
pub fn of_two_calls_with_one_id_the_newest_is_found(store: &dyn Store) {
    let older = ended_call("call-1", "a", CallType::Chat, 1);
    let newer = ended_call("call-1", "b", CallType::Chat, 2);
    let both = vec![(org("acme"), Sequence(1), older), (org("acme"), Sequence(2), newer.clone())];
    project(store, 1, Projection { ended: both, ..Projection::default() });
    let id = CallId::parse("call-1").expect("a call id");
    assert_eq!(store.ended_call(&org("acme"), &id).expect("a read"), Some(newer));
    assert_eq!(store.ended_call(&org("globex"), &id).expect("a read"), None);
}

/// A projection that is repeated after a crash, or made by two, is kept once, all of it with its position.
pub fn projecting_a_record_again_doubles_nothing(store: &dyn Store) {
    assert_eq!(store.projected().expect("a read"), Position(0));
    let call = ended_call("call-1", "a", CallType::Chat, 1);
    let once = Projection {
        reached: Position(1),
        ended: vec![(org("acme"), Sequence(1), call.clone())],
        refused: vec![refused(0, 3)],
        open: vec![open_after(0, 1)],
        ..Projection::default()
    };
    assert!(store.project(&once).expect("a projection"));
    assert!(!store.project(&once).expect("no second one"));
    let overtaken = Projection { after: Position(7), reached: Position(9), ..once };
    assert!(!store.project(&overtaken).expect("no projection after another position"));
    let kept = store.ended_calls(&org("acme"), &EndedFilter::default(), 9).expect("a read");
    assert_eq!(kept.calls, [(Sequence(1), call)]);
    let minutes = rows(store, Grain::Minute, 0, 9);
    assert_eq!(minutes, [(0, Some(1), 3)]);
    project(store, 4, Projection::default());
    assert_eq!(store.projected().expect("a read"), Position(4));
}

/// Pruning is by the time of the end.
pub fn old_calls_are_pruned_and_younger_ones_stay(store: &dyn Store) {
    let calls: Vec<_> = (1..=4)
        .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, n * 1_000)))
        .collect();
    project(store, 1, Projection { ended: calls, ..Projection::default() });
    assert_eq!(store.prune(&OldTimes::before(now(3_000).at)).expect("a pruning"), 2);
    assert_eq!(numbers(store, &EndedFilter::default(), 9).len(), 2);
}

/// Pruning a long history blocks projections only briefly.
pub fn many_old_calls_are_pruned_a_bounded_number_at_a_time(store: &dyn Store) {
    let calls: Vec<_> = (1..=4_500)
        .map(|n| (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, 1)))
        .collect();
    project(store, 1, Projection { ended: calls, ..Projection::default() });
    let (steps, pruned) =
        until_none(|| store.prune(&OldTimes::before(now(2).at)).expect("a pruning"));
    assert!(steps > 1, "one step took all");
    assert_eq!(pruned, 4_500);
}

/// Closed and open parts are found where they belong, and the open one is replaced.
pub fn figures_are_read_back_by_series_and_span(store: &dyn Store) {
    let agent = Series::Agent(AgentId::parse("a").expect("an agent id"));
    let of_agent = (org("acme"), agent.clone(), open_after(9, 5).2);
    let closed = (0..5).map(|minute| closed(Grain::Minute, minute, 1)).collect();
    let open = vec![open_after(5, 2), of_agent];
    project(store, 1, Projection { closed, open, ..Projection::default() });
    project(store, 2, Projection { open: vec![open_after(5, 7)], ..Projection::default() });

    let all = (0..5).map(|minute| (minute, Some(1), 0)).chain([(5, Some(7), 0)]);
    assert_eq!(rows(store, Grain::Minute, 0, 99), all.collect::<Vec<_>>());
    assert_eq!(rows(store, Grain::Minute, 2, 4), [(2, Some(1), 0), (3, Some(1), 0)]);
    assert_eq!(rows(store, Grain::Minute, 6, 99), []);
    assert_eq!(rows(store, Grain::Hour, 0, 60), [(0, Some(7), 0)]);
    assert_eq!(store.count_series(&org("acme"), SeriesKind::Agent).expect("a count"), 1);
    assert_eq!(store.count_series(&org("globex"), SeriesKind::Org).expect("a count"), 0);
    let one = Which::One(agent.clone());
    let found = store.figures(&org("acme"), &one, Grain::Minute, at(0), at(99)).expect("a read");
    let series: Vec<_> = found.iter().map(|kept| (&kept.series, kept.rows.len())).collect();
    assert_eq!(series, [(&agent, 1)]);
    let asked = [(org("acme"), agent), (org("globex"), Series::Org)];
    let found = store.open_parts(&asked).expect("a read");
    assert_eq!(found, [Some(open_after(9, 5).2), None]);
}

/// The levels of a series are known between its rows, before the first and after the last.
pub fn a_span_begins_as_its_series_stood_then(store: &dyn Store) {
    let mut first = closed(Grain::Minute, 10, 4);
    first.part.figures.before = Levels { active: 2, queued: 9 };
    let closed = vec![first, closed(Grain::Minute, 20, 6)];
    let open = vec![open_after(30, 8)];
    project(store, 1, Projection { closed, open, ..Projection::default() });
    for (minute, active) in [(0, 2), (10, 2), (11, 4), (20, 4), (21, 6), (30, 6), (31, 8)] {
        for to in [minute, minute + 1, 99] {
            let found = store
                .figures(&org("acme"), &Which::One(Series::Org), Grain::Minute, at(minute), at(to))
                .expect("a read");
            assert_eq!(found[0].before.active, active, "at minute {minute}, up to {to}");
        }
    }
}

/// Refusals happen at any time, and count in their minute and their hour.
pub fn refusals_are_added_up_whether_anything_else_happened_or_not(store: &dyn Store) {
    let nobody = Refused { org: org("globex"), ..refused(0, 7) };
    project(store, 1, Projection { refused: vec![refused(3, 2), nobody], ..Projection::default() });
    let closed = vec![closed(Grain::Minute, 3, 1)];
    let open = vec![open_after(4, 2)];
    let refused = vec![refused(3, 5), refused(4, 1)];
    project(store, 2, Projection { closed, open, refused, ..Projection::default() });
    assert_eq!(rows(store, Grain::Minute, 0, 9), [(3, Some(1), 7), (4, Some(2), 1)]);
    assert_eq!(rows(store, Grain::Hour, 0, 60), [(0, Some(2), 8)]);
}

/// Minutes are kept for a shorter time than hours.
pub fn old_minutes_go_a_bounded_number_at_a_time_and_their_hours_stay(store: &dyn Store) {
    let minutes = (0..12_000).map(|minute| closed(Grain::Minute, minute, 1));
    let hours = (0..200).map(|hour| closed(Grain::Hour, hour * 60, 60));
    let closed = minutes.chain(hours).collect();
    let open = vec![open_after(12_060, 3)];
    project(store, 1, Projection { closed, open, ..Projection::default() });
    assert_eq!(store.kept_from(Grain::Minute).expect("a read"), Timestamp(0));
    // In the middle of an hour, all of which stays.
    let prune =
        || store.prune_figures(Grain::Minute, &OldTimes::before(at(11_990))).expect("a pruning");
    let (steps, pruned) = until_none(prune);
    assert!(steps > 1, "one step took all");
    assert_eq!(pruned, 11_940);
    assert_eq!(store.kept_from(Grain::Minute).expect("a read"), at(11_940));
    assert_eq!(rows(store, Grain::Minute, 0, 12_000).len(), 60);
    assert_eq!(rows(store, Grain::Hour, 0, 12_000).len(), 200);
    store.prune_figures(Grain::Minute, &OldTimes::before(at(0))).expect("a pruning of less");
    assert_eq!(store.kept_from(Grain::Minute).expect("a read"), at(11_940));
}

/// An unused series is removed, but never one with live calls.
pub fn a_series_goes_with_its_last_hour_unless_calls_are_live_in_it(store: &dyn Store) {
    let mut idle = open_after(0, 1);
    idle.0 = org("globex");
    idle.2.minute.figures.after = Levels::default();
    let open = vec![open_after(0, 1), idle];
    project(store, 1, Projection { open, ..Projection::default() });
    let until = |minute| {
        until_none(|| {
            store.prune_figures(Grain::Hour, &OldTimes::before(at(minute))).expect("a pruning")
        });
    };
    let count = |name| store.count_series(&org(name), SeriesKind::Org).expect("a count");
    until(59);
    assert_eq!((count("acme"), count("globex")), (1, 1));
    until(60);
    assert_eq!((count("acme"), count("globex")), (1, 0));
    let open = store.open_parts(&[(org("acme"), Series::Org)]).expect("a read");
    assert_eq!(open, [Some(open_after(0, 1).2)]);
}

/// Changes of settings are kept as long as hours.
pub fn changes_of_settings_are_read_by_span_and_go_with_the_hours(store: &dyn Store) {
    let marker = |minute: u64| Marker {
        at: at(minute),
        org: org("acme"),
        sequence: Sequence(minute + 1),
        by: None,
        change: SettingsEvent::AgentDeleted { agent: AgentId::parse("a").expect("an agent id") },
    };
    let markers = (0..5).map(|hour| marker(hour * 60)).collect();
    project(store, 1, Projection { markers, ..Projection::default() });
    let found =
        |from, to, limit| store.markers(&org("acme"), at(from), at(to), limit).expect("a read");
    assert_eq!(found(60, 180, 9), [marker(60), marker(120)]);
    assert_eq!(found(0, 999, 2), [marker(180), marker(240)]);
    // Made last, when the clock had been set back.
    let late = Marker { sequence: Sequence(999), ..marker(1) };
    project(store, 2, Projection { markers: vec![late.clone()], ..Projection::default() });
    assert_eq!(found(0, 61, 9), [marker(0), marker(60), late.clone()], "as they were made");
    assert_eq!(found(0, 999, 2), [marker(180), marker(240)], "the newest by their times");
    assert_eq!(found(0, 61, 2), [marker(60), late]);
    assert_eq!(store.markers(&org("globex"), at(0), at(999), 9).expect("a read"), []);
    until_none(|| store.prune_figures(Grain::Hour, &OldTimes::before(at(121))).expect("a pruning"));
    assert_eq!(found(0, 999, 9), [marker(120), marker(180), marker(240)]);
}

/// Where the clock was wrong for a while, old times have others between them.
pub fn of_several_old_spans_what_lies_between_stays(store: &dyn Store) {
    let calls = [1_000, 9_000, 2_000, 5_000, 1_500].into_iter().zip(1..).map(|(ended_at, n)| {
        (org("acme"), Sequence(n), ended_call("call", "a", CallType::Chat, ended_at))
    });
    let minutes = [0, 1, 70, 130, 190].map(|minute| closed(Grain::Minute, minute, 1));
    let ended = calls.collect();
    let open = vec![open_after(250, 1)];
    let kept = Projection { ended, open, closed: minutes.into(), ..Projection::default() };
    project(store, 1, kept);
    let of_calls = [(now(0).at, false), (now(5_000).at, true), (now(9_000).at, false)];
    let old = OldTimes::of_parts(of_calls.into_iter(), 1_000);
    until_none(|| store.prune(&old).expect("a pruning"));
    // The last one has an old time, but ended after one that has not.
    assert_eq!(numbers(store, &EndedFilter::default(), 9), [5, 4]);
    let hours = [(at(0), false), (at(60), true), (at(120), false), (at(180), true)];
    let old = OldTimes::of_parts(hours.into_iter(), Grain::Hour.ms());
    until_none(|| store.prune_figures(Grain::Minute, &old).expect("a pruning"));
    assert_eq!(store.kept_from(Grain::Minute).expect("a read"), at(60));
    let left: Vec<_> = rows(store, Grain::Minute, 0, 999).into_iter().map(|row| row.0).collect();
    assert_eq!(left, [70, 190, 250]);
}

/// Nothing is known of the time seen at first, and later what was kept last.
pub fn the_time_seen_is_kept_and_of_its_parts_what_has_changed(store: &dyn Store) {
    assert_eq!(store.seen_time().expect("a read"), None);
    let mut time = SeenTime {
        lived: Seen(7_000),
        down_ms: 300,
        shown: now(5).at,
        doubt: Some(Doubt { since: Seen(6_000), last: now(4).at }),
        removed: [Seen(1), Seen(2), Seen(3), Seen(4)],
        parts: [(at(0), Seen(10)), (at(60), Seen(20))].into(),
    };
    let keep = |time: &SeenTime, changed: &[Timestamp]| {
        store.keep_seen_time(time, &changed.iter().copied().collect()).expect("it is kept");
        store.seen_time().expect("a read").expect("it was kept")
    };
    assert_eq!(keep(&time, &[at(0), at(60)]), time);
    time.doubt = None;
    time.lived = Seen(8_000);
    time.parts = [(at(60), Seen(25)), (at(120), Seen(30))].into();
    assert_eq!(keep(&time, &[at(0), at(60), at(120)]), time);
    let untold = SeenTime { parts: BTreeMap::new(), ..time.clone() };
    assert_eq!(keep(&untold, &[]), time);
}

/// Keeps a projection after the one before.
pub(super) fn project(store: &dyn Store, reached: u64, projection: Projection) {
    let after = store.projected().expect("a read");
    let next = Projection { after, reached: Position(reached), ..projection };
    assert!(store.project(&next).expect("a projection"));
}

pub(super) fn numbers(store: &dyn Store, filter: &EndedFilter, limit: usize) -> Vec<u64> {
    let page = store.ended_calls(&org("acme"), filter, limit).expect("a read");
    let number = |(sequence, _): (Sequence, Call<Ended>)| sequence.0;
    page.calls.into_iter().map(number).collect()
}

/// The start of a minute, counted from a whole hour.
pub(super) fn at(minute: u64) -> Timestamp {
    Timestamp(Grain::Hour.start_of(now(0).at).0 + minute * 60_000)
}

/// Figures of a part in which this many calls started.
fn part(grain: Grain, minute: u64, starts: u64) -> Part {
    let mut figures = Figures::quiet(Levels::default(), grain.ms());
    for _ in 0..starts {
        let start = Change { active: 1, waited_ms: Some(minute), ..Change::default() };
        figures.note(start, 1_000);
    }
    Part { at: grain.start_of(at(minute)), figures }
}

pub(super) fn closed(grain: Grain, minute: u64, starts: u64) -> Closed {
    let part = part(grain, minute, starts);
    let until = Timestamp(part.at.0 + grain.ms());
    Closed { org: org("acme"), series: Series::Org, grain, part, until }
}

/// The open minute and hour of the organisation `acme` after this many calls started in it.
#[must_use]
pub fn open_after(minute: u64, starts: u64) -> (OrgId, Series, Open) {
    let [minute, hour] = Grain::ALL.map(|grain| part(grain, minute, starts));
    (org("acme"), Series::Org, Open { minute, hour })
}

pub(super) fn refused(minute: u64, count: u64) -> Refused {
    Refused { org: org("acme"), series: Series::Org, at: at(minute), count }
}

/// The rows of the organisation `acme` from one minute to another: the minute, starts and refusals of each.
fn rows(store: &dyn Store, grain: Grain, from: u64, to: u64) -> Vec<(u64, Option<u64>, u64)> {
    let found = store.figures(&org("acme"), &Which::Each(SeriesKind::Org), grain, at(from), at(to));
    let row = |row: &Row| {
        let starts = row.figures.as_ref().map(|figures| figures.starts);
        ((row.at.0 - at(0).0) / 60_000, starts, row.refused)
    };
    found.expect("a read")[0].rows.iter().map(row).collect()
}

/// Repeats until nothing is left to do; returns the number of steps, and how much was done in all.
pub(super) fn until_none(mut step: impl FnMut() -> u64) -> (u64, u64) {
    let (mut steps, mut done) = (0, 0);
    loop {
        match step() {
            0 => return (steps, done),
            some => (steps, done) = (steps + 1, done + some),
        }
    }
}
