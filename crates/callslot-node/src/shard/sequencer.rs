//! The logic of the shard loop: takes orders, has them decided in batches, and answers only what is durable.
//!
//! It has no clock, channel, thread or disk. Its driver passes in the time and the orders, commits the records and reports
//! the outcomes, so a simulation runs the same code as a node. While one batch commits, the next is decided. Start reading at
//! [`Sequencer`].

use std::collections::HashMap;
use std::fmt;

use callslot_core::limits::Bounds;
use callslot_core::{
    CallEvent, CallId, EndCalls, Event, ExpireDue, LeaseId, Now, OrgId, Rejection, Shard,
    SweepBegun, SweepEvent, TakeStep,
};
use callslot_store::{Position, Record};
use tokio::time::Instant;

use crate::history::refusals::Refusals;
use crate::limits::{LOOK_EVERY, MARK_TIME_EVERY_MS, MAX_OVERDUE_MS, MIN_LOOK_EVERY};
use crate::shard::batch::{Answer, Batch};
use crate::shard::commit_steps::Outcome;
use crate::shard::gone_leases::{GoneLeases, gone_leases};
use crate::shard::order::{Caller, Deciding, Order};
use crate::shard::recover::Recovered;
use crate::time::counted_clock::CountedClock;
use crate::unavailable::Unavailable;

/// Runs a shard.
///
/// A driver uses it in turns:
///
/// 1. [`Sequencer::take`] the orders that wait, as long as it [`Sequencer::has_room`];
/// 2. [`Sequencer::let_time_pass`], also without orders while there are [steps left](Sequencer::has_steps_left);
/// 3. commit what [`Sequencer::next_record`] returns;
/// 4. [`Sequencer::hear`] each outcome, publish what it settled, and answer, before the next outcome is heard.
///
/// The times passed in never go back. A node takes the orders of the next batch while a commit is in progress, and so does
/// the simulation; this driver commits on the spot instead.
///
/// ```
/// use std::collections::VecDeque;
///
/// use callslot_core::{CreateOrg, OrgId, OrgSettings, PerType, PlanId};
/// use callslot_node::{Commit, CountedClock, Order, Sequencer, instant_now, recover, wall_now};
/// use callslot_store::MemoryStore;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemoryStore::new();
/// let recovered = recover(&store)?;
/// let clock = CountedClock::after(recovered.last, instant_now(), wall_now());
/// let mut sequencer = Sequencer::new(recovered, clock, instant_now());
///
/// # let settings = OrgSettings {
/// #     name: "Acme".into(),
/// #     plan: PlanId::parse("small")?,
/// #     plan_limit: 2,
/// #     limit_override: None,
/// #     max_call_duration_ms: 0,
/// #     max_wait_ms: PerType::default(),
/// #     max_queued: 100,
/// # };
/// let create = (OrgId::parse("acme")?, CreateOrg(settings));
/// let (caller, mut answer) = tokio::sync::oneshot::channel();
/// let mut orders = VecDeque::from([Order::decide(create, caller)]);
///
/// while !orders.is_empty() || sequencer.needs_commit() || sequencer.has_steps_left() {
///     while sequencer.has_room() {
///         let Some(order) = orders.pop_front() else { break };
///         sequencer.take(instant_now(), order);
///     }
///     sequencer.let_time_pass(instant_now(), !orders.is_empty());
///     assert!(answer.try_recv().is_err(), "nobody is answered before the commit");
///     // None: nothing to commit, and all callers have been answered.
///     let Some(next) = sequencer.next_record() else { continue };
///     let mut commit = Commit::new(next.after, next.record);
///     while !commit.is_done() {
///         // None: the step failed. A real driver pauses before it tries again.
///         let Some(outcome) = commit.step(&store) else { continue };
///         let settled = sequencer.hear(instant_now(), outcome);
///         // A real driver publishes `settled.durable` to feeds and watches here.
///         settled.answer();
///     }
/// }
/// answer.try_recv()???;
/// # Ok(())
/// # }
/// ```
pub struct Sequencer {
    shard: Shard,
    clock: CountedClock,
    /// The end of the log, not counting the record that is being committed.
    end: Position,
    last_record: Now,
    batch: Batch,
    /// The answers that depend on the record being committed; none when no record is.
    commit_answers: Option<Vec<Answer>>,
    /// The leases that are gone with the record being committed.
    gone_leases: GoneLeases,
    /// The callers that wait for a call to leave the queue.
    queue_waiters: HashMap<(OrgId, CallId), Vec<Caller<()>>>,
    /// The callers that wait for the last call of an ended lease to end.
    lease_waiters: HashMap<(OrgId, LeaseId), Vec<Caller<()>>>,
    /// The callers that wait for a sweep to be done, by its number.
    sweep_waiters: HashMap<(OrgId, u64), Caller<Result<u64, Rejection>>>,
    is_writable: bool,
    refusals: Refusals,
    bounds: Bounds,
    /// Whether the last thing that the sequencer did by itself was to expire what is due; the next is a step, if there is one.
    has_just_expired: bool,
}

impl Sequencer {
    /// Continues from the recovered state.
    #[must_use]
    pub fn new(mut recovered: Recovered, mut clock: CountedClock, at: Instant) -> Self {
        recovered.shard.resume(clock.look(at).tick);
        Self {
            shard: recovered.shard,
            clock,
            end: recovered.end,
            last_record: recovered.last,
            batch: Batch::default(),
            commit_answers: None,
            gone_leases: GoneLeases::new(),
            queue_waiters: HashMap::new(),
            lease_waiters: HashMap::new(),
            sweep_waiters: HashMap::new(),
            is_writable: true,
            refusals: Refusals::default(),
            bounds: Bounds::default(),
            has_just_expired: false,
        }
    }

    /// The same with other bounds than the default, for simulations.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self.shard.set_bounds(bounds);
        self
    }

    /// The counts of starts refused for lack of room.
    #[must_use]
    pub fn refusals(&self) -> Refusals {
        self.refusals.clone()
    }

    /// Whether the batch has room for another order.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.batch.has_room()
    }

    /// Whether a record is being committed, or its outcome is not known yet.
    #[must_use]
    pub fn is_committing(&self) -> bool {
        self.commit_answers.is_some()
    }

    /// Whether the last commit succeeded, or the store has been found writable since.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.is_writable
    }

    /// The state, before it runs.
    pub(crate) fn shard(&self) -> &Shard {
        &self.shard
    }

    #[must_use]
    pub fn clock(&self) -> &CountedClock {
        &self.clock
    }

    pub fn take(&mut self, at: Instant, order: Order) {
        let now = self.now(at);
        match order {
            Order::Decide(undecided) if !self.is_writable => {
                undecided.refuse(Unavailable::StoreFailed);
            }
            // A dropped caller is told the same.
            Order::EndCalls(..) if !self.is_writable => {}
            // Between a failed commit and the recovery the state is unknown. A dropped caller gets an error.
            Order::Look(..) | Order::LeftQueue(..) | Order::LeaseGone(..)
                if !self.is_writable && self.is_committing() => {}
            Order::Decide(undecided) => {
                let Self { shard, batch, refusals, .. } = self;
                let answer = undecided.decide(&mut Deciding { shard, batch, refusals, now });
                self.answer_later(answer);
            }
            Order::Look(_, look) => {
                let answer = look(&self.shard, now);
                self.answer_later(answer);
            }
            Order::LeftQueue(org, call, caller) => self.wait_for(now, org, call, caller),
            Order::LeaseGone(org, lease, caller) => self.wait_for_lease(org, lease, caller),
            Order::EndCalls(org, command, caller) => self.end_calls(now, org, command, caller),
        }
    }

    /// Expires what is due, or takes a step towards what earlier commands left to do, and records the time if that has not been
    /// done for a while. A record has at most one of either. `has_more` is whether orders are waiting that were not taken
    /// yet. Returns what was done.
    pub fn let_time_pass(&mut self, at: Instant, has_more: bool) -> Option<Passage> {
        let now = self.now(at);
        if !self.is_writable {
            return None;
        }
        let is_due = self.shard.next_deadline().is_some_and(|deadline| {
            let since_record = now.tick.ms_after(self.last_record.tick);
            self.batch.marks_time |= since_record >= MARK_TIME_EVERY_MS && !self.is_committing();
            // A waiting order may be a renewal that arrived before the deadline, but must not delay expiry indefinitely.
            let is_overdue = now.tick.ms_after(deadline) >= MAX_OVERDUE_MS;
            deadline <= now.tick && (is_overdue || !has_more)
        });
        let has_steps_left = self.shard.has_steps_left();
        let may_step = self.batch.may_step(self.bounds.step_events);
        if !may_step || !(is_due || has_steps_left) {
            return None;
        }
        self.batch.has_stepped = true;
        // One never keeps the other from its turn.
        self.has_just_expired = is_due && !(has_steps_left && self.has_just_expired);
        let (passage, decision) = if self.has_just_expired {
            let decision = self.shard.decide(now, ExpireDue, &mut self.batch.events);
            (Passage::Expiry, decision)
        } else {
            (Passage::Step, self.shard.decide(now, TakeStep, &mut self.batch.events))
        };
        decision.expect("what is due is never refused");
        self.release_lease_waiters();
        Some(passage)
    }

    /// When time is to pass again, if no order comes before.
    #[must_use]
    pub fn next_look(&self) -> Instant {
        let deadline = self.shard.next_deadline().filter(|_| self.is_writable);
        let wait = deadline.map_or(LOOK_EVERY, |tick| self.clock.until(tick));
        self.clock.looked() + wait.clamp(MIN_LOOK_EVERY, LOOK_EVERY)
    }

    /// Whether [`Sequencer::let_time_pass`] would take a step in the batch being decided.
    #[must_use]
    pub fn has_steps_left(&self) -> bool {
        self.is_writable && !self.batch.has_stepped && self.shard.has_steps_left()
    }

    /// Whether [`Sequencer::next_record`] would return a record.
    #[must_use]
    pub fn needs_commit(&self) -> bool {
        !self.is_committing() && self.batch.needs_commit()
    }

    /// The next record to commit. If the batch needs no commit, answers its callers at once.
    pub fn next_record(&mut self) -> Option<ToCommit> {
        if self.is_committing() {
            return None;
        }
        let batch = std::mem::take(&mut self.batch);
        let now = batch.now?;
        if !batch.needs_commit() {
            answer(batch.answers, Ok(()));
            return None;
        }
        self.commit_answers = Some(batch.answers);
        // Nothing is decided on top of the record yet: the state is the one that it leads to.
        self.gone_leases = gone_leases(&self.shard, &batch.events);
        let record = Record { now, events: batch.events };
        Some(ToCommit { after: self.end, record, commands: batch.commands })
    }

    /// Handles the outcome of a commit.
    pub fn hear(&mut self, at: Instant, outcome: Outcome) -> Settled {
        match outcome {
            Outcome::Committed { end, record } => {
                self.end = end;
                self.last_record = record.now;
                let answers = self.commit_answers.take().expect("a commit ends once");
                self.settle(Some(record), answers)
            }
            Outcome::Failed => {
                self.undo_batch();
                Settled::nothing()
            }
            Outcome::Unknown => {
                let answers = self.commit_answers.replace(Vec::new()).expect("a commit ends once");
                self.settle(None, answers)
            }
            Outcome::Recovered { state, written } => {
                let answers = self.commit_answers.take().expect("a commit ends once");
                let state = *state;
                self.shard = state.shard;
                self.shard.resume(self.clock.look_in_stall(at).tick);
                self.shard.set_bounds(self.bounds);
                self.end = state.end;
                self.last_record = state.last;
                self.settle(written, answers)
            }
            Outcome::Writable => {
                self.clock.look_in_stall(at);
                self.is_writable = true;
                Settled::nothing()
            }
        }
    }

    /// The time of the batch being decided.
    fn now(&mut self, at: Instant) -> Now {
        let clock = &mut self.clock;
        // A lease must not expire because its renewals cannot be recorded, so this time is a stall.
        let look = if self.is_writable { CountedClock::look } else { CountedClock::look_in_stall };
        *self.batch.now.get_or_insert_with(|| look(clock, at))
    }

    /// Gives the answer once everything decided so far is durable.
    fn answer_later(&mut self, answer: Answer) {
        self.batch.orders += 1;
        self.batch.answers.push(answer);
    }

    fn wait_for(&mut self, now: Now, org: OrgId, call: CallId, caller: Caller<()>) {
        let view = self.shard.org(&org).and_then(|org| org.call(&call, now));
        if view.is_some_and(|view| view.call.is_queued()) {
            let callers = self.queue_waiters.entry((org, call)).or_default();
            callers.retain(|caller| !caller.is_closed());
            callers.push(caller);
        } else {
            self.answer_later(Box::new(move |outcome| {
                let _ = caller.send(outcome);
            }));
        }
    }

    fn end_calls(
        &mut self,
        now: Now,
        org: OrgId,
        command: EndCalls,
        caller: Caller<Result<u64, Rejection>>,
    ) {
        let Self { shard, batch, refusals, .. } = self;
        let mut deciding = Deciding { shard, batch, refusals, now };
        match deciding.decide((org.clone(), command)) {
            Ok(SweepBegun { number }) => {
                self.sweep_waiters.insert((org, number), caller);
            }
            Err(rejection) => self.answer_later(Box::new(move |outcome| {
                let _ = caller.send(outcome.map(|()| Err(rejection)));
            })),
        }
    }

    fn wait_for_lease(&mut self, org: OrgId, lease: LeaseId, caller: Caller<()>) {
        self.lease_waiters.entry((org, lease)).or_default().push(caller);
        self.release_lease_waiters();
    }

    /// Answers those who wait for a lease that is gone, once that is durable.
    fn release_lease_waiters(&mut self) {
        let is_ending = |org: &OrgId, lease: &LeaseId| {
            self.shard.org(org).is_some_and(|org| org.is_lease_ending(lease))
        };
        let released: Vec<Caller<()>> = self
            .lease_waiters
            .extract_if(|(org, lease), _| !is_ending(org, lease))
            .flat_map(|(_, callers)| callers)
            .collect();
        for caller in released {
            self.answer_later(Box::new(move |outcome| {
                let _ = caller.send(outcome);
            }));
        }
    }

    /// After a failed commit: discards what was decided on top of it, and decides nothing until the store can write again.
    /// Callers that wait for a call are dropped: they get an error and can ask again.
    fn undo_batch(&mut self) {
        self.is_writable = false;
        let undone = std::mem::take(&mut self.batch);
        answer(undone.answers, Err(Unavailable::StoreFailed));
        self.queue_waiters.clear();
        self.lease_waiters.clear();
        self.sweep_waiters.clear();
    }

    fn settle(&mut self, durable: Option<Record>, mut answers: Vec<Answer>) -> Settled {
        let outcome = if durable.is_some() { Ok(()) } else { Err(Unavailable::StoreFailed) };
        for recorded in durable.iter().flat_map(|record| &record.events) {
            if let Event::Call(event @ (CallEvent::Started(_) | CallEvent::Ended(_))) =
                &recorded.event
                && !self.queue_waiters.is_empty()
            {
                let place = (recorded.org.clone(), event.request().id.clone());
                let callers = self.queue_waiters.remove(&place).into_iter().flatten();
                answers.extend(callers.map(|caller| -> Answer {
                    Box::new(move |outcome| {
                        let _ = caller.send(outcome);
                    })
                }));
            }
            if let Event::Sweep(SweepEvent::Done { number, ended }) = recorded.event
                && let Some(caller) = self.sweep_waiters.remove(&(recorded.org.clone(), number))
            {
                answers.push(Box::new(move |outcome| {
                    let _ = caller.send(outcome.map(|()| Ok(ended)));
                }));
            }
        }
        let gone = durable.is_some().then(|| std::mem::take(&mut self.gone_leases));
        Settled { durable, gone_leases: gone.unwrap_or_default(), answers, outcome }
    }
}

impl fmt::Debug for Sequencer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sequencer")
            .field("end", &self.end)
            .field("is_committing", &self.is_committing())
            .field("is_writable", &self.is_writable)
            .finish_non_exhaustive()
    }
}

/// What a sequencer did by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// It decided [`ExpireDue`].
    Expiry,
    /// It decided [`TakeStep`].
    Step,
}

/// A record to commit.
#[derive(Debug)]
pub struct ToCommit {
    /// The position to append it after.
    pub after: Position,
    pub record: Record,
    /// How many commands were decided for it.
    pub commands: usize,
}

/// What to do once the outcome of a record is known: publish `durable`, then [`Settled::answer`].
#[must_use = "callers wait for their answers"]
pub struct Settled {
    /// The record, if it is durable now.
    pub durable: Option<Record>,
    /// The leases that are gone with it.
    pub gone_leases: GoneLeases,
    answers: Vec<Answer>,
    outcome: Result<(), Unavailable>,
}

impl Settled {
    fn nothing() -> Self {
        let (gone_leases, answers) = (GoneLeases::new(), Vec::new());
        Self { durable: None, gone_leases, answers, outcome: Ok(()) }
    }

    /// Answers the callers that waited for it.
    pub fn answer(self) {
        answer(self.answers, self.outcome);
    }
}

impl fmt::Debug for Settled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settled")
            .field("durable", &self.durable)
            .field("gone_leases", &self.gone_leases)
            .field("answers", &self.answers.len())
            .field("outcome", &self.outcome)
            .finish()
    }
}

fn answer(answers: Vec<Answer>, outcome: Result<(), Unavailable>) {
    for answer in answers {
        answer(outcome);
    }
}
