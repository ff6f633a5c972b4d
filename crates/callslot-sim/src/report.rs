//! The report of a run: how much happened, which corners were covered, and the story as a script.

mod counts;
mod coverage;
pub(crate) mod script;

pub use counts::Happened;
pub use coverage::{Reached, Situation};
