//! A shard of a node in a world without threads, clocks and disks: the real core, the node's own logic and the stored form, on a store
//! that fails when it is told to, and the judge of all that the node does.
//!
//! What clients ask is in `node/asking.rs`, what happens to a record in `node/commit.rs`. Start reading at
//! [`Node::take_orders`].

mod aging_check;
mod asking;
mod commit;
mod crash;
mod faulty_store;
mod follower_check;
mod history_check;
mod orders;
mod replay_check;
mod served_leases;
mod time_check;
mod turns_check;
mod upkeep;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{Command, Now, OrgId, Sequence, Shard, Timestamp};
use callslot_node::{
    Commit, CountedClock, FairQueue, Order, Outcome, Passage, Recovered, Retention, Room,
    SeenClock, SeenStart, Sequencer, Share, ToCommit, instant_now, recover,
};
use callslot_store::testing::DelegatingStore;
use callslot_store::{MemoryStore, Position};
use tokio::time::Instant;

use crate::judge::{Judge, Taken, Told};
use crate::limits::BOUNDS;
use crate::report::{Happened, Reached, Situation};
use crate::world::node::aging_check::Ages;
use crate::world::node::faulty_store::Faults;
use crate::world::node::orders::{Asked, Group, Waiting, nobody_waits};
use crate::world::node::turns_check::Turns;

pub use crate::world::node::faulty_store::Fate;
pub(crate) use crate::world::node::faulty_store::SimStore;
pub use crate::world::node::orders::Ask;
pub(crate) use crate::world::node::orders::Pending;
pub(crate) use crate::world::node::served_leases::{ServedLeases, engines_org};

/// How much may wait in front of the node: so little that it is often full.
const ROOM: Room = Room { per_org: 16, in_all: 20, always: 3, per_turn: 3 };
/// What the clock for people shows when a world begins: 14 November 2023.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);
/// For how long records are kept: so short that worlds outlive them.
const RETENTION: Retention = Retention { ms: [100_000; 4], part_ms: 10_000 };

/// A shard of a node, its store, those who wait for it, and the judge.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) store: Arc<SimStore>,
    pub(crate) at: Instant,
    wall: Timestamp,
    sequencer: Sequencer,
    seen_clock: SeenClock,
    ages: Ages,
    /// Whether the next start is told that the clock is right.
    confirms_clock: bool,
    commit: Option<Commit>,
    outcomes: VecDeque<Outcome>,
    /// What waits in front of the node.
    channel: FairQueue<(Share, Order, Asked)>,
    turns: Turns,
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
    /// By how many milliseconds the times that are shown were corrected since the node's time changed last.
    corrected_ms: i64,
    /// Whether they ever went back.
    went_back: bool,
    /// Follows the log record by record, where the seed has one.
    replica: Option<Shard>,
    /// The last durable record at the last crash.
    crashed_at: Position,
    pub(crate) leases: ServedLeases,
    pub(crate) judge: Judge,
    happened: Happened,
    pub(crate) reached: Reached,
}

/// The node's time when it last changed, kept apart from the node.
#[derive(Debug)]
struct Kept {
    at: Instant,
    now: Now,
    /// Whether time counts that goes by from then on.
    counts: bool,
}

/// The time that a process has seen goes on from what the store has.
fn start_of_seen_time(
    store: &SimStore,
    last: Timestamp,
    (moment, wall): (Instant, Timestamp),
    is_confirmed: bool,
) -> SeenClock {
    let kept = store.kept_time();
    SeenClock::start(SeenStart { kept, last, moment, wall, is_confirmed }, RETENTION)
}

/// A sequencer whose bounds are reached with few calls.
fn small_sequencer(recovered: Recovered, clock: CountedClock, at: Instant) -> Sequencer {
    Sequencer::new(recovered, clock, at).with_bounds(BOUNDS)
}

impl Node {
    /// A new shard of a node on an empty store, which is seen from it.
    pub(crate) fn new(store: MemoryStore, judge: Judge) -> Self {
        let store = Arc::new(DelegatingStore(Faults::of(store)));
        // Any moment will do: only the time since then counts.
        let at = instant_now();
        let recovered = recover(&*store).expect("an empty store can be read");
        let clock = CountedClock::after(recovered.last, at, BEGINNING);
        let sequencer = small_sequencer(recovered, clock, at);
        let mut node = Self {
            seen_clock: start_of_seen_time(&store, Timestamp(0), (at, BEGINNING), false),
            ages: Ages::new(RETENTION.ms[0], at),
            confirms_clock: false,
            kept: Kept { at, now: sequencer.clock().now(), counts: true },
            store,
            at,
            wall: BEGINNING,
            sequencer,
            commit: None,
            outcomes: VecDeque::new(),
            channel: FairQueue::new(ROOM),
            turns: Turns::new(ROOM),
            deciding: Group::default(),
            committing: None,
            in_doubt: Vec::new(),
            waiting: Vec::new(),
            followed: Vec::new(),
            corrected_ms: 0,
            went_back: false,
            replica: None,
            crashed_at: Position(0),
            leases: ServedLeases::default(),
            judge,
            happened: Happened::default(),
            reached: Reached::default(),
        };
        node.ages.note_time(node.now(), at);
        node
    }

    /// Whether somebody has asked for something.
    pub(crate) fn has_begun(&self) -> bool {
        self.is_busy() || self.judge.end() > Position(0) || self.happened.crashes > 0
    }

    /// From here on the log is also replayed record by record, and each prefix compared: slow.
    pub(crate) fn replicate(&mut self) {
        self.replica = Some(Shard::new());
    }

    /// Takes, commits and hears until there is nothing to do.
    pub(crate) fn settle(&mut self) {
        while self.is_busy() {
            self.take_orders(usize::MAX);
            self.step_commit(Fate::Fair);
            self.hear();
        }
    }

    /// Whether orders wait or a record is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.channel.is_empty()
            || self.commit.is_some()
            || !self.outcomes.is_empty()
            || self.sequencer.has_steps_left()
    }

    /// Whether the disk has something to do.
    pub(crate) fn is_committing(&self) -> bool {
        self.commit.is_some()
    }

    /// Whether a commit has an outcome that the node has not heard of.
    pub(crate) fn has_news(&self) -> bool {
        !self.outcomes.is_empty()
    }

    /// How many commands wait.
    pub(crate) fn waiting_commands(&self) -> usize {
        self.channel.commands()
    }

    /// The commands that were taken and are not durable yet, in order.
    pub(crate) fn on_the_way(&self) -> impl Iterator<Item = &Command> {
        self.taken().filter_map(|taken| match taken {
            Taken::Command(command, _) => Some(command),
            Taken::Batch(..) | Taken::Look(_) | Taken::Passage(_) => None,
        })
    }

    /// How much happened so far.
    pub(crate) fn happened(&self) -> Happened {
        let (judged, records) = (self.judge.judged(), self.judge.end().0);
        Happened { judged, records, reached: self.reached, ..self.happened }
    }

    /// Takes up to this many of the orders that wait, and lets time pass.
    pub(crate) fn take_orders(&mut self, most: usize) {
        for _ in 0..most {
            if !self.sequencer.has_room() {
                break;
            }
            let Some((share, order, asked)) = self.channel.pop() else { break };
            self.turns.judge_turn(&share);
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
            Asked::Now(Taken::Passage(_)) => false,
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

    /// The node looks at the clock, unless a record is on its way.
    pub(crate) fn look_if_idle(&mut self) {
        if !self.sequencer.is_committing() {
            self.look();
        }
    }

    /// The node looks at the clock.
    fn look(&mut self) {
        self.look_at_seen_time();
        let deadline = self.judge.model().next_deadline();
        let passage = self.sequencer.let_time_pass(self.at, !self.channel.is_empty());
        self.keep_time();
        if passage == Some(Passage::Expiry) {
            self.judge_expiry(deadline);
        }
        if let Some(passage) = passage {
            self.deciding.taken.push(Taken::Passage(passage));
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
                self.ages.note_record(after.next(), record.now);
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

    /// This many milliseconds go by, in which the node does nothing.
    pub(crate) fn advance(&mut self, ms: u64) {
        self.at += Duration::from_millis(ms);
        self.wall = Timestamp(self.wall.0 + ms);
        self.ages.pass(ms, self.at);
    }

    /// The system's clock is set to another time, this many milliseconds away.
    pub(crate) fn set_clock(&mut self, ms: i64) {
        self.wall = Timestamp(self.wall.0.saturating_add_signed(ms));
    }

    /// The node's time at its last look.
    pub(crate) fn now(&self) -> Now {
        self.sequencer.clock().now()
    }

    /// Notes in which state a node took something.
    fn note_taken(&mut self, taken: &Taken, is_refused: bool) {
        let is_command = matches!(taken, Taken::Command(..) | Taken::Batch(..));
        let is_writable = self.sequencer.is_writable();
        let reached = &mut self.reached;
        reached.note_if(Situation::RefusedWhileNotWritable, is_command && is_refused);
        let is_shown = matches!(taken, Taken::Look(_)) && !is_refused && !is_writable;
        reached.note_if(Situation::ShownWhileNotWritable, is_shown);
        let is_on_top = is_command && is_writable && self.sequencer.is_committing();
        reached.note_if(Situation::DecidedOnTop, is_on_top);
    }
}
