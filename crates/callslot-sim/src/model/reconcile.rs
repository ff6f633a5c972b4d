//! Reconciling a lease, at once or in pages.

use std::sync::Arc;

use callslot_core::limits::MAX_RECONCILED_PAGES;
use callslot_core::{
    Call, CallId, EndReason, LeaseEvent, LeaseId, LeaseSum, NamedCalls, Now, ReconcileLease,
    Rejection, Reply, RestToReconcile, Tick, Ticket, UnknownCall, WhyUnknown,
};

use crate::model::org::{Answer, Lease, OrgModel};
use crate::model::paging::{Collected, List, Paging, bytes_of, sum_of};

impl OrgModel {
    pub(super) fn reconcile(
        &mut self,
        now: Now,
        command: &ReconcileLease,
    ) -> Result<Answer, Rejection> {
        let ReconcileLease { lease: id, active, more, cursor, rest } = command;
        let lease = self.leases.iter().position(|lease| lease.id == *id && !lease.has_ended);
        let place = lease.ok_or(Rejection::UnknownLease)?;
        if let Some(rest) = rest {
            return self.compare_with_engine(now, id, active, rest);
        }
        self.drop_old_pages(now.tick);
        let sum = sum_of(active.ids().iter());
        let is_beginning = |began_with: LeaseSum| *more && cursor.is_none() && began_with == sum;
        let is_lost = match &self.leases[place].paging {
            Paging::Begun(List { collected: Some(collected), .. }) => {
                cursor.is_some_and(|it| it != collected.cursor)
            }
            Paging::Begun(List { began_with, .. }) if is_beginning(*began_with) => false,
            Paging::Begun(List { began_with, .. }) => {
                let refused = if cursor.is_none() { Some(sum) } else { None };
                self.lose_pages(place, *began_with, refused);
                true
            }
            Paging::Lost { began_with, .. } if is_beginning(*began_with) => false,
            Paging::Lost { began_with, refused } if cursor.is_none() && *refused == Some(sum) => {
                self.lose_pages(place, *began_with, None);
                true
            }
            Paging::None | Paging::Lost { .. } => cursor.is_some(),
            Paging::Decided(last, until) => cursor.is_some() || (*last == sum && now.tick < *until),
        };
        if is_lost {
            return Ok(Answer::Plain(Reply::PagesLost));
        }
        if *more {
            return self.keep_page(now, place, active, *cursor);
        }
        if let Paging::Begun(List { collected: Some(before), .. }) = &self.leases[place].paging {
            self.check_list_is_short(before, active)?;
        }
        let until = now.tick.after_ms(self.leases[place].ttl_ms);
        let (mut before, mut up_to) = (Vec::new(), self.last_ticket);
        let paging = std::mem::replace(&mut self.leases[place].paging, Paging::None);
        if cursor.is_none() && lost_beginning(&paging).is_some() {
            up_to = Ticket(0);
        }
        match paging {
            Paging::Begun(list) => {
                before = list.collected.unwrap_or_default().pages;
                self.leases[place].paging = Paging::Decided(sum, until);
                self.record(LeaseEvent::PagesDecided { lease: id.clone(), last: sum, until });
            }
            Paging::Lost { .. } => {
                self.record(LeaseEvent::PagesLost { lease: id.clone(), last: None, first: None });
            }
            other @ (Paging::None | Paging::Decided(..)) => self.leases[place].paging = other,
        }
        let rest = RestToReconcile { up_to, before, named: 0, after: None };
        self.compare_with_engine(now, id, active, &rest)
    }

    /// A restart: the pages are gone, and it is known that there were some.
    pub(super) fn lose_all_pages(&mut self) {
        for lease in &mut self.leases {
            if let Paging::Begun(list) = &mut lease.paging {
                list.collected = None;
            }
        }
    }

    /// What the next page of a lease may name as the one before.
    pub(super) fn cursor(&self, lease: &LeaseId) -> Option<u64> {
        let lease = self.open_leases().find(|open| open.id == *lease)?;
        match &lease.paging {
            Paging::Begun(list) => list.collected.as_ref().map(|collected| collected.cursor),
            Paging::None | Paging::Decided(..) | Paging::Lost { .. } => None,
        }
    }

    fn lose_pages(&mut self, place: usize, began_with: LeaseSum, refused: Option<LeaseSum>) {
        self.leases[place].paging = Paging::Lost { began_with, refused };
        let lease = self.leases[place].id.clone();
        self.record(LeaseEvent::PagesLost { lease, last: refused, first: Some(began_with) });
    }

    fn drop_old_pages(&mut self, tick: Tick) {
        for lease in &mut self.leases {
            if let Paging::Begun(list) = &mut lease.paging {
                list.collected = list.collected.take().filter(|collected| tick < collected.until);
            }
        }
    }

    /// A list has a bound, whether this page is its last or not.
    fn check_list_is_short(&self, before: &Collected, page: &NamedCalls) -> Result<(), Rejection> {
        let (calls, pages) = (before.calls() + page.ids().len(), before.pages.len() + 1);
        let (max_calls, max_pages) = (self.bounds.paged_calls, MAX_RECONCILED_PAGES);
        if calls > max_calls || pages > max_pages {
            return Err(Rejection::ListTooLong { calls, pages, max_calls, max_pages });
        }
        Ok(())
    }

    fn keep_page(
        &mut self,
        now: Now,
        place: usize,
        page: &Arc<NamedCalls>,
        cursor: Option<u64>,
    ) -> Result<Answer, Rejection> {
        let kept = |lease: &Lease| match &lease.paging {
            Paging::Begun(list) => list.collected.clone(),
            Paging::None | Paging::Decided(..) | Paging::Lost { .. } => None,
        };
        let before = kept(&self.leases[place]);
        let before = before.filter(|before| cursor.is_some() || !before.is_linked);
        let mut collected = before.unwrap_or_default();
        self.check_list_is_short(&collected, page)?;
        let open = self.leases.iter().filter(|lease| !lease.has_ended);
        let of_all = open.filter_map(kept).map(|collected| collected.bytes());
        let max_bytes = self.bounds.paged_bytes;
        if of_all.sum::<u64>() + bytes_of(page) > max_bytes {
            return Err(Rejection::TooManyPages { max_bytes });
        }
        collected.cursor = next_cursor(collected.cursor, sum_of(page.ids().iter()));
        collected.pages.push(Arc::clone(page));
        collected.is_linked = cursor.is_some();
        let lease = self.leases[place].id.clone();
        let sum = sum_of(page.ids().iter());
        let paging = self.leases[place].paging.clone();
        // A list that begins as the lost one did is that one, from its beginning.
        let before_loss = lost_beginning(&paging).filter(|_| cursor.is_none());
        let list = match paging {
            Paging::Begun(list) if before_loss != Some(sum) => list,
            Paging::None | Paging::Begun(_) | Paging::Decided(..) | Paging::Lost { .. } => {
                let may_be_a_rest = before_loss.is_some_and(|began_with| began_with != sum);
                let began_with = if may_be_a_rest { before_loss.unwrap_or(sum) } else { sum };
                let (lease, first) = (lease.clone(), Some(began_with));
                self.record(LeaseEvent::PagesBegun { lease, first, is_in_doubt: may_be_a_rest });
                List { began_with, may_be_a_rest, collected: None }
            }
        };
        if list.collected.is_none() {
            collected = Collected { pages: vec![Arc::clone(page)], ..Collected::default() };
            collected.cursor = next_cursor(0, sum);
            collected.is_linked = cursor.is_some();
        }
        let ttl_ms = self.prolong_lease(now, &lease)?;
        collected.until = now.tick.after_ms(ttl_ms);
        let cursor = collected.cursor;
        self.leases[place].paging = Paging::Begun(List { collected: Some(collected), ..list });
        Ok(Answer::Plain(Reply::PageKept { cursor }))
    }

    fn compare_with_engine(
        &mut self,
        now: Now,
        id: &LeaseId,
        active: &NamedCalls,
        rest: &RestToReconcile,
    ) -> Result<Answer, Rejection> {
        let ttl_ms = self.prolong_lease(now, id)?;
        let mut rest = rest.clone();
        let pages = rest.before.clone();
        let named: Vec<&CallId> =
            pages.iter().flat_map(|page| page.ids()).chain(active.ids()).collect();
        let mut looks = self.bounds.reconciled_looks;
        let mut unknown = Vec::new();
        while looks > 0 && rest.named < named.len() {
            let id_named = named[rest.named];
            if let Some(why) = self.why_unknown(now.tick, id, id_named) {
                unknown.push(UnknownCall { id: id_named.clone(), why });
            }
            rest.named += 1;
            looks -= 1;
        }
        let is_to_compare = |call: &&Call| {
            let ticket = call.request.ticket;
            call.request.lease.as_ref() == Some(id)
                && ticket <= rest.up_to
                && rest.after.as_ref().is_none_or(|(after, _)| ticket > *after)
        };
        let of_lease: Vec<Call> = self.live.iter().filter(is_to_compare).cloned().collect();
        let mut forsaken = Vec::new();
        let mut is_cut_off = rest.named < named.len();
        for call in of_lease {
            if is_cut_off || looks == 0 || forsaken.len() == self.bounds.step_events {
                is_cut_off = true;
                break;
            }
            looks = looks.saturating_sub(1 + pages.len());
            let is_named = named.contains(&&call.request.id);
            if !is_named && self.is_known_to_engine(&call, ttl_ms, now.tick) {
                forsaken.push(call);
            } else {
                rest.after = Some((call.request.ticket, call.request.id.clone()));
            }
        }
        for call in &forsaken {
            self.end(now, call, EndReason::Reconciled, None);
        }
        let ended = forsaken.iter().map(|call| call.request.id.clone()).collect();
        let rest = is_cut_off.then_some(rest);
        Ok(Answer::Plain(Reply::Reconciled { ended, unknown, rest }))
    }

    /// Why a call that the lease's engine takes for active is not; none: it is.
    fn why_unknown(&self, tick: Tick, lease: &LeaseId, id: &CallId) -> Option<WhyUnknown> {
        match self.find(id, tick) {
            None => Some(self.why_none(id, tick)),
            Some(call) if call.is_ended() => Some(WhyUnknown::Ended),
            Some(call) if call.request.lease.as_ref() != Some(lease) => {
                Some(WhyUnknown::OtherLease)
            }
            Some(call) => call.is_queued().then_some(WhyUnknown::Queued),
        }
    }

    /// Why no call that is live or remembered has this id.
    pub(super) fn why_none(&self, id: &CallId, tick: Tick) -> WhyUnknown {
        let was_ended = self.early_ends.iter().any(|(early, until)| early == id && tick < *until);
        if was_ended { WhyUnknown::Ended } else { WhyUnknown::NeverKnown }
    }

    /// Whether the call is active and its engine must have heard of it: one that started only just may be news.
    fn is_known_to_engine(&self, call: &Call, ttl_ms: u64, tick: Tick) -> bool {
        let of = |(ticket, _): &&(Ticket, Tick)| *ticket == call.request.ticket;
        let started = self.starts.iter().rev().find(of);
        call.is_active() && started.is_some_and(|(_, started)| tick.ms_after(*started) >= ttl_ms)
    }
}

/// With which page the lost list began whose end the next list may be.
fn lost_beginning(paging: &Paging) -> Option<LeaseSum> {
    match paging {
        Paging::Lost { began_with, .. } => Some(*began_with),
        Paging::Begun(list) => list.may_be_a_rest.then_some(list.began_with),
        Paging::None | Paging::Decided(..) => None,
    }
}

/// What the next page may name as the one before.
fn next_cursor(before: u64, LeaseSum { count, digest }: LeaseSum) -> u64 {
    let mixed = (before.rotate_left(23) ^ digest).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed.wrapping_add(count + 1)
}
