//! The time of a node, computed from clock readings that are passed in.
//!
//! UTC is read once, when the node starts, and advances with the monotonic clock from there, so adjusting the system's clock
//! changes nothing. Ticks count the same time, but at most [`MAX_COUNTED_STEP`] between two looks: anything longer was a
//! stall (a slow disk, SIGSTOP, a suspended machine) and does not count toward deadlines.

use std::time::Duration;

use callslot_core::{Now, Tick, Timestamp};
use tokio::time::Instant;

use crate::limits::MAX_COUNTED_STEP;

/// UTC by the monotonic clock, from when the node started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Utc {
    started: Instant,
    started_at: Timestamp,
}

impl Utc {
    pub(crate) fn at(self, moment: Instant) -> Timestamp {
        Timestamp(self.started_at.0 + milliseconds(moment - self.started))
    }
}

/// The time of a node: UTC, and ticks that leave out stalls.
#[derive(Debug)]
pub struct CountedClock {
    utc: Utc,
    now: Now,
    looked: Instant,
    counted: Duration,
    stalled: Duration,
}

impl CountedClock {
    /// A clock that continues from `last`, the time of the last record; `wall` is the system's time at `started`.
    #[must_use]
    pub fn after(last: Now, started: Instant, wall: Timestamp) -> Self {
        let started_at = wall.max(last.at);
        Self {
            utc: Utc { started, started_at },
            now: Now { at: started_at, tick: last.tick },
            looked: started,
            counted: Duration::from_millis(last.tick.0),
            stalled: Duration::ZERO,
        }
    }

    /// What people are shown at `moment`.
    #[must_use]
    pub fn shown_at(&self, moment: Instant) -> Timestamp {
        self.utc.at(moment)
    }

    /// UTC for parts of the node that do not own the clock.
    pub(crate) fn utc(&self) -> Utc {
        self.utc
    }

    /// The time at `moment`, which must not be before the last look. Counts the time since then.
    pub fn look(&mut self, moment: Instant) -> Now {
        self.count_at_most(moment, MAX_COUNTED_STEP)
    }

    /// Like [`CountedClock::look`] while nothing can be recorded: all time since the last look counts as a stall.
    pub fn look_in_stall(&mut self, moment: Instant) -> Now {
        self.count_at_most(moment, Duration::ZERO)
    }

    /// The time at the last look.
    #[must_use]
    pub fn now(&self) -> Now {
        self.now
    }

    /// The total time of stalls so far.
    #[must_use]
    pub fn stalled_ms(&self) -> u64 {
        milliseconds(self.stalled)
    }

    fn count_at_most(&mut self, moment: Instant, most: Duration) -> Now {
        let passed = moment - self.looked;
        let counted = passed.min(most);
        self.looked = moment;
        self.counted += counted;
        self.stalled += passed.saturating_sub(counted);
        self.now = Now { at: self.utc.at(moment), tick: Tick(milliseconds(self.counted)) };
        self.now
    }
}

pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::system_clock::{instant_now, wall_now};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_stall_counts_toward_no_deadline_but_people_see_it() {
        let start = instant_now();
        let mut clock = CountedClock::after(Now::default(), start, wall_now());
        let before = clock.look(start);
        let looked = clock.look(start + 150 * MS);
        assert_eq!(looked.tick.ms_after(before.tick), 150);
        let after = clock.look(start + 150 * MS + Duration::from_hours(1));
        assert_eq!(after.tick.ms_after(looked.tick), 200);
        assert_eq!(after.at.ms_since(looked.at), 3_600_000);
        assert_eq!(clock.stalled_ms(), 3_599_800);
    }

    #[test]
    fn time_in_which_nothing_can_be_recorded_counts_toward_no_deadline() {
        let start = instant_now();
        let mut clock = CountedClock::after(Now::default(), start, wall_now());
        let before = clock.look(start);
        for look in 1..=100 {
            clock.look_in_stall(start + look * 100 * MS);
        }
        assert_eq!(clock.look(start + 10_000 * MS).tick, before.tick);
        assert_eq!(clock.stalled_ms(), 10_000);
    }

    #[test]
    fn time_never_goes_back_behind_the_last_record() {
        let future = Timestamp(wall_now().0 + 3_600_000);
        let start = instant_now();
        let mut clock = CountedClock::after(Now { at: future, tick: Tick(77) }, start, wall_now());
        let now = clock.look(start);
        assert!(now.at >= future);
        assert!(now.tick >= Tick(77));
    }
}
