//! The history: ended calls, and figures over any span of time.
//!
//! `project_log.rs` projects the log into the history; `minutes_and_hours.rs` turns events into figures. `query.rs` reads them,
//! and `chart_points.rs` turns them into points. `ended_texts.rs` reads what the core has dropped of ended calls. `refusals.rs`
//! counts refused starts, which are not events. Start reading at `query.rs`.

pub(crate) mod chart_points;
pub(crate) mod ended_texts;
pub(crate) mod minutes_and_hours;
pub(crate) mod project_log;
pub(crate) mod query;
pub(crate) mod refusals;
