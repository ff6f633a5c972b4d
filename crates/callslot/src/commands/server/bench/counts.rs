//! How long starts and ends took under a load, and what failed. The loads of `bench/peers` use this file too.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest time recorded exactly, in microseconds: ten minutes.
const LONGEST_US: u64 = 600_000_000;

/// The counts of a load.
#[derive(Debug)]
pub struct Counts {
    starts_us: Histogram<u64>,
    ends_us: Histogram<u64>,
    /// Requests that failed.
    pub refusals: u64,
    first_refusal: Option<String>,
}

impl Counts {
    pub fn new() -> Self {
        let histogram = || Histogram::new_with_max(LONGEST_US, 3).expect("bounds that it can have");
        Self { starts_us: histogram(), ends_us: histogram(), refusals: 0, first_refusal: None }
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

    /// Adds what another worker counted.
    pub fn add(&mut self, other: &Self) {
        self.starts_us.add(&other.starts_us).expect("the same bounds");
        self.ends_us.add(&other.ends_us).expect("the same bounds");
        self.refusals += other.refusals;
        self.first_refusal = self.first_refusal.take().or_else(|| other.first_refusal.clone());
    }

    /// Calls that were started and ended.
    pub fn pairs(&self) -> u64 {
        self.starts_us.len()
    }

    /// The same per second of the time measured.
    pub fn pairs_per_s(&self, measured: Duration) -> f64 {
        let pairs = u32::try_from(self.pairs()).unwrap_or(u32::MAX);
        f64::from(pairs) / measured.as_secs_f64().max(0.001)
    }

    /// How long starts took.
    pub fn start_us(&self) -> Percentiles {
        Percentiles::of(&self.starts_us)
    }

    /// How long ends took.
    pub fn end_us(&self) -> Percentiles {
        Percentiles::of(&self.ends_us)
    }
}

/// Times, in microseconds, to three digits.
#[derive(Debug, Serialize)]
pub struct Percentiles {
    pub min: u64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    pub p99_9: u64,
    pub max: u64,
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
