//! All queued calls of an organisation in ticket order, with each one's position.
//!
//! Every call that queues takes a new seat behind the others; a bit per seat says whether it is taken, and a Fenwick
//! tree (Fenwick 1994, "A new data structure for cumulative frequency tables") counts taken seats, so that joining,
//! leaving and a position cost O(log queue). Calls that come back with an earlier ticket than the last seat's are
//! in a small map of their own.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Bound;

use crate::id::Ticket;
use crate::org::index::{CallIndex, Seat};

const SEATS_PER_WORD: usize = 64;
/// Empty seats are given up once they outnumber the taken ones by this many.
const SPARE_SEATS: usize = 1024;

#[derive(Debug, Default)]
pub(crate) struct QueuePositions {
    /// The call that took each seat, in ticket order; an empty seat stays until seats are renumbered.
    seats: Vec<(Ticket, CallIndex)>,
    /// A bit per seat: taken.
    taken: Vec<u64>,
    /// Fenwick tree over the number of bits in each word of `taken`.
    counts: Vec<u32>,
    came_back: BTreeMap<Ticket, CallIndex>,
    len: usize,
}

impl QueuePositions {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Adds a call and returns its seat. `renumbered` is called for every other call whose seat changed.
    pub(crate) fn join(
        &mut self,
        ticket: Ticket,
        call: CallIndex,
        renumbered: impl FnMut(CallIndex, Seat),
    ) -> Seat {
        self.len += 1;
        if self.seats.last().is_some_and(|&(last, _)| ticket < last) {
            self.came_back.insert(ticket, call);
            return Seat::CameBack;
        }
        if self.seats.len() > 2 * self.len + SPARE_SEATS {
            self.renumber(renumbered);
        }
        self.push(ticket, call)
    }

    /// Takes a call out.
    pub(crate) fn leave(&mut self, ticket: Ticket, seat: Seat) {
        self.len -= 1;
        match seat {
            Seat::Numbered(seat) => {
                let (word, bit) = word_and_bit(seat as usize);
                self.taken[word] &= !bit;
                self.each_count_over(word, |count| *count -= 1);
            }
            Seat::CameBack => {
                self.came_back.remove(&ticket);
            }
        }
    }

    /// The position of a call: 1 for the lowest ticket.
    pub(crate) fn position(&self, ticket: Ticket, seat: Seat) -> u64 {
        let ahead_back = self.came_back.range(..ticket).count();
        let ahead_seated = match seat {
            Seat::Numbered(seat) => self.taken_before(seat as usize),
            Seat::CameBack => self.taken_before(self.first_seat_from(ticket)),
        };
        (ahead_back + ahead_seated) as u64 + 1
    }

    /// The calls with a ticket above `after`, in ticket order.
    pub(crate) fn after(&self, after: Ticket) -> impl Iterator<Item = (Ticket, CallIndex)> + '_ {
        // A cursor may say any number, also the last one.
        let above = (Bound::Excluded(after), Bound::Unbounded);
        let mut back = self.came_back.range(above).map(|(&t, &c)| (t, c)).peekable();
        let first_seat = self.seats.partition_point(|&(seated, _)| seated <= after);
        let mut seated = self.seated_from(first_seat).peekable();
        core::iter::from_fn(move || match (back.peek(), seated.peek()) {
            (Some(&(returned, _)), Some(&(waiting, _))) if returned < waiting => back.next(),
            (Some(_), None) => back.next(),
            (_, Some(_)) => seated.next(),
            (None, None) => None,
        })
    }

    fn push(&mut self, ticket: Ticket, call: CallIndex) -> Seat {
        let seat = self.seats.len();
        let (word, bit) = word_and_bit(seat);
        self.seats.push((ticket, call));
        if word == self.taken.len() {
            self.taken.push(0);
            self.push_count();
        }
        self.taken[word] |= bit;
        self.each_count_over(word, |count| *count += 1);
        Seat::Numbered(u32::try_from(seat).expect("a queue has fewer than 2^32 seats"))
    }

    /// Gives the waiting calls the first seats, in order.
    fn renumber(&mut self, mut renumbered: impl FnMut(CallIndex, Seat)) {
        let waiting: Vec<_> = self.seated_from(0).collect();
        self.seats.clear();
        self.taken.clear();
        self.counts.clear();
        for (ticket, call) in waiting {
            let seat = self.push(ticket, call);
            renumbered(call, seat);
        }
    }

    fn seated_from(&self, first: usize) -> impl Iterator<Item = (Ticket, CallIndex)> + '_ {
        let (first_word, first_bit) = word_and_bit(first);
        self.taken
            .iter()
            .enumerate()
            .skip(first_word)
            .flat_map(move |(word, &bits)| {
                let from_first = if word == first_word { bits & !(first_bit - 1) } else { bits };
                core::iter::successors(Some(from_first), |rest| Some(rest & rest.wrapping_sub(1)))
                    .take_while(|&rest| rest != 0)
                    .map(move |rest| word * SEATS_PER_WORD + rest.trailing_zeros() as usize)
            })
            .map(|seat| self.seats[seat])
    }

    fn first_seat_from(&self, ticket: Ticket) -> usize {
        self.seats.partition_point(|&(seated, _)| seated < ticket)
    }

    fn taken_before(&self, seat: usize) -> usize {
        let (word, bit) = word_and_bit(seat);
        let mut before =
            self.taken.get(word).map_or(0, |bits| (bits & (bit - 1)).count_ones() as usize);
        let mut node = word.min(self.counts.len());
        while node > 0 {
            before += self.counts[node - 1] as usize;
            node &= node - 1;
        }
        before
    }

    /// Visits the nodes of the tree that count `word`. Node `n` (from 1) is kept at `n - 1`.
    fn each_count_over(&mut self, word: usize, mut visit: impl FnMut(&mut u32)) {
        let mut node = word + 1;
        while node <= self.counts.len() {
            visit(&mut self.counts[node - 1]);
            node += lowest_bit(node);
        }
    }

    /// Adds a node for a new, empty word: the sum of the nodes below it.
    fn push_count(&mut self) {
        let node = self.counts.len() + 1;
        let first = node - lowest_bit(node);
        let mut sum = 0;
        let mut below = node - 1;
        while below > first {
            sum += self.counts[below - 1];
            below &= below - 1;
        }
        self.counts.push(sum);
    }
}

fn word_and_bit(seat: usize) -> (usize, u64) {
    (seat / SEATS_PER_WORD, 1 << (seat % SEATS_PER_WORD))
}

fn lowest_bit(node: usize) -> usize {
    node & node.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue kept the slow way: every call's ticket, place and seat, in ticket order.
    #[derive(Default)]
    struct Checked {
        positions: QueuePositions,
        waiting: Vec<(Ticket, CallIndex, Seat)>,
    }

    impl Checked {
        fn join(&mut self, ticket: u64) {
            let ticket = Ticket(ticket);
            let call = CallIndex::numbered(ticket);
            let waiting = &mut self.waiting;
            let seat = self.positions.join(ticket, call, |moved, seat| {
                let place = waiting.iter().position(|&(_, call, _)| call == moved);
                waiting[place.expect("only waiting calls move")].2 = seat;
            });
            let place = waiting.partition_point(|&(other, ..)| other < ticket);
            waiting.insert(place, (ticket, call, seat));
        }

        fn leave(&mut self, place: usize) -> u64 {
            let (ticket, _, seat) = self.waiting.remove(place);
            self.positions.leave(ticket, seat);
            ticket.0
        }

        fn assert_same(&self) {
            assert_eq!(self.positions.len(), self.waiting.len());
            for (place, &(ticket, _, seat)) in self.waiting.iter().enumerate() {
                assert_eq!(self.positions.position(ticket, seat), place as u64 + 1, "{ticket:?}");
            }
            for skipped in [0, self.waiting.len() / 2] {
                let after = skipped.checked_sub(1).map_or(Ticket(0), |last| self.waiting[last].0);
                let expected =
                    self.waiting[skipped..].iter().map(|&(ticket, call, _)| (ticket, call));
                assert!(self.positions.after(after).eq(expected));
            }
            assert!(self.positions.after(Ticket(u64::MAX)).next().is_none());
        }
    }

    #[test]
    fn positions_hold_while_calls_join_leave_come_back_and_seats_are_renumbered() {
        let mut checked = Checked::default();
        let mut random = 1_u64;
        let mut next = |bound: usize| {
            // The multiplier is Knuth's for a 64-bit linear congruential generator (MMIX).
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(random >> 33).expect("31 bits fit") % bound
        };
        let mut away = Vec::new();
        for ticket in 1..=20_000 {
            checked.join(ticket);
            while checked.waiting.len() > 200 {
                let place = next(checked.waiting.len());
                away.push(checked.leave(place));
            }
            if ticket % 7 == 0 && !away.is_empty() {
                let back = away.swap_remove(next(away.len()));
                checked.join(back);
            }
            if ticket % 500 == 0 {
                checked.assert_same();
            }
        }
        assert!(checked.positions.seats.len() < 3_000, "left seats are given up");
    }
}
