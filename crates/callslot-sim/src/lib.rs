//! An independent reference model of the rules, and a simulated world that runs a node and its engines.
//!
//! The model shares the core's vocabulary (ids, commands, events, views) and none of its code: it keeps lists of calls, agents
//! and leases, and scans them for every question. It is slow on purpose, so that it is easy to trust, and keeps no counts.
//! Start reading at [`Model`]; [`commands`] makes random steps on which the core is compared with it.
//!
//! The world runs the real core, the node's own logic and the stored form, on one thread, with a clock, a disk and clients that
//! a seed controls. Start reading at [`World`]; [`Traffic`] makes the seeds' worlds.
//!
//! [`estimates`] judges the estimated waits in hours of virtual time.

mod estimate;
mod explore;
mod generate;
mod judge;
mod limits;
mod model;
mod report;
mod world;

pub use estimate::{EstimateTraffic, JudgedEstimates, estimate_kinds, estimates};
pub use explore::{
    Change, Explored, Failure, MAX_SEEDS_PER_BUG, STEPS, actions, explore, run, shrink, story,
};
pub use generate::{Traffic, commands};
pub use judge::{Judge, Judged, Sight, Witness, bounded_step, previews, views};
pub use model::Model;
pub use report::{Happened, Reached, Situation};
pub use world::{Action, Ask, Deed, Fate, Saying, World};
