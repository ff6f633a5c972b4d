//! What a load measured, in the form in which `callslot bench --json` tells it.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest time told apart, in microseconds: ten minutes.
const LONGEST_US: u64 = 600_000_000;

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
    starts_us: Histogram<u64>,
    ends_us: Histogram<u64>,
    refusals: u64,
    first_refusal: Option<String>,
}

impl Figures {
    /// Nothing yet.
    pub fn new(door: &'static str, connections: u64, pipeline: u64) -> Self {
        let histogram = || Histogram::new_with_max(LONGEST_US, 3).expect("bounds that it can have");
        Self {
            door,
            connections,
            pipeline,
            measured: Duration::ZERO,
            starts_us: histogram(),
            ends_us: histogram(),
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
    pub fn add(&mut self, other: Self) {
        self.starts_us.add(other.starts_us).expect("the same bounds");
        self.ends_us.add(other.ends_us).expect("the same bounds");
        self.refusals += other.refusals;
        self.first_refusal = self.first_refusal.take().or(other.first_refusal);
    }

    /// For programs.
    pub fn report(&self) -> Report {
        let pairs = self.starts_us.len();
        let measured_s = self.measured.as_secs_f64();
        Report {
            door: self.door,
            connections: self.connections,
            pipeline: self.pipeline,
            measured_s,
            pairs,
            pairs_per_s: f64::from(u32::try_from(pairs).unwrap_or(u32::MAX))
                / measured_s.max(0.001),
            failed: self.refusals,
            start_us: Percentiles::of(&self.starts_us),
            end_us: Percentiles::of(&self.ends_us),
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
