//! What a node does for its store in the background, in a simulated world: it keeps snapshots, removes old records and projects
//! the history.

use callslot_core::Timestamp;
use callslot_node::{keep_snapshot, project, truncate};

use crate::report::Situation;
use crate::world::node::{Fate, Node, SimStore};

impl Node {
    /// A snapshot is kept.
    pub(crate) fn keep_snapshot(&mut self, fate: Fate) {
        let kept = self.with_fate(fate, |store| keep_snapshot(store));
        self.reached.note_if(Situation::SnapshotFailed, kept.is_err());
    }

    /// Records that are older than this many milliseconds and that nothing needs are removed.
    pub(crate) fn truncate(&mut self, age_ms: u64) {
        let before = Timestamp(self.wall.0.saturating_sub(age_ms));
        let gone = truncate(&*self.store, before).expect("a fair store truncates");
        self.reached.note_if(Situation::LogTruncated, gone > 0);
    }

    /// Ended calls are projected from the log.
    pub(crate) fn project(&mut self, fate: Fate) {
        let refusals = self.sequencer.refusals();
        let projected = self.with_fate(fate, |store| project(store, &refusals));
        let is_repeated = projected.is_err() && fate == Fate::ForgetsToSay;
        self.reached.note_if(Situation::ProjectionRepeated, is_repeated);
    }

    /// The projection reaches the end of the log; then it has everything once, and so have those who follow events.
    pub(crate) fn finish_history(&mut self) {
        let refusals = self.sequencer.refusals();
        while project(&*self.store, &refusals).expect("a fair store projects") > 0 {}
        for org in self.judge.model().orgs() {
            self.judge_projection(&org);
            self.judge_figures(&org);
            self.follow(&org);
            self.judge_end_of_stream(&org);
        }
    }

    fn with_fate<T>(&self, fate: Fate, work: impl FnOnce(&SimStore) -> T) -> T {
        self.store.set_fate(fate);
        let outcome = work(&self.store);
        self.store.set_fate(Fate::Fair);
        outcome
    }
}
