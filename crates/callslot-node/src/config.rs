//! The settings of a node: how long data is kept.

use callslot_store::Aging;

use crate::limits::RETENTION_PART_MS;
use crate::time::seen_clock::Retention;

/// The settings of a node.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// How long records are kept for event cursors once a snapshot covers them, in milliseconds.
    pub cursor_retention_ms: u64,
    /// How long ended calls are kept, in milliseconds.
    pub ended_retention_ms: u64,
    /// How long figures by the minute are kept, in milliseconds.
    pub minute_retention_ms: u64,
    /// How long figures by the hour are kept, in milliseconds.
    pub history_retention_ms: u64,
    /// Whether somebody says that the system's clock is right, however far it is ahead of the log's last time.
    pub confirms_clock: bool,
}

impl NodeConfig {
    /// For how long each kind of data is kept.
    pub(crate) fn retention(&self) -> Retention {
        let ms = Aging::ALL.map(|kind| match kind {
            Aging::Records => self.cursor_retention_ms,
            Aging::EndedCalls => self.ended_retention_ms,
            Aging::Minutes => self.minute_retention_ms,
            Aging::Hours => self.history_retention_ms,
        });
        Retention { ms, part_ms: RETENTION_PART_MS }
    }
}

impl Default for NodeConfig {
    fn default() -> Self {
        const DAY_MS: u64 = 24 * 3_600_000;
        Self {
            cursor_retention_ms: DAY_MS,
            ended_retention_ms: 30 * DAY_MS,
            minute_retention_ms: 7 * DAY_MS,
            history_retention_ms: 396 * DAY_MS,
            confirms_clock: false,
        }
    }
}
