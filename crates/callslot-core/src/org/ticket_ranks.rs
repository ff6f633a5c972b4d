//! The tickets of a class's queue, and how many are below a ticket.
//!
//! Tickets join at the end and leave anywhere. Calls that come back do not belong here: their class lists them itself.

use alloc::vec::Vec;

use crate::id::Ticket;
use crate::org::prefix_counts::PrefixCounts;

/// Empty seats are given up once they outnumber the taken ones by this many.
const SPARE_SEATS: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct TicketRanks {
    /// The ticket of each seat, in order; an empty seat stays until seats are renumbered.
    seats: Vec<Ticket>,
    counts: PrefixCounts<1>,
    /// No seat before this one is taken.
    first: usize,
    len: usize,
}

impl TicketRanks {
    /// Adds a ticket above all others.
    pub(crate) fn join(&mut self, ticket: Ticket) {
        if self.seats.len() > 2 * self.len + SPARE_SEATS {
            self.renumber();
        }
        self.counts.push(self.seats.len(), 0);
        self.seats.push(ticket);
        self.len += 1;
    }

    pub(crate) fn leave(&mut self, ticket: Ticket) {
        let is_first = self.seats[self.first] == ticket;
        let seat = if is_first { self.first } else { self.first_seat_from(ticket) };
        self.counts.leave(seat, 0);
        self.len -= 1;
        if self.len == 0 {
            self.clear();
        } else if is_first {
            self.first = self.counts.first_taken(seat).expect("there are seats left");
        }
    }

    /// How many tickets are below this one.
    pub(crate) fn below(&self, ticket: Ticket) -> u64 {
        // The newest call is asked about most.
        if self.seats.last().is_none_or(|&last| last < ticket) {
            return self.len as u64;
        }
        self.counts.before(self.first_seat_from(ticket), 0).0
    }

    /// The lowest ticket above this one.
    pub(crate) fn next_after(&self, ticket: Ticket) -> Option<Ticket> {
        let seat = self.seats.partition_point(|&seated| seated <= ticket).max(self.first);
        self.counts.first_taken(seat).map(|seat| self.seats[seat])
    }

    fn first_seat_from(&self, ticket: Ticket) -> usize {
        if self.seats.last() == Some(&ticket) {
            return self.seats.len() - 1;
        }
        self.first + self.seats[self.first..].partition_point(|&seated| seated < ticket)
    }

    /// Gives the tickets the first seats, in order.
    fn renumber(&mut self) {
        let waiting: Vec<Ticket> =
            self.counts.taken_from(self.first).map(|(seat, _)| self.seats[seat]).collect();
        self.clear();
        for (seat, &ticket) in waiting.iter().enumerate() {
            self.counts.push(seat, 0);
            self.seats.push(ticket);
        }
        self.len = waiting.len();
    }

    fn clear(&mut self) {
        self.seats.clear();
        self.counts.clear();
        self.first = 0;
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_hold_while_tickets_join_and_leave_anywhere_and_seats_are_renumbered() {
        let mut ranks = TicketRanks::default();
        let mut waiting: Vec<u64> = Vec::new();
        let mut random = 1_u64;
        for ticket in 1..=20_000 {
            // The multiplier is Knuth's for a 64-bit linear congruential generator (MMIX).
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = usize::try_from(random >> 33).expect("31 bits fit");
            ranks.join(Ticket(2 * ticket));
            waiting.push(2 * ticket);
            let most = [1, 40, 300][number % 3];
            while waiting.len() > most {
                let place = if number.is_multiple_of(2) { 0 } else { number % waiting.len() };
                ranks.leave(Ticket(waiting.remove(place)));
            }
            let asked = waiting[number % waiting.len()] + u64::from(ticket.is_multiple_of(5));
            let below = waiting.iter().filter(|&&other| other < asked).count();
            assert_eq!(ranks.below(Ticket(asked)), below as u64);
            let next = waiting.iter().find(|&&other| other > asked).copied();
            assert_eq!(ranks.next_after(Ticket(asked)), next.map(Ticket));
        }
        assert!(ranks.seats.len() < 1_000, "left seats are given up");
    }
}
