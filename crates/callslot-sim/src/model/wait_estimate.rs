//! How long a queued call may expect to wait, told from the lists of all past dispatches and durations.

use callslot_core::Timestamp;

/// The dispatch rate is that of the last 12 buckets of 10 s.
const BUCKET_MS: u64 = 10_000;
const BUCKETS: u64 = 12;
const WINDOW_MS: u64 = 120_000;
/// From this many slots on the dispatch rate is used, below it the mean duration.
const LARGE_POOL_SLOTS: u32 = 50;
/// When this many durations weigh in the mean, the next one halves their weight first.
const FULL_WEIGHT: u64 = 256;

/// All that wait estimates are made from.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The bucket of each dispatch from the queue. A clock that was set back adds to the newest bucket.
    dispatched_in: Vec<u64>,
    durations_ms: Vec<u64>,
}

impl Pace {
    /// A queued call was started.
    pub(super) fn note_dispatch(&mut self, at: Timestamp) {
        let newest = self.dispatched_in.last().copied().unwrap_or(0);
        self.dispatched_in.push(newest.max(at.0 / BUCKET_MS));
    }

    /// An active call ended.
    pub(super) fn note_duration(&mut self, duration_ms: u64) {
        self.durations_ms.push(duration_ms);
    }

    /// The expected wait at `position` in a pool of `slots`, in milliseconds; none when there is nothing to tell from.
    pub(super) fn estimated_ms(&self, at: Timestamp, position: u64, slots: u32) -> Option<u64> {
        if slots >= LARGE_POOL_SLOTS {
            let newest = *self.dispatched_in.last()?;
            let lately = |bucket: &&u64| {
                newest - **bucket < BUCKETS && **bucket + BUCKETS > at.0 / BUCKET_MS
            };
            let dispatched = self.dispatched_in.iter().filter(lately).count() as u64;
            return ((position + 1) * WINDOW_MS).checked_div(dispatched);
        }
        let (mut weight, mut sum_ms) = (0_u64, 0_u64);
        for duration_ms in &self.durations_ms {
            if weight >= FULL_WEIGHT {
                weight /= 2;
                sum_ms /= 2;
            }
            weight += 1;
            sum_ms += duration_ms;
        }
        let mean_ms = sum_ms.checked_div(weight)?;
        (position * mean_ms).checked_div(u64::from(slots))
    }
}
