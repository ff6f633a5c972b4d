//! Blocks against a plain list of the same calls.

use std::sync::Arc;

use callslot_core::{
    AgentId, Call, CallGates, CallId, CallType, EndReason, Ended, GateId, Sequence, Tick,
};
use proptest::prelude::*;

use crate::conformance::facts::{ended_call, org};
use crate::contract::history::{EndedFilter, EndedPage};
use crate::contract::store_error::StoreError;
use crate::history_blocks::{
    Block, EndedCalls, PIECES, Packer, Search, Summary, WantedId, filter_of, is_closed, merge,
    split, unpack,
};
use crate::limits::{
    AGENTS_PER_SUMMARY, BLOCKS_UNPACKED_PER_READ, BYTES_PER_BLOCK, CALLS_OF_A_CLOSED_BLOCK,
    EXAMINED_PER_READ, SUMMARIES_PER_READ,
};

/// What a block that is kept consists of.
struct Kept {
    summary: Summary,
    body: Vec<u8>,
}

fn kept(calls: &EndedCalls) -> Kept {
    Kept { summary: Summary::of(calls), body: Packer::default().pack(&org("acme"), calls) }
}

/// A page, as a store reads it.
fn page(blocks: &[Kept], filter: &EndedFilter, limit: usize) -> EndedPage {
    let mut search = Search::new(filter, limit);
    for block in blocks.iter().rev() {
        if search.is_over() {
            break;
        }
        if !search.wants(&block.summary) {
            continue;
        }
        let unpacked = unpack(&block.body).expect("it was packed");
        if search.wants_unpacked(&block.summary, &unpacked) {
            search.look_at(&Block::read_unpacked(&unpacked).expect("a block").calls);
        }
    }
    search.into_page()
}

/// All pages, one after another, as calls.
fn all_pages(blocks: &[Kept], filter: &EndedFilter, limit: usize) -> EndedCalls {
    let mut filter = filter.clone();
    let mut found = Vec::new();
    loop {
        let page = page(blocks, &filter, limit);
        assert!(page.calls.len() <= limit);
        found.extend(page.calls);
        let Some(next) = page.next else { return found };
        assert!(filter.before.is_none_or(|before| next < before), "it goes on");
        filter.before = Some(next);
    }
}

fn call(number: u64) -> Call<Ended> {
    ended_call(&format!("call-{number}"), "support", CallType::Chat, number)
}

fn numbered(numbers: impl Iterator<Item = u64>) -> EndedCalls {
    numbers.map(|number| (Sequence(number), call(number))).collect()
}

fn any_call() -> impl Strategy<Value = Call<Ended>> {
    let texts = (prop::option::of("\\PC{0,40}"), prop::option::of("\\PC{0,9}"));
    let kinds = (0..4_usize, 0..8_usize, 0..5_u32, 0..3_usize);
    ("[a-c]{1,3}", kinds, any::<u16>(), any::<u64>(), texts).prop_map(
        |(id, (call_type, reason, agent, gates), ended, remembered, (metadata, note))| {
            let mut call = ended_call(
                &id,
                &format!("agent-{agent}"),
                CallType::ALL[call_type],
                u64::from(ended),
            );
            call.state.reason = EndReason::ALL[reason];
            call.state.note = note.map(Arc::from);
            call.state.remembered_until = Tick(remembered);
            let request = Arc::make_mut(&mut call.request);
            request.metadata = metadata.map(Arc::from);
            let gates = (0..gates).map(|n| GateId::parse(&format!("gate-{n}")).expect("an id"));
            request.gates = CallGates::new(gates.collect()).expect("few gates");
            call
        },
    )
}

fn any_calls() -> impl Strategy<Value = EndedCalls> {
    prop::collection::vec((1..5_u64, any_call()), 0..60).prop_map(|calls| {
        let mut last = 0;
        let mut next = |gap| {
            last += gap;
            Sequence(last)
        };
        calls.into_iter().map(|(gap, call)| (next(gap), call)).collect()
    })
}

fn any_filter() -> impl Strategy<Value = EndedFilter> {
    let ids =
        (prop::option::of(0..6_u32), prop::option::of("[a-d]{0,2}"), prop::option::of(0..4_u32));
    let kinds = (prop::option::of(0..4_usize), prop::option::of(0..8_usize));
    let times = (any::<Option<u16>>(), any::<Option<u16>>(), prop::option::of(0..70_000_u64));
    (ids, kinds, times, prop::option::of(0..200_u64)).prop_map(
        |((agent, id_prefix, gate), (call_type, reason), (from, to, least_wait_ms), before)| {
            let at = |ms: u16| call(ms.into()).state.ended_at;
            EndedFilter {
                agent: agent.map(|n| AgentId::parse(&format!("agent-{n}")).expect("an id")),
                call_type: call_type.map(|it| CallType::ALL[it]),
                gate: gate.map(|n| GateId::parse(&format!("gate-{n}")).expect("an id")),
                reason: reason.map(|it| EndReason::ALL[it]),
                from: from.map(at),
                to: to.map(at),
                least_wait_ms,
                id_prefix,
                before: before.map(Sequence),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_block_is_read_as_it_was_packed(calls in any_calls()) {
        prop_assume!(!calls.is_empty());
        let packed = Packer::default().pack(&org("acme"), &calls);
        let block = Block::read(&packed).expect("it was packed");
        prop_assert_eq!(block, Block { org: org("acme"), calls });
    }

    #[test]
    fn pages_of_blocks_are_those_of_a_plain_list(
        calls in any_calls(), size in 1..20_usize, filter in any_filter(), limit in 1..9_usize,
    ) {
        let blocks: Vec<_> = calls.chunks(size).map(|calls| kept(&calls.to_vec())).collect();
        let matches = |(sequence, call): &&(Sequence, Call<Ended>)| {
            filter.before.is_none_or(|before| *sequence < before) && filter.lets_through(call)
        };
        let expected: EndedCalls = calls.iter().rev().filter(matches).cloned().collect();
        prop_assert_eq!(all_pages(&blocks, &filter, limit), expected);
    }

    #[test]
    fn the_newest_call_with_an_id_is_found_and_every_id_passes_its_filter(calls in any_calls()) {
        prop_assume!(!calls.is_empty());
        let unpacked = unpack(&Packer::default().pack(&org("acme"), &calls)).expect("a block");
        let pieces = filter_of(calls.iter().map(|(_, call)| &call.request.id));
        prop_assert_eq!(pieces.len(), PIECES);
        for id in ["a", "b", "ab", "ca", "abc", "zz"] {
            let id = CallId::parse(id).expect("an id");
            let newest = calls.iter().rev().map(|(_, call)| call).find(|it| it.request.id == id);
            let found = Block::newest_in(&unpacked, &id).expect("a block");
            prop_assert_eq!(found.as_ref(), newest);
            let wanted = WantedId::new(&id);
            prop_assert!(WantedId::beginning_with(id.as_str()).is_none(), "it is too short");
            prop_assert!(newest.is_none() || wanted.may_be_in(&pieces[wanted.piece()]));
        }
    }

    #[test]
    fn merged_blocks_have_every_number_once_as_it_came_last(
        first in any_calls(), second in any_calls(),
    ) {
        let both = merge(vec![first.clone(), second.clone()]);
        prop_assert!(both.is_sorted_by(|a, b| a.0 < b.0));
        let find = |calls: &EndedCalls, number| calls.iter().find(|it| it.0 == number).cloned();
        for (number, _) in first.iter().chain(&second) {
            let expected = find(&second, *number).or_else(|| find(&first, *number));
            prop_assert_eq!(find(&both, *number), expected);
        }
        prop_assert!(both.len() <= first.len() + second.len());
    }

    #[test]
    fn bytes_that_no_version_packed_are_refused_and_none_are_believed(
        calls in any_calls(), place in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        prop_assume!(!calls.is_empty());
        let mut packed = Packer::default().pack(&org("acme"), &calls);
        let place = place.index(packed.len());
        packed[place] ^= 1_u8 << bit;
        // A flag that changes nothing may be what is flipped.
        if let Ok(block) = Block::read(&packed) {
            prop_assert_eq!(block.calls, calls);
        }
    }
}

#[test]
fn calls_are_divided_evenly_and_only_the_last_block_stays_open() {
    let sizes = |count: u64| split(numbered(1..=count)).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(sizes(0), [0; 0]);
    assert_eq!(sizes(7), [7]);
    assert_eq!(sizes(2_000), [2_000]);
    assert_eq!(sizes(2_001), [1_001, 1_000]);
    assert_eq!(sizes(9_000), [1_800; 5]);
    assert!(!is_closed(&numbered(1..CALLS_OF_A_CLOSED_BLOCK as u64)));
    assert!(is_closed(&numbered(0..CALLS_OF_A_CLOSED_BLOCK as u64)));
    let mut large = numbered(1..=21);
    for (_, call) in &mut large {
        Arc::make_mut(&mut call.request).metadata = Some("x".repeat(BYTES_PER_BLOCK / 10).into());
    }
    let blocks = split(large.clone());
    assert_eq!(blocks.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 1]);
    assert_eq!(blocks.iter().map(is_closed).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(merge(blocks), large);
}

#[test]
fn a_filter_knows_of_the_beginnings_of_ids() {
    let ids = ["CA0123456789", "CA012345", "short", "DB4567890123", "CA012345zzzz"];
    let ids = ids.map(|id| CallId::parse(id).expect("an id"));
    let pieces = filter_of(ids.iter());
    let may_have = |prefix: &str| {
        let wanted = WantedId::beginning_with(prefix).expect("it is long enough");
        wanted.may_be_in(&pieces[wanted.piece()])
    };
    for prefix in ["CA012345", "CA01234567", "DB456789", "DB4567890123", "CA012345zz"] {
        assert!(may_have(prefix), "{prefix}");
    }
    assert!(!may_have("CA012344"));
    assert!(!may_have("CA0123"[..].repeat(2).as_str()));
    assert!(WantedId::beginning_with("CA01234").is_none());
}

#[test]
fn of_ids_that_are_not_in_a_block_few_pass_its_filter() {
    let ids = |from: u32| {
        (from..from + 2_000).map(|n| CallId::parse(&format!("c{n:08x}")).expect("an id"))
    };
    let inside: Vec<_> = ids(0).collect();
    let pieces = filter_of(inside.iter());
    let bytes: usize = pieces.iter().map(Vec::len).sum();
    assert!((3_000..3_500).contains(&bytes), "12 bits a call, not {bytes} bytes");
    let passes = |id: &CallId| {
        let wanted = WantedId::new(id);
        wanted.may_be_in(&pieces[wanted.piece()])
    };
    assert!(inside.iter().all(passes));
    let outside = (1..=10).flat_map(|n| ids(n * 100_000)).filter(passes).count();
    assert!(outside < 160, "{outside} of 20,000 passed");
}

#[test]
fn a_block_of_typical_calls_is_small() {
    let calls: EndedCalls = (1..=2_000)
        .map(|n: u64| {
            let id = format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let agent = format!("agent-{}", n % 50);
            (
                Sequence(n * 3),
                ended_call(&id, &agent, CallType::ALL[usize::from(n.to_le_bytes()[0] % 4)], n * 17),
            )
        })
        .collect();
    let bytes = Packer::default().pack(&org("acme"), &calls).len() / calls.len();
    assert!(bytes <= 50, "{bytes} bytes a call");
}

#[test]
fn a_summary_skips_what_has_no_match_and_tells_so_many_agents_apart() {
    let with_agents = |count: usize| {
        let agent = |n: usize| ended_call("call", &format!("agent-{n}"), CallType::Chat, 1);
        (1..).map(Sequence).zip((0..count).map(agent)).collect::<EndedCalls>()
    };
    let of = |id: &str| EndedFilter { agent: AgentId::parse(id).ok(), ..EndedFilter::default() };
    let few = Summary::of(&with_agents(AGENTS_PER_SUMMARY));
    assert!(few.may_match(&of("agent-7")));
    assert!(!few.may_match(&of("nobody")));
    let many = Summary::of(&with_agents(AGENTS_PER_SUMMARY + 1));
    assert!(many.may_match(&of("nobody")), "too many to say");
    assert_eq!(many.agents.len(), 0);
    let inbound = EndedFilter { call_type: Some(CallType::Inbound), ..EndedFilter::default() };
    assert!(!few.may_match(&inbound));
}

#[test]
fn a_read_stops_after_so_many_calls_blocks_and_summaries_and_says_where_it_goes_on() {
    let nobody = EndedFilter { reason: Some(EndReason::Declined), ..EndedFilter::default() };
    let calls = numbered(1..=100);
    let summary = Summary::of(&calls);
    let mut examined = Search::new(&nobody, 9);
    for _ in 0..EXAMINED_PER_READ / calls.len() {
        assert!(!examined.is_over());
        examined.look_at(&calls);
    }
    assert_eq!(examined.into_page().next, Some(Sequence(1)));

    let prefix = EndedFilter { id_prefix: Some("none".into()), ..EndedFilter::default() };
    let unpacked = unpack(&Packer::default().pack(&org("acme"), &calls)).expect("a block");
    let mut unpacking = Search::new(&prefix, 9);
    for _ in 0..BLOCKS_UNPACKED_PER_READ {
        assert!(!unpacking.is_over());
        assert!(!unpacking.wants_unpacked(&summary, &unpacked));
    }
    assert_eq!(unpacking.into_page().next, Some(Sequence(1)));

    let mut skipping = Search::new(&nobody, 9);
    for _ in 0..SUMMARIES_PER_READ {
        assert!(!skipping.is_over());
        assert!(!skipping.wants(&summary));
    }
    assert_eq!(skipping.into_page().next, Some(Sequence(1)));
}

#[test]
fn damage_a_newer_form_and_other_contents_are_told_apart() {
    let packed = Packer::default().pack(&org("acme"), &numbered(1..=3));
    let newer = [&[2], &packed[1..]].concat();
    assert!(matches!(Block::read(&newer), Err(StoreError::TooNew { found: 2, newest: 1, .. })));
    let bomb = [&[1], &zstd::bulk::compress(&vec![0; 20 << 20], 1).expect("bytes")[..]].concat();
    for damaged in [&[][..], &[1], &[0, 7], &packed[..packed.len() - 1], &bomb] {
        assert!(matches!(Block::read(damaged), Err(StoreError::Damaged { .. })), "{damaged:?}");
    }
    let record = crate::conformance::facts::record("acme", 1, 1);
    let other = zstd::bulk::compress(&crate::stored_form::encode(&record), 1).expect("bytes");
    assert!(Block::read(&[&[1], &other[..]].concat()).is_err());
}
