//! The limits of a connection in a simulated world.

use std::time::Duration;

use callslot_engine_stream::Limits;

/// The bounds of a connection: small, so that they are reached.
pub(super) const LIMITS: Limits = Limits {
    frames_per_batch: 3,
    batches_under_way: 3,
    frames_under_way: 8,
    told_later: 12,
    positions_at_a_time: 2,
    resumed_calls_at_a_time: 3,
    resumed_calls_per_frame: 2,
};
/// How many frames a message has at most.
pub(super) const FRAMES_PER_MESSAGE: usize = 4;
/// A client that takes a message in this time is not too slow.
pub(super) const TAKES_WITHIN: Duration = Duration::from_secs(10);
/// A client that was heard in this time is not silent.
pub(super) const HEARD_WITHIN: Duration = Duration::from_secs(25);
