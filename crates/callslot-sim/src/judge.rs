//! The judge of a simulated world: compares every answer, every event and every view with the model, and checks every event
//! against the named invariants.
//!
//! It learns what a node took only once it is known whether the record is durable: what is durable happened, in the order in
//! which it was taken; anything else never happened. Start reading at [`Judge::judge`].

mod alert_check;
pub(crate) mod awaited;
pub(crate) mod call_histories;
mod gate_check;
mod log_check;
pub mod previews;
pub(crate) mod stream_check;
pub mod views;

use std::collections::BTreeMap;
use std::ops::AddAssign;

use callslot_core::{
    Call, CallId, CallView, Command, Ended, Event, Now, OrgEvent, OrgId, PoolView, PublicEvent,
    Recorded, Rejection, Reply, Sequence, SetPlanLimit, Tick,
};
use callslot_engine_stream::{Look, Seen, Waits};
use callslot_node::{Decisions, FedEvent, Passage, Unavailable};
use callslot_store::{Position, Record};
use tokio::sync::oneshot::error::TryRecvError;

use crate::Model;
use crate::judge::awaited::Awaited;
use crate::judge::call_histories::Moment;
use crate::limits::BOUNDS;
use crate::report::script::Chapter;

pub use crate::judge::log_check::{Witness, bounded_step};

/// Something a node took, and where its answer comes out.
#[derive(Debug)]
pub(crate) enum Taken {
    Command(Command, Awaited<Result<Reply, Rejection>>),
    Batch(Vec<Command>, Awaited<Decisions>),
    Look(Looked),
    /// The node did something by itself.
    Passage(Passage),
}

/// A look at the state, and where the view comes out.
#[derive(Debug)]
pub(crate) enum Looked {
    Org(OrgId, Awaited<Option<(PoolView, Vec<CallView>)>>),
    Call(OrgId, CallId, Awaited<Option<CallView>>),
    /// An engine resumes a lease.
    Stream(OrgId, Look, Awaited<Seen>),
    /// Positions are looked up for an engine.
    Waits(OrgId, Vec<CallId>, Awaited<Waits>),
    /// Whether a plan's new limit would be taken.
    PlanLimit(SetPlanLimit, Awaited<Result<(), Rejection>>),
}

impl Taken {
    /// Whether nobody has an answer yet.
    pub(crate) fn is_silent(&self) -> bool {
        match self {
            Self::Command(_, answer) => answer.try_recv().is_err(),
            Self::Batch(_, answer) => answer.try_recv().is_err(),
            Self::Look(Looked::Org(_, answer)) => answer.try_recv().is_err(),
            Self::Look(Looked::Call(_, _, answer)) => answer.try_recv().is_err(),
            Self::Look(Looked::Stream(_, _, answer)) => answer.try_recv().is_err(),
            Self::Look(Looked::Waits(_, _, answer)) => answer.try_recv().is_err(),
            Self::Look(Looked::PlanLimit(_, answer)) => answer.try_recv().is_err(),
            Self::Passage(_) => true,
        }
    }
}

/// What a reader looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// An organisation's pool and all its live calls.
    Org(OrgId),
    /// One call.
    Call(OrgId, CallId),
}

/// What those who asked must have been told by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The outcome.
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
    /// Frames that engines were sent.
    pub frames: u64,
}

impl AddAssign for Judged {
    fn add_assign(&mut self, other: Self) {
        self.commands += other.commands;
        self.refusals += other.refusals;
        self.events += other.events;
        self.answers += other.answers;
        self.views += other.views;
        self.frames += other.frames;
    }
}

/// Judges a world.
#[derive(Debug)]
pub struct Judge {
    model: Model,
    witnesses: BTreeMap<OrgId, Witness>,
    /// The last record that is known to be durable.
    end: Position,
    /// All public events of each organisation, in order.
    published: BTreeMap<OrgId, Vec<(Sequence, PublicEvent)>>,
    /// The last public event of each organisation that was deleted: what comes later is of another with its id.
    deleted_after: BTreeMap<OrgId, Sequence>,
    /// Calls that were erased: all that ended up to this public event.
    erased: BTreeMap<OrgId, Vec<(CallId, Sequence)>>,
    /// What happened to its calls, in order, adoptions included.
    call_events: BTreeMap<OrgId, Vec<(Moment, Call)>>,
    judged: Judged,
    story: Vec<Chapter>,
    tells_story: bool,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            model: Model::with_bounds(BOUNDS),
            witnesses: BTreeMap::new(),
            end: Position(0),
            published: BTreeMap::new(),
            deleted_after: BTreeMap::new(),
            erased: BTreeMap::new(),
            call_events: BTreeMap::new(),
            judged: Judged::default(),
            story: Vec::new(),
            tells_story: false,
        }
    }
}

impl Judge {
    /// A judge that records what happened, so that it can be written as a script.
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

    /// The last public event from before the organisation's latest deletion.
    pub(crate) fn deleted_after(&self, org: &OrgId) -> Sequence {
        self.deleted_after.get(org).copied().unwrap_or_default()
    }

    /// All public events of an organisation since its latest deletion: all that may still be shown.
    pub(crate) fn published_since_deletion(&self, org: &OrgId) -> &[(Sequence, PublicEvent)] {
        let (published, deleted_after) = (self.published(org), self.deleted_after(org));
        let first = published.partition_point(|(sequence, _)| *sequence <= deleted_after);
        &published[first..]
    }

    /// The organisations that were ever deleted.
    pub(crate) fn deleted(&self) -> impl Iterator<Item = &OrgId> {
        self.deleted_after.keys()
    }

    /// A call as the history has it that ended with this public event.
    pub(crate) fn kept(&self, org: &OrgId, sequence: Sequence, call: &Call<Ended>) -> Call<Ended> {
        let mut kept = call.clone();
        let mut erased = self.erased.get(org).into_iter().flatten();
        if erased.any(|(id, last)| *id == call.request.id && sequence <= *last) {
            kept.erase_texts();
        }
        kept
    }

    /// All that happened to an organisation's calls so far.
    pub(crate) fn call_events(&self, org: &OrgId) -> &[(Moment, Call)] {
        self.call_events.get(org).map_or(&[], Vec::as_slice)
    }

    /// Judges what happened in order: what was taken, what it was answered, and the events it led to.
    pub(crate) fn judge(&mut self, taken: Vec<Taken>, now: Now, record: &[Recorded], told: Told) {
        let mut rest = record;
        for taken in taken {
            match taken {
                Taken::Command(command, answer) => {
                    let expected = self.decide(now, &command, &mut rest);
                    let told = self.told(told, answer.try_recv());
                    if let Some(reply) = told {
                        assert_eq!(reply, expected, "{command:?}, right what the model says");
                    }
                }
                Taken::Batch(commands, answer) => {
                    let expected: Decisions =
                        commands.iter().map(|it| self.decide(now, it, &mut rest)).collect();
                    if let Some(replies) = self.told(told, answer.try_recv()) {
                        assert_eq!(replies, expected, "{commands:?}, right what the model says");
                    }
                }
                Taken::Look(looked) => self.judge_look(now, looked, told),
                Taken::Passage(passage) => {
                    let command = match passage {
                        Passage::Expiry => Command::ExpireDue,
                        Passage::Step => Command::TakeStep,
                    };
                    assert_eq!(self.decide(now, &command, &mut rest), Ok(Reply::Done));
                }
            }
        }
        assert!(rest.is_empty(), "events that nothing asked for: {rest:?}");
        for (org, witness) in &self.witnesses {
            if self.model.is_at_rest(org) {
                witness.check_rest();
            }
        }
    }

    /// Judges a record that is durable, at the position it must have.
    pub(crate) fn judge_record(&mut self, taken: Vec<Taken>, record: &Record, told: Told) {
        self.end = self.end.next();
        let passages = taken.iter().filter(|taken| matches!(taken, Taken::Passage(_))).count();
        assert!(passages <= 1, "bounded step: a record has {passages} steps");
        self.judge(taken, record.now, &record.events, told);
        for recorded in &record.events {
            if recorded.event == Event::Org(OrgEvent::Deleted) {
                let last = self.published(&recorded.org).last().map(|(sequence, _)| *sequence);
                self.deleted_after.insert(recorded.org.clone(), last.unwrap_or_default());
            }
            if let Event::CallErased(id) = &recorded.event {
                let last = self.published(&recorded.org).last().map(|(sequence, _)| *sequence);
                let erased = self.erased.entry(recorded.org.clone()).or_default();
                erased.push((id.clone(), last.unwrap_or_default()));
            }
            self.note_call_event(recorded);
            let event = recorded.event.clone().into_public();
            if let Some((sequence, event)) = recorded.sequence.zip(event) {
                let published = self.published.entry(recorded.org.clone()).or_default();
                published.push((sequence, event));
            }
        }
    }

    /// An adoption is no public event: it comes behind the last of those.
    fn note_call_event(&mut self, Recorded { org, sequence, event }: &Recorded) {
        let known = self.call_events.entry(org.clone()).or_default();
        let last = known.last().map_or_else(Moment::default, |(moment, _)| *moment);
        match event {
            Event::Call(event) => {
                let sequence = sequence.expect("what happens to calls is public");
                known.push((Moment { sequence, adoptions: 0 }, event.call()));
            }
            Event::CallAdopted(adoption) => {
                let published = self.published.get(org).and_then(|published| published.last());
                let sequence = published.map_or(last.sequence, |(sequence, _)| *sequence);
                let adoptions = if sequence == last.sequence { last.adoptions + 1 } else { 1 };
                known.push((Moment { sequence, adoptions }, adoption.call.clone().into()));
            }
            Event::CallClaimed(_)
            | Event::EndsRemembered(..)
            | Event::CallErased(_)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::ChangedBy(_)
            | Event::Lease(_)
            | Event::Org(_) => {}
        }
    }

    /// What was taken and never happened: nobody was told otherwise.
    pub(crate) fn undone(&mut self, taken: &[Taken], told: Told) {
        for taken in taken {
            let is_told = match taken {
                Taken::Command(_, answer) => self.told(told, answer.try_recv()).is_some(),
                Taken::Batch(_, answer) => self.told(told, answer.try_recv()).is_some(),
                Taken::Look(Looked::Org(_, answer)) => self.told(told, answer.try_recv()).is_some(),
                Taken::Look(Looked::Call(_, _, answer)) => {
                    self.told(told, answer.try_recv()).is_some()
                }
                Taken::Look(Looked::Stream(_, _, answer)) => {
                    self.told(told, answer.try_recv()).is_some()
                }
                Taken::Look(Looked::Waits(_, _, answer)) => {
                    self.told(told, answer.try_recv()).is_some()
                }
                Taken::Look(Looked::PlanLimit(_, answer)) => {
                    self.told(told, answer.try_recv()).is_some()
                }
                Taken::Passage(_) => false,
            };
            assert!(!is_told, "{taken:?} never happened");
        }
    }

    /// An engine was sent a frame.
    pub(crate) fn note_frame(&mut self) {
        self.judged.frames += 1;
    }

    /// A restart, or a state read again after a failed commit.
    pub(crate) fn resume(&mut self, tick: Tick) {
        self.model.resume(tick);
        if self.tells_story {
            self.story.push(Chapter::Restart(tick));
        }
    }

    /// Judges what a follower of an organisation's events was shown after `after`.
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
        bounded_step(command, events, BOUNDS.step_events);
        if matches!(command, Command::ExpireDue | Command::TakeStep) {
            // Between organisations no order is meant.
            let mut events: Vec<&Recorded> = events.iter().collect();
            events.sort_by(|one, other| one.org.cmp(&other.org));
            assert!(events.into_iter().eq(expected), "{command:?}, right the model's {expected:?}");
        } else {
            assert_eq!(events, expected, "the events of {command:?}, right the model's");
        }
        for recorded in events {
            let witness = self.witnesses.entry(recorded.org.clone()).or_default();
            witness.see(now, command, recorded);
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

    fn judge_look(&mut self, now: Now, looked: Looked, told: Told) {
        match looked {
            Looked::Org(id, answer) => {
                let Some(seen) = self.told(told, answer.try_recv()) else { return };
                let Some((pool, live)) = seen else {
                    return assert_eq!(self.model.pool(&id, now), None);
                };
                self.witnesses[&id].check_shown(&pool, &live, self.model.is_at_rest(&id));
                views::compare_org(&self.model, &id, now, &pool, live);
            }
            Looked::Call(org, id, answer) => {
                let Some(seen) = self.told(told, answer.try_recv()) else { return };
                assert_eq!(seen, self.model.call(&org, &id, now), "a call, right the model's");
            }
            Looked::Stream(org, look, answer) => {
                let Some(seen) = self.told(told, answer.try_recv()) else { return };
                assert_eq!(
                    seen,
                    self.seen_by_engine(&org, &look, now),
                    "{look:?}, right the model's"
                );
            }
            Looked::Waits(org, ids, answer) => {
                let Some(seen) = self.told(told, answer.try_recv()) else { return };
                let view = |id: &CallId| self.model.call(&org, id, now);
                let expected: Waits =
                    ids.iter().filter_map(view).filter(|view| view.wait.is_some()).collect();
                assert_eq!(seen, expected, "positions, right the model's");
            }
            Looked::PlanLimit(SetPlanLimit { plan, limit }, answer) => {
                let Some(seen) = self.told(told, answer.try_recv()) else { return };
                let expected = self.model.check_plan_limit(&plan, limit);
                assert_eq!(seen, expected, "whether a plan's limit fits, right the model's");
            }
        }
        self.judged.views += 1;
    }

    /// What an engine that resumes a lease must be shown.
    fn seen_by_engine(&self, org: &OrgId, look: &Look, now: Now) -> Seen {
        match look {
            Look::Live(lease, after, most) => {
                let is_open = self.model.open_leases(org).contains(lease);
                let of_lease = |view: &CallView| {
                    view.call.request.lease.as_ref() == Some(lease)
                        && view.call.request.ticket > *after
                };
                let live = self.model.live_calls(org, now).into_iter().filter(of_lease);
                let as_of = self.witnesses.get(org).map_or(Sequence(0), Witness::last_sequence);
                Seen::Live(is_open.then(|| (live.take(*most).collect(), as_of)))
            }
            Look::Calls(ids) => {
                let model = &self.model;
                let call =
                    |id| model.call(org, id, now).ok_or_else(|| model.why_none(org, id, now));
                Seen::Calls(ids.iter().map(call).collect())
            }
        }
    }
}
