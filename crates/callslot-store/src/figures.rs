//! The figures of calls over a span of time: how many were active and queued, how many started and ended, and how long they
//! waited. Pure arithmetic: no store is asked and no clock read.
//!
//! Figures of a span assume that nothing more happens in it. So they are right at any time, and those of a part of the span
//! can be added as exactly as a single change. Start reading at [`Figures`].

mod end_counts;
mod waits;

use callslot_core::{EndReason, Timestamp};

pub use end_counts::EndCounts;
pub use waits::Waits;

/// The length of the parts of time that figures are kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

impl Grain {
    /// Both, the finer first.
    pub const ALL: [Self; 2] = [Self::Minute, Self::Hour];

    /// How long a part is, in milliseconds.
    #[must_use]
    pub const fn ms(self) -> u64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
        }
    }

    /// The beginning of the part in which a moment lies.
    #[must_use]
    pub const fn start_of(self, at: Timestamp) -> Timestamp {
        Timestamp(at.0 - at.0 % self.ms())
    }
}

/// How many calls are in each state at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levels {
    /// Calls that hold a slot.
    pub active: u64,
    /// Calls that wait for a slot.
    pub queued: u64,
}

impl Levels {
    /// The levels at a moment, from the figures kept next to it: the last before it, or else the first after it.
    #[must_use]
    pub fn between(before: Option<&Figures>, first_after: Option<&Figures>) -> Self {
        before
            .map(|figures| figures.after)
            .or(first_after.map(|figures| figures.before))
            .unwrap_or_default()
    }

    fn or_higher(self, other: Self) -> Self {
        Self { active: self.active.max(other.active), queued: self.queued.max(other.queued) }
    }
}

/// What one event of a call changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// How many more calls are active.
    pub active: i64,
    /// How many more are queued.
    pub queued: i64,
    /// For a start: how long the call waited, in milliseconds.
    pub waited_ms: Option<u64>,
    /// Why a call ended, if one did.
    pub ended: Option<EndReason>,
}

/// The figures of one series over a span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// At the beginning of the span.
    pub before: Levels,
    /// After the last change in the span.
    pub after: Levels,
    /// The highest levels at any moment of the span, including its beginning and the moments between events with the same time.
    pub peak: Levels,
    /// Active calls summed over every millisecond of the span: the mean times its length.
    pub active_ms: u64,
    /// How often a call took a slot.
    pub starts: u64,
    /// How many calls ended.
    pub ends: u64,
    /// For which reasons they ended, as far as these were counted.
    pub ended: EndCounts,
    /// How long calls waited for their slots.
    pub waits: Waits,
}

impl Figures {
    /// The figures of a span of `ms` milliseconds in which nothing happens.
    #[must_use]
    pub fn quiet(levels: Levels, ms: u64) -> Self {
        Self {
            before: levels,
            after: levels,
            peak: levels,
            active_ms: levels.active * ms,
            ..Self::default()
        }
    }

    /// Adds a change that came `left_ms` milliseconds before the end of the span. Changes are added in order.
    pub fn note(&mut self, change: Change, left_ms: u64) {
        // Within the span the clock may have been set back a little; then the sum is right to within that.
        self.active_ms = self.active_ms.saturating_sub(self.after.active * left_ms);
        self.after.active = self.after.active.saturating_add_signed(change.active);
        self.after.queued = self.after.queued.saturating_add_signed(change.queued);
        self.active_ms += self.after.active * left_ms;
        self.peak = self.peak.or_higher(self.after);
        if let Some(waited_ms) = change.waited_ms {
            self.starts += 1;
            self.waits.note(waited_ms);
        }
        if let Some(reason) = change.ended {
            self.ends += 1;
            self.ended.add(reason, 1);
        }
    }

    /// Adds a part of the span, `part_ms` milliseconds long, that ended `left_ms` before the span does. Parts are added in order.
    pub fn append(&mut self, part: &Self, part_ms: u64, left_ms: u64) {
        self.active_ms -= self.after.active * (part_ms + left_ms);
        self.active_ms += part.active_ms + part.after.active * left_ms;
        self.after = part.after;
        self.peak = self.peak.or_higher(part.peak);
        self.starts += part.starts;
        self.ends += part.ends;
        self.ended.merge(&part.ended);
        self.waits.merge(&part.waits);
    }

    /// The sum over the span without its last `left_ms` milliseconds, in which nothing happened.
    #[must_use]
    pub fn active_ms_without_last(&self, left_ms: u64) -> u64 {
        self.active_ms.saturating_sub(self.after.active * left_ms)
    }

    /// The clock was set back, and the span was shown a second time. What happened in it adds up; its levels are those of the last time.
    pub fn show_again(&mut self, again: &Self) {
        self.after = again.after;
        self.active_ms = again.active_ms;
        self.peak = self.peak.or_higher(again.peak);
        self.starts += again.starts;
        self.ends += again.ends;
        self.ended.merge(&again.ended);
        self.waits.merge(&again.waits);
    }

    /// The span was shown ahead of time and then came without a change. What happened in it stays, at the levels that there were
    /// when it came.
    pub fn stand_at(&mut self, levels: Levels, ms: u64) {
        self.before = levels;
        self.after = levels;
        self.active_ms = levels.active * ms;
        self.peak = self.peak.or_higher(levels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Change = Change { active: 1, queued: 0, waited_ms: Some(0), ended: None };
    const END: Change = Change { active: -1, ended: Some(EndReason::Completed), ..NOTHING };
    const NOTHING: Change = Change { active: 0, queued: 0, waited_ms: None, ended: None };

    #[test]
    fn a_call_counts_for_as_long_as_it_was_active() {
        let mut minute = Figures::quiet(Levels { active: 2, queued: 0 }, 60_000);
        assert_eq!(minute.active_ms, 120_000);
        minute.note(START, 50_000);
        minute.note(END, 20_000);
        assert_eq!((minute.active_ms, minute.peak.active), (150_000, 3));
        assert_eq!((minute.before.active, minute.after.active), (2, 2));
        assert_eq!(minute.active_ms_without_last(10_000), 130_000);
    }

    #[test]
    fn a_span_of_parts_with_gaps_is_as_if_every_change_were_noted_in_it() {
        let mut hour = Figures::quiet(Levels::default(), 3_600_000);
        let mut of_parts = hour.clone();
        for (minute, change, left_in_minute) in
            [(3, START, 1_000), (4, START, 0), (20, END, 60_000), (59, START, 7)]
        {
            let left_ms = (59 - minute) * 60_000;
            hour.note(change, left_ms + left_in_minute);
            let mut part = Figures::quiet(of_parts.after, 60_000);
            part.note(change, left_in_minute);
            of_parts.append(&part, 60_000, left_ms);
        }
        assert_eq!(of_parts, hour);
    }

    #[test]
    fn a_span_that_is_shown_again_has_all_that_happened_and_the_last_levels() {
        let mut minute = Figures::quiet(Levels { active: 1, queued: 0 }, 60_000);
        minute.note(START, 50_000);
        let mut again = Figures::quiet(minute.after, 60_000);
        again.note(END, 30_000);
        again.note(END, 30_000);
        minute.show_again(&again);
        assert_eq!((minute.starts, minute.ends, minute.waits.count()), (1, 2, 1));
        assert_eq!(minute.ended.of(EndReason::Completed), 2);
        assert_eq!((minute.before.active, minute.peak.active, minute.after.active), (1, 2, 0));
        assert_eq!(minute.active_ms, 60_000, "two calls for half of it");
        minute.stand_at(Levels { active: 3, queued: 0 }, 60_000);
        assert_eq!((minute.starts, minute.ends), (1, 2));
        assert_eq!((minute.before.active, minute.after.active, minute.active_ms), (3, 3, 180_000));
        assert_eq!(minute.peak.active, 3);
    }

    #[test]
    fn a_clock_that_is_set_back_within_a_span_overflows_no_sum() {
        let mut minute = Figures::quiet(Levels::default(), 60_000);
        minute.note(START, 10_000);
        minute.note(START, 40_000);
        assert_eq!(minute.active_ms, 80_000);
        assert_eq!(minute.active_ms_without_last(50_000), 0);
    }

    #[test]
    fn parts_begin_at_whole_minutes_and_hours() {
        let at = Timestamp(1_700_000_000_123);
        assert_eq!(Grain::Minute.start_of(at), Timestamp(1_699_999_980_000));
        assert_eq!(Grain::Hour.start_of(at), Timestamp(1_699_999_200_000));
    }
}
