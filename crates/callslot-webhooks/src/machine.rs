//! What a webhook is sent next: in order within a key, side by side otherwise, again after a pause where it was not taken.
//!
//! The caller offers events in the order of the log, sends what [`Machine::take_next`] says, tells the outcome, and keeps what
//! [`Machine::to_save`] says. An event is under way until its end is kept, so a crash repeats at most what was under way. At any
//! time a bounded number of events is in memory, whatever is behind.
//!
//! Times are milliseconds of one clock, which may be set. Set forward, what waits comes early; set back, it comes after the pause that
//! it had, or after the longest pause of its attempt if the machine was made since.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Range;

use crate::retries::{longest_pause_ms, pause_ms};

/// That many failures in a row mean that the receiver is down, and not that it dislikes an event.
const DOWN_AFTER: u32 = 10;
/// Once it is back, what waits comes this far apart, in milliseconds.
const RECALL_EVERY_MS: u64 = 20;
/// With no success for that long, a delivery that is given up disables the webhook: 72 h.
const DISABLED_AFTER_MS: u64 = 72 * 3_600_000;
/// A clock that goes back by more was set back.
const SET_BACK_MS: u64 = 1_000;

/// How much may go on for one webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many deliveries may be under way.
    pub under_way: usize,
    /// The same while the receiver is down.
    pub under_way_down: usize,
    /// How many events may be in memory that are not kept as waiting.
    pub open: usize,
    /// How many deliveries may wait, kept.
    pub waiting: usize,
    /// How many events it may be ahead of its place.
    pub ahead: u64,
}

/// An event of the log that the webhook wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDelivery {
    /// Deliveries with one key go one after the other; none: it waits for no other.
    pub key: Option<u64>,
    /// Whether it offers a call that is to be claimed.
    pub is_dispatch: bool,
}

/// A delivery that waits, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The event's number.
    pub sequence: u64,
    /// See [`NewDelivery`].
    pub delivery: NewDelivery,
    /// How many attempts were made.
    pub attempts: u32,
    /// When it is tried.
    pub due_ms: u64,
}

/// A delivery to send now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The event's number.
    pub sequence: u64,
    /// Which attempt it is: 1, 2, 3, …
    pub attempt: u32,
    /// Whether it offers a call that is to be claimed.
    pub is_dispatch: bool,
    /// Whether its message is kept, and no longer in memory.
    pub is_kept: bool,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// It was not to be sent any more.
    Skipped,
    /// It was not taken.
    Failed,
    /// It was not sent yet; again after that many milliseconds. That is no attempt.
    Later(u64),
    /// The receiver wants no more events.
    Gone,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is over.
    Settled,
    /// It is tried again then.
    Again(u64),
    /// It is over, and was not taken.
    GivenUp,
    /// The webhook is to be disabled.
    Disable,
}

/// What is to be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// All events up to it are settled, or wait and are kept.
    pub place: u64,
    /// Further events of which the same holds, in order.
    pub beyond: Vec<Range<u64>>,
    /// Deliveries that were kept as waiting, and are settled.
    pub settled: Vec<u64>,
    /// Deliveries that wait from now on, or otherwise; and whether their message is not kept yet.
    pub waiting: Vec<(Waiting, bool)>,
}

#[derive(Debug)]
struct Entry {
    delivery: NewDelivery,
    attempts: u32,
    state: State,
    /// It is kept as waiting.
    is_kept: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    UnderWay,
    /// Its end is to be kept: settled, or due again.
    Ended(Option<u64>),
    Waiting(u64),
    /// It waits for one of the same key.
    Held,
}

/// What a webhook is sent next.
#[derive(Debug)]
pub struct Machine {
    limits: Limits,
    read_to: u64,
    /// Events after the place that are settled or kept, from before the start.
    done_before: Vec<Range<u64>>,
    entries: BTreeMap<u64, Entry>,
    /// The entries that are in memory alone: the lowest holds the place.
    open: BTreeSet<u64>,
    lines: HashMap<u64, VecDeque<u64>>,
    ready: VecDeque<u64>,
    due: BTreeSet<(u64, u64)>,
    under_way: usize,
    ended: Vec<u64>,
    /// Held ones that come behind one that is kept.
    to_keep: Vec<u64>,
    /// What is being kept: ends, and held ones.
    saving: Option<(Vec<u64>, Vec<u64>)>,
    saved_place: u64,
    failures_in_row: u32,
    last_success_ms: Option<u64>,
    /// The latest time that it was told since it was last woken.
    woken_ms: u64,
}

impl Machine {
    /// A machine that goes on from what was kept. `last_success_ms` is when an attempt was last taken, or the webhook was made.
    #[must_use]
    pub fn new(
        limits: Limits,
        (place, beyond): (u64, Vec<Range<u64>>),
        waiting: impl IntoIterator<Item = Waiting>,
        (failures_in_row, last_success_ms): (u32, Option<u64>),
    ) -> Self {
        let mut machine = Self {
            limits,
            read_to: place,
            done_before: beyond,
            entries: BTreeMap::new(),
            open: BTreeSet::new(),
            lines: HashMap::new(),
            ready: VecDeque::new(),
            due: BTreeSet::new(),
            under_way: 0,
            ended: Vec::new(),
            to_keep: Vec::new(),
            saving: None,
            saved_place: place,
            failures_in_row,
            last_success_ms,
            woken_ms: 0,
        };
        for Waiting { sequence, delivery, attempts, due_ms } in waiting {
            let is_first = machine.line_up(sequence, delivery.key);
            let state = if is_first { State::Waiting(due_ms) } else { State::Held };
            if is_first {
                machine.due.insert((due_ms, sequence));
            }
            let entry = Entry { delivery, attempts, state, is_kept: true };
            machine.entries.insert(sequence, entry);
        }
        machine
    }

    /// The last event that was offered.
    #[must_use]
    pub fn read_to(&self) -> u64 {
        self.read_to
    }

    /// How many failures there were since the last success.
    #[must_use]
    pub fn failures_in_row(&self) -> u32 {
        self.failures_in_row
    }

    /// How many deliveries are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    /// Whether an event is in memory alone, so that its message is needed.
    #[must_use]
    pub fn is_open(&self, sequence: u64) -> bool {
        self.entries.get(&sequence).is_some_and(|entry| !entry.is_kept)
    }

    /// How many deliveries wait or are under way.
    #[must_use]
    pub fn unsettled(&self) -> usize {
        self.entries.len()
    }

    /// How many deliveries are kept that wait for another attempt, or for one of the same key.
    #[must_use]
    pub fn waiting_kept(&self) -> usize {
        self.entries.len() - self.open.len()
    }

    /// The last event up to which all are settled or kept.
    #[must_use]
    pub fn place(&self) -> u64 {
        self.open.first().map_or(self.read_to, |first| first - 1)
    }

    /// Whether there is room for another event.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.open.len() < self.limits.open
            && self.waiting_kept() < self.limits.waiting
            && self.read_to - self.place() < self.limits.ahead
    }

    /// Takes the next event of the log; none: the webhook does not want it. Returns whether it is taken on, so that its message is
    /// needed.
    pub fn offer(&mut self, sequence: u64, delivery: Option<NewDelivery>) -> bool {
        self.read_to = self.read_to.max(sequence);
        let is_done = self.done_before.iter().any(|span| span.contains(&sequence));
        if self.done_before.last().is_some_and(|span| span.end <= sequence) {
            self.done_before.clear();
        }
        let Some(delivery) = delivery else { return false };
        if is_done || self.entries.contains_key(&sequence) {
            return false;
        }
        let is_first = self.line_up(sequence, delivery.key);
        let state = if is_first { State::Ready } else { State::Held };
        if is_first {
            self.ready.push_back(sequence);
        } else if self.front_is_kept(delivery.key) {
            self.to_keep.push(sequence);
        }
        self.open.insert(sequence);
        self.entries.insert(sequence, Entry { delivery, attempts: 0, state, is_kept: false });
        true
    }

    /// Passes over events that the log no longer has, up to this one. Returns how many.
    pub fn pass_over(&mut self, up_to: u64) -> u64 {
        let missed = up_to.saturating_sub(self.read_to);
        self.read_to = self.read_to.max(up_to);
        missed
    }

    /// Makes ready what is due. If the clock was set back, what waits is due after the same pause as before.
    pub fn wake(&mut self, now_ms: u64) {
        let back_ms = self.woken_ms.saturating_sub(now_ms);
        let is_first = self.woken_ms == 0;
        self.woken_ms = now_ms;
        if back_ms > SET_BACK_MS {
            self.bring_forward(back_ms);
        }
        // What was kept may be of a clock that was wrong then.
        if is_first || back_ms > SET_BACK_MS {
            self.bring_to_longest(now_ms);
        }
        while let Some((due_ms, sequence)) = self.due.first().copied() {
            if due_ms > now_ms {
                return;
            }
            self.due.pop_first();
            if let Some(entry) = self.entries.get_mut(&sequence) {
                entry.state = State::Ready;
                self.ready.push_back(sequence);
            }
        }
    }

    fn bring_forward(&mut self, back_ms: u64) {
        for (due_ms, sequence) in std::mem::take(&mut self.due) {
            self.wait(sequence, due_ms.saturating_sub(back_ms));
        }
        let saving = self.saving.iter().flat_map(|(ended, _)| ended);
        for sequence in self.ended.iter().chain(saving) {
            let entry = self.entries.get_mut(sequence).expect("it has just ended");
            if let State::Ended(Some(due_ms)) = &mut entry.state {
                *due_ms = due_ms.saturating_sub(back_ms);
            }
        }
    }

    /// Nothing waits for longer than the longest pause of its attempt.
    fn bring_to_longest(&mut self, now_ms: u64) {
        for (due_ms, sequence) in std::mem::take(&mut self.due) {
            let entry = &self.entries[&sequence];
            let latest = now_ms + longest_pause_ms(entry.attempts, entry.delivery.is_dispatch);
            let is_late = due_ms > latest + SET_BACK_MS;
            self.wait(sequence, if is_late { latest } else { due_ms });
        }
    }

    fn wait(&mut self, sequence: u64, due_ms: u64) {
        let entry = self.entries.get_mut(&sequence).expect("what waits has an entry");
        entry.state = State::Waiting(due_ms);
        self.due.insert((due_ms, sequence));
    }

    /// When [`Machine::wake`] has something to do next.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    /// The next delivery to send now, if there is room.
    pub fn take_next(&mut self) -> Option<Next> {
        let is_down = self.failures_in_row >= DOWN_AFTER;
        let room = if is_down { self.limits.under_way_down } else { self.limits.under_way };
        if self.under_way >= room {
            return None;
        }
        let sequence = self.ready.pop_front()?;
        let entry = self.entries.get_mut(&sequence).expect("what is ready has an entry");
        entry.state = State::UnderWay;
        self.under_way += 1;
        let (attempt, is_kept) = (entry.attempts + 1, entry.is_kept);
        Some(Next { sequence, attempt, is_dispatch: entry.delivery.is_dispatch, is_kept })
    }

    /// Takes the outcome of an attempt. `dice` is any number, for the jitter.
    pub fn finished(&mut self, sequence: u64, verdict: Verdict, now_ms: u64, dice: u64) -> Step {
        self.woken_ms = self.woken_ms.max(now_ms);
        let is_down = self.failures_in_row >= DOWN_AFTER;
        let entry = self.entries.get_mut(&sequence).expect("what is under way has an entry");
        let is_dispatch = entry.delivery.is_dispatch;
        let step = match verdict {
            Verdict::Taken | Verdict::Skipped => Step::Settled,
            Verdict::Later(ms) => Step::Again(now_ms + ms),
            Verdict::Gone => Step::Disable,
            Verdict::Failed => {
                entry.attempts += 1;
                self.failures_in_row = self.failures_in_row.saturating_add(1);
                let long_down =
                    self.last_success_ms.is_none_or(|at| at + DISABLED_AFTER_MS < now_ms);
                match pause_ms(entry.attempts, is_dispatch, dice) {
                    Some(pause) => Step::Again(now_ms + pause),
                    None if !is_dispatch && long_down => Step::Disable,
                    None => Step::GivenUp,
                }
            }
        };
        entry.state = State::Ended(match step {
            Step::Settled | Step::GivenUp => None,
            Step::Again(due_ms) => Some(due_ms),
            // It is the first to come if the webhook is enabled again.
            Step::Disable => Some(now_ms),
        });
        self.ended.push(sequence);
        if verdict == Verdict::Taken {
            self.failures_in_row = 0;
            self.last_success_ms = Some(now_ms);
            if is_down {
                self.recall(now_ms);
            }
        }
        step
    }

    /// What is to be kept now: what has ended and, if `with_place`, a place that has moved on by events that were not wanted. Nothing
    /// while something is being kept: it must be kept, however often that takes, and then [`Machine::saved`] called.
    pub fn to_save(&mut self, with_place: bool) -> Option<Saved> {
        if self.saving.is_some() {
            return None;
        }
        let has_moved = with_place && self.place() > self.saved_place;
        if self.ended.is_empty() && self.to_keep.is_empty() && !has_moved {
            return None;
        }
        let (ended, mut keeping) =
            (std::mem::take(&mut self.ended), std::mem::take(&mut self.to_keep));
        let mut saved = Saved::default();
        for &sequence in &ended {
            self.open.remove(&sequence);
            let entry = &self.entries[&sequence];
            match entry.state {
                State::Ended(Some(_)) => {
                    saved.waiting.push((self.waiting(sequence), !entry.is_kept));
                    keeping.extend(self.line_behind(sequence));
                }
                State::Ended(None) if entry.is_kept => saved.settled.push(sequence),
                State::Ended(None)
                | State::Ready
                | State::UnderWay
                | State::Waiting(_)
                | State::Held => {}
            }
        }
        keeping.sort_unstable();
        keeping.dedup();
        // One may have come to the front meanwhile.
        keeping.retain(|sequence| {
            let entry = self.entries.get(sequence);
            entry.is_some_and(|entry| entry.state == State::Held && !entry.is_kept)
        });
        for &sequence in &keeping {
            self.open.remove(&sequence);
            saved.waiting.push((self.waiting(sequence), true));
        }
        saved.place = self.place();
        saved.beyond = self.beyond(saved.place);
        self.saved_place = saved.place;
        self.saving = Some((ended, keeping));
        Some(saved)
    }

    /// What [`Machine::to_save`] said is kept.
    pub fn saved(&mut self) {
        let Some((ended, kept)) = self.saving.take() else { return };
        for sequence in kept {
            self.entries.get_mut(&sequence).expect("it was held").is_kept = true;
        }
        for sequence in ended {
            self.under_way -= 1;
            let entry = self.entries.get_mut(&sequence).expect("it has just ended");
            if let State::Ended(Some(due_ms)) = entry.state {
                entry.state = State::Waiting(due_ms);
                entry.is_kept = true;
                self.due.insert((due_ms, sequence));
            } else {
                let key = entry.delivery.key;
                self.entries.remove(&sequence);
                self.advance(key);
            }
        }
    }

    /// What waits comes soon, as the receiver is back.
    fn recall(&mut self, now_ms: u64) {
        let waiting = std::mem::take(&mut self.due);
        for ((due_ms, sequence), place) in waiting.into_iter().zip(0..) {
            let entry = self.entries.get_mut(&sequence).expect("what waits has an entry");
            let soon = now_ms + place * RECALL_EVERY_MS;
            let due_ms = if entry.delivery.is_dispatch { due_ms } else { due_ms.min(soon) };
            entry.state = State::Waiting(due_ms);
            self.due.insert((due_ms, sequence));
        }
    }

    fn line_up(&mut self, sequence: u64, key: Option<u64>) -> bool {
        let Some(key) = key else { return true };
        let line = self.lines.entry(key).or_default();
        line.push_back(sequence);
        line.len() == 1
    }

    fn front_is_kept(&self, key: Option<u64>) -> bool {
        let front = key.and_then(|key| self.lines.get(&key)?.front());
        front.is_some_and(|front| {
            let entry = &self.entries[front];
            entry.is_kept || matches!(entry.state, State::Ended(Some(_)))
        })
    }

    fn line_behind(&self, sequence: u64) -> impl Iterator<Item = u64> + '_ {
        let key = self.entries[&sequence].delivery.key;
        let line = key.and_then(|key| self.lines.get(&key));
        line.into_iter().flatten().skip(1).copied()
    }

    /// The first of a line has gone: the next one comes.
    fn advance(&mut self, key: Option<u64>) {
        let Some(key) = key else { return };
        let Some(line) = self.lines.get_mut(&key) else { return };
        line.pop_front();
        let Some(&next) = line.front() else {
            self.lines.remove(&key);
            return;
        };
        let entry = self.entries.get_mut(&next).expect("what is in a line has an entry");
        entry.state = State::Ready;
        self.ready.push_back(next);
    }

    fn waiting(&self, sequence: u64) -> Waiting {
        let entry = &self.entries[&sequence];
        let due_ms = if let State::Ended(Some(due_ms)) = entry.state { due_ms } else { 0 };
        Waiting { sequence, delivery: entry.delivery, attempts: entry.attempts, due_ms }
    }

    /// The gaps between what is open, after the place; and what was done from before the start and was not read again yet.
    fn beyond(&self, place: u64) -> Vec<Range<u64>> {
        let mut spans = Vec::new();
        let mut from = place + 1;
        for &open in &self.open {
            if open > from {
                spans.push(from..open);
            }
            from = open + 1;
        }
        if from <= self.read_to {
            spans.push(from..self.read_to + 1);
        }
        let unread = self.done_before.iter().filter(|span| span.end > self.read_to + 1);
        spans.extend(unread.map(|span| span.start.max(self.read_to + 1)..span.end));
        spans
    }
}

#[cfg(test)]
#[path = "machine/tests.rs"]
mod tests;
