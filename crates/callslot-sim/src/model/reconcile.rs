//! Reconciling a lease, at once or in pages.

use std::sync::Arc;

use callslot_core::limits::MAX_RECONCILED_PAGES;
use callslot_core::{
    Call, CallId, EndReason, LeaseEvent, LeaseId, LeaseSum, NamedCalls, Now, ReconcileLease,
    Rejection, Reply, RestToReconcile, Tick, Ticket, UnknownCall, WhyUnknown,
};

use crate::model::org::{Answer, Lease, OrgModel};
use crate::model::paging::{Paging, bytes_of, sum_of};

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
        let lost = match &self.leases[place].paging {
            Paging::Begun(Some(collected)) => cursor.is_some_and(|it| it != collected.cursor),
            Paging::Begun(None) => {
                let last = if cursor.is_none() { Some(sum) } else { None };
                self.lose_pages(place, last);
                true
            }
            Paging::Lost(last) if cursor.is_none() && *last == sum => {
                self.lose_pages(place, None);
                true
            }
            Paging::None | Paging::Lost(_) => cursor.is_some(),
            Paging::Decided(last, until) => cursor.is_some() || (*last == sum && now.tick < *until),
        };
        if lost {
            return Ok(Answer::Plain(Reply::PagesLost));
        }
        if *more {
            return self.keep_page(now, place, active, *cursor);
        }
        let ttl_ms = self.leases[place].ttl_ms;
        let mut before = Vec::new();
        if let Paging::Begun(collected) = &mut self.leases[place].paging {
            before = collected.take().unwrap_or_default().pages;
            let until = now.tick.after_ms(ttl_ms);
            self.leases[place].paging = Paging::Decided(sum, until);
            self.record(LeaseEvent::PagesDecided { lease: id.clone(), last: sum, until });
        }
        let rest = RestToReconcile { up_to: self.last_ticket, before, named: 0, after: None };
        self.compare_with_engine(now, id, active, &rest)
    }

    /// A restart: the pages are gone, and it is known that there were some.
    pub(super) fn lose_all_pages(&mut self) {
        for lease in &mut self.leases {
            if let Paging::Begun(collected) = &mut lease.paging {
                *collected = None;
            }
        }
    }

    /// What the next page of a lease may name as the one before.
    pub(super) fn cursor(&self, lease: &LeaseId) -> Option<u64> {
        let lease = self.open_leases().find(|open| open.id == *lease)?;
        match &lease.paging {
            Paging::Begun(collected) => collected.as_ref().map(|collected| collected.cursor),
            Paging::None | Paging::Decided(..) | Paging::Lost(_) => None,
        }
    }

    fn lose_pages(&mut self, place: usize, last: Option<LeaseSum>) {
        self.leases[place].paging = last.map_or(Paging::None, Paging::Lost);
        let lease = self.leases[place].id.clone();
        self.record(LeaseEvent::PagesLost { lease, last });
    }

    fn drop_old_pages(&mut self, tick: Tick) {
        for lease in &mut self.leases {
            if let Paging::Begun(collected) = &mut lease.paging {
                *collected = collected.take().filter(|collected| tick < collected.until);
            }
        }
    }

    fn keep_page(
        &mut self,
        now: Now,
        place: usize,
        page: &Arc<NamedCalls>,
        cursor: Option<u64>,
    ) -> Result<Answer, Rejection> {
        let kept = |lease: &Lease| match &lease.paging {
            Paging::Begun(collected) => collected.clone(),
            Paging::None | Paging::Decided(..) | Paging::Lost(_) => None,
        };
        let before = kept(&self.leases[place]);
        let before = before.filter(|before| cursor.is_some() || !before.is_linked);
        let has_begun = matches!(self.leases[place].paging, Paging::Begun(_));
        let mut collected = before.unwrap_or_default();
        let (calls, pages) = (collected.calls() + page.ids().len(), collected.pages.len() + 1);
        let (max_calls, max_pages) = (self.bounds.paged_calls, MAX_RECONCILED_PAGES);
        if calls > max_calls || pages > max_pages {
            return Err(Rejection::ListTooLong { calls, pages, max_calls, max_pages });
        }
        let open = self.leases.iter().filter(|lease| !lease.has_ended);
        let of_all = open.filter_map(kept).map(|collected| collected.bytes());
        let max_bytes = self.bounds.paged_bytes;
        if of_all.sum::<u64>() + bytes_of(page) > max_bytes {
            return Err(Rejection::TooManyPages { max_bytes });
        }
        let LeaseSum { count, digest } = sum_of(page.ids().iter());
        let mixed = (collected.cursor.rotate_left(23) ^ digest).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        collected.cursor = mixed.wrapping_add(count + 1);
        collected.pages.push(Arc::clone(page));
        collected.is_linked = cursor.is_some();
        let lease = self.leases[place].id.clone();
        if !has_begun {
            self.record(LeaseEvent::PagesBegun { lease: lease.clone() });
        }
        let ttl_ms = self.prolong_lease(now, &lease)?;
        collected.until = now.tick.after_ms(ttl_ms);
        let cursor = collected.cursor;
        self.leases[place].paging = Paging::Begun(Some(collected));
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
        let mut is_cut_off = false;
        for call in of_lease {
            if looks == 0 || forsaken.len() == self.bounds.step_events {
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
