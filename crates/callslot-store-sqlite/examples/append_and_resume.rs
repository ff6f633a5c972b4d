//! Measures what an append costs, and how long it takes to find one organisation's events among those of others.
//!
//! `cargo run --release -p callslot-store-sqlite --example append_and_resume -- DIRECTORY RECORDS EVENTS ORGS`. It appends RECORDS
//! records of EVENTS events each, which belong to ORGS organisations in turn, with an event of `rare` after every 100,000th,
//! and then reads all events of `rare`.
#![expect(clippy::disallowed_methods, reason = "an example measures time")]

use std::path::Path;
use std::time::Instant;

use callslot_core::{OrgId, Sequence};
use callslot_store::conformance::facts::record;
use callslot_store::{Log, Position, Record};
use callslot_store_sqlite::SqliteStore;

const READ_BYTES: usize = 1 << 20;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [directory, numbers @ ..] = &words[..] else { usage() };
    let numbers: Vec<u64> = numbers.iter().filter_map(|word| word.parse().ok()).collect();
    let [records, events, orgs] = numbers[..] else { usage() };
    let store = SqliteStore::open(Path::new(directory)).expect("a store");
    let mut end = store.end().expect("an end");
    let (mut next, mut rare) = (0, 0);
    let mut took = Vec::new();
    for number in 0..records {
        let appended = others(&mut next, events, orgs);
        let begun = Instant::now();
        end = store.append(end, &appended).expect("an append");
        took.push(begun.elapsed());
        if number % 100_000 == 0 {
            rare += 1;
            end = store.append(end, &record("rare", rare, 1)).expect("an append");
        }
    }
    took.sort_unstable();
    let at = |per_mille: usize| took[(took.len() - 1) * per_mille / 1_000].as_micros();
    let mean = took.iter().sum::<std::time::Duration>().as_micros() / u128::from(records);
    println!("append: mean {mean} µs, 50 % {}, 99 % {}, 99.9 % {} µs", at(500), at(990), at(999));

    let org = OrgId::parse("rare").expect("an id");
    let begun = Instant::now();
    let mut reached = store.position_before(&org, Sequence(1)).expect("a position");
    let mut found = 0;
    while let (read, Some(next)) = store.read_org_from(&org, reached, READ_BYTES).expect("a read") {
        found += read.iter().flat_map(|(_, it)| &it.events).filter(|it| it.org == org).count();
        reached = next;
    }
    println!(
        "resume: {found} events among {} records in {} ms",
        end.0,
        begun.elapsed().as_millis()
    );
    assert_eq!(reached, store.end().expect("an end"));
    assert_eq!(Position(end.0), reached);
}

/// The next events, of one organisation after another.
fn others(next: &mut u64, events: u64, orgs: u64) -> Record {
    let mut joined = Record::default();
    for _ in 0..events {
        let one = record(&format!("org-{}", *next % orgs), *next / orgs + 1, 1);
        joined.now = one.now;
        joined.events.extend(one.events);
        *next += 1;
    }
    joined
}

fn usage() -> ! {
    eprintln!("usage: append_and_resume DIRECTORY RECORDS EVENTS ORGS");
    std::process::exit(2);
}
