//! An independent reference model of the rules, and a simulated world that runs a node and its engines.
//!
//! The model shares the core's vocabulary (ids, commands, events, views) and none of its code: it is lists of calls,
//! agents and leases that are scanned anew for every question. Slow on purpose, so that it is easy to believe. It never
//! keeps a count besides the things counted. Start reading at [`Model`]; [`commands`] makes random steps to hold the core
//! against it.
//!
//! The world runs the real core, the node's own logic and the stored form, on one thread, with a clock, a disk and clients
//! that do what a seed says. Start reading at [`World`]; [`Traffic`] makes the seeds' worlds.

mod explore;
mod generate;
mod judge;
mod model;
mod report;
mod world;

pub use explore::{
    Change, Explored, Failure, MAX_SEEDS_PER_BUG, STEPS, actions, explore, run, shrink, story,
};
pub use generate::{Traffic, commands};
pub use judge::{Judge, Judged, Sight, Witness, views};
pub use model::Model;
pub use report::{Happened, Reached, Situation};
pub use world::{Action, Ask, Deed, Fate, Saying, World};
