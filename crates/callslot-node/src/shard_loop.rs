//! The loop that owns a shard: takes what waits, has it decided, has it committed, and only then answers.
//!
//! While one batch commits, the next is decided. Everything that can wake the loop is in [`ShardLoop::run`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callslot_core::{CallId, Command, Event, Now, OrgId, Recorded, Rejection, Reply, Shard};
use callslot_store::{Position, Record, Store};
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::committer::{Committer, Outcome};
use crate::feed::{FedEvent, Feeds};
use crate::handle::Unavailable;
use crate::limits::{
    LOOK_EVERY, MARK_TIME_EVERY_MS, MAX_COMMANDS_PER_BATCH, MAX_EVENTS_PER_BATCH, MAX_OVERDUE_MS,
};
use crate::metrics::NodeMetrics;
use crate::recover::Recovered;

/// Tells a caller what came of its order: `Ok` once all that the answer rests on is durable.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

/// Looks at the state, and makes the answer that tells what was seen.
pub(crate) type Look = Box<dyn FnOnce(&Shard, Now) -> Answer + Send>;

/// Somebody to tell once something has happened.
type Waiter = oneshot::Sender<Result<(), Unavailable>>;

/// Results of commands, in the order of the commands.
pub(crate) type Decisions = Vec<Result<Reply, Rejection>>;

/// What callers ask of the loop.
pub(crate) enum Order {
    Decide(Command, oneshot::Sender<Result<Result<Reply, Rejection>, Unavailable>>),
    DecideAll(Vec<Command>, oneshot::Sender<Result<Decisions, Unavailable>>),
    Look(Look),
    LeftQueue(OrgId, CallId, Waiter),
}

/// What was decided and is not durable yet.
#[derive(Default)]
struct Batch {
    now: Option<Now>,
    /// Commands, reads and waits that it answers.
    orders: usize,
    commands: usize,
    events: Vec<Recorded>,
    answers: Vec<Answer>,
    /// Whether it is to be committed even without events, to mark the time.
    marks_time: bool,
}

impl Batch {
    fn has_room(&self) -> bool {
        self.orders < MAX_COMMANDS_PER_BATCH
            && self.commands < MAX_COMMANDS_PER_BATCH
            && self.events.len() < MAX_EVENTS_PER_BATCH
    }

    fn needs_commit(&self) -> bool {
        !self.events.is_empty() || self.marks_time
    }

    fn answer(answers: Vec<Answer>, outcome: Result<(), Unavailable>) {
        for answer in answers {
            answer(outcome);
        }
    }
}

/// What the loop shares with the rest of the node.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) metrics: NodeMetrics,
    pub(crate) is_writable: Arc<AtomicBool>,
    /// How many events are durable since the snapshot that the node started from; changes after each commit.
    pub(crate) progress: watch::Sender<u64>,
}

pub(crate) struct ShardLoop {
    shard: Shard,
    clock: Clock,
    /// Where the log ends once the record being committed is in it.
    end: Position,
    last_record: Now,
    orders: mpsc::Receiver<Order>,
    committer: Committer,
    deciding: Batch,
    /// Who waits for the record being committed; none when none is.
    committing: Option<Vec<Answer>>,
    /// Who waits for which call to leave the queue.
    waiting: HashMap<(OrgId, CallId), Vec<Waiter>>,
    shared: Shared,
}

impl ShardLoop {
    pub(crate) fn new(
        mut recovered: Recovered,
        mut clock: Clock,
        orders: mpsc::Receiver<Order>,
        shared: Shared,
    ) -> Self {
        recovered.shard.resume(clock.look().tick);
        Self {
            shard: recovered.shard,
            clock,
            end: recovered.end,
            last_record: recovered.last,
            orders,
            committer: Committer::start(Arc::clone(&shared.store)),
            deciding: Batch::default(),
            committing: None,
            waiting: HashMap::new(),
            shared,
        }
    }

    /// Runs until every handle is gone or the node stops, and all that was taken is committed and answered, as far as
    /// the store lets it.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut is_open, mut is_stopping) = (true, false);
        while is_open || (self.committing.is_some() && self.is_writable()) {
            let is_committing = self.committing.is_some();
            tokio::select! {
                biased;
                _ = stop.changed(), if !is_stopping => {
                    is_stopping = true;
                    self.orders.close();
                }
                outcome = self.committer.outcome(), if is_committing || !self.is_writable() => {
                    self.hear(outcome);
                }
                order = self.orders.recv(), if is_open && self.deciding.has_room() => match order {
                    Some(order) => self.take_all(order),
                    None => is_open = false,
                },
                // While a commit is stuck the loop does not look, so that no deadline comes nearer.
                _ = looks.tick(), if !is_committing => self.let_time_pass(),
            }
            self.commit_if_idle();
        }
        self.shared.feeds.close_all();
    }

    fn is_writable(&self) -> bool {
        self.shared.is_writable.load(Ordering::Relaxed)
    }

    /// Takes an order and those that wait behind it, as many as a batch may have, and then what is due.
    fn take_all(&mut self, first: Order) {
        self.take(first);
        for _ in 1..MAX_COMMANDS_PER_BATCH {
            if !self.deciding.has_room() {
                break;
            }
            let Ok(order) = self.orders.try_recv() else {
                break;
            };
            self.take(order);
        }
        self.let_time_pass();
    }

    /// Lets what is due expire, and marks the time if it was not recorded for long.
    fn let_time_pass(&mut self) {
        let now = self.now();
        self.shared.metrics.stalled_ms.set(self.clock.stalled_ms().cast_signed());
        let Some(deadline) = self.shard.next_deadline().filter(|_| self.is_writable()) else {
            return;
        };
        let since_record = now.tick.ms_after(self.last_record.tick);
        self.deciding.marks_time |= since_record >= MARK_TIME_EVERY_MS;
        // What waits may be a sign of life that came before the deadline, but must not hold up expiry for ever.
        let is_overdue = now.tick.ms_after(deadline) >= MAX_OVERDUE_MS;
        if deadline <= now.tick && (is_overdue || self.orders.is_empty()) {
            self.shard
                .decide(now, Command::ExpireDue, &mut self.deciding.events)
                .expect("expiry is never refused");
        }
    }

    /// The time of the batch being decided.
    fn now(&mut self) -> Now {
        let is_writable = self.is_writable();
        let clock = &mut self.clock;
        *self.deciding.now.get_or_insert_with(|| {
            // Whoever cannot give a sign of life because nothing is recorded must not be found dead for it.
            if is_writable { clock.look() } else { clock.look_in_stall() }
        })
    }

    fn take(&mut self, order: Order) {
        let now = self.now();
        match order {
            Order::Decide(_, caller) if !self.is_writable() => {
                let _ = caller.send(Err(Unavailable::StoreFailed));
            }
            Order::DecideAll(_, caller) if !self.is_writable() => {
                let _ = caller.send(Err(Unavailable::StoreFailed));
            }
            // Between a failed commit and the recovery after it nobody knows the state.
            Order::Look(_) | Order::LeftQueue(..)
                if !self.is_writable() && self.committing.is_some() => {}
            Order::Decide(command, caller) => {
                let decision = self.decide(now, command);
                self.answer_later(Box::new(move |outcome| {
                    let _ = caller.send(outcome.map(|()| decision));
                }));
            }
            Order::DecideAll(commands, caller) => {
                let decisions: Decisions =
                    commands.into_iter().map(|command| self.decide(now, command)).collect();
                self.answer_later(Box::new(move |outcome| {
                    let _ = caller.send(outcome.map(|()| decisions));
                }));
            }
            Order::Look(look) => {
                let answer = look(&self.shard, now);
                self.answer_later(answer);
            }
            Order::LeftQueue(org, call, caller) => self.wait_for(now, org, call, caller),
        }
    }

    fn decide(&mut self, now: Now, command: Command) -> Result<Reply, Rejection> {
        self.deciding.commands += 1;
        self.shared.metrics.commands.inc();
        self.shard.decide(now, command, &mut self.deciding.events)
    }

    /// Answers once all that was decided so far is durable.
    fn answer_later(&mut self, answer: Answer) {
        self.deciding.orders += 1;
        self.deciding.answers.push(answer);
    }

    fn wait_for(&mut self, now: Now, org: OrgId, call: CallId, caller: Waiter) {
        let view = self.shard.org(&org).and_then(|org| org.call(&call, now));
        if view.is_some_and(|view| view.call.is_queued()) {
            let callers = self.waiting.entry((org, call)).or_default();
            callers.retain(|caller| !caller.is_closed());
            callers.push(caller);
        } else {
            self.answer_later(Box::new(move |outcome| {
                let _ = caller.send(outcome);
            }));
        }
    }

    /// Hands what was decided to the committer, or answers at once where there is nothing to commit.
    fn commit_if_idle(&mut self) {
        if self.committing.is_some() {
            return;
        }
        let batch = std::mem::take(&mut self.deciding);
        let Some(now) = batch.now else {
            return;
        };
        if !batch.needs_commit() {
            return Batch::answer(batch.answers, Ok(()));
        }
        #[expect(clippy::cast_precision_loss, reason = "a batch has a few thousand commands")]
        self.shared.metrics.batches.observe(batch.commands as f64);
        self.committing = Some(batch.answers);
        self.committer.commit(self.end, Record { now, events: batch.events });
    }

    fn hear(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Committed { end, record, took } => {
                self.shared.metrics.commits.observe(took.as_secs_f64());
                self.end = end;
                self.last_record = record.now;
                let answers = self.committing.take().expect("a commit ends once");
                self.publish(record);
                Batch::answer(answers, Ok(()));
            }
            Outcome::Failed => self.give_up_deciding(),
            Outcome::Unknown => {
                let answers = self.committing.replace(Vec::new()).expect("a commit ends once");
                Batch::answer(answers, Err(Unavailable::StoreFailed));
            }
            Outcome::Recovered { state, written } => self.go_on_from(state, written),
            Outcome::Writable => {
                self.clock.look_in_stall();
                self.shared.is_writable.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Takes up what the log holds after a failed commit.
    fn go_on_from(&mut self, state: Recovered, written: Option<Record>) {
        let answers = self.committing.take().expect("a commit ends once");
        self.shard = state.shard;
        self.shard.resume(self.clock.look_in_stall().tick);
        self.end = state.end;
        self.last_record = state.last;
        match written {
            Some(record) => {
                self.publish(record);
                Batch::answer(answers, Ok(()));
            }
            None => Batch::answer(answers, Err(Unavailable::StoreFailed)),
        }
    }

    /// After a failed commit: what was decided on top of it never happened, and nothing is decided until the store can
    /// write again. Whoever waits for a call asks again and is told how it stands.
    fn give_up_deciding(&mut self) {
        self.shared.metrics.failed_commits.inc();
        self.shared.is_writable.store(false, Ordering::Relaxed);
        let undone = std::mem::take(&mut self.deciding);
        Batch::answer(undone.answers, Err(Unavailable::StoreFailed));
        self.waiting.clear();
    }

    /// Tells everyone what is durable now, in order.
    fn publish(&mut self, record: Record) {
        let (at, events) = (record.now.at, record.events.len() as u64);
        for Recorded { org, sequence, event } in record.events {
            if let Some(sequence) = sequence {
                self.publish_event(&org, FedEvent { sequence, at, event });
            } else if matches!(event, Event::OrgDeleted) {
                self.shared.feeds.close(&org);
                self.shared.metrics.forget(&org);
            }
        }
        self.shared.progress.send_modify(|durable| *durable += events);
    }

    fn publish_event(&mut self, org: &OrgId, event: FedEvent) {
        self.shared.metrics.count(org, &event);
        if let Event::CallStarted(call) | Event::CallEnded(call) = &event.event
            && !self.waiting.is_empty()
            && let Some(callers) = self.waiting.remove(&(org.clone(), call.request.id.clone()))
        {
            for caller in callers {
                let _ = caller.send(Ok(()));
            }
        }
        self.shared.feeds.publish(org, event);
    }
}
