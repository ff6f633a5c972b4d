//! The history: ended calls, and figures over any span of time.
//!
//! `project.rs` takes the log into the history, where `minutes_and_hours.rs` makes figures of events; `query.rs` reads them,
//! and `chart_points.rs` makes points of what is kept. `refusals.rs` counts what is no event. Start reading at `query.rs`.

pub(crate) mod chart_points;
pub(crate) mod minutes_and_hours;
pub(crate) mod project;
pub(crate) mod query;
pub(crate) mod refusals;
