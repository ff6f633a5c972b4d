//! When what runs out: the leases of an organisation and the waits, claims and durations of its calls, earliest first.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::calls::CallIndex;
use crate::id::Ticket;
use crate::leases::LeaseIndex;
use crate::time::Tick;

/// What runs out. At one tick leases come before calls, each in the order in which they came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    Lease { number: u64, lease: LeaseIndex },
    Call { ticket: Ticket, call: CallIndex },
}

#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    by_tick: BTreeSet<(Tick, Due)>,
}

impl Deadlines {
    pub(crate) fn first(&self) -> Option<Tick> {
        self.by_tick.first().map(|&(tick, _)| tick)
    }

    pub(crate) fn set(&mut self, tick: Tick, due: Due) {
        self.by_tick.insert((tick, due));
    }

    pub(crate) fn clear(&mut self, tick: Tick, due: Due) {
        self.by_tick.remove(&(tick, due));
    }

    pub(crate) fn holds(&self, tick: Tick, due: Due) -> bool {
        self.by_tick.contains(&(tick, due))
    }

    /// What is due at `tick`, in order, up to `most` of it.
    pub(crate) fn due(&self, tick: Tick, most: usize) -> Vec<(Tick, Due)> {
        self.by_tick.iter().take_while(|(due, _)| *due <= tick).take(most).copied().collect()
    }
}
