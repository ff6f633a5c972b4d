//! Runs seeds, and makes a failing one short.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::generate::Traffic;
use crate::judge::Judge;
use crate::report::{Happened, script};
use crate::world::{Action, World};

/// How many steps a seed's world takes.
pub const STEPS: usize = 2_000;
/// One of this many seeds is slow, as every prefix of its log is replayed.
const REPLICATED_EVERY: u64 = 20;
/// How many seeds a planted bug may survive before it counts as not found.
pub const MAX_SEEDS_PER_BUG: u64 = 5_000;
/// How many times a failing run is tried again with something left out.
const MAX_TRIES: usize = 4_000;

/// A broken promise.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What the judge said.
    pub verdict: String,
    /// The actions that led to it.
    pub actions: Vec<Action>,
}

/// Runs the world of a seed for this many steps, and to its end.
///
/// # Errors
/// [`Failure`] when a promise was broken.
pub fn run(seed: u64, steps: usize) -> Result<Happened, Failure> {
    quiet();
    let mut actions = Vec::new();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let mut traffic = Traffic::of(seed);
        let mut world = World::new();
        if seed.is_multiple_of(REPLICATED_EVERY) {
            world = world.with_replica();
        }
        for _ in 0..steps {
            let action = traffic.next(&world);
            actions.push(action.clone());
            world.take(&action);
        }
        world.end();
        world.happened()
    }));
    outcome.map_err(|panic| Failure { verdict: verdict(&*panic), actions })
}

/// The actions of a seed's world, which keeps every promise.
///
/// # Panics
/// When it does not.
#[must_use]
pub fn actions(seed: u64, steps: usize) -> Vec<Action> {
    let mut traffic = Traffic::of(seed);
    let mut world = World::new();
    let mut actions = Vec::new();
    for _ in 0..steps {
        let action = traffic.next(&world);
        world.take(&action);
        actions.push(action);
    }
    actions
}

/// Makes a failing run as short as leaving things out makes it. Calls `tell` with the length after each success.
#[must_use]
pub fn shrink(failure: &Failure, mut tell: impl FnMut(usize)) -> Failure {
    let mut best = failure.clone();
    let mut tries = 0;
    let mut chunk = best.actions.len().div_ceil(2);
    while chunk > 0 && tries < MAX_TRIES {
        let mut start = 0;
        let mut is_shorter = false;
        while start < best.actions.len() && tries < MAX_TRIES {
            let mut actions = best.actions.clone();
            actions.drain(start..(start + chunk).min(actions.len()));
            tries += 1;
            match replay(&actions) {
                Err(verdict) => {
                    best = Failure { verdict, actions };
                    is_shorter = true;
                    tell(best.actions.len());
                }
                Ok(()) => start += chunk,
            }
        }
        if !is_shorter || chunk > 1 {
            chunk /= 2;
        }
    }
    best
}

/// What happened up to the failure, as a script of the rule tests. The last statement is the one that went wrong, unless
/// that came to light elsewhere.
#[must_use]
pub fn story(failure: &Failure) -> String {
    let mut world = World::judged_by(Judge::that_tells());
    let _ = panic::catch_unwind(AssertUnwindSafe(|| take_all(&mut world, &failure.actions)));
    script::tell(world.judge().story())
}

/// Runs these actions again, and returns the verdict of the judge.
pub(crate) fn replay(actions: &[Action]) -> Result<(), String> {
    quiet();
    let outcome = panic::catch_unwind(|| take_all(&mut World::new().with_replica(), actions));
    outcome.map_err(|panic| verdict(&*panic))
}

fn take_all(world: &mut World, actions: &[Action]) {
    for action in actions {
        world.take(action);
    }
    world.end();
}

pub(crate) fn verdict(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
}

/// The judge panics to give its verdict; those panics need not be printed.
pub(crate) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(|_| {})));
}
