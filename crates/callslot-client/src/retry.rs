//! What may be sent again, and when.

use std::time::Duration;

use callslot_api::Problem;

/// After these the same request may be sent again, and means the same; so it does after 502, 503 and 504.
const PASSING: [&str; 5] =
    ["rate_limited", "too_many_seats", "too_many_bodies", "too_many_sweeps", "request_timeout"];

/// Whether asking again later may succeed without anybody changing anything.
pub(crate) fn passes(problem: &Problem) -> bool {
    matches!(problem.status, 502..=504) || PASSING.contains(&&*problem.code)
}

/// How long to wait before an attempt: anything between nothing and a bound that doubles each time.
///
/// Brooker 2015, "Exponential Backoff and Jitter": clients that lost one server do not come back in step.
pub(crate) fn full_jitter(attempt: u32, longest: Duration) -> Duration {
    let bound = Duration::from_millis(100).saturating_mul(1 << attempt.min(16)).min(longest);
    bound.mul_f64(fastrand::f64())
}
