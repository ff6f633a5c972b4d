//! The system's clocks. This is the only file that reads one.
#![expect(clippy::disallowed_methods, reason = "this is the file that reads clocks")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use callslot_core::Timestamp;
use tokio::time::Instant;

use crate::limits::MAX_READING_OF_CLOCKS;

/// The monotonic clock.
#[must_use]
pub fn instant_now() -> Instant {
    Instant::now()
}

/// UTC by the system's clock. Use it only for dates; no deadline may depend on it.
#[must_use]
pub fn wall_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

/// What both clocks show at one moment. None if the process was held up between reading the one and the other.
#[must_use]
pub(crate) fn both_clocks() -> Option<(Instant, Timestamp)> {
    let (moment, wall) = (Instant::now(), wall_now());
    (moment.elapsed() <= MAX_READING_OF_CLOCKS).then_some((moment, wall))
}

/// Measures how long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
