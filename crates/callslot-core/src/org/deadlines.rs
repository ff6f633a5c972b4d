//! The deadlines of an organisation's leases and of its calls' waits, claims and durations, earliest first.
//!
//! Deadlines set for the same span pass in the order in which they were set, so nearly all of one kind form a queue. Setting
//! one and clearing the first take constant time, clearing another O(log n) on average; cleared ones are removed once they
//! outnumber the rest. Those set out of order are in a tree.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

use crate::id::Ticket;
use crate::org::index::{CallIndex, LeaseIndex};
use crate::time::Tick;

/// Cleared deadlines are given up once they outnumber the others by this many.
const SPARE_DEADLINES: usize = 1024;

/// Something with a deadline. At one tick leases come before calls, each in the order in which they came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Lease {
        number: u64,
        lease: LeaseIndex,
    },
    /// A queued call's wait.
    Wait {
        ticket: Ticket,
        call: CallIndex,
    },
    /// An active call's claim or duration.
    Activity {
        ticket: Ticket,
        call: CallIndex,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    leases: Agenda<LeaseIndex>,
    waits: Agenda<CallIndex>,
    activities: Agenda<CallIndex>,
    /// The earliest, which is read far more often than it changes.
    first: Option<Tick>,
}

impl Deadlines {
    pub(crate) fn first(&self) -> Option<Tick> {
        self.first
    }

    pub(crate) fn set(&mut self, tick: Tick, due: Due) {
        match due {
            Due::Lease { number, lease } => self.leases.set((tick, number), lease),
            Due::Wait { ticket, call } => self.waits.set((tick, ticket.0), call),
            Due::Activity { ticket, call } => self.activities.set((tick, ticket.0), call),
        }
        self.first = Some(self.first.map_or(tick, |first| first.min(tick)));
    }

    pub(crate) fn clear(&mut self, tick: Tick, due: Due) {
        match due {
            Due::Lease { number, .. } => self.leases.clear((tick, number)),
            Due::Wait { ticket, .. } => self.waits.clear((tick, ticket.0)),
            Due::Activity { ticket, .. } => self.activities.clear((tick, ticket.0)),
        }
        if self.first == Some(tick) {
            let firsts = [self.leases.first(), self.waits.first(), self.activities.first()];
            self.first = firsts.into_iter().flatten().min();
        }
    }

    pub(crate) fn holds(&self, tick: Tick, due: Due) -> bool {
        match due {
            Due::Lease { number, .. } => self.leases.holds((tick, number)),
            Due::Wait { ticket, .. } => self.waits.holds((tick, ticket.0)),
            Due::Activity { ticket, .. } => self.activities.holds((tick, ticket.0)),
        }
    }

    /// Up to `most` of the deadlines that have passed at `tick`, in order.
    pub(crate) fn due(&self, tick: Tick, most: usize) -> Vec<(Tick, Due)> {
        let leases = self.leases.due(tick, most);
        let mut due: Vec<_> =
            leases
                .map(|((tick, number), lease)| (tick, Due::Lease { number, lease }))
                .chain(self.waits.due(tick, most).map(|((tick, number), call)| {
                    (tick, Due::Wait { ticket: Ticket(number), call })
                }))
                .chain(self.activities.due(tick, most).map(|((tick, number), call)| {
                    (tick, Due::Activity { ticket: Ticket(number), call })
                }))
                .collect();
        due.sort_unstable_by_key(|&(tick, due)| match due {
            Due::Lease { number, .. } => (tick, 0, number),
            Due::Wait { ticket, .. } | Due::Activity { ticket, .. } => (tick, 1, ticket.0),
        });
        due.truncate(most);
        due
    }
}

/// The tick of a deadline, and its number among its kind.
type Moment = (Tick, u64);

/// Deadlines of one kind.
#[derive(Debug)]
struct Agenda<T> {
    /// Those that were set in order. One cleared in the middle stays until there are many.
    in_order: VecDeque<(Moment, Option<T>)>,
    /// How many of them are cleared.
    cleared: usize,
    others: BTreeMap<Moment, T>,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { in_order: VecDeque::new(), cleared: 0, others: BTreeMap::new() }
    }
}

impl<T: Copy> Agenda<T> {
    fn first(&self) -> Option<Tick> {
        let in_order = self.in_order.front().map(|&((tick, _), _)| tick);
        let other = self.others.first_key_value().map(|(&(tick, _), _)| tick);
        [in_order, other].into_iter().flatten().min()
    }

    fn set(&mut self, moment: Moment, what: T) {
        if self.in_order.back().is_none_or(|&(last, _)| last < moment) {
            self.in_order.push_back((moment, Some(what)));
        } else {
            self.others.insert(moment, what);
        }
    }

    fn clear(&mut self, moment: Moment) {
        let Some(place) = self.place_in_order(moment) else {
            self.others.remove(&moment);
            return;
        };
        self.in_order[place].1 = None;
        self.cleared += 1;
        // Neither the first nor the last is a cleared one: the first says what comes next, and new ones go behind the last.
        while self.in_order.pop_front_if(|(_, what)| what.is_none()).is_some() {
            self.cleared -= 1;
        }
        while self.in_order.pop_back_if(|(_, what)| what.is_none()).is_some() {
            self.cleared -= 1;
        }
        if self.cleared > self.in_order.len() / 2 + SPARE_DEADLINES {
            self.in_order.retain(|(_, what)| what.is_some());
            self.cleared = 0;
        }
    }

    fn holds(&self, moment: Moment) -> bool {
        self.place_in_order(moment).is_some() || self.others.contains_key(&moment)
    }

    /// The deadlines that have passed at `tick`, up to `most` of those in order and of the others.
    fn due(&self, tick: Tick, most: usize) -> impl Iterator<Item = (Moment, T)> {
        let in_order = self.in_order.iter().filter_map(|&(moment, what)| Some((moment, what?)));
        let others = self.others.iter().map(|(&moment, &what)| (moment, what));
        let is_due = move |&((due, _), _): &(Moment, T)| due <= tick;
        in_order.take_while(is_due).take(most).chain(others.take_while(is_due).take(most))
    }

    fn place_in_order(&self, moment: Moment) -> Option<usize> {
        let place = match self.in_order.front() {
            Some(&(first, _)) if first == moment => 0,
            _ => self.in_order.binary_search_by_key(&moment, |&(moment, _)| moment).ok()?,
        };
        self.in_order[place].1.is_some().then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn deadlines_set_and_cleared_in_any_order_come_due_in_theirs() {
        let mut deadlines = Deadlines::default();
        let mut expected = BTreeSet::new();
        let mut random = 1_u64;
        for number in 1..=30_000 {
            // The multiplier is Knuth's for a 64-bit linear congruential generator (MMIX).
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let tick = Tick(number / 10 + if random >> 61 == 0 { 50 } else { 100 });
            let (ticket, call) = (Ticket(number), CallIndex::numbered(Ticket(number)));
            deadlines.set(tick, Due::Activity { ticket, call });
            expected.insert((tick, number));
            if expected.len() > 3_000 {
                let from = (Tick(number / 10), random >> 40);
                let chosen = match number % 5 {
                    0 => expected.first(),
                    _ => expected.range(from..).nth(20).or(expected.last()),
                };
                let &(tick, number) = chosen.expect("many are left");
                let (ticket, call) = (Ticket(number), CallIndex::numbered(Ticket(number)));
                assert!(deadlines.holds(tick, Due::Activity { ticket, call }));
                deadlines.clear(tick, Due::Activity { ticket, call });
                assert!(!deadlines.holds(tick, Due::Activity { ticket, call }));
                expected.remove(&(tick, number));
            }
            assert_eq!(deadlines.first(), expected.first().map(|&(tick, _)| tick));
            if number % 1_000 == 0 {
                let by = Tick(number / 10 + 60);
                let wanted: Vec<_> = expected.range(..=(by, u64::MAX)).take(700).collect();
                let due = deadlines.due(by, 700);
                assert_eq!(due.len(), wanted.len());
                for ((tick, due), &&(wanted_tick, number)) in due.iter().zip(&wanted) {
                    let (ticket, call) = (Ticket(number), CallIndex::numbered(Ticket(number)));
                    assert_eq!((*tick, *due), (wanted_tick, Due::Activity { ticket, call }));
                }
            }
        }
        let kept = &deadlines.activities;
        assert!(kept.in_order.len() < 2 * 3_000 + 2 * SPARE_DEADLINES, "cleared ones are given up");
        assert!(kept.others.len() < kept.in_order.len(), "most are set in order");
    }

    #[test]
    fn cleared_deadlines_are_given_up_once_there_are_many() {
        let mut agenda = Agenda::default();
        for number in 0..5_000 {
            agenda.set((Tick(0), number), ());
        }
        let most = 5_000 / 2 + SPARE_DEADLINES as u64;
        for number in 1..=most {
            agenda.clear((Tick(0), number));
        }
        assert_eq!(agenda.in_order.len(), 5_000);
        agenda.clear((Tick(0), most + 1));
        assert_eq!(agenda.in_order.len() as u64, 5_000 - (most + 1));
        agenda.clear((Tick(0), 0));
        agenda.clear((Tick(0), 4_999));
        assert_eq!(agenda.cleared, 0, "one at an end is not kept");
        assert_eq!(agenda.in_order.len() as u64, 5_000 - (most + 1) - 2);
    }
}
