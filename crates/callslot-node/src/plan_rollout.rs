//! A new limit of a plan, on its way into all shards: asked of each first, then set in each. Start reading at [`PlanRollout`].
//!
//! It asks nobody itself and waits for nothing: its driver asks what [`PlanRollout::next`] says and tells it the answer. A node makes
//! one such change at a time, so nothing but reservations can come between the question and the change.

use callslot_core::{Rejection, SetPlanLimit};

use crate::unavailable::SubmitError;

/// What to ask of a shard next, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolloutStep {
    /// Whether it would take the limit: [`Shard::check_plan_limit`](callslot_core::Shard::check_plan_limit).
    Check(u16, SetPlanLimit),
    /// To take the limit.
    Set(u16, SetPlanLimit),
    /// Nothing any more: this is the outcome.
    Done(Result<(), SubmitError>),
}

/// Brings a new limit into all shards, or into none.
///
/// A refusal by one shard undoes what others took already: they had the former limit, and reservations that fit then are refused only by
/// a lower one, so going back up is never refused. If a shard cannot be asked, the limit is in some of the shards: the driver says so, and
/// brings the limits of the catalogue into all of them once it can.
#[derive(Debug)]
pub struct PlanRollout {
    wanted: SetPlanLimit,
    /// None: the plan is new.
    former: Option<u32>,
    shards: u16,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Checking(u16),
    Setting(u16),
    /// Those below this one have the new limit, and are to have the former one again.
    Undoing(u16, Rejection),
    Done(Result<(), SubmitError>),
}

impl PlanRollout {
    /// A change of a plan that had the limit `former`, if it is not new.
    #[must_use]
    pub fn new(wanted: SetPlanLimit, former: Option<u32>, shards: u16) -> Self {
        // A single shard checks before it sets.
        let stage = if shards == 1 { Stage::Setting(0) } else { Stage::Checking(0) };
        Self { wanted, former, shards, stage }
    }

    /// What to ask now.
    #[must_use]
    pub fn next(&self) -> RolloutStep {
        match &self.stage {
            Stage::Checking(shard) => RolloutStep::Check(*shard, self.wanted.clone()),
            Stage::Setting(shard) => RolloutStep::Set(*shard, self.wanted.clone()),
            Stage::Undoing(above, _) => {
                let limit = self.former.unwrap_or(self.wanted.limit);
                RolloutStep::Set(above - 1, SetPlanLimit { limit, ..self.wanted.clone() })
            }
            Stage::Done(outcome) => RolloutStep::Done(outcome.clone()),
        }
    }

    /// Takes in the answer to that.
    pub fn hear(&mut self, answer: Result<(), SubmitError>) {
        let stage = std::mem::replace(&mut self.stage, Stage::Done(Ok(())));
        self.stage = match (stage, answer) {
            (Stage::Checking(shard), Ok(())) if shard + 1 == self.shards => Stage::Setting(0),
            (Stage::Checking(shard), Ok(())) => Stage::Checking(shard + 1),
            (Stage::Checking(_), Err(error)) => Stage::Done(Err(error)),
            (Stage::Setting(shard), Ok(())) if shard + 1 == self.shards => Stage::Done(Ok(())),
            (Stage::Setting(shard), Ok(())) => Stage::Setting(shard + 1),
            (Stage::Setting(shard), Err(SubmitError::Refused(why))) => Self::undo_below(shard, why),
            // What went before is undone as far as it can be.
            (Stage::Undoing(above, why), Ok(()) | Err(SubmitError::Refused(_))) => {
                Self::undo_below(above - 1, why)
            }
            (Stage::Setting(_) | Stage::Undoing(..), Err(error @ SubmitError::Unavailable(_))) => {
                Stage::Done(Err(error))
            }
            (done @ Stage::Done(_), _) => done,
        };
    }

    fn undo_below(shard: u16, why: Rejection) -> Stage {
        if shard == 0 { Stage::Done(Err(why.into())) } else { Stage::Undoing(shard, why) }
    }
}

#[cfg(test)]
mod tests {
    use callslot_core::{OrgId, PlanId};

    use super::*;
    use crate::unavailable::Unavailable;

    fn set(limit: u32) -> SetPlanLimit {
        SetPlanLimit { plan: PlanId::parse("standard").expect("a plan id"), limit }
    }

    fn refused() -> SubmitError {
        let org = OrgId::parse("acme").expect("an organisation id");
        Rejection::LimitBelowReservations { org, limit: 5, reserved: 7 }.into()
    }

    /// The steps that a rollout from 10 to 5 over two shards takes when it hears these answers, each with its answer.
    fn steps(answers: Vec<Result<(), SubmitError>>) -> Vec<RolloutStep> {
        let mut rollout = PlanRollout::new(set(5), Some(10), 2);
        let mut steps = vec![rollout.next()];
        for answer in answers {
            rollout.hear(answer);
            steps.push(rollout.next());
        }
        steps
    }

    #[test]
    fn every_shard_is_asked_before_one_is_changed() {
        use RolloutStep::{Check, Done, Set};
        let all =
            [Check(0, set(5)), Check(1, set(5)), Set(0, set(5)), Set(1, set(5)), Done(Ok(()))];
        assert_eq!(steps(vec![Ok(()); 4]), all);
        let refused_at_once = [Check(0, set(5)), Check(1, set(5)), Done(Err(refused()))];
        assert_eq!(steps(vec![Ok(()), Err(refused())]), refused_at_once);
    }

    #[test]
    fn a_refusal_after_all_undoes_what_others_took() {
        let answers = vec![Ok(()), Ok(()), Ok(()), Err(refused()), Ok(())];
        let [.., set_second, undo_first, done] = &steps(answers)[..] else {
            panic!("it takes some steps");
        };
        assert_eq!(*set_second, RolloutStep::Set(1, set(5)));
        assert_eq!(*undo_first, RolloutStep::Set(0, set(10)));
        assert_eq!(*done, RolloutStep::Done(Err(refused())));
    }

    #[test]
    fn a_shard_that_cannot_be_asked_ends_it() {
        let failed = SubmitError::Unavailable(Unavailable::StoreFailed);
        let answers = vec![Ok(()), Ok(()), Ok(()), Err(failed.clone())];
        assert_eq!(steps(answers).last(), Some(&RolloutStep::Done(Err(failed))));
    }

    #[test]
    fn a_single_shard_checks_by_itself() {
        assert_eq!(PlanRollout::new(set(5), None, 1).next(), RolloutStep::Set(0, set(5)));
    }
}
