//! What a node does for its store in the background, in a simulated world: it keeps snapshots, removes old records and projects
//! the history.

use callslot_node::{keep_snapshot, project, truncate};
use callslot_store::{Aging, History, Log};

use crate::report::Situation;
use crate::world::node::{Fate, Node, SimStore};

impl Node {
    /// A snapshot is kept.
    pub(crate) fn keep_snapshot(&mut self, fate: Fate) {
        let kept = self.with_fate(fate, |store| keep_snapshot(store));
        self.reached.note_if(Situation::SnapshotFailed, kept.is_err());
    }

    /// The node looks at how much time has passed.
    pub(super) fn look_at_seen_time(&mut self) {
        self.follow_system_clock();
        let shown = self.sequencer.clock().shown_at(self.at);
        self.seen_clock.look(self.at, shown);
        self.ages.look(shown, self.at);
    }

    /// The times that are shown follow the system's clock if that was set, once it is known that they may be shown again.
    fn follow_system_clock(&mut self) {
        let Some(ms) = self.sequencer.clock().correction(self.at, self.wall) else { return };
        self.seen_clock.look(self.at, self.wall);
        let (time, changed) = self.seen_clock.to_keep();
        self.store.keep_seen_time(&time, &changed).expect("a fair store keeps it");
        self.sequencer.clock().correct(self.at, self.wall);
        self.corrected_ms += ms;
        self.went_back |= ms < 0;
        self.reached.note_if(Situation::ClockFollowedForward, ms > 0);
        self.reached.note_if(Situation::ClockFollowedBack, ms < 0);
    }

    /// Records that are old and that nothing needs are removed, and how much time has passed is kept.
    pub(crate) fn truncate(&mut self) {
        self.look_at_seen_time();
        let (time, changed) = self.seen_clock.to_keep();
        self.store.keep_seen_time(&time, &changed).expect("a fair store keeps it");
        let start = |store: &SimStore| store.start().expect("a fair store can be read");
        let from = start(&self.store);
        let old = self.seen_clock.old(Aging::Records);
        let gone = truncate(&*self.store, &old).expect("a fair store truncates");
        self.ages.judge_removal(from, start(&self.store));
        self.reached.note_if(Situation::LogTruncated, gone > 0);
    }

    /// Whether its clock is too far ahead to be believed.
    pub(crate) fn doubts_its_clock(&self) -> bool {
        self.seen_clock.doubted_ms().is_some()
    }

    /// The next start is told that the clock is right.
    pub(crate) fn confirm_clock(&mut self) {
        self.confirms_clock = true;
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
        let mut orgs = self.judge.model().orgs();
        orgs.extend(self.judge.deleted().cloned());
        for org in orgs {
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
