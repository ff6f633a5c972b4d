//! Changes of plans' limits in a world of several shards: one at a time, in all shards or in none. What a change does is decided by
//! the node's own code; this passes on what it asks, and judges the outcome.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use callslot_core::{Command, PlanId, Rejection, Reply, SetPlanLimit, Shard};
use callslot_node::{Order, PlanRollout, RolloutStep, SubmitError};

use crate::judge::{Looked, Taken};
use crate::report::Situation;
use crate::world::node::{Node, Pending};

/// The changes that wait, and the one under way.
#[derive(Debug, Default)]
pub(super) struct PlanChanges {
    waiting: VecDeque<(Command, SetPlanLimit)>,
    under_way: Option<Change>,
    /// The limits of the plans, as far as they were changed.
    limits: BTreeMap<PlanId, u32>,
}

#[derive(Debug)]
struct Change {
    /// Who makes it.
    command: Command,
    wanted: SetPlanLimit,
    /// The limit before, if it is known and another.
    former: Option<u32>,
    rollout: PlanRollout,
    asked: Option<Asked>,
    /// The shards that took the limit, and those that were asked to take the former one again.
    took: BTreeSet<u16>,
    gave_back: BTreeSet<u16>,
}

#[derive(Debug)]
enum Asked {
    Check(Pending<Result<(), Rejection>>),
    Set(u16, SetPlanLimit, Pending<Result<Reply, Rejection>>),
}

impl PlanChanges {
    /// A change is asked for. It waits until those before it are over.
    pub(super) fn ask(&mut self, command: &Command, wanted: &SetPlanLimit) {
        self.waiting.push_back((command.clone(), wanted.clone()));
    }

    /// Asks the shards what there is to ask, as far as they have answered.
    pub(super) fn go_on(&mut self, shards: &mut [Node]) {
        loop {
            if self.under_way.is_none() {
                let Some((command, wanted)) = self.waiting.pop_front() else { return };
                let former = self.limits.get(&wanted.plan).copied();
                self.under_way = Some(Change::new(command, wanted, former, shards));
            }
            let Some(change) = &mut self.under_way else { return };
            if !change.hear() {
                return;
            }
            match change.rollout.next() {
                RolloutStep::Check(number, set) => {
                    change.check(&mut shards[usize::from(number)], set);
                }
                RolloutStep::Set(number, set) => {
                    change.set(&mut shards[usize::from(number)], number, set);
                }
                RolloutStep::Done(outcome) => {
                    change.judge(&outcome, shards);
                    if outcome.is_ok() {
                        let SetPlanLimit { plan, limit } = change.wanted.clone();
                        self.limits.insert(plan, limit);
                    }
                    self.under_way = None;
                }
            }
        }
    }

    /// The process dies: nobody knows how far a change came.
    pub(super) fn forget(&mut self) {
        self.waiting.clear();
        self.under_way = None;
    }
}

impl Change {
    fn new(command: Command, wanted: SetPlanLimit, former: Option<u32>, shards: &[Node]) -> Self {
        let count = u16::try_from(shards.len()).expect("a world has few shards");
        let rollout = PlanRollout::new(wanted.clone(), former, count);
        let (took, gave_back) = (BTreeSet::new(), BTreeSet::new());
        let former = former.filter(|limit| *limit != wanted.limit);
        Self { command, wanted, former, rollout, asked: None, took, gave_back }
    }

    /// Hears what was answered. Says whether something can be asked.
    fn hear(&mut self) -> bool {
        let answer = match &self.asked {
            None => return true,
            Some(Asked::Check(answer)) => answer.outcome(),
            Some(Asked::Set(_, _, answer)) => {
                answer.outcome().map(|told| told.map(|decided| decided.map(|_| ())))
            }
        };
        let Some(answer) = answer else { return false };
        if let Some(Asked::Set(number, set, _)) = &self.asked {
            if *set == self.wanted && answer == Ok(Ok(())) {
                self.took.insert(*number);
            } else if *set != self.wanted {
                self.gave_back.insert(*number);
            }
        }
        self.asked = None;
        self.rollout.hear(match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(rejection)) => Err(SubmitError::Refused(rejection)),
            Err(unavailable) => Err(SubmitError::Unavailable(unavailable)),
        });
        true
    }

    fn check(&mut self, shard: &mut Node, set: SetPlanLimit) {
        let of = set.clone();
        let look = move |shard: &Shard, _| shard.check_plan_limit(&of);
        let answer = shard.place(
            |caller| Order::look(None, look, caller),
            |answer| Taken::Look(Looked::PlanLimit(set, answer)),
        );
        self.asked = Some(Asked::Check(answer));
    }

    fn set(&mut self, shard: &mut Node, number: u16, set: SetPlanLimit) {
        let mut command = Command::SetPlanLimit(set.clone());
        if let Command::By(actor, _) = &self.command {
            command = Command::By(Arc::clone(actor), command.into());
        }
        let answer = shard.place(
            |caller| Order::decide(command.clone(), caller),
            |answer| Taken::Command(command.clone(), answer),
        );
        self.asked = Some(Asked::Set(number, set, answer));
    }

    /// A limit that was taken is in all shards, and one that was refused is in none.
    fn judge(&self, outcome: &Result<(), SubmitError>, shards: &mut [Node]) {
        match outcome {
            Ok(()) => assert_eq!(self.took.len(), shards.len(), "a plan's limit is in all shards"),
            Err(SubmitError::Refused(_)) => {
                if self.former.is_some() {
                    let text = "a plan's limit that was refused is in no shard";
                    assert_eq!(self.took, self.gave_back, "{text}");
                }
                shards[0].reached.note(Situation::PlanLimitRefused);
            }
            Err(SubmitError::Unavailable(_)) => {}
        }
    }
}
