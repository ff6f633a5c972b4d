//! A pace, told as a bucket of tokens: a start takes one, time fills it, and it holds as many as the burst. What runs over is lost, unless a
//! start comes within [`LATE_MS`] after that began: then it is not.

use callslot_core::{Pace, Tick};

/// How long what runs over is not lost yet, in milliseconds.
const LATE_MS: u64 = 50;

/// How full it is at a moment. A token is `per_s` seconds × 1,000, and a millisecond gives `starts` parts of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pub(super) pace: Pace,
    parts: u64,
    at: Tick,
    /// When it has a token again, as of the last time that somebody looked and found none.
    pub(super) wake: Option<Tick>,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(pace: Pace) -> Self {
        let mut bucket = Self { pace, parts: 0, at: Tick(0), wake: None };
        bucket.parts = bucket.all();
        bucket
    }

    /// In how many milliseconds it has a token; 0 if it has one.
    pub(super) fn next_in_ms(self, tick: Tick) -> u64 {
        let missing = self.token().saturating_sub(self.filled(tick));
        missing.div_ceil(self.pace.starts.into())
    }

    pub(super) fn has_start(self, tick: Tick) -> bool {
        self.next_in_ms(tick) == 0
    }

    /// How long it takes to fill that many tokens.
    pub(super) fn ms_for(self, starts: u64) -> u64 {
        (starts * self.token()).div_ceil(self.pace.starts.into())
    }

    pub(super) fn take(&mut self, tick: Tick) {
        let filled = self.filled(tick);
        self.parts = filled.checked_sub(self.token()).expect("a start waits for a token");
        self.at = tick;
    }

    /// Looks whether it has a token now, and when if not.
    pub(super) fn look(&mut self, tick: Tick) {
        let in_ms = self.next_in_ms(tick);
        self.wake = (in_ms > 0).then(|| tick.after_ms(in_ms));
    }

    /// A bucket of another pace that misses what this one does, in whole milliseconds, or is empty if that is more than it holds.
    pub(super) fn changed(self, pace: Pace, tick: Tick) -> Self {
        let starts = u64::from(self.pace.starts);
        let missing_ms = self.all().saturating_sub(self.filled(tick)).div_ceil(starts);
        let over_ms = self.filled(tick).saturating_sub(self.all()) / starts;
        let mut bucket = Self::new(pace);
        let missing = missing_ms.saturating_mul(pace.starts.into());
        bucket.parts = bucket.all().saturating_sub(missing) + over_ms * u64::from(pace.starts);
        bucket.at = tick;
        bucket
    }

    fn filled(self, tick: Tick) -> u64 {
        let more = tick.ms_after(self.at).saturating_mul(self.pace.starts.into());
        let filled = self.parts.saturating_add(more);
        let is_late = filled > self.all() + LATE_MS * u64::from(self.pace.starts);
        if is_late { self.all() } else { filled }
    }

    fn token(self) -> u64 {
        u64::from(self.pace.per_s) * 1_000
    }

    fn all(self) -> u64 {
        self.token() * u64::from(self.pace.burst)
    }
}
