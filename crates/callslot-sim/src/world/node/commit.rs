//! What happens to a record that a simulated node hands over: the disk does with it what it is told to do, and the node learns
//! the outcome.
//!
//! Start reading at [`Node::step_commit`], then [`Node::hear`].

use callslot_node::{Outcome, recover};
use callslot_store::Record;

use crate::judge::Told;
use crate::report::Situation;
use crate::world::node::orders::{Group, nobody_waits};
use crate::world::node::{Fate, Node};

/// What a node can hear of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Committed,
    Failed,
    Unknown,
    Recovered,
    Writable,
}

impl News {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Committed { .. } => Self::Committed,
            Outcome::Failed => Self::Failed,
            Outcome::Unknown => Self::Unknown,
            Outcome::Recovered { .. } => Self::Recovered,
            Outcome::Writable => Self::Writable,
        }
    }
}

impl Node {
    /// The disk does the next thing for the record being committed.
    pub(crate) fn step_commit(&mut self, fate: Fate) {
        let Some(mut commit) = self.commit.take() else { return };
        let told = self.committing.as_ref().map_or(Told::Nothing, |(_, told)| *told);
        if told == Told::Nothing {
            self.nobody_was_told();
        }
        self.store.set_fate(fate);
        let outcome = commit.step(&*self.store);
        self.store.set_fate(Fate::Fair);
        let is_known = outcome.is_some() || !self.sequencer.is_committing();
        self.reached.note_if(Situation::StillNotWritable, outcome.is_none() && is_known);
        self.outcomes.extend(outcome);
        self.commit = Some(commit).filter(|commit| !commit.is_done());
    }

    /// The node hears of the next outcome.
    pub(crate) fn hear(&mut self) {
        let Some(outcome) = self.outcomes.pop_front() else { return };
        let news = News::of(&outcome);
        let mut settled = self.sequencer.hear(self.at, outcome);
        let durable = settled.durable.take();
        if let Some(record) = &durable {
            self.leases.tell(&record.events, &settled.gone_leases);
        }
        settled.answer();
        self.kept.counts &= news != News::Failed;
        self.keep_time();
        self.kept.counts = self.sequencer.is_writable();
        match news {
            News::Committed => self.learn_of_record(&durable.expect("it is committed")),
            News::Failed => self.undo_what_is_on_top(),
            News::Unknown => {
                self.reached.note(Situation::FateUnknown);
                let (_, told) = self.committing.as_mut().expect("a commit is under way");
                *told = Told::StoreFailed;
            }
            News::Recovered => {
                if let Some(record) = durable {
                    self.reached.note(Situation::FailedAndWritten);
                    self.learn_of_record(&record);
                } else {
                    self.reached.note(Situation::FailedAndNotWritten);
                    let (group, _) = self.committing.take().expect("it was under way");
                    self.judge.undone(&group.taken, Told::StoreFailed);
                    self.in_doubt = group.taken;
                }
                self.judge.resume(self.now().tick);
                self.compare(&recover(&*self.store).expect("a fair store can be read"));
            }
            News::Writable => self.in_doubt.clear(),
        }
        self.hand_over();
    }

    /// The record on its way is durable.
    fn learn_of_record(&mut self, record: &Record) {
        let (Group { taken, waits }, told) = self.committing.take().expect("a commit is under way");
        self.waiting.extend(waits);
        self.reached.note_if(Situation::UnknownAndWritten, told == Told::StoreFailed);
        self.reached.note_if(Situation::TimeMarked, record.events.is_empty());
        let told = if told == Told::Nothing { Told::Outcome } else { told };
        self.judge.judge_record(taken, record, told);
        self.follow_with_replica();
    }

    /// What was decided on top of a record that failed never happened.
    fn undo_what_is_on_top(&mut self) {
        self.happened.failed_commits += 1;
        let on_top = std::mem::take(&mut self.deciding);
        self.reached.note_if(Situation::UndoneOnTop, !on_top.is_empty());
        self.judge.undone(&on_top.taken, Told::StoreFailed);
        nobody_waits(on_top.waits);
        // Those who wait for a call ask again.
        self.reached.note_if(Situation::WaiterSentAway, !self.waiting.is_empty());
        self.waiting.clear();
        let (committing, _) = self.committing.as_mut().expect("a commit is under way");
        committing.waits.clear();
    }
}
