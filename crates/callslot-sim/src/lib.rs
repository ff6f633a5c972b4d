//! An independent reference model of the rules, and random steps to compare it with the core on.
//!
//! It shares the core's vocabulary (ids, commands, events, views) and none of its code: the model is lists of calls,
//! agents and leases that are scanned anew for every question. Slow on purpose, so that it is easy to believe. It never
//! keeps a count beside the things counted. Start reading at [`Model`]; [`commands`] makes the random steps.

pub mod commands;
mod model;

pub use model::Model;
