//! Measures what ended calls cost: bytes written and kept, and the time to find them.
//!
//! `cargo run --release -p callslot-store-sqlite --example ended_calls -- DIRECTORY MILLIONS [ORGANISATIONS] [CALLS_AT_A_TIME]`
//! keeps that many million calls, divided among organisations, that many in each projection (3,000 by default: what a server with 6,000 ends a second
//! projects). Ids are random, as engines choose them, and calls have no metadata. Figures are not written.
#![expect(clippy::disallowed_methods, reason = "an example measures time")]

use std::path::Path;
use std::time::{Duration, Instant};

use callslot_core::{
    AgentId, Call, CallGates, CallId, CallType, EndReason, Ended, Now, OrgId, Request, Sequence,
    SlotKind, Tick, Ticket, Timestamp,
};
use callslot_store::{EndedFilter, History, Log, Position, Projection, Record};
use callslot_store_sqlite::SqliteStore;

const AGENTS: u64 = 50;
/// Ends of an organisation are so far apart, in milliseconds.
const APART_MS: u64 = 20;
const BEGIN_MS: u64 = 1_700_000_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [directory, millions, rest @ ..] = &words[..] else {
        eprintln!("usage: ended_calls DIRECTORY MILLIONS [ORGANISATIONS] [CALLS_AT_A_TIME]");
        std::process::exit(2);
    };
    let number = |place: usize, else_: u64| {
        rest.get(place).map_or(else_, |word| word.parse().expect("a number"))
    };
    let (orgs, at_a_time) = (number(0, 1), number(1, 3_000));
    let calls = millions.parse::<u64>().expect("a number") * 1_000_000;
    let directory = Path::new(directory);
    let store = SqliteStore::open(directory).expect("a store");
    keep(&store, calls, orgs, at_a_time);
    drop(store);
    let size = std::fs::metadata(directory.join("history.db")).expect("it is there").len();
    println!("kept: {:.1} bytes a call", per(size, calls));

    let store = SqliteStore::open(directory).expect("a store");
    let of_org = calls / orgs;
    find(&store, of_org);
    read_pages(&store, of_org);
}

fn keep(store: &SqliteStore, calls: u64, orgs: u64, at_a_time: u64) {
    // The history follows a log, which is empty but for its records, and not measured.
    for step in 0..calls.div_ceil(at_a_time) {
        let now = Now { at: Timestamp(BEGIN_MS), tick: Tick(step) };
        let record = Record { now, events: Vec::new() };
        store.append(Position(step), &record).expect("an append");
    }
    let written = written_bytes();
    let (mut kept, mut slowest, begun) = (0, Duration::ZERO, Instant::now());
    for step in 0..calls.div_ceil(at_a_time) {
        let next = kept..(kept + at_a_time).min(calls);
        kept = next.end;
        let ended = next.map(|n| (org(n % orgs), Sequence(n / orgs * 3 + 3), call(n / orgs)));
        let (after, reached) = (Position(step), Position(step + 1));
        let projection =
            Projection { after, reached, ended: ended.collect(), ..Projection::default() };
        let step_begun = Instant::now();
        assert!(store.project(&projection).expect("a projection"));
        slowest = slowest.max(step_begun.elapsed());
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{calls} calls of {orgs} organisations in {seconds:.1} s; slowest projection {slowest:.0?}"
    );
    println!("written: {:.1} bytes a call", per(written_bytes() - written, calls));
}

fn find(store: &SqliteStore, calls: u64) {
    for (what, n) in [
        ("the last", calls - 1),
        ("one in the middle", calls / 2),
        ("the first", 0),
        ("none", calls + 7),
    ] {
        let mut times = Vec::new();
        for n in (0..21).map(|try_| if n == calls - 1 { n - try_ } else { n + try_ }) {
            let begun = Instant::now();
            let found = store.ended_call(&org(0), &id(n)).expect("a read");
            times.push(begun.elapsed());
            assert_eq!(found.is_some(), n < calls);
        }
        report(&format!("by id, {what}"), times);
    }
}

fn read_pages(store: &SqliteStore, calls: u64) {
    let all = EndedFilter::default();
    let at = |n: u64| Some(Timestamp(BEGIN_MS + n * APART_MS));
    let begins = |with: &str| EndedFilter { id_prefix: Some(with.into()), ..all.clone() };
    let span = (at(calls / 2), at(calls / 2 + 100_000));
    let filters = [
        ("all", all.clone()),
        ("an agent", EndedFilter { agent: Some(agent(7)), ..all.clone() }),
        ("nobody", EndedFilter { agent: AgentId::parse("nobody").ok(), ..all.clone() }),
        ("a type", EndedFilter { call_type: Some(CallType::Chat), ..all.clone() }),
        ("a reason, 1 of 100", EndedFilter { reason: Some(EndReason::MaxDuration), ..all.clone() }),
        (
            "a reason that none has",
            EndedFilter { reason: Some(EndReason::Declined), ..all.clone() },
        ),
        ("the beginning of an id", begins(&id(calls / 2).as_str()[..10])),
        ("the beginning of no id", begins("c-not-there")),
        ("a span", EndedFilter { from: span.0, to: span.1, ..all.clone() }),
    ];
    for (what, filter) in filters {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..21 {
            let begun = Instant::now();
            found = store.ended_calls(&org(0), &filter, 100).expect("a read").calls.len();
            times.push(begun.elapsed());
        }
        report(&format!("the newest 100 of {what}: {found}"), times);
    }
    let begun = Instant::now();
    let (mut filter, mut rows) = (all, 0);
    while rows < calls.min(1_000_000) {
        let page = store.ended_calls(&org(0), &filter, 50).expect("a read");
        rows += page.calls.len() as u64;
        filter.before = page.next;
    }
    let a_second = per(rows, 1) / begun.elapsed().as_secs_f64();
    println!("{rows} calls, 50 at a time: {a_second:.0} a second");
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    println!("{what}: {:.2?}, at most {:.2?}", times[times.len() / 2], times[times.len() - 1]);
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn per(all: u64, of: u64) -> f64 {
    all as f64 / of as f64
}

/// What this process has had written to disks.
fn written_bytes() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").expect("Linux");
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.expect("it is counted").parse().expect("a number")
}

/// A well-mixed number.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn org(n: u64) -> OrgId {
    OrgId::parse(&format!("org-{n}")).expect("an id")
}

fn agent(n: u64) -> AgentId {
    AgentId::parse(&format!("agent-{n}")).expect("an id")
}

fn id(n: u64) -> CallId {
    CallId::parse(&format!("c{:016x}", mixed(n))).expect("an id")
}

fn call(n: u64) -> Call<Ended> {
    let random = mixed(n + 1);
    let ended_at = BEGIN_MS + n * APART_MS;
    let (waited, talked) = (random % 3_000, random % 180_000);
    let reason = if random % 100 == 1 { EndReason::MaxDuration } else { EndReason::Completed };
    let request = Request {
        id: id(n),
        agent: agent(random % AGENTS),
        call_type: CallType::ALL[usize::from(random.to_le_bytes()[3] % 4)],
        ticket: Ticket(n),
        requested_at: Timestamp(ended_at - talked - waited),
        lease: None,
        wait_deadline: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::default(),
        metadata: None,
    };
    let state = Ended {
        served: Some((SlotKind::Shared, Timestamp(ended_at - talked))),
        ended_at: Timestamp(ended_at),
        reason,
        note: None,
        remembered_until: Tick(n * APART_MS + 600_000),
    };
    Call { request: request.into(), state }
}
