//! How long calls waited: counts of waits of about the same length, which can be added up over any span.
//!
//! Up to 255 ms, every millisecond has its own class; above that, each doubling is cut into 128 classes of equal width, so
//! that a class is less than 0.8 % wide. (The layout of `HdrHistogram` with two significant digits.) Percentiles are by
//! nearest rank, and the longest wait is kept as it was.

/// How many classes have one millisecond each.
const EXACT: u64 = 256;
/// How many classes each doubling above that has.
const CLASSES: u64 = EXACT / 2;
/// How many bits a number below [`EXACT`] has.
const EXACT_BITS: u32 = EXACT.trailing_zeros();

/// Waits, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// The number of waits in each class that has any, by class.
    counts: Vec<(u16, u64)>,
    longest_ms: u64,
}

impl Waits {
    /// Waits with these counts of classes, in rising order, and this longest wait. None if no waits can have these counts.
    #[must_use]
    pub fn from_counts(counts: Vec<(u16, u64)>, longest_ms: u64) -> Option<Self> {
        let is_rising = counts.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let is_counted = counts.iter().all(|&(_, count)| count > 0);
        let last = counts.last().map_or(0, |&(class, _)| class);
        (is_rising && is_counted && last == class_of(longest_ms))
            .then_some(Self { counts, longest_ms })
    }

    /// The number of waits in each class that has any, by class.
    #[must_use]
    pub fn counts(&self) -> &[(u16, u64)] {
        &self.counts
    }

    /// How many waits were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// The longest wait in milliseconds; 0 if there are none.
    #[must_use]
    pub fn longest_ms(&self) -> u64 {
        self.longest_ms
    }

    /// The shortest time in milliseconds that `percent` of the waits did not exceed, less than 0.8 % too high; none without waits.
    #[must_use]
    pub fn percentile_ms(&self, percent: u64) -> Option<u64> {
        let rank = (self.count() * percent).div_ceil(100).max(1);
        let mut passed = 0;
        let class = self.counts.iter().find(|(_, count)| {
            passed += count;
            passed >= rank
        });
        class.map(|&(class, _)| longest_of(class).min(self.longest_ms))
    }

    /// Counts a wait.
    pub fn note(&mut self, waited_ms: u64) {
        let class = class_of(waited_ms);
        match self.counts.binary_search_by_key(&class, |&(class, _)| class) {
            Ok(place) => self.counts[place].1 += 1,
            Err(place) => self.counts.insert(place, (class, 1)),
        }
        self.longest_ms = self.longest_ms.max(waited_ms);
    }

    /// Adds other waits.
    pub fn merge(&mut self, other: &Self) {
        self.longest_ms = self.longest_ms.max(other.longest_ms);
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
            return;
        }
        for &(class, count) in &other.counts {
            match self.counts.binary_search_by_key(&class, |&(class, _)| class) {
                Ok(place) => self.counts[place].1 += count,
                Err(place) => self.counts.insert(place, (class, count)),
            }
        }
    }
}

fn class_of(ms: u64) -> u16 {
    let bits = u64::BITS - ms.leading_zeros();
    let class = match bits.checked_sub(EXACT_BITS) {
        None | Some(0) => ms,
        Some(doubling) => {
            let before = EXACT + (u64::from(doubling) - 1) * CLASSES;
            before + (ms >> doubling) - CLASSES
        }
    };
    u16::try_from(class).expect("there are fewer than 2^13 classes")
}

/// The longest wait of a class, in milliseconds.
fn longest_of(class: u16) -> u64 {
    let class = u64::from(class);
    let Some(beyond) = class.checked_sub(EXACT) else { return class };
    let (doubling, place) = (beyond / CLASSES + 1, beyond % CLASSES);
    // In 128 bits, since the last class ends where 64 bits do.
    let end = u128::from(CLASSES + place + 1) << doubling;
    u64::try_from(end - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn every_class_follows_on_the_one_before() {
        assert_eq!((class_of(0), class_of(255), class_of(256), class_of(257)), (0, 255, 256, 256));
        for class in 0..class_of(u64::MAX) {
            let last = longest_of(class);
            assert_eq!((class_of(last), class_of(last + 1)), (class, class + 1), "{last}");
        }
        assert_eq!(longest_of(class_of(u64::MAX)), u64::MAX);
    }

    #[test]
    fn without_waits_there_is_no_percentile() {
        assert_eq!(Waits::default().percentile_ms(50), None);
    }

    proptest! {
        #[test]
        fn percentiles_of_merged_waits_are_within_a_class_of_the_exact_ones(
            one in vec(wait(), 0..60),
            other in vec(wait(), 1..60),
        ) {
            let (mut merged, mut second) = (Waits::default(), Waits::default());
            for &ms in &one {
                merged.note(ms);
            }
            for &ms in &other {
                second.note(ms);
            }
            merged.merge(&second);
            let mut all = [one, other].concat();
            all.sort_unstable();
            for percent in [1, 50, 95, 99, 100] {
                let rank = (all.len() * percent).div_ceil(100);
                let exact = all[rank - 1];
                let found = merged.percentile_ms(percent as u64).expect("there are waits");
                prop_assert!(found >= exact && found - exact <= exact / 128, "{} for {}", found, exact);
            }
            prop_assert_eq!(merged.longest_ms(), all[all.len() - 1]);
            prop_assert_eq!(merged.count(), all.len() as u64);
            let read = Waits::from_counts(merged.counts().to_vec(), merged.longest_ms());
            prop_assert_eq!(read, Some(merged));
        }
    }

    fn wait() -> impl Strategy<Value = u64> {
        prop_oneof![Just(0), 0..1_000_u64, 0..10_000_000_u64, any::<u64>()]
    }
}
