//! A crash of a simulated node, and the start of another on the same store: what was answered is there, and what nobody has
//! seen may be.

use callslot_core::Timestamp;
use callslot_node::{CountedClock, FairQueue, Recovered};
use callslot_store::{History, Log};

use crate::judge::Told;
use crate::report::Situation;
use crate::world::node::orders::Group;
use crate::world::node::{Kept, Node, ROOM, small_sequencer, start_of_seen_time};

impl Node {
    /// The process dies with its connections. Says whether it left part of a record.
    pub(crate) fn die(&mut self) -> bool {
        self.happened.crashes += 1;
        self.happened.crashes_in_commit += u64::from(self.committing.is_some());
        let is_told_nothing = |(_, told): &(Group, Told)| *told == Told::Nothing;
        if self.committing.as_ref().is_some_and(is_told_nothing) {
            self.nobody_was_told();
        }
        self.note_crash();
        self.commit = None;
        self.outcomes.clear();
        self.channel = FairQueue::new(ROOM);
        self.turns.clear();
        self.waiting.clear();
        self.deciding = Group::default();
        self.leases = self.leases.after_crash();
        self.store.reopen()
    }

    /// Another process starts on the same store, from which this was recovered.
    pub(crate) fn start_again(&mut self, was_torn: bool, recovered: Recovered) {
        let in_doubt = Group { taken: std::mem::take(&mut self.in_doubt), waits: Vec::new() };
        let (group, told) = self.committing.take().unwrap_or((in_doubt, Told::StoreFailed));
        if recovered.end == self.judge.end() {
            self.reached.note_if(Situation::TornAndGone, was_torn);
        } else {
            self.reached.note_if(Situation::TornAndWhole, was_torn);
            let next = self.judge.end().next();
            assert_eq!(recovered.end, next, "durable-before-answer: records were lost");
            let records = self.store.read_from(self.judge.end(), 1).expect("it can be read");
            self.judge.judge_record(group.taken, &records[0].1, told);
            self.follow_with_replica();
        }
        self.judge.resume(recovered.last.tick);
        self.compare(&recovered);
        self.crashed_at = self.judge.end();
        self.start_seen_time(recovered.last.at);
        let last_shown = recovered.last.at;
        let clock = CountedClock::after(recovered.last, self.at, self.wall);
        self.sequencer = small_sequencer(recovered, clock, self.at);
        self.went_back |= self.now().at < self.kept.now.at || self.now().at < last_shown;
        self.corrected_ms = 0;
        self.kept = Kept { at: self.at, now: self.now(), counts: true };
        self.ages.note_time(self.now(), self.at);
    }

    /// The next process goes on from the time seen that was kept last; `last` is the last time in the log.
    fn start_seen_time(&mut self, last: Timestamp) {
        let is_confirmed = std::mem::take(&mut self.confirms_clock);
        let was_in_doubt = self.seen_clock.doubted_ms().is_some();
        let shown = self.sequencer.clock().shown_at(self.at);
        let clocks = (self.at, self.wall);
        let is_kept = self.store.kept_time().is_some();
        self.seen_clock = start_of_seen_time(&self.store, last, clocks, is_confirmed);
        // An empty store takes the clock at its word: it has nothing that could be removed.
        let is_empty = last == Timestamp(0) && !is_kept;
        let known = if is_empty { self.wall } else { shown.max(last) };
        let is_in_doubt = self.ages.start(known, self.wall, self.at, is_confirmed);
        // The node may know a little less of the time before its end, and be in doubt earlier.
        assert!(self.seen_clock.doubted_ms().is_some() || !is_in_doubt, "a clock is believed");
        self.reached.note_if(Situation::ClockInDoubt, is_in_doubt);
        let is_believed = was_in_doubt && !is_in_doubt && is_confirmed;
        self.reached.note_if(Situation::ClockConfirmed, is_believed);
        let (time, changed) = self.seen_clock.to_keep();
        self.store.keep_seen_time(&time, &changed).expect("a fair store keeps it");
    }

    /// Notes what a crash falls into.
    fn note_crash(&mut self) {
        let reached = &mut self.reached;
        let is_first = self.happened.crashes == 1;
        reached.note_if(Situation::CrashTwice, !is_first && self.judge.end() == self.crashed_at);
        let is_failing = !self.sequencer.is_writable();
        reached.note_if(Situation::CrashInRecovery, is_failing && self.commit.is_some());
        if self.committing.is_some() && !is_failing {
            let is_written = self.store.end().is_ok_and(|end| end > self.judge.end());
            reached.note_if(Situation::CrashAfterWrite, is_written);
            reached.note_if(Situation::CrashBeforeWrite, !is_written);
        }
        let newest = self.store.latest_snapshot().ok().flatten().map(|snapshot| snapshot.position);
        let end = self.store.end().ok();
        reached.note_if(Situation::RestartFromSnapshot, newest.is_some() && newest < end);
        reached.note_if(Situation::RestartFromSnapshotAlone, newest.is_some() && newest == end);
        reached.note_if(Situation::ClockSetBack, self.wall < self.kept.now.at);
    }
}
