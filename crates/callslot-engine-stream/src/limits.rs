//! The bounds of a connection. Those that depend on bytes are the server's.

use std::time::Duration;

/// How often a connected engine is looked at, and after how many looks in a row it is asked for a sign of life: every 10 s.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(5);
/// See [`LOOK_EVERY`].
pub(crate) const LOOKS_PER_PING: u32 = 2;
/// After how many looks in a row without a message or a pong an engine counts as gone: 25 s, in which a pause of the server
/// counts as one look.
pub(crate) const SILENT_LOOKS: u32 = 5;
/// How long an engine may take to take a message.
pub(crate) const TAKES_WITHIN: Duration = Duration::from_secs(10);
/// How long the answers to what was taken have when the server stops; less than the server gives its connections to end.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// How often an engine is notified of changed positions.
pub(crate) const TELL_POSITIONS_EVERY: Duration = Duration::from_secs(1);

/// The bounds of a connection that a simulation makes small, to reach them with few calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many frames of a message are decided together. Others have their turn between two batches.
    pub frames_per_batch: usize,
    /// How many batches of an engine may be under way before the server stops reading. One message always may.
    pub batches_under_way: usize,
    /// Likewise the frames in them.
    pub frames_under_way: usize,
    /// How many events may wait to be sent, besides those that the lease's watch holds. One record may exceed it; a second
    /// one may not.
    pub told_later: usize,
    /// How many queued calls have their positions looked up at a time; those of an engine with more take turns.
    pub positions_at_a_time: usize,
    /// How many calls are read between commands when a lease is resumed.
    pub resumed_calls_at_a_time: usize,
    /// How many calls one frame about it holds.
    pub resumed_calls_per_frame: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frames_per_batch: 100,
            batches_under_way: 32,
            frames_under_way: 4_000,
            told_later: 4_096,
            positions_at_a_time: 1_000,
            resumed_calls_at_a_time: 5_000,
            resumed_calls_per_frame: 100,
        }
    }
}
