//! A class: how many slots it uses and is promised, and its queued calls by lane. Decides nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use core::ops::Bound;

use crate::call::SlotKind;
use crate::id::Ticket;
use crate::org::calls::Calls;
use crate::org::index::{CallIndex, LaneIndex};
use crate::org::linked_calls::{InLane, LinkedCalls};
use crate::org::ticket_ranks::TicketRanks;
use crate::wait_estimate::ClassFigures;

/// What the classes of a set use and are promised: of the pool, of an agent or of a type.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Usage {
    /// `A`
    pub(crate) active: u32,
    /// `Σ r`
    pub(crate) reserved: u64,
    /// `K`
    pub(super) committed: u64,
}

/// The counts of one class.
#[derive(Debug, Default)]
pub(crate) struct Class {
    /// `r`
    pub(crate) reserved: u32,
    /// `a`
    pub(crate) active: u32,
    /// Its plain lane: the queued calls that name no gates.
    pub(super) plain: LinkedCalls<InLane>,
    /// The lowest ticket of its plain lane.
    plain_head: Option<Ticket>,
    /// Its other lanes that have queued calls and are parked at no gate, by their heads.
    listed: BTreeSet<(Ticket, LaneIndex)>,
    /// Its queued calls that name gates.
    gated: u32,
    /// Its queued calls that came back, by lane. They are ahead of the lane's others: dispatched in ticket order, they have the
    /// lowest tickets.
    returned: BTreeMap<(Option<LaneIndex>, Ticket), CallIndex>,
    /// The tickets of these.
    returned_tickets: BTreeSet<Ticket>,
    /// The tickets of the other queued calls.
    ranks: TicketRanks,
    pub(super) figures: ClassFigures,
}

/// A lane with gates, and its queue.
pub(super) type GatedQueue<'a> = (LaneIndex, &'a mut LinkedCalls<InLane>);

impl Usage {
    /// A class's part of what a set of classes uses.
    pub(super) fn of_class(active: u32, reserved: u32) -> Self {
        Self { active, reserved: reserved.into(), committed: active.max(reserved).into() }
    }

    /// Whether a call that takes a slot of this kind fits under the set's limit: a reserved one while `A` is below it, a
    /// shared one while `K` is, so that what is reserved is never eaten.
    pub(super) fn has_room(&self, kind: SlotKind, limit: u32) -> bool {
        match kind {
            SlotKind::Reserved => self.active < limit,
            SlotKind::Shared => self.committed < u64::from(limit),
        }
    }

    /// `U`, as `K − Σ r`.
    pub(super) fn shared_in_use(&self) -> u64 {
        self.committed - self.reserved
    }

    /// One of the set's classes had these counts before, and has those now.
    pub(super) fn replace(&mut self, before: Self, now: Self) {
        self.active = self.active - before.active + now.active;
        self.reserved = self.reserved - before.reserved + now.reserved;
        self.committed = self.committed - before.committed + now.committed;
    }
}

impl Class {
    /// Its part of what a set of classes uses.
    pub(super) fn usage(&self) -> Usage {
        Usage::of_class(self.active, self.reserved)
    }

    /// Its queued calls.
    pub(crate) fn queued(&self) -> u32 {
        self.plain.len() + self.gated
    }

    /// Queues a call in its lane, which is `gated` or the plain one, at the place that its ticket gives it: the end, except for one
    /// that comes back. Returns the lane's lowest ticket.
    #[inline]
    pub(super) fn join_queue(
        &mut self,
        calls: &mut Calls,
        gated: Option<GatedQueue<'_>>,
        call: CallIndex,
    ) -> Option<Ticket> {
        let previous = if calls[call].state.misses() > 0 {
            self.join_returned(calls, gated.as_ref().map(|(lane, _)| *lane), call)
        } else {
            self.ranks.join(calls[call].ticket);
            gated.as_ref().map_or(self.plain.tail(), |(_, queue)| queue.tail())
        };
        self.gated += u32::from(gated.is_some());
        let queue = gated.map_or(&mut self.plain, |(_, queue)| queue);
        queue.insert_after(calls, previous, call);
        queue.head().map(|head| calls[head].ticket)
    }

    /// Counts a call among those that came back, and returns the one ahead of it in its lane.
    #[cold]
    fn join_returned(
        &mut self,
        calls: &Calls,
        lane: Option<LaneIndex>,
        call: CallIndex,
    ) -> Option<CallIndex> {
        let ticket = calls[call].ticket;
        let ahead = (lane, Ticket(0))..(lane, ticket);
        let previous = self.returned.range(ahead).next_back().map(|(_, &call)| call);
        self.returned.insert((lane, ticket), call);
        self.returned_tickets.insert(ticket);
        previous
    }

    /// Takes a call out of its lane. Returns the lane's lowest ticket.
    #[inline]
    pub(super) fn leave_queue(
        &mut self,
        calls: &mut Calls,
        gated: Option<GatedQueue<'_>>,
        call: CallIndex,
    ) -> Option<Ticket> {
        let ticket = calls[call].ticket;
        let lane = gated.as_ref().map(|(lane, _)| *lane);
        if self.returned.is_empty() || self.returned.remove(&(lane, ticket)).is_none() {
            self.ranks.leave(ticket);
        } else {
            self.returned_tickets.remove(&ticket);
        }
        self.gated -= u32::from(gated.is_some());
        let queue = gated.map_or(&mut self.plain, |(_, queue)| queue);
        queue.remove(calls, call);
        queue.head().map(|head| calls[head].ticket)
    }

    pub(super) fn set_plain_head(&mut self, head: Option<Ticket>) {
        self.plain_head = head;
    }

    /// Lists a lane with gates under this head, no longer under the one before; none: not at all.
    pub(super) fn rekey(
        &mut self,
        (before, head): (Option<Ticket>, Option<Ticket>),
        lane: LaneIndex,
    ) {
        before.map(|before| self.listed.remove(&(before, lane)));
        head.map(|head| self.listed.insert((head, lane)));
    }

    /// The lowest ticket of the lanes that are listed, the plain one included.
    pub(super) fn head(&self) -> Option<Ticket> {
        match self.listed.first() {
            None => self.plain_head,
            Some(&(listed, _)) => Some(self.plain_head.map_or(listed, |plain| plain.min(listed))),
        }
    }

    /// The lane that has it; none: the plain one.
    pub(super) fn head_lane(&self) -> Option<LaneIndex> {
        let &(listed, lane) = self.listed.first()?;
        self.plain_head.is_none_or(|plain| listed < plain).then_some(lane)
    }

    /// How many of its queued calls have a ticket below this one.
    pub(super) fn queued_below(&self, ticket: Ticket) -> u64 {
        let returned = match self.returned_tickets.last() {
            Some(&last) if last >= ticket => self.returned_tickets.range(..ticket).count(),
            Some(_) | None => self.returned_tickets.len(),
        };
        returned as u64 + self.ranks.below(ticket)
    }

    /// The lowest ticket in its queue above this one.
    pub(super) fn next_ticket(&self, after: Ticket) -> Option<Ticket> {
        let above = (Bound::Excluded(after), Bound::Unbounded);
        let returned = self.returned_tickets.range(above).next().copied();
        returned.into_iter().chain(self.ranks.next_after(after)).min()
    }

    /// Its calls beyond its reservation.
    pub(super) fn shared_in_use(&self) -> u32 {
        self.active.saturating_sub(self.reserved)
    }

    /// The kind of slot that its next call takes.
    pub(super) fn next_slot(&self) -> SlotKind {
        if self.active < self.reserved { SlotKind::Reserved } else { SlotKind::Shared }
    }
}
