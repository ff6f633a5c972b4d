//! The simulated world itself: seeds keep every promise and can be repeated, a failure shrinks, and its script is one that the
//! rule tests understand. `cargo xtask test` runs the many seeds, the planted bugs and the small world, optimised.

#[path = "../../../callslot-core/tests/rules/check.rs"]
#[expect(dead_code, reason = "the rule tests use the rest")]
mod check;

use callslot_sim::{Failure, run, story};

/// Seeds that once broke a promise, and what was wrong.
const KEPT_SEEDS: [(u64, &str); 2] = [
    (1091, "nothing but refused starts was counted of a call type"),
    (7058, "what a failed write left on the disk was a whole record after a crash"),
];
const SEEDS: u64 = 24;
const STEPS: usize = 1_000;
/// How many seeds are told as stories, if they can be.
const STORIES: u64 = 200;

#[test]
fn seeds_keep_every_promise() {
    for seed in 0..SEEDS {
        if let Err(failure) = run(seed, STEPS) {
            panic!("seed {seed}: {}", failure.verdict);
        }
    }
}

#[test]
fn seeds_that_once_failed_keep_every_promise() {
    for (seed, wrong) in KEPT_SEEDS {
        if let Err(failure) = run(seed, callslot_sim::STEPS) {
            panic!("seed {seed}, where {wrong}: {}", failure.verdict);
        }
    }
}

#[test]
fn a_seed_is_the_same_world_every_time() {
    let once = run(7, STEPS).map_err(|failure| failure.verdict);
    assert_eq!(once, run(7, STEPS).map_err(|failure| failure.verdict));
}

#[test]
fn a_story_is_a_script_that_the_rule_tests_understand_and_that_holds() {
    let mut told = 0;
    for seed in 0..STORIES {
        let actions = callslot_sim::actions(seed, 150);
        let story = story(&Failure { verdict: String::new(), actions });
        // What the language has no words for cannot be left out: what follows depends on it.
        if story.contains('#') || !story.contains("start") {
            continue;
        }
        told += 1;
        check::check(&story);
    }
    assert!(told > 10, "{told} stories were told in the language alone");
}
