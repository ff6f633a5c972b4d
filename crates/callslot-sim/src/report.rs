//! What a run has to say for itself: how much happened, which corners it came through, and what happened as a script.

mod counts;
mod coverage;
pub(crate) mod script;

pub use counts::Happened;
pub use coverage::{Reached, Situation};
