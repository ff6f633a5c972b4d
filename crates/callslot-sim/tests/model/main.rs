//! The core against the independent model, on random steps: every reply, every event, every pool and every live call
//! after every step; the named invariants of `docs/semantics.md` at every event; and restarts from log and snapshot.
//!
//! `PROPTEST_CASES` asks for more cases than the usual. Start reading at `pair.rs`.

mod coverage;
mod pair;
mod scripts;

use std::collections::BTreeMap;

use callslot_core::limits::MAX_CALLS_PER_LEASE;
use callslot_core::{
    CallGates, CallId, Command, EndCall, LeaseId, Now, OpenLease, OrgCommand, OrgId, Rejection,
    Shard, StartCall, Tick, Timestamp,
};
use callslot_sim::commands::{foundations, step};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

use crate::coverage::RULES;
use crate::pair::Pair;

/// How many random cases, of how many steps each.
const CASES: u32 = 300;
const STEPS: usize = 200;
/// How many fixed cases must reach every rule.
const FIXED_CASES: u32 = 240;

#[test]
fn the_core_answers_and_does_what_the_model_says_at_every_step() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&vec(step(), 1..=STEPS), |steps| {
        let mut pair = Pair::founded();
        for step in &steps {
            pair.take(step);
        }
        pair.compare_restarts();
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn the_random_steps_reach_every_rule() {
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..FIXED_CASES {
        let steps = vec(step(), STEPS).new_tree(&mut runner).expect("random steps").current();
        let mut pair = Pair::founded();
        for step in &steps {
            pair.take(step);
        }
        for rule in pair.into_reached() {
            *reached.entry(rule).or_default() += 1;
        }
    }
    let missed: Vec<&&str> = RULES.iter().filter(|rule| !reached.contains_key(**rule)).collect();
    assert!(
        missed.is_empty(),
        "never reached: {missed:?}; cases that reached the others: {reached:?}"
    );
}

/// The one refusal that no random case is long enough for.
#[test]
fn a_lease_vouches_for_no_more_live_calls_than_its_bound() {
    let now = Now { at: Timestamp(0), tick: Tick(0) };
    let org = OrgId::parse("cedar").expect("an organisation id");
    let lease = LeaseId::parse("lease").expect("a lease id");
    let mut core = Shard::new();
    let mut ask =
        |command: OrgCommand| core.decide(now, Command::Org(org.clone(), command), &mut Vec::new());
    for command in foundations() {
        if let Command::Org(id, command) = command
            && id == org
        {
            ask(command).expect("a new organisation");
        }
    }
    let room = callslot_core::OrgChange { max_queued: Some(u32::MAX), ..Default::default() };
    ask(OrgCommand::ChangeOrg(room)).expect("any bound is allowed");
    ask(OrgCommand::OpenLease(OpenLease { lease: lease.clone(), ttl_ms: 15_000, key: None }))
        .expect("a new lease");
    let start = |number: u32| {
        OrgCommand::StartCall(StartCall {
            id: CallId::parse(&number.to_string()).expect("a call id"),
            agent: callslot_core::AgentId::parse("ada").expect("an agent id"),
            call_type: callslot_core::CallType::Chat,
            lease: Some(lease.clone()),
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        })
    };
    for number in 0..MAX_CALLS_PER_LEASE {
        ask(start(number)).expect("there is room in the queue and under the lease");
    }
    let full = Err(Rejection::LeaseFull { max_calls: MAX_CALLS_PER_LEASE });
    assert_eq!(ask(start(MAX_CALLS_PER_LEASE)), full);
    let call = CallId::parse("7").expect("a call id");
    ask(OrgCommand::EndCall(EndCall { call, note: None })).expect("a live call");
    assert!(ask(start(MAX_CALLS_PER_LEASE)).is_ok());
}
