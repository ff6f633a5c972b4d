//! A pace as it is kept: the generic cell rate algorithm, in whole numbers, so that a replay comes to the same state.
//!
//! ITU-T I.371 (2004), annex A: a start conforms if it does not come earlier than the theoretical arrival time (TAT) less the limit τ, and moves
//! the TAT on by the increment T from itself or the start, whichever is later. Here T is `per_s ÷ starts` and τ is `burst − 1` times T;
//! times are milliseconds × `starts`, so that T is whole.
//!
//! One thing is ours: a start that comes up to [`LATE_MS`] after the TAT counts as if it had come at it. A server that wakes, or a disk that
//! syncs, a few milliseconds late would else slow every pace down: 50 a second by a tenth if each start is 2 ms late.

use crate::gate::Pace;
use crate::time::Tick;

/// How late a start may be without slowing its pace down, in milliseconds.
const LATE_MS: u64 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pacer {
    pace: Pace,
    /// The theoretical arrival time of the next start.
    due: u64,
}

impl Pacer {
    /// A pace of which nothing is used.
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, due: 0 }
    }

    pub(crate) fn pace(self) -> Pace {
        self.pace
    }

    /// The theoretical arrival time, as a snapshot at `tick` has it: 0 if it does not matter any more.
    pub(crate) fn due_at(self, tick: Tick) -> u64 {
        if self.is_forgotten(tick) { 0 } else { self.due }
    }

    /// As it was when it had this theoretical arrival time.
    pub(crate) fn restored(self, due: u64) -> Self {
        Self { due, ..self }
    }

    /// A call starts.
    pub(crate) fn start(&mut self, tick: Tick) {
        let from = if self.is_forgotten(tick) { self.scaled(tick) } else { self.due };
        self.due = from.saturating_add(self.increment());
    }

    /// The first tick at which the next call may start.
    pub(crate) fn next_start(self) -> Tick {
        let limit = self.increment().saturating_mul(u64::from(self.pace.burst) - 1);
        Tick(self.due.saturating_sub(limit).div_ceil(u64::from(self.pace.starts)))
    }

    /// Under another pace from `tick` on. What was used counts, but the next start waits no longer than one interval of the new pace.
    pub(crate) fn changed(self, pace: Pace, tick: Tick) -> Self {
        let new = Self { pace, due: 0 };
        if self.is_forgotten(tick) {
            return Self { due: new.scaled(tick), ..new };
        }
        let used_until_ms = self.due.div_ceil(u64::from(self.pace.starts));
        let carried = used_until_ms.saturating_mul(pace.starts.into());
        let all_used = new.increment().saturating_mul(pace.burst.into());
        Self { due: carried.min(new.scaled(tick).saturating_add(all_used)), ..new }
    }

    /// How long it is from one start to the next, in milliseconds, for that many starts.
    pub(crate) fn ms_for(self, starts: u64) -> u64 {
        self.increment().saturating_mul(starts).div_ceil(self.pace.starts.into())
    }

    /// Whether the theoretical arrival time is so long ago that the next one counts from the next start.
    fn is_forgotten(self, tick: Tick) -> bool {
        let late = u64::from(self.pace.starts) * LATE_MS;
        self.scaled(tick) > self.due.saturating_add(late)
    }

    fn scaled(self, tick: Tick) -> u64 {
        tick.0.saturating_mul(self.pace.starts.into())
    }

    fn increment(self) -> u64 {
        u64::from(self.pace.per_s) * 1_000
    }
}

/// A pace in use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paced {
    pub(crate) pacer: Pacer,
    /// When it has a start to give again, while it is known to have none. It is said in [`crate::org::pool::Pool`]'s wakes too.
    pub(super) wake: Option<Tick>,
}

impl From<Pacer> for Paced {
    fn from(pacer: Pacer) -> Self {
        Self { pacer, wake: None }
    }
}

impl Paced {
    /// What is in use after a change from `tick` on. When it has a start to give is for the caller to find out.
    pub(super) fn changed(before: Option<Self>, pace: Option<Pace>, tick: Tick) -> Option<Self> {
        let pace = pace?;
        Some(match before {
            Some(paced) if paced.pacer.pace() == pace => paced,
            Some(Self { pacer, wake }) => Self { pacer: pacer.changed(pace, tick), wake },
            None => Pacer::new(pace).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// The ticks of the first starts of calls that are always there to start.
    fn starts(mut pacer: Pacer, from: Tick, count: usize) -> Vec<u64> {
        let mut tick = from;
        (0..count)
            .map(|_| {
                tick = tick.max(pacer.next_start());
                pacer.start(tick);
                tick.0
            })
            .collect()
    }

    #[test]
    fn over_every_span_no_more_calls_start_than_the_burst_and_what_the_span_gives() {
        for (starts_per, per_s, burst) in
            [(1, 1, 1), (3, 1, 1), (7, 2, 5), (1000, 1, 10), (1, 60, 2)]
        {
            let pace = Pace { starts: starts_per, per_s, burst };
            let ticks = starts(Pacer::new(pace), Tick(5_000), 300);
            for (place, from) in ticks.iter().enumerate() {
                for (more, until) in ticks[place..].iter().enumerate() {
                    // Each comes at the first whole millisecond, so up to one late.
                    let most = u64::from(burst) * u64::from(per_s) * 1_000
                        + u64::from(starts_per) * (until - from + 1);
                    assert!((more as u64 + 1) * u64::from(per_s) * 1_000 <= most, "{pace:?}");
                }
            }
            let span = ticks[299] - ticks[0];
            let due = (300 - u64::from(burst)) * u64::from(per_s) * 1_000 / u64::from(starts_per);
            assert!(span <= due + 1, "{pace:?}: {span} for {due}");
        }
    }

    #[test]
    fn starts_that_come_a_little_late_do_not_slow_the_pace_down() {
        for (pace_starts, late_ms) in [(1, 50), (50, 7), (1_000, 5), (1_000, 50)] {
            let mut pacer = Pacer::new(Pace { starts: pace_starts, per_s: 1, burst: 1 });
            let (mut tick, mut count) = (Tick(5_000), 0_u64);
            // Each look comes late, and starts all that may start then.
            while tick < Tick(65_000) {
                while pacer.next_start() <= tick {
                    pacer.start(tick);
                    count += 1;
                }
                tick = pacer.next_start().after_ms(late_ms);
            }
            let due = 60 * u64::from(pace_starts);
            assert!(count.abs_diff(due) * 100 <= due + 100, "{pace_starts}/s: {count}");
        }
        let mut pacer = Pacer::new(Pace { starts: 1, per_s: 1, burst: 1 });
        pacer.start(Tick(5_000));
        pacer.start(Tick(6_051));
        assert_eq!(pacer.next_start(), Tick(7_051), "what is later than that counts from itself");
    }

    #[test]
    fn what_is_not_used_is_kept_up_to_the_burst() {
        let pace = Pace { starts: 1, per_s: 10, burst: 3 };
        assert_eq!(
            starts(Pacer::new(pace), Tick(100_000), 5),
            [100_000, 100_000, 100_000, 110_000, 120_000]
        );
    }

    #[test]
    fn another_pace_goes_on_from_what_was_used_and_waits_one_interval_at_most() {
        let mut slow = Pacer::new(Pace { starts: 1, per_s: 3_600, burst: 1 });
        slow.start(Tick(1_000));
        assert_eq!(slow.next_start(), Tick(3_601_000));
        let fast = slow.changed(Pace { starts: 10, per_s: 1, burst: 1 }, Tick(2_000));
        assert_eq!(fast.next_start(), Tick(2_100));
        let mut used = Pacer::new(Pace { starts: 10, per_s: 1, burst: 1 });
        used.start(Tick(1_000));
        let slower = used.changed(Pace { starts: 1, per_s: 1, burst: 1 }, Tick(1_050));
        assert_eq!(slower.next_start(), Tick(1_100), "the start that was given is not taken back");
    }

    #[test]
    fn ticks_and_paces_of_any_size_are_counted_without_overflow() {
        let mut pacer = Pacer::new(Pace { starts: u32::MAX, per_s: u32::MAX, burst: u32::MAX });
        pacer.start(Tick(u64::MAX));
        assert!(pacer.next_start() <= Tick(u64::MAX));
    }
}
