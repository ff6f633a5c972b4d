//! How many calls ended for each reason.

use callslot_core::EndReason;

/// Calls that ended, by reason. Figures of times before reasons were counted have none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndCounts([u64; EndReason::ALL.len()]);

impl EndCounts {
    /// How many ended for a reason.
    #[must_use]
    pub const fn of(&self, reason: EndReason) -> u64 {
        self.0[reason as usize]
    }

    /// The reasons for which any ended, with how many.
    pub fn each(&self) -> impl Iterator<Item = (EndReason, u64)> {
        EndReason::ALL.into_iter().map(|reason| (reason, self.of(reason))).filter(|it| it.1 > 0)
    }

    /// Counts ends for a reason.
    pub fn add(&mut self, reason: EndReason, count: u64) {
        self.0[reason as usize] += count;
    }

    /// Adds other ends.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_counted_apart_and_those_without_ends_are_left_out() {
        let mut counts = EndCounts::default();
        for reason in EndReason::ALL {
            counts.add(reason, 1 + reason as u64);
        }
        assert!(counts.each().eq(EndReason::ALL.into_iter().zip(1..)), "{counts:?}");
        let mut merged = EndCounts::default();
        assert_eq!(merged.each().count(), 0);
        merged.add(EndReason::MaxWait, 2);
        merged.merge(&counts);
        assert_eq!((merged.of(EndReason::MaxWait), merged.of(EndReason::Declined)), (8, 8));
    }
}
