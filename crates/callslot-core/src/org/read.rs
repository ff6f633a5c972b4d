//! Everything readers may ask of an organisation. Nothing here changes it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::{HashMap, HashSet};

use crate::call::{CallType, PerType};
use crate::gate::{Hours, Pace};
use crate::id::{AgentId, CallId, GateId, LeaseId, Sequence, Ticket};
use crate::limits::MAX_CALLS_SCANNED_PER_PAGE;
use crate::org::Org;
use crate::org::class::Class;
use crate::org::index::{CallIndex, GateIndex, KnownCall};
use crate::org::leases::Lease;
use crate::org::live_call::LiveCall;
use crate::org::pool::Agent;
use crate::reply::WhyUnknown;
use crate::settings::OrgSettings;
use crate::time::Now;
use crate::view::{
    AgentView, BlockedOn, CallCursor, CallFilter, CallPage, CallView, ClassView, GateView,
    LeaseView, OrgView, PoolView, StateFilter, Wait,
};

impl Org {
    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &OrgSettings {
        &self.settings
    }

    /// Its settings and how busy it is.
    #[must_use]
    pub fn summary(&self) -> OrgView {
        OrgView {
            settings: self.settings.clone(),
            live_calls: self.live_calls(),
            queued: self.queue.len() as u64,
        }
    }

    /// The pool now.
    #[must_use]
    pub fn pool(&self, now: Now) -> PoolView {
        let limit = self.pool.limit();
        let reserved = slots(self.pool.reserved());
        let first = self.queue.after(Ticket(0)).next();
        PoolView {
            plan: self.settings.plan.clone(),
            limit,
            reserved,
            shared_size: limit - reserved,
            shared_in_use: slots(self.pool.shared_in_use()),
            active: self.pool.active(),
            queued: slots(self.queue.len() as u64),
            oldest_wait_ms: first.map(|(_, call)| self.calls[call].waited_ms(now)),
            settling: slots(self.pool.settling()),
            version: self.counters.version,
            as_of: self.counters.sequence,
            type_caps: self.type_caps(),
            type_paces: self.type_paces(),
            agents: self.pool.agents().map(agent_view).collect(),
        }
    }

    /// How many calls of each type may be active at once, over all agents.
    #[must_use]
    pub fn type_caps(&self) -> PerType<Option<u32>> {
        PerType(CallType::ALL.map(|call_type| self.pool.type_use(call_type).cap))
    }

    /// How often calls of each type may start, over all agents.
    #[must_use]
    pub fn type_paces(&self) -> PerType<Option<Pace>> {
        PerType(CallType::ALL.map(|call_type| self.pool.type_use(call_type).pace()))
    }

    /// One gate now.
    #[must_use]
    pub fn gate(&self, id: &GateId, now: Now) -> Option<GateView> {
        let index = self.pool.gates.find(id)?;
        let heads = self.heads_by_gate(|gate| gate == index);
        Some(self.gate_view(index, heads.get(&index).copied(), now))
    }

    /// Up to `most` gates with ids above `after`, by id.
    #[must_use]
    pub fn gates(&self, after: Option<&GateId>, most: usize, now: Now) -> Vec<GateView> {
        let gates = self.pool.gates.after(after).take(most);
        let gates: Vec<GateIndex> = gates.map(|(index, _)| index).collect();
        let asked: HashSet<GateIndex> = gates.iter().copied().collect();
        let heads = self.heads_by_gate(|gate| asked.contains(&gate));
        let view = |index: GateIndex| self.gate_view(index, heads.get(&index).copied(), now);
        gates.into_iter().map(view).collect()
    }

    /// Whether it has this gate.
    #[must_use]
    pub fn has_gate(&self, id: &GateId) -> bool {
        self.pool.gates.find(id).is_some()
    }

    /// How many gates it has.
    #[must_use]
    pub fn gate_count(&self) -> usize {
        self.pool.gates.len()
    }

    /// The active and the queued calls of its first gates by id, of that many at most.
    pub fn gate_counts(&self, most: usize) -> impl Iterator<Item = (&GateId, u32, u32)> {
        let gates = self.pool.gates.iter().take(most);
        gates.map(|(_, gate)| (&gate.id, gate.active, gate.queued))
    }

    /// The hours of the gates that have some, and whether each is within them.
    pub fn gates_with_hours(&self) -> impl Iterator<Item = (&GateId, &Arc<Hours>, bool)> {
        let gates = self.pool.gates.iter();
        gates.filter_map(|(_, gate)| {
            Some((&gate.id, gate.settings.hours.as_ref()?, gate.is_within_hours))
        })
    }

    /// The hours of a gate and whether it is within them; none if it has none, or is not there.
    #[must_use]
    pub fn hours_of_gate(&self, id: &GateId) -> Option<(&Arc<Hours>, bool)> {
        let gate = self.pool.gates.gate(self.pool.gates.find(id)?);
        Some((gate.settings.hours.as_ref()?, gate.is_within_hours))
    }

    /// The earliest queued call of each gate that is asked for and has one.
    fn heads_by_gate(&self, is_asked: impl Fn(GateIndex) -> bool) -> HashMap<GateIndex, CallIndex> {
        let mut heads: HashMap<GateIndex, CallIndex> = HashMap::new();
        for lane in self.pool.lanes.iter() {
            let Some(head) = lane.queue.head() else { continue };
            for gate in lane.gates.iter().filter(|gate| is_asked(*gate)) {
                let first = heads.entry(gate).or_insert(head);
                if self.calls[head].ticket < self.calls[*first].ticket {
                    *first = head;
                }
            }
        }
        heads
    }

    fn gate_view(&self, index: GateIndex, head: Option<CallIndex>, now: Now) -> GateView {
        let gate = self.pool.gates.gate(index);
        let next_start = gate.paced.map(|paced| paced.pacer.next_start());
        GateView {
            id: gate.id.clone(),
            settings: gate.settings.clone(),
            is_within_hours: gate.is_within_hours,
            active: gate.active,
            queued: gate.queued,
            ended: gate.ended,
            oldest_wait_ms: head.map(|call| self.calls[call].waited_ms(now)),
            next_start_in_ms: next_start.map(|tick| tick.ms_after(now.tick)),
            done_in_ms: gate.done_in_ms(now.tick),
        }
    }

    /// One agent now.
    #[must_use]
    pub fn agent(&self, id: &AgentId) -> Option<AgentView> {
        self.pool.find(id).map(|index| agent_view(self.pool.agent(index)))
    }

    /// A call: live, or ended and still remembered.
    #[must_use]
    pub fn call(&self, id: &CallId, now: Now) -> Option<CallView> {
        let known = self.known(self.calls.find(id), now.tick)?;
        Some(self.view(now, known))
    }

    /// The same, or why there is none.
    ///
    /// # Errors
    /// [`WhyUnknown`] says whether the id is remembered as that of a call that was ended before it came.
    pub fn call_or_why(&self, id: &CallId, now: Now) -> Result<CallView, WhyUnknown> {
        self.call(id, now).ok_or_else(|| self.why_not_known(id, now))
    }

    /// Why no call, live or remembered, has this id.
    pub(crate) fn why_not_known(&self, id: &CallId, now: Now) -> WhyUnknown {
        if self.early_ends.holds(id, now.tick) { WhyUnknown::Ended } else { WhyUnknown::NeverKnown }
    }

    /// Up to `limit` live calls after `cursor`: queued ones first, in ticket order, then active ones in no order that
    /// means anything.
    #[must_use]
    pub fn calls(
        &self,
        filter: &CallFilter,
        cursor: Option<CallCursor>,
        limit: usize,
        now: Now,
    ) -> CallPage {
        let mut page = CallPage { calls: Vec::new(), next: None };
        let mut scanned = 0;
        let active_from = match cursor {
            Some(CallCursor::Active(place)) => place,
            Some(CallCursor::Queued(_)) | None => 0,
        };
        if filter.state != Some(StateFilter::Active)
            && !matches!(cursor, Some(CallCursor::Active(_)))
        {
            let mut last = match cursor {
                Some(CallCursor::Queued(ticket)) => Ticket(ticket),
                Some(CallCursor::Active(_)) | None => Ticket(0),
            };
            for (ticket, call) in self.queue.after(last) {
                if page.calls.len() == limit || scanned == MAX_CALLS_SCANNED_PER_PAGE {
                    page.next = Some(CallCursor::Queued(last.0));
                    return page;
                }
                self.add_if_wanted(&mut page, filter, call, now);
                scanned += 1;
                last = ticket;
            }
        }
        if filter.state == Some(StateFilter::Queued) {
            return page;
        }
        for (place, index) in self.calls.places_from(active_from) {
            if page.calls.len() == limit || scanned == MAX_CALLS_SCANNED_PER_PAGE {
                page.next = Some(CallCursor::Active(place));
                return page;
            }
            if let Some(index) = index.filter(|&index| !self.calls[index].is_queued()) {
                self.add_if_wanted(&mut page, filter, index, now);
            }
            scanned += 1;
        }
        page
    }

    /// Up to `limit` live calls of a lease with tickets above `after`, in ticket order; none: there is no such lease.
    #[must_use]
    pub fn calls_of_lease(
        &self,
        lease: &LeaseId,
        after: Ticket,
        limit: usize,
        now: Now,
    ) -> Option<Vec<CallView>> {
        let lease = self.leases.lease(self.leases.find(lease)?);
        let calls = lease.calls.iter(&self.calls);
        let wanted = calls.filter(|&index| self.calls[index].ticket > after).take(limit);
        Some(wanted.map(|index| self.view(now, KnownCall::Live(index))).collect())
    }

    /// Up to `most` open leases with ids above `after`, by id.
    #[must_use]
    pub fn open_leases(&self, after: Option<&str>, most: usize, now: Now) -> Vec<LeaseView> {
        let is_asked = |lease: &&Lease| {
            !lease.has_ended && after.is_none_or(|after| lease.id.as_str() > after)
        };
        let leases = self.leases.iter().map(|(_, lease)| lease);
        let mut leases: Vec<&Lease> = leases.filter(is_asked).collect();
        if most < leases.len() {
            leases.select_nth_unstable_by(most, |a, b| a.id.cmp(&b.id));
            leases.truncate(most);
        }
        leases.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        leases.into_iter().map(|lease| lease_view(lease, now)).collect()
    }

    /// Whether a lease has ended and some of its calls have not.
    #[must_use]
    pub fn is_lease_ending(&self, lease: &LeaseId) -> bool {
        self.leases.is_ending(lease)
    }

    /// Whether a lease with this id is open, or has live calls from before its end.
    #[must_use]
    pub fn has_lease(&self, lease: &LeaseId) -> bool {
        self.leases.has_id(lease)
    }

    /// The last public event that a reader sees the effects of.
    #[must_use]
    pub fn as_of(&self) -> Sequence {
        self.counters.sequence
    }

    /// The last ticket that was given.
    #[must_use]
    pub fn last_ticket(&self) -> Ticket {
        self.counters.ticket
    }

    /// Calls that have not ended.
    #[must_use]
    pub fn live_calls(&self) -> u64 {
        u64::from(self.pool.active()) + self.queue.len() as u64
    }

    /// A call as readers see it.
    pub(crate) fn view(&self, now: Now, known: KnownCall) -> CallView {
        let wait = match known {
            KnownCall::Live(index) => self.wait_of(now, &self.calls[index]),
            KnownCall::Ended(_) => None,
        };
        CallView { call: self.call_of(known), wait }
    }

    /// Its wait, if it is queued.
    pub(crate) fn wait_of(&self, now: Now, entry: &LiveCall) -> Option<Wait> {
        let LiveCall { ticket, class, lane, .. } = *entry;
        let place = self.queue.place(ticket, entry.seat?, class.call_type);
        let position_in_class = self.pool.class(class).queued_below(ticket) + 1;
        let blocked = self.pool.blocked_on(now.tick, class, self.pool.gates_of(lane));
        // How many calls are ahead of it at its gates is not known.
        let estimated_ms = if lane.is_some() || blocked.on == BlockedOn::NothingShared {
            None
        } else {
            let places = (place, position_in_class);
            self.pool.estimated_wait_ms(now.tick, class, ticket, places)
        };
        Some(Wait {
            position: place.in_queue,
            position_in_class,
            blocked_on: blocked.on,
            blocked_by: blocked.by,
            retry_in_ms: blocked.retry_in_ms,
            estimated_ms,
        })
    }

    fn add_if_wanted(&self, page: &mut CallPage, filter: &CallFilter, index: CallIndex, now: Now) {
        let LiveCall { class, lane, .. } = self.calls[index];
        let is_wanted =
            filter.agent.as_ref().is_none_or(|agent| self.pool.agent(class.agent).id == *agent)
                && filter.call_type.is_none_or(|call_type| class.call_type == call_type)
                && filter.gate.as_ref().is_none_or(|gate| self.pool.passes(lane, gate));
        if is_wanted {
            page.calls.push(self.view(now, KnownCall::Live(index)));
        }
    }
}

fn lease_view(lease: &Lease, now: Now) -> LeaseView {
    let (active, live) = (lease.sum.count, u64::from(lease.calls.len()));
    LeaseView {
        id: lease.id.clone(),
        key: lease.key.clone(),
        ttl_ms: lease.ttl_ms,
        expires_in_ms: lease.expires.ms_after(now.tick),
        active,
        queued: live - active,
    }
}

fn agent_view(agent: &Agent) -> AgentView {
    AgentView {
        id: agent.id.clone(),
        name: Arc::clone(&agent.name),
        cap: agent.cap,
        pace: agent.pace(),
        reserved: slots(agent.usage.reserved),
        active: agent.usage.active,
        queued: agent.queued(),
        types: PerType(CallType::ALL.map(|call_type| class_view(&agent.classes[call_type]))),
    }
}

fn class_view(class: &Class) -> ClassView {
    ClassView {
        reserved: class.reserved,
        active: class.active,
        reserved_in_use: class.active.min(class.reserved),
        shared_in_use: class.shared_in_use(),
        queued: class.queued(),
    }
}

fn slots(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
