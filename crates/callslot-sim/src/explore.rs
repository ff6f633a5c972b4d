//! Two ways to search for a broken promise: random worlds, one a seed, and every interleaving of a tiny one.

mod seeds;
mod small_world;

pub use seeds::{Failure, MAX_SEEDS_PER_BUG, STEPS, actions, run, shrink, story};
pub use small_world::{Change, Explored, explore};
