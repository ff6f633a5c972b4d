//! The results of a load, as text and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::commands::server::bench::args::{Bench, Door};
use crate::commands::server::bench::counts::{Counts, Percentiles};

/// The results of a load.
#[derive(Debug)]
pub struct Measured {
    pub counts: Counts,
    /// Calls that found no slot at once, and were canceled in the queue.
    pub queued: u64,
    /// How long it measured.
    pub lasted: Duration,
}

impl Measured {
    pub fn new() -> Self {
        Self { counts: Counts::new(), queued: 0, lasted: Duration::ZERO }
    }

    /// Adds what another worker measured.
    pub fn add(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        self.queued += other.queued;
    }

    /// For programs.
    pub fn report(&self, flags: &Bench) -> Report {
        Report {
            door: flags.door,
            connections: flags.connections,
            pipeline: flags.pipeline,
            rate: flags.rate,
            measured_s: self.lasted.as_secs_f64(),
            pairs: self.counts.pairs(),
            pairs_per_s: self.counts.pairs_per_s(self.lasted),
            queued: self.queued,
            failed: self.counts.refusals,
            start_us: self.counts.start_us(),
            end_us: self.counts.end_us(),
        }
    }

    /// For people.
    pub fn text(&self, flags: &Bench) -> String {
        let loop_kind = flags.rate.map_or_else(
            || "each call after the previous one".to_owned(),
            |rate| format!("{rate} starts/s requested"),
        );
        let mut text = format!(
            "{} connections × {} {}, {} agents, {loop_kind}, {:.1} s measured\n\
             {} start+end pairs: {:.0} per second; {} calls found no slot and were canceled in the queue; {} requests failed\n\n",
            flags.connections,
            flags.pipeline,
            match flags.door {
                Door::Http => "over HTTP",
                Door::Stream => "on streams",
            },
            flags.agents,
            self.lasted.as_secs_f64(),
            self.counts.pairs(),
            self.counts.pairs_per_s(self.lasted),
            self.queued,
            self.counts.refusals,
        );
        let _ = write!(
            text,
            "{:<7}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "µs", "min", "p50", "p90", "p99", "p99.9", "max"
        );
        for (name, times) in [("start", self.counts.start_us()), ("end", self.counts.end_us())] {
            let Percentiles { min, p50, p90, p99, p99_9, max } = times;
            let _ =
                write!(text, "\n{name:<7}{min:>10}{p50:>10}{p90:>10}{p99:>10}{p99_9:>10}{max:>10}");
        }
        text
    }
}

/// The results, for programs.
#[derive(Debug, Serialize)]
pub struct Report {
    door: Door,
    connections: u64,
    pipeline: u64,
    rate: Option<u64>,
    measured_s: f64,
    pairs: u64,
    pairs_per_s: f64,
    queued: u64,
    failed: u64,
    start_us: Percentiles,
    end_us: Percentiles,
}
