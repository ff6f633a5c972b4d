//! The only file that reads a clock.
//!
//! UTC is read once, when the node starts, and goes on by the monotonic clock from there: a step of the system's clock
//! changes nothing. Ticks count the same time, but of the time between two looks no more than [`MAX_COUNTED_STEP`]: what
//! is beyond it is time in which the server was stalled (a slow disk, SIGSTOP, a suspended machine), and belongs to no deadline.
#![expect(clippy::disallowed_methods, reason = "this is the file that reads clocks")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use callslot_core::{Now, Tick, Timestamp};
use tokio::time::Instant;

use crate::limits::MAX_COUNTED_STEP;

/// UTC as it was when the node started, and the time since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Utc {
    started: Instant,
    started_at: Timestamp,
}

impl Utc {
    /// UTC now.
    pub(crate) fn now(self) -> Timestamp {
        Timestamp(self.started_at.0 + milliseconds(self.started.elapsed()))
    }
}

/// The time of a node.
#[derive(Debug)]
pub(crate) struct Clock {
    utc: Utc,
    looked: Instant,
    counted: Duration,
    stalled: Duration,
}

impl Clock {
    /// A clock that goes on from `last`, the time of the last record.
    pub(crate) fn after(last: Now) -> Self {
        let started = Instant::now();
        Self {
            utc: Utc { started, started_at: wall_now().max(last.at) },
            looked: started,
            counted: Duration::from_millis(last.tick.0),
            stalled: Duration::ZERO,
        }
    }

    /// UTC for those who do not own the clock.
    pub(crate) fn utc(&self) -> Utc {
        self.utc
    }

    /// The time now. Counts the time since the last look.
    pub(crate) fn look(&mut self) -> Now {
        self.count_at_most(MAX_COUNTED_STEP)
    }

    /// The time now, while nothing can be recorded: all the time since the last look was a stall.
    pub(crate) fn look_in_stall(&mut self) -> Now {
        self.count_at_most(Duration::ZERO)
    }

    /// How much time was found to be a stall so far.
    pub(crate) fn stalled_ms(&self) -> u64 {
        milliseconds(self.stalled)
    }

    fn count_at_most(&mut self, most: Duration) -> Now {
        let now = Instant::now();
        let passed = now - self.looked;
        let counted = passed.min(most);
        self.looked = now;
        self.counted += counted;
        self.stalled += passed.saturating_sub(counted);
        Now { at: self.utc.now(), tick: Tick(milliseconds(self.counted)) }
    }
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

/// UTC by the system's clock, to date things that no deadline depends on.
#[must_use]
pub fn wall_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(milliseconds(since_epoch))
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stall_counts_toward_no_deadline_but_people_see_it() {
        let mut clock = Clock::after(Now::default());
        let before = clock.look();
        tokio::time::advance(Duration::from_millis(150)).await;
        let looked = clock.look();
        assert_eq!(looked.tick.ms_after(before.tick), 150);
        tokio::time::advance(Duration::from_hours(1)).await;
        let after = clock.look();
        assert_eq!(after.tick.ms_after(looked.tick), 200);
        assert_eq!(after.at.ms_since(looked.at), 3_600_000);
        assert_eq!(clock.stalled_ms(), 3_599_800);
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_nothing_can_be_recorded_counts_toward_no_deadline() {
        let mut clock = Clock::after(Now::default());
        let before = clock.look();
        for _ in 0..100 {
            tokio::time::advance(Duration::from_millis(100)).await;
            clock.look_in_stall();
        }
        assert_eq!(clock.look().tick, before.tick);
        assert_eq!(clock.stalled_ms(), 10_000);
    }

    #[tokio::test(start_paused = true)]
    async fn time_never_goes_back_behind_the_last_record() {
        let future = Timestamp(wall_now().0 + 3_600_000);
        let mut clock = Clock::after(Now { at: future, tick: Tick(77) });
        let now = clock.look();
        assert!(now.at >= future);
        assert!(now.tick >= Tick(77));
    }
}
