//! The results of a load, in the form of `callslot bench --json`.

use std::time::Duration;

use serde::Serialize;

use crate::counts::{Counts, Percentiles};

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    /// The system's name.
    pub door: &'static str,
    /// How many connections there were.
    pub connections: u64,
    /// How many calls were under way on each.
    pub pipeline: u64,
    /// How long it measured.
    pub lasted: Duration,
    /// What was counted.
    pub counts: Counts,
}

impl Measured {
    /// For programs.
    pub fn report(&self) -> Report {
        Report {
            door: self.door,
            connections: self.connections,
            pipeline: self.pipeline,
            measured_s: self.lasted.as_secs_f64(),
            pairs: self.counts.pairs(),
            pairs_per_s: self.counts.pairs_per_s(self.lasted),
            failed: self.counts.refusals,
            start_us: self.counts.start_us(),
            end_us: self.counts.end_us(),
        }
    }
}

/// What was measured, for programs.
#[derive(Debug, Serialize)]
pub struct Report {
    door: &'static str,
    connections: u64,
    pipeline: u64,
    measured_s: f64,
    pairs: u64,
    pairs_per_s: f64,
    failed: u64,
    start_us: Percentiles,
    end_us: Percentiles,
}
