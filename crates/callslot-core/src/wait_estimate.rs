//! What estimates of waits are made from: how long slots are held, and how the queue ahead of a call shrinks.
//!
//! Only the monotonic clock counts, and all of it is integers, so that a replay comes to the same numbers. The estimate itself is
//! in `org/wait.rs`.

use crate::call::PerType;
use crate::id::Ticket;
use crate::time::Tick;

/// Once this many slots have come free, the past loses half of its weight.
pub(crate) const FREED_KEPT: u64 = 256;
/// Once this many slots were given, the past loses half of its weight.
const GIVEN_KEPT: u32 = 64;
/// The weight of the assumption that a slot that is given shortens the line by one call.
const PLAIN_WEIGHT: u32 = 4;
/// Of calls that a line goes past at once, this many count.
const PASSED_COUNTED: u64 = 8;

/// How long slots are held: the time that was spent in them over how often one came free.
///
/// That is the mean of the time for which a slot is held whatever its spread is; calls that go on count with what they
/// have lasted (the estimator of a rate from censored durations: Epstein and Sobel 1953, "Life testing").
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct HeldSlots {
    /// Slots in use × milliseconds, up to `until`.
    pub slot_ms: u64,
    /// How many came free in that time.
    pub freed: u64,
    /// Up to when the time is counted.
    pub until: Tick,
}

impl HeldSlots {
    /// Time has passed, in which `in_use` slots were in use.
    pub(crate) fn pass(&mut self, tick: Tick, in_use: u64) {
        self.slot_ms += in_use * tick.ms_after(self.until);
        self.until = tick;
    }

    /// One of them comes free.
    pub(crate) fn free(&mut self) {
        self.freed += 1;
    }

    /// The past loses half of its weight.
    pub(crate) fn halve(&mut self) {
        self.slot_ms /= 2;
        self.freed /= 2;
    }

    /// For how long one is held, in milliseconds; none before one came free.
    pub(crate) fn mean_ms(self) -> Option<u64> {
        self.slot_ms.checked_div(self.freed)
    }

    /// What remains without some of them.
    pub(crate) fn without(self, some: Self) -> Self {
        Self {
            slot_ms: self.slot_ms.saturating_sub(some.slot_ms),
            freed: self.freed.saturating_sub(some.freed),
            until: self.until,
        }
    }

    /// With the time up to `tick`, in which `in_use` slots have been in use.
    pub(crate) fn counted_to(mut self, tick: Tick, in_use: u64) -> Self {
        self.pass(tick, in_use);
        self
    }
}

/// The line for a set's shared slots: how far it has come, and by how many calls it gets shorter for each slot that is given.
///
/// That is more than one where calls leave for reserved slots or hang up, or where a cap holds calls that others go past; and
/// less where slots are given to calls that had been passed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The highest ticket that was given a shared slot. Calls below it that still wait were passed: something else holds them.
    pub reached: Ticket,
    /// How many calls were passed and still wait.
    pub passed: u64,
    /// The newest ticket when the line was last looked at as a whole. What leaves from behind it says nothing about calls in
    /// front.
    pub marked: Ticket,
    /// How many calls have left the line in front of the mark.
    pub left: u32,
    /// How many shared slots were given in that time.
    pub given: u32,
}

impl Line {
    /// A call is queued.
    pub(crate) fn join(&mut self, ticket: Ticket) {
        self.passed += u64::from(ticket <= self.reached);
    }

    /// The queued call with this ticket leaves. `given_at` is its place in the queue if it is given a shared slot, `newest` the
    /// last ticket that was given.
    pub(crate) fn leave(&mut self, ticket: Ticket, given_at: Option<u64>, newest: Ticket) {
        if self.reached >= self.marked {
            self.marked = newest;
        }
        if given_at.is_some() {
            self.give();
        }
        if ticket <= self.reached {
            self.passed -= 1;
        } else if let Some(place) = given_at {
            let passed_now = place - 1 - self.passed;
            self.left += 1 + u32::try_from(passed_now.min(PASSED_COUNTED)).unwrap_or(0);
            self.passed += passed_now;
            self.reached = ticket;
        } else if ticket <= self.marked {
            self.left += 1;
        }
    }

    fn give(&mut self) {
        if self.given >= GIVEN_KEPT {
            self.given /= 2;
            self.left /= 2;
        }
        self.given += 1;
    }

    /// The place in the line of the call at this place of the queue.
    pub(crate) fn place(&self, in_queue: u64) -> u64 {
        in_queue.saturating_sub(self.passed).max(1)
    }

    /// How many slots must be given until the call at this place in the line has one.
    pub(crate) fn slots_until(&self, in_line: u64) -> u64 {
        let given = u64::from(self.given + PLAIN_WEIGHT);
        (in_line * given).div_ceil(u64::from(self.left + PLAIN_WEIGHT))
    }
}

/// What an organisation's estimates are made from, but for what is told of each agent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct WaitFigures {
    /// All slots.
    pub slots: HeldSlots,
    /// Of the pool.
    pub pool: SetFigures,
    /// Of each type.
    pub types: PerType<SetFigures>,
}

/// The shared slots of a set of classes, and the line for them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SetFigures {
    /// Its shared slots.
    pub shared: HeldSlots,
    /// The line for them.
    pub line: Line,
}

/// What is told of a class.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ClassFigures {
    /// All its slots.
    pub slots: HeldSlots,
    /// Those of them that are shared.
    pub shared: HeldSlots,
}

impl ClassFigures {
    /// Whether there is anything to remember.
    pub(crate) fn is_told(&self) -> bool {
        self.slots.slot_ms > 0 || self.slots.freed > 0
    }
}
