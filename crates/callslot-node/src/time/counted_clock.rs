//! The time of a node, computed from clock readings that are passed in.
//!
//! UTC is for people. It advances with the monotonic clock, and follows the system's clock, forward or back, when that has been
//! corrected by [`MIN_CORRECTION_MS`] or more. Ticks know nothing of that. They count the time that passes, but at most
//! [`MAX_COUNTED_STEP`] between two looks: anything longer was a stall (a slow disk, SIGSTOP, a suspended machine) and does not count
//! toward deadlines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use callslot_core::{Now, Tick, Timestamp};
use tokio::time::Instant;

use crate::limits::{MAX_COUNTED_STEP, MIN_CORRECTION_MS};

/// UTC by the monotonic clock, as the system's clock was corrected last. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Utc {
    started: Instant,
    /// What it showed at `started`. It wraps around where a clock shows less than the node has run for.
    shown_at_start: Arc<AtomicU64>,
}

impl Utc {
    /// Goes on from what the system's clock shows at `started`. If `last`, the last time in the log, is ahead of that by less than a
    /// correction, it goes on from there.
    pub(crate) fn after(last: Timestamp, started: Instant, wall: Timestamp) -> Self {
        let is_ahead = last > wall && difference(last, wall).is_none();
        let shown = if is_ahead { last } else { wall };
        Self { started, shown_at_start: Arc::new(AtomicU64::new(shown.0)) }
    }

    pub(crate) fn at(&self, moment: Instant) -> Timestamp {
        let passed_ms = milliseconds(moment - self.started);
        Timestamp(self.shown_at_start.load(Ordering::Relaxed).wrapping_add(passed_ms))
    }

    /// By how many milliseconds it is to be corrected, if the system's clock shows `wall` at `moment`; none if they agree.
    pub(crate) fn correction(&self, moment: Instant, wall: Timestamp) -> Option<i64> {
        difference(self.at(moment), wall)
    }

    /// From now on it goes on from `wall`, which the system's clock showed at `moment`.
    pub(crate) fn correct(&self, moment: Instant, wall: Timestamp) {
        let passed_ms = milliseconds(moment - self.started);
        self.shown_at_start.store(wall.0.wrapping_sub(passed_ms), Ordering::Relaxed);
    }
}

/// By how many milliseconds `wall` is ahead of a time that is shown (behind: less than 0), if that is enough for a correction.
fn difference(shown: Timestamp, wall: Timestamp) -> Option<i64> {
    let ms = wall.0.wrapping_sub(shown.0).cast_signed();
    Some(ms).filter(|ms| ms.unsigned_abs() >= MIN_CORRECTION_MS)
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
    /// A clock that continues from `last`, the time of the last record; `wall` is the system's time at `started`. If the record has
    /// a time ahead of that, a clock was wrong when it was written.
    #[must_use]
    pub fn after(last: Now, started: Instant, wall: Timestamp) -> Self {
        Self::showing(Utc::after(last.at, started, wall), last.tick, started)
    }

    /// A clock that shows people this time, as others do, and counts on from `last`.
    pub(crate) fn showing(utc: Utc, last: Tick, started: Instant) -> Self {
        Self {
            now: Now { at: utc.at(started), tick: last },
            utc,
            looked: started,
            counted: Duration::from_millis(last.0),
            stalled: Duration::ZERO,
        }
    }

    /// What people are shown at `moment`.
    #[must_use]
    pub fn shown_at(&self, moment: Instant) -> Timestamp {
        self.utc.at(moment)
    }

    /// By how many milliseconds what is shown is to be corrected, if the system's clock shows `wall` at `moment`; none if they agree.
    #[must_use]
    pub fn correction(&self, moment: Instant, wall: Timestamp) -> Option<i64> {
        self.utc.correction(moment, wall)
    }

    /// From now on people are shown what the system's clock showed at `moment`. Ticks go on as before.
    pub fn correct(&self, moment: Instant, wall: Timestamp) {
        self.utc.correct(moment, wall);
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

    /// When it was looked at last.
    pub(crate) fn looked(&self) -> Instant {
        self.looked
    }

    /// How long it is from the last look to `tick`, without stalls.
    pub(crate) fn until(&self, tick: Tick) -> Duration {
        Duration::from_millis(tick.0).saturating_sub(self.counted)
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
    fn a_start_shows_what_the_systems_clock_does_whatever_the_log_says_and_ticks_go_on() {
        let (start, wall) = (instant_now(), wall_now());
        let after = |ahead_ms: i64| {
            let at = Timestamp(wall.0.saturating_add_signed(ahead_ms));
            CountedClock::after(Now { at, tick: Tick(77) }, start, wall).look(start)
        };
        let tomorrow = 26 * 3_600_000;
        for ahead_ms in [-tomorrow, 0, 1_000, tomorrow] {
            assert_eq!(after(ahead_ms), Now { at: wall, tick: Tick(77) }, "{ahead_ms} ms ahead");
        }
        assert_eq!(after(999).at.ms_since(wall), 999, "a little is no correction");
    }

    #[test]
    fn a_corrected_clock_is_followed_forward_and_back_and_moves_no_tick() {
        let (start, wall) = (instant_now(), wall_now());
        let mut clock = CountedClock::after(Now::default(), start, wall);
        let mut ticks = clock.look(start).tick;
        let mut shown = wall;
        let mut moment = start;
        for ms in [3_600_000, -7_200_000, 999, -999, 1_000, -1_000, 63_072_000_000] {
            moment += 100 * MS;
            shown = Timestamp(shown.0 + 100);
            let wall = Timestamp(shown.0.saturating_add_signed(ms));
            let correction = clock.correction(moment, wall);
            assert_eq!(correction, Some(ms).filter(|ms| ms.abs() >= 1_000));
            if correction.is_some() {
                clock.correct(moment, wall);
                shown = wall;
            }
            let now = clock.look(moment);
            assert_eq!((now.at, now.tick.ms_after(ticks)), (shown, 100), "after {ms} ms");
            assert_eq!(clock.shown_at(moment + 50 * MS).ms_since(shown), 50);
            ticks = now.tick;
        }
    }

    #[test]
    fn a_clock_that_shows_less_than_the_node_has_run_for_is_followed_too() {
        let start = instant_now();
        let mut clock = CountedClock::after(Now::default(), start, wall_now());
        clock.correct(start + Duration::from_hours(1), Timestamp(5));
        assert_eq!(clock.look(start + Duration::from_hours(1) + MS).at, Timestamp(6));
    }
}
