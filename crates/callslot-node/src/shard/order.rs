//! What callers ask of a shard, and how they are answered. Start reading at [`Order`].

use std::fmt;

use callslot_core::{Ask, CallId, EndCalls, LeaseId, Now, OrgId, Rejection, Reply, Shard};
use tokio::sync::oneshot;

use crate::history::refusals::{Asker, Refusals};
use crate::limits::IDS_PER_COMMAND;
use crate::shard::batch::{Answer, Batch};
use crate::shard::fair_queue::Share;
use crate::unavailable::Unavailable;

/// Reads the state and returns the answer to give once what was read is durable.
pub type Look = Box<dyn FnOnce(&Shard, Now) -> Answer + Send>;

/// A caller that waits for an answer.
pub type Caller<T> = oneshot::Sender<Result<T, Unavailable>>;

/// The results of commands, in the same order.
pub type Decisions<R = Reply> = Vec<Result<R, Rejection>>;

/// What callers ask of a shard.
pub enum Order {
    /// Decide one command or several. [`Order::decide`] and [`Order::decide_all`] make it.
    Decide(Box<dyn Decide>),
    /// Read the state between two commands: that of an organisation, or of all.
    Look(Option<OrgId>, Look),
    /// Answer once a call is no longer queued, or if it is not known.
    LeftQueue(OrgId, CallId, Caller<()>),
    /// Answer once the calls of a lease that has ended have ended too.
    LeaseGone(OrgId, LeaseId, Caller<()>),
    /// Decide the command, and answer once all its calls have ended, with how many these were.
    EndCalls(OrgId, EndCalls, Caller<Result<u64, Rejection>>),
}

impl Order {
    /// Decide a command.
    #[must_use]
    pub fn decide<A: Askable>(ask: A, caller: Caller<Result<A::Reply, Rejection>>) -> Self {
        Self::Decide(Box::new(One { ask, caller }))
    }

    /// Decide commands in order, in one record.
    #[must_use]
    pub fn decide_all<A: Askable>(asks: Vec<A>, caller: Caller<Decisions<A::Reply>>) -> Self {
        Self::Decide(Box::new(Many { asks, caller }))
    }

    /// Read the state.
    #[must_use]
    pub fn look<R: Send + 'static>(
        org: Option<OrgId>,
        look: impl FnOnce(&Shard, Now) -> R + Send + 'static,
        caller: Caller<R>,
    ) -> Self {
        Self::Look(
            org,
            Box::new(move |shard, now| {
                let seen = look(shard, now);
                Box::new(move |outcome| {
                    let _ = caller.send(outcome.map(|()| seen));
                })
            }),
        )
    }

    /// Whose turn it waits for. Commands that are decided together are of one organisation.
    #[must_use]
    pub fn share(&self) -> Share {
        match self {
            Self::Decide(undecided) => undecided.share(),
            Self::Look(org, _) => Share { org: org.clone(), commands: 1 },
            Self::LeftQueue(org, ..) | Self::LeaseGone(org, ..) => {
                Share { org: Some(org.clone()), commands: 1 }
            }
            Self::EndCalls(org, EndCalls { ids, .. }, _) => {
                let ids = ids.as_ref().map_or(0, Vec::len);
                Share { org: Some(org.clone()), commands: 1 + ids / IDS_PER_COMMAND }
            }
        }
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide(undecided) => write!(formatter, "Decide({undecided:?})"),
            Self::Look(org, _) => write!(formatter, "Look({org:?})"),
            Self::LeftQueue(org, call, _) => write!(formatter, "LeftQueue({org}, {call})"),
            Self::LeaseGone(org, lease, _) => write!(formatter, "LeaseGone({org}, {lease})"),
            Self::EndCalls(org, command, _) => write!(formatter, "EndCalls({org}, {command:?})"),
        }
    }
}

/// Something that can be asked of the core from another thread.
pub trait Askable: Ask<Reply: Send + 'static> + fmt::Debug + Send + 'static {}

impl<A: Ask<Reply: Send + 'static> + fmt::Debug + Send + 'static> Askable for A {}

/// Commands to decide, and the caller that waits for the decisions.
pub trait Decide: fmt::Debug + Send {
    /// Whose turn they wait for.
    fn share(&self) -> Share;

    /// Decides them. Returns the answer to give once the decisions are durable.
    fn decide(self: Box<Self>, deciding: &mut Deciding<'_>) -> Answer;

    /// Tells the caller why they are not decided.
    fn refuse(self: Box<Self>, why: Unavailable);
}

struct One<A: Ask> {
    ask: A,
    caller: Caller<Result<A::Reply, Rejection>>,
}

impl<A: Askable> Decide for One<A> {
    fn share(&self) -> Share {
        Share { org: self.ask.org().cloned(), commands: 1 }
    }

    fn decide(self: Box<Self>, deciding: &mut Deciding<'_>) -> Answer {
        let Self { ask, caller } = *self;
        let decision = deciding.decide(ask);
        Box::new(move |outcome| {
            let _ = caller.send(outcome.map(|()| decision));
        })
    }

    fn refuse(self: Box<Self>, why: Unavailable) {
        let _ = self.caller.send(Err(why));
    }
}

impl<A: Askable> fmt::Debug for One<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ask.fmt(formatter)
    }
}

struct Many<A: Ask> {
    asks: Vec<A>,
    caller: Caller<Decisions<A::Reply>>,
}

impl<A: Askable> Decide for Many<A> {
    fn share(&self) -> Share {
        Share { org: self.asks.first().and_then(Ask::org).cloned(), commands: self.asks.len() }
    }

    fn decide(self: Box<Self>, deciding: &mut Deciding<'_>) -> Answer {
        let Self { asks, caller } = *self;
        let decisions = asks.into_iter().map(|ask| deciding.decide(ask)).collect();
        Box::new(move |outcome| {
            let _ = caller.send(outcome.map(|()| decisions));
        })
    }

    fn refuse(self: Box<Self>, why: Unavailable) {
        let _ = self.caller.send(Err(why));
    }
}

impl<A: Askable> fmt::Debug for Many<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asks.fmt(formatter)
    }
}

/// What commands are decided with: the state, and the batch that their events go into.
pub struct Deciding<'a> {
    pub(super) shard: &'a mut Shard,
    pub(super) batch: &'a mut Batch,
    pub(super) refusals: &'a mut Refusals,
    pub(super) now: Now,
}

impl Deciding<'_> {
    pub(super) fn decide<A: Ask>(&mut self, ask: A) -> Result<A::Reply, Rejection> {
        let Self { shard, batch, refusals, now } = self;
        batch.commands += 1;
        let asker = ask.slot_wanted().map(|(org, start)| Asker::new(org, start));
        let before = batch.events.len();
        let decision = shard.decide(*now, ask, &mut batch.events);
        batch.weigh(before);
        if let (Err(rejection), Some(asker)) = (&decision, asker) {
            refusals.note(now.at, asker, rejection);
        }
        decision
    }
}

impl fmt::Debug for Deciding<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Deciding").field("now", &self.now).finish_non_exhaustive()
    }
}
