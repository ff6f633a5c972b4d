//! What a load measured, in the form in which `callslot bench --json` tells it.

use std::time::Duration;

use serde::Serialize;

use crate::tally::{Percentiles, Tally};

/// What was measured.
#[derive(Debug)]
pub struct Figures {
    /// The system's name.
    pub door: &'static str,
    /// How many connections there were.
    pub connections: u64,
    /// How many calls were under way on each.
    pub pipeline: u64,
    /// How long it measured.
    pub measured: Duration,
    /// What was counted.
    pub tally: Tally,
}

impl Figures {
    /// For programs.
    pub fn report(&self) -> Report {
        Report {
            door: self.door,
            connections: self.connections,
            pipeline: self.pipeline,
            measured_s: self.measured.as_secs_f64(),
            pairs: self.tally.pairs(),
            pairs_per_s: self.tally.pairs_per_s(self.measured),
            failed: self.tally.refusals,
            start_us: self.tally.start_us(),
            end_us: self.tally.end_us(),
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
