//! How long the server has seen pass, by which retention goes, and when its clock last showed each part of time. Plain values.
//!
//! The clock may jump, so what has an old time is not old for that. It is once the clock last showed that time long enough ago, as
//! the server has seen time pass.

use std::collections::BTreeMap;
use std::ops::Range;

use callslot_core::Timestamp;

/// Milliseconds that the server has seen pass. They begin at what its clock showed first, and never go back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen(pub u64);

impl Seen {
    /// This many milliseconds later.
    #[must_use]
    pub fn after_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This many milliseconds before; 0 if there were not as many.
    #[must_use]
    pub fn before_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_sub(ms))
    }
}

/// What data are kept for a time, each for its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aging {
    /// Records of the log.
    Records,
    /// Ended calls.
    EndedCalls,
    /// Figures by the minute.
    Minutes,
    /// Figures by the hour, and changes of settings.
    Hours,
}

impl Aging {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Records, Self::EndedCalls, Self::Minutes, Self::Hours];
}

/// A start at which the clock was more than a day ahead, and nobody has said that it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// How much time the server had seen before.
    pub since: Seen,
    /// The last time of the log before.
    pub last: Timestamp,
}

/// What a server keeps of the time it has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenTime {
    /// The time for which it has run.
    pub lived: Seen,
    /// For how long it was down, as far as it believes its clock, in milliseconds.
    pub down_ms: u64,
    /// What its clock showed when this was kept.
    pub shown: Timestamp,
    /// Why it removes nothing.
    pub doubt: Option<Doubt>,
    /// Up to where it has removed data, in the order of [`Aging::ALL`].
    pub removed: [Seen; 4],
    /// When its clock last showed a time of each part, by the part's beginning.
    pub parts: BTreeMap<Timestamp, Seen>,
}

impl SeenTime {
    /// How much time has passed, whether it ran or was down.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.lived.after_ms(self.down_ms)
    }
}

/// Times that are old: what has one of them may be removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OldTimes(Vec<Range<Timestamp>>);

impl OldTimes {
    /// All times before this one.
    #[must_use]
    pub fn before(at: Timestamp) -> Self {
        Self(vec![Timestamp(0)..at])
    }

    /// Times up to the first part that is kept, and from then on those of parts that are not. `parts` are beginnings, in order, and
    /// whether each is kept.
    #[must_use]
    pub fn of_parts(parts: impl Iterator<Item = (Timestamp, bool)>, part_ms: u64) -> Self {
        let mut old: Vec<Range<Timestamp>> = Vec::new();
        let mut is_first = true;
        for (at, is_kept) in parts {
            let end = Timestamp(at.0.saturating_add(part_ms));
            match old.last_mut() {
                _ if is_kept => {
                    if std::mem::take(&mut is_first) {
                        old = vec![Timestamp(0)..at];
                    }
                }
                Some(last) if is_first || last.end == at => last.end = end,
                Some(_) => old.push(at..end),
                None => old.push(Timestamp(0)..end),
            }
        }
        Self(old)
    }

    /// The spans that make them up, in order.
    #[must_use]
    pub fn spans(&self) -> &[Range<Timestamp>] {
        &self.0
    }

    /// Whether this time is old.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.0.iter().any(|span| span.contains(&at))
    }

    /// The time up to which all times are old.
    #[must_use]
    pub fn all_before(&self) -> Timestamp {
        let first = self.0.first().filter(|span| span.start == Timestamp(0));
        first.map_or(Timestamp(0), |span| span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(parts: &[(u64, bool)]) -> Vec<(u64, u64)> {
        let parts = parts.iter().map(|&(at, is_kept)| (Timestamp(at * 10), is_kept));
        let old = OldTimes::of_parts(parts, 10);
        old.spans().iter().map(|span| (span.start.0, span.end.0)).collect()
    }

    #[test]
    fn old_are_all_times_before_the_first_part_that_is_kept_and_parts_that_are_not() {
        assert_eq!(old(&[]), []);
        assert_eq!(old(&[(5, true)]), [(0, 50)]);
        assert_eq!(old(&[(1, false), (2, false), (5, true), (9, true)]), [(0, 50)]);
        assert_eq!(
            old(&[(5, true), (7, false), (8, false), (10, false)]),
            [(0, 50), (70, 90), (100, 110)]
        );
        assert_eq!(old(&[(1, false), (4, false)]), [(0, 50)]);
    }

    #[test]
    fn a_time_is_old_in_a_span_and_the_first_span_says_what_is_gone() {
        let parts = [(Timestamp(50), true), (Timestamp(70), false)];
        let old = OldTimes::of_parts(parts.into_iter(), 10);
        let is_old = [49, 50, 69, 70, 79, 80].map(|at| old.contains(Timestamp(at)));
        assert_eq!(is_old, [true, false, false, true, true, false]);
        assert_eq!(old.all_before(), Timestamp(50));
        assert_eq!(OldTimes::before(Timestamp(9)).all_before(), Timestamp(9));
        assert_eq!(OldTimes::default().all_before(), Timestamp(0));
    }
}
