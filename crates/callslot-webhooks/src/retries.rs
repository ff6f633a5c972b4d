//! When what was not taken is tried again.

/// How long after each attempt the next one comes, in milliseconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
pub const AFTER_ATTEMPT_MS: [u64; 9] = {
    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
};
/// The same for a call that is to be claimed, within its window: 1, 2, 4 s.
pub const AFTER_DISPATCH_MS: [u64; 3] = [1_000, 2_000, 4_000];
/// By how much a pause is shortened or drawn out at most, in parts of a thousand.
pub const JITTER: u64 = 100;

/// How long to wait after that many attempts, in milliseconds; none: that was the last. `dice` is any number; a tenth of the pause
/// more or less depends on it.
#[must_use]
pub fn pause_ms(attempts: u32, is_dispatch: bool, dice: u64) -> Option<u64> {
    let pauses: &[u64] = if is_dispatch { &AFTER_DISPATCH_MS } else { &AFTER_ATTEMPT_MS };
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let pause = *pauses.get(place)?;
    if is_dispatch {
        return Some(pause);
    }
    let parts = 1_000 - JITTER + dice % (2 * JITTER + 1);
    Some(pause / 1_000 * parts)
}

/// The longest that a delivery of which that many attempts were made waits for the next, in milliseconds.
#[must_use]
pub fn longest_pause_ms(attempts: u32, is_dispatch: bool) -> u64 {
    let pauses: &[u64] = if is_dispatch { &AFTER_DISPATCH_MS } else { &AFTER_ATTEMPT_MS };
    let place = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
    let pause = pauses[place.min(pauses.len() - 1)];
    if is_dispatch { pause } else { pause / 1_000 * (1_000 + JITTER) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_within_a_tenth_and_end_after_the_last() {
        for dice in [0, 1, 100, 200, 201, u64::MAX] {
            for (attempts, base) in (1..).zip(AFTER_ATTEMPT_MS) {
                let pause = pause_ms(attempts, false, dice).expect("another attempt");
                assert!((base / 10 * 9..=base / 10 * 11).contains(&pause), "{attempts}: {pause}");
                assert!(pause <= longest_pause_ms(attempts, false), "{attempts}: {pause}");
            }
            assert_eq!(pause_ms(10, false, dice), None);
            let of_dispatch: Vec<_> = (1..=4).map(|n| pause_ms(n, true, dice)).collect();
            let longest = [0, 1, 2, 3, 4].map(|attempts| longest_pause_ms(attempts, true));
            assert_eq!(longest, [1_000, 1_000, 2_000, 4_000, 4_000]);
            assert_eq!(of_dispatch, [Some(1_000), Some(2_000), Some(4_000), None]);
        }
        assert_ne!(pause_ms(1, false, 0), pause_ms(1, false, 200));
    }
}
