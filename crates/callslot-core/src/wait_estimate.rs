//! How long a queued call may expect to wait, from how fast calls were dispatched and how long they lasted.

use crate::time::Timestamp;

/// Over how many seconds the dispatch rate is taken.
const WINDOW_S: u64 = 120;
/// The window's parts, in seconds.
const BUCKET_S: u64 = 10;
const BUCKETS: usize = 12;
/// From this many slots on, a pool is large: its dispatch rate says more than the mean duration of its calls.
const LARGE_POOL_SLOTS: u32 = 50;
/// Once this many durations are known, the older half loses weight.
const DURATIONS_KEPT: u64 = 256;

/// The figures that wait estimates are made from: how many calls were dispatched lately, and how long recent ones lasted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaitEstimator {
    /// The number of the newest bucket: seconds since the epoch ÷ 10.
    pub newest_bucket: u64,
    /// Calls dispatched from the queue, by bucket number modulo 12.
    pub dispatched: [u32; BUCKETS],
    /// How many durations `duration_sum_ms` is the sum of.
    pub durations: u64,
    /// The sum of the durations of recently ended active calls, in milliseconds.
    pub duration_sum_ms: u64,
}

impl WaitEstimator {
    /// Notes that a queued call was started.
    pub(crate) fn note_dispatch(&mut self, at: Timestamp) {
        let bucket = at.0 / 1000 / BUCKET_S;
        if bucket > self.newest_bucket {
            let passed =
                usize::try_from(bucket - self.newest_bucket).unwrap_or(BUCKETS).min(BUCKETS);
            for offset in 0..passed {
                self.dispatched[slot_of(bucket - offset as u64)] = 0;
            }
            self.newest_bucket = bucket;
        }
        self.dispatched[slot_of(self.newest_bucket)] += 1;
    }

    /// Notes how long a call was active.
    pub(crate) fn note_duration(&mut self, duration_ms: u64) {
        if self.durations >= DURATIONS_KEPT {
            self.durations /= 2;
            self.duration_sum_ms /= 2;
        }
        self.durations += 1;
        self.duration_sum_ms = self.duration_sum_ms.saturating_add(duration_ms);
    }

    /// The expected wait at `position` (1 is the head) in a pool of `slots`, in milliseconds.
    ///
    /// In large pools (position + 1) ÷ the dispatch rate of the last 120 s; in small ones position × mean duration ÷
    /// slots; none when nothing was dispatched lately, or no call has ended yet.
    pub(crate) fn estimated_wait_ms(
        &self,
        at: Timestamp,
        position: u64,
        slots: u32,
    ) -> Option<u64> {
        if slots >= LARGE_POOL_SLOTS {
            let dispatched = self.dispatched_lately(at);
            return (position + 1).checked_mul(WINDOW_S * 1000)?.checked_div(dispatched);
        }
        let mean_ms = self.duration_sum_ms.checked_div(self.durations)?;
        position.checked_mul(mean_ms)?.checked_div(u64::from(slots))
    }

    fn dispatched_lately(&self, at: Timestamp) -> u64 {
        let now = at.0 / 1000 / BUCKET_S;
        (0..BUCKETS as u64)
            .filter_map(|offset| self.newest_bucket.checked_sub(offset))
            .filter(|bucket| bucket + BUCKETS as u64 > now)
            .map(|bucket| u64::from(self.dispatched[slot_of(bucket)]))
            .sum()
    }
}

fn slot_of(bucket: u64) -> usize {
    usize::try_from(bucket % BUCKETS as u64).expect("a remainder of 12 fits")
}
