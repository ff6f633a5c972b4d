//! The judge of a simulated world: holds every answer, every event and every view against the model, and every event
//! against the named invariants.
//!
//! It hears of what a node took only once the fate of the record is known: what is durable happened, in the order in
//! which it was taken, and what is not never happened. Start reading at [`Judge::judge`].

mod log_check;
pub mod views;

use std::collections::BTreeMap;
use std::ops::AddAssign;

use callslot_core::{
    CallId, CallView, Command, Now, OrgId, PoolView, PublicEvent, Recorded, Rejection, Reply,
    Sequence, Tick,
};
use callslot_node::{Decisions, FedEvent, Unavailable};
use callslot_store::{Position, Record};
use tokio::sync::oneshot::{Receiver, error::TryRecvError};

use crate::Model;
use crate::report::script::Chapter;

pub use crate::judge::log_check::Witness;

/// Something a node took, and where its answer comes out.
#[derive(Debug)]
pub(crate) enum Taken {
    Command(Command, Receiver<Result<Result<Reply, Rejection>, Unavailable>>),
    Batch(Vec<Command>, Receiver<Result<Decisions, Unavailable>>),
    Sight(Sight, Receiver<Result<Seen, Unavailable>>),
    Wait(OrgId, CallId, Receiver<Result<(), Unavailable>>),
    /// What was due expired.
    Expiry,
}

/// What a reader looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// An organisation's pool and all its live calls.
    Org(OrgId),
    /// One call.
    Call(OrgId, CallId),
}

/// What a reader was shown.
#[derive(Debug)]
pub(crate) enum Seen {
    Org(Option<(PoolView, Vec<CallView>)>),
    Call(Option<CallView>),
}

/// What those who asked must have been told by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// What came of it.
    Outcome,
    /// That the store failed.
    StoreFailed,
    /// Nothing: the node is gone.
    Nothing,
}

/// How much was judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    /// Commands decided and durable, or refused.
    pub commands: u64,
    /// Commands refused by the rules.
    pub refusals: u64,
    /// Events.
    pub events: u64,
    /// Answers that clients were given.
    pub answers: u64,
    /// Views that readers were shown.
    pub views: u64,
}

impl AddAssign for Judged {
    fn add_assign(&mut self, other: Self) {
        self.commands += other.commands;
        self.refusals += other.refusals;
        self.events += other.events;
        self.answers += other.answers;
        self.views += other.views;
    }
}

/// Judges a world.
#[derive(Debug, Default)]
pub struct Judge {
    model: Model,
    witnesses: BTreeMap<OrgId, Witness>,
    /// The last record that is known to be durable.
    end: Position,
    /// All public events of each organisation, in order.
    published: BTreeMap<OrgId, Vec<(Sequence, PublicEvent)>>,
    judged: Judged,
    story: Vec<Chapter>,
    tells_story: bool,
}

impl Judge {
    /// A judge who notes what happened, to tell it as a script.
    pub(crate) fn that_tells() -> Self {
        Self { tells_story: true, ..Self::default() }
    }

    /// The state as the rules have it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How much was judged.
    #[must_use]
    pub fn judged(&self) -> Judged {
        self.judged
    }

    pub(crate) fn end(&self) -> Position {
        self.end
    }

    pub(crate) fn story(&self) -> &[Chapter] {
        &self.story
    }

    /// All public events of an organisation so far.
    pub(crate) fn published(&self, org: &OrgId) -> &[(Sequence, PublicEvent)] {
        self.published.get(org).map_or(&[], Vec::as_slice)
    }

    /// Judges what happened in order: what was taken, what it was answered, and the events it led to.
    pub(crate) fn judge(&mut self, taken: Vec<Taken>, now: Now, record: &[Recorded], told: Told) {
        let mut rest = record;
        for taken in taken {
            match taken {
                Taken::Command(command, mut answer) => {
                    let expected = self.decide(now, &command, &mut rest);
                    let told = self.told(told, answer.try_recv());
                    if let Some(reply) = told {
                        assert_eq!(reply, expected, "{command:?}, right what the model says");
                    }
                }
                Taken::Batch(commands, mut answer) => {
                    let expected: Decisions =
                        commands.iter().map(|it| self.decide(now, it, &mut rest)).collect();
                    if let Some(replies) = self.told(told, answer.try_recv()) {
                        assert_eq!(replies, expected, "{commands:?}, right what the model says");
                    }
                }
                Taken::Sight(sight, mut answer) => {
                    if let Some(seen) = self.told(told, answer.try_recv()) {
                        self.judge_sight(now, &sight, seen);
                    }
                }
                Taken::Wait(..) => unreachable!("those who wait are judged apart"),
                Taken::Expiry => {
                    let reply = self.decide(now, &Command::ExpireDue, &mut rest);
                    assert_eq!(reply, Ok(Reply::Done));
                }
            }
        }
        assert!(rest.is_empty(), "events that nothing asked for: {rest:?}");
        for witness in self.witnesses.values() {
            witness.check_rest();
        }
    }

    /// Judges a record that is durable, at the position it must have.
    pub(crate) fn judge_record(&mut self, taken: Vec<Taken>, record: &Record, told: Told) {
        self.end = self.end.next();
        self.judge(taken, record.now, &record.events, told);
        for recorded in &record.events {
            let event = recorded.event.clone().into_public();
            if let Some((sequence, event)) = recorded.sequence.zip(event) {
                let published = self.published.entry(recorded.org.clone()).or_default();
                published.push((sequence, event));
            }
        }
    }

    /// What was taken and never happened: nobody was told otherwise.
    pub(crate) fn undone(&mut self, taken: &mut [Taken], told: Told) {
        for taken in taken {
            match taken {
                Taken::Command(_, answer) => {
                    assert!(self.told(told, answer.try_recv()).is_none());
                }
                Taken::Batch(_, answer) => {
                    assert!(self.told(told, answer.try_recv()).is_none());
                }
                Taken::Sight(_, answer) => {
                    assert!(self.told(told, answer.try_recv()).is_none());
                }
                Taken::Wait(_, _, answer) => {
                    assert_ne!(answer.try_recv(), Err(TryRecvError::Empty), "nobody waits forever");
                }
                Taken::Expiry => {}
            }
        }
    }

    /// A restart, or a state read again after a failed commit.
    pub(crate) fn resume(&mut self, tick: Tick) {
        self.model.resume(tick);
        if self.tells_story {
            self.story.push(Chapter::Restart(tick));
        }
    }

    /// What somebody was shown who follows an organisation's events from `after` on.
    pub(crate) fn judge_events(&self, org: &OrgId, after: Sequence, events: &[FedEvent]) {
        let published = self.published(org);
        let first = usize::try_from(after.0).expect("a world has few events");
        assert!(first + events.len() <= published.len(), "events that are not durable were shown");
        for (shown, (sequence, event)) in events.iter().zip(&published[first..]) {
            assert_eq!(shown.sequence, *sequence, "a stream has no gap");
            assert_eq!(shown.event, *event, "a stream shows what happened");
        }
    }

    /// What an answer says, if it must say something.
    ///
    /// # Panics
    /// When it says what it must not: above all when it confirms what is not durable.
    fn told<T: std::fmt::Debug>(
        &mut self,
        told: Told,
        answer: Result<Result<T, Unavailable>, TryRecvError>,
    ) -> Option<T> {
        match (told, answer) {
            (Told::Outcome, Ok(Ok(outcome))) => {
                self.judged.answers += 1;
                Some(outcome)
            }
            (Told::StoreFailed, Ok(Err(Unavailable::StoreFailed)) | Err(TryRecvError::Closed))
            | (Told::Nothing, Err(TryRecvError::Empty | TryRecvError::Closed)) => None,
            (told, answer) => panic!("durable-before-answer: {answer:?} where it must be {told:?}"),
        }
    }

    /// What the model says of a command, after comparing the next events with those it says.
    fn decide(
        &mut self,
        now: Now,
        command: &Command,
        rest: &mut &[Recorded],
    ) -> Result<Reply, Rejection> {
        let reply = self.model.decide(now, command);
        let expected = self.model.expected_events();
        assert!(rest.len() >= expected.len(), "{command:?} led to {rest:?}, not to {expected:?}");
        let (events, later) = rest.split_at(expected.len());
        *rest = later;
        if matches!(command, Command::ExpireDue) {
            // Between organisations no order is meant.
            let mut events: Vec<&Recorded> = events.iter().collect();
            events.sort_by(|one, other| one.org.cmp(&other.org));
            assert!(events.into_iter().eq(expected), "expiry, right the model's {expected:?}");
        } else {
            assert_eq!(events, expected, "the events of {command:?}, right the model's");
        }
        for recorded in events {
            let witness = self.witnesses.entry(recorded.org.clone()).or_default();
            witness.see(command, recorded);
        }
        self.judged.commands += 1;
        self.judged.refusals += u64::from(reply.is_err());
        self.judged.events += events.len() as u64;
        if self.tells_story {
            self.story.push(Chapter::Command {
                now,
                command: Box::new(command.clone()),
                reply: Box::new(reply.clone()),
                events: events.to_vec(),
            });
        }
        reply
    }

    fn judge_sight(&mut self, now: Now, sight: &Sight, seen: Seen) {
        self.judged.views += 1;
        match (sight, seen) {
            (Sight::Org(id), Seen::Org(Some((pool, live)))) => {
                self.witnesses[id].check_shown(&pool, &live);
                views::compare_org(&self.model, id, now, &pool, live);
            }
            (Sight::Org(id), Seen::Org(None)) => assert_eq!(self.model.pool(id, now), None),
            (Sight::Call(org, id), Seen::Call(seen)) => {
                assert_eq!(seen, self.model.call(org, id, now), "a call, right the model's");
            }
            (sight, seen) => unreachable!("{sight:?} is not shown as {seen:?}"),
        }
    }
}
