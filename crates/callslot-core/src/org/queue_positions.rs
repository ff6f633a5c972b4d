//! All queued calls of an organisation in ticket order, with each one's position.
//!
//! Every call that queues takes a new seat behind the others, and taken seats are counted, by type, so that joining,
//! leaving and a position cost O(log queue). Calls that come back with an earlier ticket than the last seat's are
//! in a small map of their own.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Bound;

use crate::call::CallType;
use crate::id::Ticket;
use crate::org::index::{CallIndex, Seat};
use crate::org::prefix_counts::PrefixCounts;

/// Empty seats are given up once they outnumber the taken ones by this many.
const SPARE_SEATS: usize = 1024;

#[derive(Debug, Default)]
pub(crate) struct QueuePositions {
    /// The call that took each seat, in ticket order; an empty seat stays until seats are renumbered.
    seats: Vec<(Ticket, CallIndex)>,
    /// Which seats are taken, by the type of the call.
    counts: PrefixCounts<4>,
    came_back: BTreeMap<Ticket, (CallIndex, CallType)>,
    len: usize,
    /// How many bytes of metadata the queued calls have.
    metadata_bytes: u64,
}

/// A queued call's place, 1 for the lowest ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Among all queued calls.
    pub(crate) in_queue: u64,
    /// Among those of its type.
    pub(crate) in_type: u64,
}

impl QueuePositions {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn metadata_bytes(&self) -> u64 {
        self.metadata_bytes
    }

    /// Counts the metadata of a call that joins.
    pub(crate) fn add_metadata(&mut self, bytes: u64) {
        self.metadata_bytes += bytes;
    }

    /// Counts the metadata of a call that leaves no more.
    pub(crate) fn remove_metadata(&mut self, bytes: u64) {
        self.metadata_bytes -= bytes;
    }

    /// Adds a call and returns its seat. `renumbered` is called for every other call whose seat changed.
    pub(crate) fn join(
        &mut self,
        ticket: Ticket,
        (call, call_type): (CallIndex, CallType),
        renumbered: impl FnMut(CallIndex, Seat),
    ) -> Seat {
        self.len += 1;
        if self.seats.last().is_some_and(|&(last, _)| ticket < last) {
            self.came_back.insert(ticket, (call, call_type));
            return Seat::CameBack;
        }
        if self.seats.len() > 2 * self.len + SPARE_SEATS {
            self.renumber(renumbered);
        }
        self.push(ticket, call, call_type as usize)
    }

    /// Takes a call out.
    pub(crate) fn leave(&mut self, ticket: Ticket, seat: Seat, call_type: CallType) {
        self.len -= 1;
        match seat {
            Seat::Numbered(seat) => self.counts.leave(seat as usize, call_type as usize),
            Seat::CameBack => {
                self.came_back.remove(&ticket);
            }
        }
    }

    /// The place of a call.
    pub(crate) fn place(&self, ticket: Ticket, seat: Seat, call_type: CallType) -> Place {
        let seat = match seat {
            Seat::Numbered(seat) => seat as usize,
            Seat::CameBack => self.seats.partition_point(|&(seated, _)| seated < ticket),
        };
        let (mut in_queue, mut in_type) = self.counts.before(seat, call_type as usize);
        for &(_, other) in self.came_back.range(..ticket).map(|(_, back)| back) {
            in_queue += 1;
            in_type += u64::from(other == call_type);
        }
        Place { in_queue: in_queue + 1, in_type: in_type + 1 }
    }

    /// The call with this ticket.
    pub(crate) fn call(&self, ticket: Ticket) -> Option<CallIndex> {
        let (found, call) = self.after(Ticket(ticket.0.checked_sub(1)?)).next()?;
        (found == ticket).then_some(call)
    }

    /// The calls with a ticket above `after`, in ticket order.
    pub(crate) fn after(&self, after: Ticket) -> impl Iterator<Item = (Ticket, CallIndex)> + '_ {
        // A cursor may say any number, also the last one.
        let above = (Bound::Excluded(after), Bound::Unbounded);
        let mut back = self.came_back.range(above).map(|(&t, &(c, _))| (t, c)).peekable();
        let first_seat = self.seats.partition_point(|&(seated, _)| seated <= after);
        let seated = self.counts.taken_from(first_seat).map(|(seat, _)| self.seats[seat]);
        let mut seated = seated.peekable();
        core::iter::from_fn(move || match (back.peek(), seated.peek()) {
            (Some(&(returned, _)), Some(&(waiting, _))) if returned < waiting => back.next(),
            (Some(_), None) => back.next(),
            (_, Some(_)) => seated.next(),
            (None, None) => None,
        })
    }

    fn push(&mut self, ticket: Ticket, call: CallIndex, kind: usize) -> Seat {
        let seat = self.seats.len();
        self.seats.push((ticket, call));
        self.counts.push(seat, kind);
        Seat::Numbered(u32::try_from(seat).expect("a queue has fewer than 2^32 seats"))
    }

    /// Gives the waiting calls the first seats, in order.
    fn renumber(&mut self, mut renumbered: impl FnMut(CallIndex, Seat)) {
        let taken = self.counts.taken_from(0);
        let waiting: Vec<_> = taken.map(|(seat, kind)| (self.seats[seat], kind)).collect();
        self.seats.clear();
        self.counts.clear();
        for ((ticket, call), kind) in waiting {
            let seat = self.push(ticket, call, kind);
            renumbered(call, seat);
        }
    }
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
            let seat = self.positions.join(ticket, (call, type_of(ticket)), |moved, seat| {
                let place = waiting.iter().position(|&(_, call, _)| call == moved);
                waiting[place.expect("only waiting calls move")].2 = seat;
            });
            let place = waiting.partition_point(|&(other, ..)| other < ticket);
            waiting.insert(place, (ticket, call, seat));
        }

        fn leave(&mut self, place: usize) -> u64 {
            let (ticket, _, seat) = self.waiting.remove(place);
            self.positions.leave(ticket, seat, type_of(ticket));
            ticket.0
        }

        fn assert_same(&self) {
            assert_eq!(self.positions.len(), self.waiting.len());
            for (place, &(ticket, _, seat)) in self.waiting.iter().enumerate() {
                let call_type = type_of(ticket);
                let ahead = &self.waiting[..place];
                let of_type = ahead.iter().filter(|&&(other, ..)| type_of(other) == call_type);
                let expected =
                    Place { in_queue: place as u64 + 1, in_type: of_type.count() as u64 + 1 };
                assert_eq!(self.positions.place(ticket, seat, call_type), expected, "{ticket:?}");
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

    fn type_of(ticket: Ticket) -> CallType {
        CallType::ALL[usize::try_from(ticket.0 % 7 % 4).expect("a small number")]
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

    #[test]
    fn left_seats_are_given_up_once_they_outnumber_the_taken_ones_by_many() {
        let mut checked = Checked::default();
        let mut most = 0;
        for ticket in 1..=3_000 {
            checked.join(ticket);
            most = most.max(checked.positions.seats.len());
            if ticket > 10 {
                checked.leave(0);
            }
        }
        assert_eq!(most, 2 * 11 + SPARE_SEATS + 1);
    }
}
