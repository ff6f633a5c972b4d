//! Checks of a simulated node's time: what should count toward deadlines does and nothing else, and expiry waits its turn.

use callslot_core::Tick;

use crate::report::Situation;
use crate::world::node::{Kept, Node};

/// How much of the time between two looks counts toward deadlines.
const LONGEST_COUNTED_MS: u64 = 200;
/// How long what is due waits for what came before it.
const EXPIRY_WAITS_MS: u64 = 1_000;

impl Node {
    /// What waits in front of the node may be a sign of life, so nothing expires ahead of it, except after so long.
    pub(super) fn judge_expiry(&mut self, deadline: Option<Tick>) {
        // What is being committed may have brought the deadline.
        if let Some(deadline) = deadline.filter(|_| self.committing.is_none()) {
            let overdue_ms = self.now().tick.ms_after(deadline);
            let is_in_turn = self.channel.is_empty() || overdue_ms >= EXPIRY_WAITS_MS;
            assert!(is_in_turn, "expiry overtook what waits, {overdue_ms} ms after the deadline");
            self.reached.note_if(Situation::ExpiryOverdue, !self.channel.is_empty());
        }
    }

    /// Time that counts toward deadlines goes by as it should: a stall does not count, nor does any time while nothing can
    /// be recorded.
    pub(super) fn keep_time(&mut self) {
        let now = self.now();
        if now == self.kept.now {
            return;
        }
        let passed_ms = u64::try_from((self.at - self.kept.at).as_millis()).expect("a short time");
        let counted_ms = now.tick.ms_after(self.kept.now.tick);
        let expected_ms = if self.kept.counts { passed_ms.min(LONGEST_COUNTED_MS) } else { 0 };
        assert_eq!(counted_ms, expected_ms, "of {passed_ms} ms that went by");
        let is_stall = self.kept.counts && counted_ms < passed_ms;
        self.reached.note_if(Situation::Stalled, is_stall);
        let shown = self.kept.now.at.0.saturating_add_signed(self.corrected_ms) + passed_ms;
        assert_eq!(now.at.0, shown, "the time that people see");
        self.corrected_ms = 0;
        self.ages.note_time(now, self.at);
        self.kept = Kept { at: self.at, now, counts: self.sequencer.is_writable() };
    }
}
