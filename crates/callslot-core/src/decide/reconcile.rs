//! Reconciling a lease: what its engine names, at once or in pages, is compared with what is live.
//!
//! Pages are kept in memory until the last one has come. A restart loses them, and the log knows that there were some: nothing is
//! decided without them, since calls that they named would end. Where a client does not say which page it sends, the next list may be the
//! rest of the lost one: it ends nothing, unless it begins with the same page.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::EndReason;
use crate::command::{ReconcileLease, RestToReconcile};
use crate::event::{LeaseEvent, Recorded};
use crate::id::{CallId, LeaseId, Ticket};
use crate::limits::MAX_RECONCILED_PAGES;
use crate::named_calls::NamedCalls;
use crate::org::Org;
use crate::org::index::{CallIndex, KnownCall, LeaseIndex};
use crate::org::pages::{Begun, Pages, Paging};
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
        if is_first_step && self.is_lost(now, &lease, index, (&active, more, cursor), events) {
            return Ok(Reconciling::Lost);
        }
        let (paging, sum) = (self.leases.lease(index).paging, active.sum());
        let begun = match cursor {
            // Its pages name each other: it is whole.
            Some(_) => Begun { first: Some(sum), is_in_doubt: false },
            None => paging.begun_with(more.then_some(sum)),
        };
        let is_in_doubt = is_first_step && begun.is_in_doubt;
        let is_new = match paging {
            Paging::Begun(before) => before.is_in_doubt && cursor.is_none() && !is_in_doubt,
            Paging::None | Paging::Decided { .. } | Paging::Lost { .. } => true,
        };
        if more && is_first_step {
            // Who links pages and sends one without a link starts over.
            let before = self.pages.get(index, now.tick);
            let starts_over = cursor.is_none() && before.is_some_and(|pages| pages.is_linked);
            self.check_page_has_room(now, index, &active, starts_over)?;
            if starts_over {
                self.pages.drop_of(index);
            }
            if is_new {
                let Begun { first, is_in_doubt } = begun;
                self.record(now, events, LeaseEvent::PagesBegun { lease, first, is_in_doubt });
            }
            self.set_lease_expiry(index, until);
            let pages = self.pages.keep(index, until);
            pages.is_linked = cursor.is_some();
            pages.add(active);
            return Ok(Reconciling::Kept { cursor: pages.cursor });
        }
        if is_first_step && let Some(before) = self.pages.get(index, now.tick) {
            self.check_list_is_short(Some(before), &active)?;
        }
        let mut limit = events.len() + self.bounds.step_events;
        let pages = if is_first_step { self.pages.take(index) } else { Vec::new() };
        if matches!(paging, Paging::Begun(_)) && is_first_step {
            self.record(now, events, LeaseEvent::PagesDecided { lease, last: sum, until });
            limit += 1;
        } else if matches!(paging, Paging::Lost { .. }) && is_first_step {
            self.record(now, events, LeaseEvent::PagesLost { lease, last: None, first: None });
            limit += 1;
        }
        // In doubt no call is old enough to end.
        let up_to = if is_in_doubt { Ticket(0) } else { self.counters.ticket };
        let named = (pages, &active, up_to);
        let reconciled = self.compare_with_engine(now, index, named, rest, events);
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
        (page, more, cursor): (&NamedCalls, bool, Option<u64>),
        events: &mut Vec<Recorded>,
    ) -> bool {
        let sum = page.sum();
        let (last, first) = match (self.leases.lease(index).paging, self.pages.get(index, now.tick))
        {
            (Paging::Begun(_), Some(pages)) => {
                return cursor.is_some_and(|cursor| cursor != pages.cursor);
            }
            // The client starts over.
            (Paging::Begun(Begun { first, .. }) | Paging::Lost { first, .. }, _)
                if cursor.is_none() && more && first == Some(sum) =>
            {
                return false;
            }
            // Without a cursor it may be the first page already. Whether it is will be known once the client starts over.
            (Paging::Begun(Begun { first, .. }), None) => (cursor.is_none().then_some(sum), first),
            (Paging::Lost { last, first }, _) if cursor.is_none() && last == Some(sum) => {
                (None, first)
            }
            (Paging::Decided { last, until }, _) => {
                return cursor.is_some() || (now.tick < until && last == sum);
            }
            (Paging::None | Paging::Lost { .. }, _) => return cursor.is_some(),
        };
        let lease = lease.clone();
        self.record(now, events, LeaseEvent::PagesLost { lease, last, first });
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
        self.check_list_is_short(before, page)?;
        let max_bytes = self.bounds.paged_bytes;
        if self.pages.bytes(now.tick) + page.bytes() > max_bytes {
            return Err(Rejection::TooManyPages { max_bytes });
        }
        Ok(())
    }

    /// Checks a page that follows these, the last one too.
    fn check_list_is_short(
        &self,
        before: Option<&Pages>,
        page: &NamedCalls,
    ) -> Result<(), Rejection> {
        let (calls, pages) = before.map_or((0, 0), |pages| (pages.calls, pages.kept.len()));
        let (calls, pages) = (calls + page.ids().len(), pages + 1);
        let (max_calls, max_pages) = (self.bounds.paged_calls, MAX_RECONCILED_PAGES);
        if calls > max_calls || pages > max_pages {
            return Err(Rejection::ListTooLong { calls, pages, max_calls, max_pages });
        }
        Ok(())
    }

    /// Looks at the calls named, then ends active calls of the lease up to a ticket that its engine does not name: as many as a step
    /// may.
    fn compare_with_engine(
        &mut self,
        now: Now,
        lease: LeaseIndex,
        (pages, active, up_to): (Vec<Arc<NamedCalls>>, &Arc<NamedCalls>, Ticket),
        rest: Option<RestToReconcile>,
        events: &mut Vec<Recorded>,
    ) -> Reconciled {
        let all = || RestToReconcile { up_to, before: pages, named: 0, after: None };
        let mut rest = rest.unwrap_or_else(all);
        let looks = self.bounds.reconciled_looks;
        let pages = rest.before.iter().chain([active]);
        let all_named = pages.clone().map(|page| page.ids().len()).sum::<usize>();
        let looked_at = looks.min(all_named.saturating_sub(rest.named));
        let named = pages.flat_map(|page| page.ids()).skip(rest.named).take(looked_at);
        let unknown = named.filter_map(|id| {
            let why = self.why_unknown(now, lease, id)?;
            Some(UnknownCall { id: id.clone(), why })
        });
        let unknown = unknown.collect();
        rest.named += looked_at;
        let (mut unheard_of, mut is_done) = (Vec::new(), false);
        if rest.named == all_named {
            let looks = looks - looked_at;
            (unheard_of, is_done) = self.unheard_of(now, lease, active, &mut rest, looks);
        }
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
