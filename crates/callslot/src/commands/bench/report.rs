//! What a load measured, and how it is told.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::commands::bench::args::{Bench, Door};
use crate::commands::bench::counts::{Percentiles, Tally};

/// What was measured.
#[derive(Debug)]
pub struct Figures {
    /// What was counted.
    pub tally: Tally,
    /// Calls that found no slot at once, and were canceled in the queue.
    pub queued: u64,
    /// How long it measured.
    pub measured: Duration,
}

impl Figures {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { tally: Tally::new(), queued: 0, measured: Duration::ZERO }
    }

    /// Adds what another worker measured.
    pub fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.queued += other.queued;
    }

    /// For programs.
    pub fn report(&self, flags: &Bench) -> Report {
        Report {
            door: flags.door,
            connections: flags.connections,
            pipeline: flags.pipeline,
            rate: flags.rate,
            measured_s: self.measured.as_secs_f64(),
            pairs: self.tally.pairs(),
            pairs_per_s: self.tally.pairs_per_s(self.measured),
            queued: self.queued,
            failed: self.tally.refusals,
            start_us: self.tally.start_us(),
            end_us: self.tally.end_us(),
        }
    }

    /// For people.
    pub fn text(&self, flags: &Bench) -> String {
        let loop_kind = flags.rate.map_or_else(
            || "each call after the one before".to_owned(),
            |rate| format!("{rate} starts/s wanted"),
        );
        let mut text = format!(
            "{} connections × {} {}, {} agents, {loop_kind}, {:.1} s measured\n\
             {} start+end pairs: {:.0} a second; {} calls found no slot and were canceled in the queue; {} requests failed\n\n",
            flags.connections,
            flags.pipeline,
            match flags.door {
                Door::Http => "over HTTP",
                Door::Stream => "on streams",
            },
            flags.agents,
            self.measured.as_secs_f64(),
            self.tally.pairs(),
            self.tally.pairs_per_s(self.measured),
            self.queued,
            self.tally.refusals,
        );
        let _ = write!(
            text,
            "{:<7}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "µs", "min", "p50", "p90", "p99", "p99.9", "max"
        );
        for (name, times) in [("start", self.tally.start_us()), ("end", self.tally.end_us())] {
            let Percentiles { min, p50, p90, p99, p99_9, max } = times;
            let _ =
                write!(text, "\n{name:<7}{min:>10}{p50:>10}{p90:>10}{p99:>10}{p99_9:>10}{max:>10}");
        }
        text
    }
}

/// What was measured, for programs.
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
