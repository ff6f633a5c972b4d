//! A node in a world without threads, clocks and disks: the real core, the node's own logic and the stored form, with
//! every delay, failure and crash chosen from outside.
//!
//! A world takes one [`Action`] after the other. Whatever it is, in whatever order, the world stays true to what could
//! happen to a real node; so a run can be repeated, cut short and searched. Start reading at [`World::take`].

mod checks;
mod engine_connection;
mod engines;
mod faulty_store;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{CallId, Command, Now, OrgId, Sequence, Shard, Timestamp};
use callslot_node::{
    Answer, Commit, CountedClock, Order, Outcome, Sequencer, ToCommit, Unavailable, instant_now,
    keep_snapshot, project, recover, truncate,
};
use callslot_store::{Log, Position, Record};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::judge::awaited::Awaited;
use crate::judge::{Judge, Looked, Sight, Taken, Told, views};
use crate::report::{Happened, Reached, Situation};
use crate::world::engines::{Engines, Stream};
use crate::world::faulty_store::SimStore;

pub use crate::world::engines::{Deed, Saying};
pub use crate::world::faulty_store::Fate;

/// How often a node looks at the clock.
const LOOK_EVERY_MS: u64 = 100;
/// How many orders may wait in front of the node.
const MAX_WAITING: usize = 64;
/// What the clock for people shows when a world begins: 14 November 2023.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A client asks for something. It waits until the node takes it.
    Ask(Ask),
    /// The node takes up to this many of the orders that wait, and lets time pass.
    Take(usize),
    /// The disk does the next thing for the record being committed.
    Disk(Fate),
    /// The node hears of the next outcome.
    Hear,
    /// This many milliseconds go by, in which the node looks at the clock when it can.
    Pass(u64),
    /// This many milliseconds go by, in which the node does nothing.
    Stall(u64),
    /// The system's clock is set to another time, this many milliseconds away.
    SetClock(i64),
    /// The process dies, and another one starts on the same store.
    Crash,
    /// A snapshot is kept.
    KeepSnapshot(Fate),
    /// Records that are older than this many milliseconds and that nothing needs are removed.
    Truncate(u64),
    /// Ended calls are projected from the log.
    Project(Fate),
    /// A follower of an organisation's events reads on.
    Follow(OrgId),
    /// An engine, by its number, or the server for it, does something.
    Engine(usize, Deed),
    /// Everything on its way to and from engines arrives.
    CatchUp,
    /// The server stops in order, and starts again.
    Stop,
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// To decide a command.
    Command(Command),
    /// To decide commands in one record.
    Batch(Vec<Command>),
    /// To be shown something.
    Look(Sight),
    /// To be told when a call has left the queue.
    Wait(OrgId, CallId),
}

/// A node, its store, those who ask, and the judge.
#[derive(Debug)]
pub struct World {
    store: Arc<SimStore>,
    at: Instant,
    wall: Timestamp,
    sequencer: Sequencer,
    commit: Option<Commit>,
    outcomes: VecDeque<Outcome>,
    /// What waits in front of the node.
    channel: VecDeque<(Order, Asked)>,
    /// What the node took for the record that it decides.
    deciding: Group,
    /// What it took for the record being committed, and the answer that its clients have got meanwhile.
    committing: Option<(Group, Told)>,
    /// What it took for a record that the log does not hold, but that may be there after a crash: until something else is
    /// written, the end of an interrupted write is on the disk. The clients were told that the store failed.
    in_doubt: Vec<Taken>,
    /// Who waits for which call.
    waiting: Vec<Waiting>,
    /// Up to where each follower has read.
    followed: Vec<(OrgId, Sequence)>,
    kept: Kept,
    /// Follows the log record by record, where the seed has one.
    replica: Option<Shard>,
    /// The last durable record at the last crash.
    crashed_at: Position,
    engines: Engines,
    stream: Stream,
    judge: Judge,
    happened: Happened,
    reached: Reached,
}

/// A client that waits for a call to leave the queue.
type Waiting = (OrgId, CallId, oneshot::Receiver<Result<(), Unavailable>>);

/// What an order asks: something that is answered with its record, or a wait, which is answered some other time.
#[derive(Debug)]
enum Asked {
    Now(Taken),
    Wait(Waiting),
}

/// What a node took for one record.
#[derive(Debug, Default)]
struct Group {
    taken: Vec<Taken>,
    waits: Vec<Waiting>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.waits.is_empty()
    }
}

/// An answer that is known at once, as the node takes no more, or awaited.
#[derive(Debug)]
enum Pending<T> {
    Known(Result<T, Unavailable>),
    Awaited(Awaited<T>),
}

impl<T: Clone> Pending<T> {
    fn outcome(&self) -> Option<Result<T, Unavailable>> {
        match self {
            Self::Known(outcome) => Some(outcome.clone()),
            Self::Awaited(answer) => answer.outcome(),
        }
    }
}

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

/// The node's time when it last changed, kept apart from the node.
#[derive(Debug)]
struct Kept {
    at: Instant,
    now: Now,
    /// Whether time counts that goes by from then on.
    counts: bool,
}

impl World {
    /// A new node on an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::judged_by(Judge::default())
    }

    /// Another one whose log is also replayed record by record, and each prefix compared: slow.
    #[must_use]
    pub fn with_replica(mut self) -> Self {
        self.replica = Some(Shard::new());
        self
    }

    pub(crate) fn judged_by(judge: Judge) -> Self {
        let store = Arc::new(SimStore::default());
        // Any moment will do: only the time since then counts.
        let at = instant_now();
        let recovered = recover(&*store).expect("an empty store can be read");
        let clock = CountedClock::after(recovered.last, at, BEGINNING);
        let sequencer = Sequencer::new(recovered, clock, at);
        Self {
            kept: Kept { at, now: sequencer.clock().now(), counts: true },
            store,
            at,
            wall: BEGINNING,
            sequencer,
            commit: None,
            outcomes: VecDeque::new(),
            channel: VecDeque::new(),
            deciding: Group::default(),
            committing: None,
            in_doubt: Vec::new(),
            waiting: Vec::new(),
            followed: Vec::new(),
            replica: None,
            crashed_at: Position(0),
            engines: Engines::default(),
            stream: Stream::default(),
            judge,
            happened: Happened::default(),
            reached: Reached::default(),
        }
    }

    /// Lets something happen.
    ///
    /// # Panics
    /// When a promise of `docs/semantics.md` is broken.
    pub fn take(&mut self, action: &Action) {
        match action {
            Action::Ask(ask) => self.ask(ask),
            Action::Take(most) => self.take_orders(*most),
            Action::Disk(fate) => self.step_commit(*fate),
            Action::Hear => self.hear(),
            Action::Pass(ms) => self.pass(*ms),
            Action::Stall(ms) => self.advance(*ms),
            Action::SetClock(ms) => self.wall = Timestamp(self.wall.0.saturating_add_signed(*ms)),
            Action::Crash => self.crash(),
            Action::KeepSnapshot(fate) => {
                let kept = self.with_fate(*fate, |store| keep_snapshot(store));
                self.reached.note_if(Situation::SnapshotFailed, kept.is_err());
            }
            Action::Truncate(age_ms) => {
                let before = Timestamp(self.wall.0.saturating_sub(*age_ms));
                let gone = truncate(&*self.store, before).expect("a fair store truncates");
                self.reached.note_if(Situation::LogTruncated, gone > 0);
            }
            Action::Project(fate) => {
                let refusals = self.sequencer.refusals();
                let projected = self.with_fate(*fate, |store| project(store, &refusals));
                let is_repeated = projected.is_err() && *fate == Fate::ForgetsToSay;
                self.reached.note_if(Situation::ProjectionRepeated, is_repeated);
            }
            Action::Follow(org) => self.follow(org),
            Action::Engine(number, deed) => self.do_deed(*number, deed),
            Action::CatchUp => self.catch_up_engines(),
            Action::Stop => self.stop(),
        }
    }

    /// Takes, commits and hears until there is nothing to do.
    pub fn settle(&mut self) {
        while self.is_busy() {
            self.take_orders(MAX_WAITING);
            self.step_commit(Fate::Fair);
            self.hear();
        }
    }

    /// Whether orders wait or a record is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.channel.is_empty() || self.commit.is_some() || !self.outcomes.is_empty()
    }

    /// Whether the disk has something to do.
    #[must_use]
    pub fn is_committing(&self) -> bool {
        self.commit.is_some()
    }

    /// Whether a commit has an outcome that the node has not heard of.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.outcomes.is_empty()
    }

    /// How many orders wait.
    #[must_use]
    pub fn waiting_orders(&self) -> usize {
        self.channel.len()
    }

    /// The commands that were taken and are not durable yet, in order.
    pub(crate) fn on_the_way(&self) -> impl Iterator<Item = &Command> {
        self.taken().filter_map(|taken| match taken {
            Taken::Command(command, _) => Some(command),
            Taken::Batch(..) | Taken::Look(_) | Taken::Expiry => None,
        })
    }

    /// The judge, whose model has the state.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The node's time at its last look.
    #[must_use]
    pub fn now(&self) -> Now {
        self.sequencer.clock().now()
    }

    /// How much happened so far.
    #[must_use]
    pub fn happened(&self) -> Happened {
        let (judged, records) = (self.judge.judged(), self.judge.end().0);
        Happened { judged, records, reached: self.reached, ..self.happened }
    }

    /// Ends the world: all that is on its way comes to its end, one more crash shows that nothing is lost, and the
    /// projection has every ended call once.
    pub fn end(&mut self) {
        self.settle();
        self.catch_up_engines();
        self.settle();
        self.crash();
        let refusals = self.sequencer.refusals();
        while project(&*self.store, &refusals).expect("a fair store projects") > 0 {}
        for org in self.judge.model().orgs() {
            self.judge_projection(&org);
            self.judge_figures(&org);
            self.follow(&org);
            self.judge_end_of_stream(&org);
        }
    }

    fn ask(&mut self, ask: &Ask) {
        match ask {
            Ask::Command(command) => drop(self.place(
                |caller| Order::decide(command.clone(), caller),
                |answer| Taken::Command(command.clone(), answer),
            )),
            Ask::Batch(commands) => drop(self.place(
                |caller| Order::decide_all(commands.clone(), caller),
                |answer| Taken::Batch(commands.clone(), answer),
            )),
            Ask::Look(Sight::Org(org)) => {
                let of = org.clone();
                let look = move |shard: &Shard, now: Now| {
                    let org = shard.org(&of)?;
                    Some((org.pool(now), views::live_calls(org, now)))
                };
                let looked = |answer| Taken::Look(Looked::Org(org.clone(), answer));
                drop(self.place(look_order(look), looked));
            }
            Ask::Look(Sight::Call(org, call)) => {
                let (of, wanted) = (org.clone(), call.clone());
                let look = move |shard: &Shard, now: Now| shard.org(&of)?.call(&wanted, now);
                let looked = |answer| Taken::Look(Looked::Call(org.clone(), call.clone(), answer));
                drop(self.place(look_order(look), looked));
            }
            Ask::Wait(org, call) if self.channel.len() < MAX_WAITING => {
                let (caller, answer) = oneshot::channel();
                let order = Order::LeftQueue(org.clone(), call.clone(), caller);
                let wait = Asked::Wait((org.clone(), call.clone(), answer));
                self.channel.push_back((order, wait));
            }
            Ask::Wait(..) => {}
        }
    }

    /// Puts an order in front of the node, as long as there is room.
    fn place<T: Clone>(
        &mut self,
        order: impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Order,
        taken: impl FnOnce(Awaited<T>) -> Taken,
    ) -> Pending<T> {
        if self.channel.len() >= MAX_WAITING {
            return Pending::Known(Err(Unavailable::Overloaded));
        }
        let (caller, answer) = oneshot::channel();
        let answer = Awaited::new(answer);
        self.channel.push_back((order(caller), Asked::Now(taken(answer.clone()))));
        Pending::Awaited(answer)
    }

    fn take_orders(&mut self, most: usize) {
        for _ in 0..most {
            if !self.sequencer.has_room() {
                break;
            }
            let Some((order, asked)) = self.channel.pop_front() else { break };
            let is_refused = self.refuses(&asked);
            self.sequencer.take(self.at, order);
            self.keep_time();
            match asked {
                Asked::Now(taken) => {
                    self.note_taken(&taken, is_refused);
                    if is_refused {
                        self.judge.undone(&[taken], Told::StoreFailed);
                    } else {
                        self.deciding.taken.push(taken);
                    }
                }
                Asked::Wait(wait) if is_refused => nobody_waits([wait]),
                Asked::Wait(wait) => self.deciding.waits.push(wait),
            }
        }
        self.look();
    }

    /// Whether the node cannot take this now: it decides nothing while it cannot write, and shows nothing while it does
    /// not know the state.
    fn refuses(&self, asked: &Asked) -> bool {
        let is_writable = self.sequencer.is_writable();
        match asked {
            Asked::Now(Taken::Command(..) | Taken::Batch(..)) => !is_writable,
            Asked::Now(Taken::Look(_)) | Asked::Wait(_) => {
                !is_writable && self.sequencer.is_committing()
            }
            Asked::Now(Taken::Expiry) => false,
        }
    }

    /// What the node took and nobody knows the fate of.
    fn taken(&self) -> impl Iterator<Item = &Taken> {
        let committing = self.committing.iter().flat_map(|(group, _)| &group.taken);
        committing.chain(&self.deciding.taken)
    }

    /// Nobody may have an answer yet to what is not durable.
    fn nobody_was_told(&self) {
        for taken in self.taken() {
            assert!(taken.is_silent(), "durable-before-answer: {taken:?}");
        }
    }

    /// The node looks at the clock.
    fn look(&mut self) {
        let deadline = self.judge.model().next_deadline();
        let is_due = self.sequencer.let_time_pass(self.at, !self.channel.is_empty());
        self.keep_time();
        if is_due {
            self.judge_expiry(deadline);
            self.deciding.taken.push(Taken::Expiry);
        } else if deadline.is_some_and(|deadline| deadline <= self.now().tick) {
            self.reached.note_if(Situation::ExpiryHeldBack, !self.channel.is_empty());
        }
        self.hand_over();
    }

    /// The node hands a record over, or answers what needs none.
    fn hand_over(&mut self) {
        if self.sequencer.is_committing() {
            return;
        }
        match self.sequencer.next_record() {
            Some(ToCommit { after, record, .. }) => {
                assert_eq!(after, self.judge.end(), "a record follows the last durable one");
                self.committing = Some((std::mem::take(&mut self.deciding), Told::Nothing));
                self.commit = Some(Commit::new(after, record));
            }
            None if self.deciding.is_empty() => {}
            None => {
                let Group { taken, waits } = std::mem::take(&mut self.deciding);
                self.waiting.extend(waits);
                let is_command = |taken: &Taken| matches!(taken, Taken::Command(..));
                self.reached
                    .note_if(Situation::AnsweredWithoutRecord, taken.iter().any(is_command));
                self.judge.judge(taken, self.now(), &[], Told::Outcome);
            }
        }
        self.judge_waiters();
    }

    fn step_commit(&mut self, fate: Fate) {
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

    fn hear(&mut self) {
        let Some(outcome) = self.outcomes.pop_front() else { return };
        let news = News::of(&outcome);
        let mut settled = self.sequencer.hear(self.at, outcome);
        let durable = settled.durable.take();
        if let Some(record) = &durable {
            self.stream.tell(&record.events);
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

    fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(LOOK_EVERY_MS);
            self.advance(step);
            left -= step;
            if !self.sequencer.is_committing() {
                self.look();
            }
            self.tick_engines();
        }
    }

    fn advance(&mut self, ms: u64) {
        self.at += Duration::from_millis(ms);
        self.wall = Timestamp(self.wall.0 + ms);
    }

    fn crash(&mut self) {
        self.happened.crashes += 1;
        self.happened.crashes_in_commit += u64::from(self.committing.is_some());
        let is_told_nothing = |(_, told): &(Group, Told)| *told == Told::Nothing;
        if self.committing.as_ref().is_some_and(is_told_nothing) {
            self.nobody_was_told();
        }
        self.note_crash();
        self.commit = None;
        self.outcomes.clear();
        self.channel.clear();
        self.waiting.clear();
        self.deciding = Group::default();
        self.drop_engines();
        let was_torn = self.store.reopen();
        let recovered = recover(&*self.store).expect("a fair store can be read");
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
        let clock = CountedClock::after(recovered.last, self.at, self.wall);
        self.sequencer = Sequencer::new(recovered, clock, self.at);
        self.kept = Kept { at: self.at, now: self.now(), counts: true };
    }

    fn with_fate<T>(&self, fate: Fate, work: impl FnOnce(&SimStore) -> T) -> T {
        self.store.set_fate(fate);
        let outcome = work(&self.store);
        self.store.set_fate(Fate::Fair);
        outcome
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// An order to look at the state.
fn look_order<T: Send + 'static>(
    look: impl FnOnce(&Shard, Now) -> T + Send + 'static,
) -> impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Order {
    move |caller| {
        Order::Look(Box::new(move |shard, now| {
            let seen = look(shard, now);
            let answer: Answer = Box::new(move |outcome| {
                let _ = caller.send(outcome.map(|()| seen));
            });
            answer
        }))
    }
}

/// Those who waited for a call were sent away.
fn nobody_waits(waits: impl IntoIterator<Item = Waiting>) {
    for (org, call, mut answer) in waits {
        let is_over = answer.try_recv() != Err(oneshot::error::TryRecvError::Empty);
        assert!(is_over, "a client waits forever for {call} of {org}");
    }
}
