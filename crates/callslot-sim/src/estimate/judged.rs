//! How far the estimates were off.

/// What is off by less than this, in milliseconds, is right: nobody minds a second.
const FLOOR_MS: u64 = 1_000;

/// A call's estimate when it queued, and how long it waited.
#[derive(Debug, Clone, Copy)]
struct Told {
    estimated_ms: u64,
    waited_ms: u64,
}

/// The estimates that queued calls were given, and what happened.
#[derive(Debug, Default)]
pub struct Judged {
    told: Vec<Told>,
    /// Calls that were started later and had no estimate.
    pub untold: usize,
    /// Calls that could not be started unless somebody changed settings.
    pub hopeless: usize,
    /// How many of those had an estimate.
    pub hopeless_told: usize,
}

impl Judged {
    /// A call was started after this wait.
    pub(super) fn started(&mut self, estimated_ms: Option<u64>, waited_ms: u64) {
        match estimated_ms {
            Some(estimated_ms) => self.told.push(Told { estimated_ms, waited_ms }),
            None => self.untold += 1,
        }
    }

    /// A call queued that cannot be started.
    pub(super) fn was_hopeless(&mut self, estimated_ms: Option<u64>) {
        self.hopeless += 1;
        self.hopeless_told += usize::from(estimated_ms.is_some());
    }

    /// Calls that queued and were started later.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.told.len() + self.untold
    }

    /// The factor that `percent` of the estimates were off by at the most, in hundredths: 100 is right.
    #[must_use]
    pub fn error(&self, percent: usize) -> Option<u64> {
        let mut errors: Vec<u64> = self.told.iter().map(|told| told.error()).collect();
        errors.sort_unstable();
        errors.get((errors.len() * percent / 100).min(errors.len().saturating_sub(1))).copied()
    }

    /// The least part of the truth that was told, in hundredths.
    #[must_use]
    pub fn least(&self) -> Option<u64> {
        self.told.iter().map(|told| told.part()).min()
    }

    /// How many of 10,000 calls were told less than half of the truth.
    #[must_use]
    pub fn below_half(&self) -> Option<usize> {
        let below = self.told.iter().filter(|told| told.part() < 50).count();
        (below * 10_000).checked_div(self.told.len())
    }
}

impl Told {
    fn part(self) -> u64 {
        self.estimated_ms.max(FLOOR_MS) * 100 / self.waited_ms.max(FLOOR_MS)
    }

    fn error(self) -> u64 {
        let (told, truth) = (self.estimated_ms.max(FLOOR_MS), self.waited_ms.max(FLOOR_MS));
        told.max(truth) * 100 / told.min(truth)
    }
}
