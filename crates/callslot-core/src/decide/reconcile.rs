//! Reconciling a lease: what its engine names, at once or in pages, is compared with what is live.
//!
//! Pages are kept in memory until the last one has come. A restart loses them, and the log knows that there were some: nothing is
//! decided without them, since calls that they named would end.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::EndReason;
use crate::command::{ReconcileLease, RestToReconcile};
use crate::event::{LeaseEvent, Recorded};
use crate::id::{CallId, LeaseId};
use crate::limits::MAX_RECONCILED_PAGES;
use crate::named_calls::NamedCalls;
use crate::org::Org;
use crate::org::index::{CallIndex, KnownCall, LeaseIndex};
use crate::org::pages::Paging;
use crate::rejection::Rejection;
use crate::reply::{Reconciled, Reconciling, UnknownCall, WhyUnknown};
use crate::time::Now;

impl Org {
    pub(super) fn reconcile_lease(
        &mut self,
        now: Now,
        ReconcileLease { lease, active, more, cursor, rest }: ReconcileLease,
        events: &mut Vec<Recorded>,
    ) -> Result<Reconciling, Rejection> {
        let index = self.leases.find(&lease).ok_or(Rejection::UnknownLease)?;
        let until = now.tick.after_ms(self.leases.lease(index).ttl_ms);
        let is_first_step = rest.is_none();
        if is_first_step && self.is_lost(now, &lease, index, (&active, cursor), events) {
            return Ok(Reconciling::Lost);
        }
        let has_begun = self.leases.lease(index).paging == Paging::Begun;
        if more && is_first_step {
            // Who links pages and sends one without a link starts over.
            let before = self.pages.get(index, now.tick);
            let starts_over = cursor.is_none() && before.is_some_and(|pages| pages.is_linked);
            self.check_page_has_room(now, index, &active, starts_over)?;
            if starts_over {
                self.pages.drop_of(index);
            }
            if !has_begun {
                self.record(now.tick, events, LeaseEvent::PagesBegun { lease });
            }
            self.set_lease_expiry(index, until);
            let pages = self.pages.keep(index, until);
            pages.is_linked = cursor.is_some();
            pages.add(active);
            return Ok(Reconciling::Kept { cursor: pages.cursor });
        }
        let mut limit = events.len() + self.bounds.step_events;
        let pages = if is_first_step { self.pages.take(index) } else { Vec::new() };
        if has_begun && is_first_step {
            let last = active.sum();
            self.record(now.tick, events, LeaseEvent::PagesDecided { lease, last, until });
            limit += 1;
        }
        let reconciled = self.compare_with_engine(now, index, (pages, &active), rest, events);
        self.set_lease_expiry(index, until);
        if !self.has_steps_left {
            self.dispatch_up_to(now, limit, events);
        }
        Ok(Reconciling::Decided(reconciled))
    }

    /// Whether a page follows others that are not there: they were lost in a restart or dropped, those that are there are another
    /// client's, or all of them were decided and this one has come again, since its answer was lost, or late.
    fn is_lost(
        &mut self,
        now: Now,
        lease: &LeaseId,
        index: LeaseIndex,
        (page, cursor): (&NamedCalls, Option<u64>),
        events: &mut Vec<Recorded>,
    ) -> bool {
        let last = match (self.leases.lease(index).paging, self.pages.get(index, now.tick)) {
            (Paging::Begun, Some(pages)) => {
                return cursor.is_some_and(|cursor| cursor != pages.cursor);
            }
            // Without a cursor it may be the first page already. Whether it is will be known once the client starts over.
            (Paging::Begun, None) => cursor.is_none().then_some(page.sum()),
            (Paging::Lost { last }, _) if cursor.is_none() && last == page.sum() => None,
            (Paging::Decided { last, until }, _) => {
                return cursor.is_some() || (now.tick < until && last == page.sum());
            }
            (Paging::None | Paging::Lost { .. }, _) => return cursor.is_some(),
        };
        self.record(now.tick, events, LeaseEvent::PagesLost { lease: lease.clone(), last });
        true
    }

    fn check_page_has_room(
        &mut self,
        now: Now,
        lease: LeaseIndex,
        page: &NamedCalls,
        starts_over: bool,
    ) -> Result<(), Rejection> {
        let before = self.pages.get(lease, now.tick).filter(|_| !starts_over);
        let (calls, pages) = before.map_or((0, 0), |pages| (pages.calls, pages.kept.len()));
        let (calls, pages) = (calls + page.ids().len(), pages + 1);
        let (max_calls, max_pages) = (self.bounds.paged_calls, MAX_RECONCILED_PAGES);
        if calls > max_calls || pages > max_pages {
            return Err(Rejection::ListTooLong { calls, pages, max_calls, max_pages });
        }
        let max_bytes = self.bounds.paged_bytes;
        if self.pages.bytes(now.tick) + page.bytes() > max_bytes {
            return Err(Rejection::TooManyPages { max_bytes });
        }
        Ok(())
    }

    /// Looks at the calls named, then ends active calls of the lease that its engine does not name: as many as a step may.
    fn compare_with_engine(
        &mut self,
        now: Now,
        lease: LeaseIndex,
        (pages, active): (Vec<Arc<NamedCalls>>, &Arc<NamedCalls>),
        rest: Option<RestToReconcile>,
        events: &mut Vec<Recorded>,
    ) -> Reconciled {
        let up_to = self.counters.ticket;
        let all = || RestToReconcile { up_to, before: pages, named: 0, after: None };
        let mut rest = rest.unwrap_or_else(all);
        let mut looks = self.bounds.reconciled_looks;
        let named = rest.before.iter().chain([active]).flat_map(|page| page.ids());
        let named = named.skip(rest.named).take(looks);
        let unknown = named.clone().filter_map(|id| {
            let why = self.why_unknown(now, lease, id)?;
            Some(UnknownCall { id: id.clone(), why })
        });
        let unknown = unknown.collect();
        let looked_at = named.count();
        rest.named += looked_at;
        looks -= looked_at;
        let (unheard_of, is_done) = self.unheard_of(now, lease, active, &mut rest, looks);
        let mut ended = Vec::with_capacity(unheard_of.len());
        for call in unheard_of {
            ended.push(self.calls[call].id.clone());
            self.record_end(now, call, EndReason::Reconciled, None, events);
        }
        Reconciled { ended, unknown, rest: (!is_done).then_some(rest) }
    }

    /// The next calls to end, and whether there are no more.
    fn unheard_of(
        &self,
        now: Now,
        lease: LeaseIndex,
        active: &NamedCalls,
        rest: &mut RestToReconcile,
        mut looks: usize,
    ) -> (Vec<CallIndex>, bool) {
        let ttl_ms = self.leases.lease(lease).ttl_ms;
        // Each page is looked into.
        let looks_per_call = 1 + rest.before.len();
        let live = |id: &CallId| self.live_call(now, id, self.calls.find(id)).ok();
        let behind = rest.after.as_ref().map(|(ticket, id)| (*ticket, live(id)));
        let mut unheard_of = Vec::new();
        for call in self.leases.calls_behind(lease, &self.calls, behind) {
            let entry = &self.calls[call];
            if entry.ticket > rest.up_to {
                break;
            }
            if looks == 0 || unheard_of.len() == self.bounds.step_events {
                return (unheard_of, false);
            }
            looks = looks.saturating_sub(looks_per_call);
            // The news of one that started less than a TTL ago may be on its way to the engine.
            if !entry.is_queued()
                && now.tick.ms_after(entry.started) >= ttl_ms
                && !active.contains_with(entry.digest, &entry.id)
                && !rest.before.iter().any(|page| page.contains_with(entry.digest, &entry.id))
            {
                unheard_of.push(call);
            } else {
                rest.after = Some((entry.ticket, entry.id.clone()));
            }
        }
        (unheard_of, true)
    }

    /// Why a call is none that the lease's engine has active; none: it is one.
    fn why_unknown(&self, now: Now, lease: LeaseIndex, id: &CallId) -> Option<WhyUnknown> {
        match self.known(self.calls.find(id), now.tick) {
            Some(KnownCall::Live(call)) if self.calls[call].lease != Some(lease) => {
                Some(WhyUnknown::OtherLease)
            }
            Some(KnownCall::Live(call)) => {
                self.calls[call].is_queued().then_some(WhyUnknown::Queued)
            }
            Some(KnownCall::Ended(_)) => Some(WhyUnknown::Ended),
            None => Some(self.why_not_known(id, now)),
        }
    }
}
