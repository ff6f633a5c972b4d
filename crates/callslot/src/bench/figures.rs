//! What a load measured, and how it is told.

use std::fmt::Write as _;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::bench::flags::{Bench, Door};

/// The longest time told apart, in microseconds: ten minutes.
const LONGEST_US: u64 = 600_000_000;

/// What was measured.
#[derive(Debug)]
pub struct Figures {
    starts_us: Histogram<u64>,
    ends_us: Histogram<u64>,
    /// Calls that found no slot at once, and were canceled in the queue.
    pub queued: u64,
    /// How long it measured.
    pub measured: Duration,
    refusals: u64,
    first_refusal: Option<String>,
}

impl Figures {
    /// Nothing yet.
    pub fn new() -> Self {
        let histogram = || Histogram::new_with_max(LONGEST_US, 3).expect("bounds that it can have");
        Self {
            starts_us: histogram(),
            ends_us: histogram(),
            queued: 0,
            measured: Duration::ZERO,
            refusals: 0,
            first_refusal: None,
        }
    }

    /// Notes a call that was started and ended.
    pub fn note_pair(&mut self, start: Duration, end: Duration) {
        let us = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(LONGEST_US);
        self.starts_us.saturating_record(us(start));
        self.ends_us.saturating_record(us(end));
    }

    /// Notes that a request failed.
    pub fn note_refusal(&mut self, why: String) {
        self.refusals += 1;
        self.first_refusal.get_or_insert(why);
    }

    /// The first request that failed.
    pub fn first_refusal(&self) -> Option<&str> {
        self.first_refusal.as_deref()
    }

    /// Adds what another worker measured.
    pub fn add(&mut self, other: &Self) {
        self.starts_us.add(&other.starts_us).expect("the same bounds");
        self.ends_us.add(&other.ends_us).expect("the same bounds");
        self.queued += other.queued;
        self.refusals += other.refusals;
        self.first_refusal = self.first_refusal.take().or_else(|| other.first_refusal.clone());
    }

    /// For programs.
    pub fn report(&self, flags: &Bench) -> Report {
        Report {
            door: flags.door,
            connections: flags.connections,
            pipeline: flags.pipeline,
            rate: flags.rate,
            measured_s: self.measured.as_secs_f64(),
            pairs: self.starts_us.len(),
            pairs_per_s: self.pairs_per_s(),
            queued: self.queued,
            failed: self.refusals,
            start_us: Percentiles::of(&self.starts_us),
            end_us: Percentiles::of(&self.ends_us),
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
            self.starts_us.len(),
            self.pairs_per_s(),
            self.queued,
            self.refusals,
        );
        let _ = write!(
            text,
            "{:<7}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "µs", "min", "p50", "p90", "p99", "p99.9", "max"
        );
        for (name, histogram) in [("start", &self.starts_us), ("end", &self.ends_us)] {
            let Percentiles { min, p50, p90, p99, p99_9, max } = Percentiles::of(histogram);
            let _ =
                write!(text, "\n{name:<7}{min:>10}{p50:>10}{p90:>10}{p99:>10}{p99_9:>10}{max:>10}");
        }
        text
    }

    fn pairs_per_s(&self) -> f64 {
        let pairs = u32::try_from(self.starts_us.len()).unwrap_or(u32::MAX);
        f64::from(pairs) / self.measured.as_secs_f64().max(0.001)
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

/// Times, in microseconds, to three digits.
#[derive(Debug, Serialize)]
struct Percentiles {
    min: u64,
    p50: u64,
    p90: u64,
    p99: u64,
    p99_9: u64,
    max: u64,
}

impl Percentiles {
    fn of(histogram: &Histogram<u64>) -> Self {
        Self {
            min: histogram.min(),
            p50: histogram.value_at_quantile(0.5),
            p90: histogram.value_at_quantile(0.9),
            p99: histogram.value_at_quantile(0.99),
            p99_9: histogram.value_at_quantile(0.999),
            max: histogram.max(),
        }
    }
}
