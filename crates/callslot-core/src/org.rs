//! An organisation: its state, how an event changes it, and the one place where slots are given.
//!
//! [`Org::record`] is the only way to change the state while deciding, and it does what a replay does: so a live state
//! and a replayed one are the same by construction. The decisions themselves are in `decide.rs`.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallState, Request};
use crate::calls::{CallIndex, Calls, Entry};
use crate::chain::Links;
use crate::command::OrgSettings;
use crate::deadlines::{Deadlines, Due};
use crate::event::{Counters, Event, Recorded};
use crate::id::{AgentId, CallId, OrgId};
use crate::leases::Leases;
use crate::limits::DEFAULT_LEASE_TTL_MS;
use crate::line::Line;
use crate::pool::{ClassIndex, Pool};
use crate::time::{Now, Tick};

/// How many remembered calls one command forgets at most: more than one ends, so memory keeps up, and few, so none waits.
const FORGOTTEN_PER_COMMAND: usize = 8;

/// An organisation. Readers use the methods in `read.rs`.
#[derive(Debug)]
pub struct Org {
    pub(crate) id: OrgId,
    pub(crate) settings: OrgSettings,
    pub(crate) counters: Counters,
    pub(crate) pool: Pool,
    pub(crate) calls: Calls,
    pub(crate) line: Line,
    pub(crate) leases: Leases,
    pub(crate) deadlines: Deadlines,
    /// Ended calls, earliest end first, by the tick until which they are remembered.
    pub(crate) remembered: VecDeque<(Tick, CallIndex)>,
    /// Nothing expires before this tick.
    pub(crate) grace_until: Tick,
    /// The deadline under which the shard has the organisation listed.
    pub(crate) listed_deadline: Option<Tick>,
}

impl Org {
    pub(crate) fn new(id: OrgId, settings: OrgSettings, counters: Counters) -> Self {
        let mut pool = Pool::default();
        pool.set_limit(settings.limit());
        Self {
            id,
            settings,
            counters,
            pool,
            calls: Calls::default(),
            line: Line::default(),
            leases: Leases::default(),
            deadlines: Deadlines::default(),
            remembered: VecDeque::new(),
            grace_until: Tick(0),
            listed_deadline: None,
        }
    }

    /// Starts every admissible queued call, lowest ticket first: the only place a waiting call is given a slot.
    pub(crate) fn dispatch(&mut self, now: Now, events: &mut Vec<Recorded>) {
        while let Some(class) = self.pool.next_admissible() {
            let head = self.pool.class(class).queue.head().expect("a listed class has a head");
            let call = &self.calls[head].call;
            let CallState::Queued { misses } = call.state else {
                unreachable!("a call in a queue is queued");
            };
            let request = Arc::clone(&call.request);
            let state = self.active_state(now, &request, class, Some(now.tick), misses);
            self.record(now.tick, events, Event::CallStarted(Call { request, state }));
        }
    }

    /// How a call of the class is active when it starts now.
    pub(crate) fn active_state(
        &self,
        now: Now,
        request: &Request,
        class: ClassIndex,
        dispatched: Option<Tick>,
        misses: u8,
    ) -> CallState {
        let claim_deadline = request.claim_within_ms.map(|within| now.tick.after_ms(within));
        CallState::Active {
            slot: self.pool.slot_kind(class),
            started_at: now.at,
            dispatched,
            deadline: claim_deadline.or_else(|| self.duration_deadline(now.tick, request)),
            is_claim_due: claim_deadline.is_some(),
            misses,
        }
    }

    /// When a call that nobody vouches for has lasted too long.
    pub(crate) fn duration_deadline(&self, tick: Tick, request: &Request) -> Option<Tick> {
        let bound_ms = self.settings.max_call_duration_ms;
        (request.lease.is_none() && bound_ms > 0).then(|| tick.after_ms(bound_ms))
    }

    /// Makes `event` happen: numbers it, applies it and notes it.
    pub(crate) fn record(&mut self, tick: Tick, events: &mut Vec<Recorded>, event: Event) {
        let sequence = event.is_public().then(|| self.counters.sequence.next());
        let recorded = Recorded { org: self.id.clone(), sequence, event };
        self.apply(tick, &recorded);
        events.push(recorded);
    }

    /// Applies an event to the state. `tick` is that of its record.
    pub(crate) fn apply(&mut self, tick: Tick, recorded: &Recorded) {
        if let Some(sequence) = recorded.sequence {
            self.counters.sequence = sequence;
        }
        match &recorded.event {
            Event::OrgCreated(settings) | Event::OrgChanged(settings) => {
                self.settings = OrgSettings::clone(settings);
                self.pool.set_limit(settings.limit());
            }
            Event::LimitChanged { plan, plan_limit, limit_override } => {
                self.settings.plan = plan.clone();
                self.settings.plan_limit = *plan_limit;
                self.settings.limit_override = *limit_override;
                self.pool.set_limit(self.settings.limit());
            }
            Event::AgentPut { agent, name, cap } => self.pool.put_agent(agent, name, *cap),
            Event::AgentDeleted { agent } => self.pool.remove_agent(agent),
            Event::ReservationsChanged { version, reservations } => {
                self.counters.version = *version;
                for (agent, reserved) in reservations {
                    for call_type in crate::CallType::ALL {
                        self.pool
                            .set_reserved(self.class_of(agent, call_type), reserved[call_type]);
                    }
                }
            }
            Event::CallQueued(call)
            | Event::CallStarted(call)
            | Event::CallClaimed(call)
            | Event::CallEnded(call) => self.put_call(call),
            Event::LeaseOpened { lease, ttl_ms } => {
                let expires = tick.after_ms(*ttl_ms);
                let index = self.leases.open(lease, *ttl_ms, expires);
                let number = self.leases.lease(index).number;
                self.deadlines.set(expires, Due::Lease { number, lease: index });
            }
            Event::LeaseEnded { lease } => {
                let index = self.leases.find(lease).expect("a lease that ends was opened");
                let ended = self.leases.lease(index);
                let due = Due::Lease { number: ended.number, lease: index };
                self.deadlines.clear(ended.expires, due);
                self.leases.remove(index, &mut self.calls);
            }
            Event::CountersRestored(counters) => self.counters = Counters::clone(counters),
            Event::OrgDeleted => unreachable!("the shard removes organisations"),
        }
    }

    /// Sets when a lease runs out.
    pub(crate) fn set_lease_expiry(&mut self, lease: crate::leases::LeaseIndex, expires: Tick) {
        let due = Due::Lease { number: self.leases.lease(lease).number, lease };
        self.deadlines.clear(self.leases.lease(lease).expires, due);
        self.deadlines.set(expires, due);
        self.leases.set_expiry(lease, expires);
    }

    /// From `tick` every lease has its whole TTL again, and nothing expires for one default TTL.
    pub(crate) fn resume(&mut self, tick: Tick) {
        self.grace_until = tick.after_ms(DEFAULT_LEASE_TTL_MS);
        let leases: Vec<_> =
            self.leases.iter().map(|(index, lease)| (index, lease.ttl_ms)).collect();
        for (lease, ttl_ms) in leases {
            self.set_lease_expiry(lease, tick.after_ms(ttl_ms));
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Tick> {
        self.deadlines.first().map(|tick| tick.max(self.grace_until))
    }

    /// Forgets some calls that ended long enough ago.
    pub(crate) fn forget_ended(&mut self, tick: Tick) {
        for _ in 0..FORGOTTEN_PER_COMMAND {
            match self.remembered.front() {
                Some(&(until, index)) if until <= tick => {
                    self.remembered.pop_front();
                    // The id may have been used again, and the place too: then there is nothing to forget here.
                    if self.calls.get(index).is_some_and(|entry| is_forgettable(&entry.call, tick))
                    {
                        self.calls.remove(index);
                    }
                }
                Some(_) | None => return,
            }
        }
    }

    /// A call that is live, or has ended and is remembered at `tick`.
    pub(crate) fn known_call(&self, id: &CallId, tick: Tick) -> Option<CallIndex> {
        self.calls.find(id).filter(|&index| !is_forgettable(&self.calls[index].call, tick))
    }

    /// Puts a call as it now stands in the place of what was known of it.
    fn put_call(&mut self, call: &Call) {
        let request = &call.request;
        self.counters.ticket = self.counters.ticket.max(request.ticket);
        let index = match self.calls.find(&request.id) {
            Some(index) if self.calls[index].call.request.ticket == request.ticket => {
                self.note_pace(&self.calls[index].call.state.clone(), &call.state);
                self.leave_state(index);
                self.calls[index].call.state = call.state.clone();
                index
            }
            Some(forgotten) => {
                self.calls.remove(forgotten);
                self.insert_call(call)
            }
            None => self.insert_call(call),
        };
        self.enter_state(index);
    }

    fn insert_call(&mut self, call: &Call) -> CallIndex {
        let class = if call.is_ended() {
            // Only a snapshot brings in a call that has ended; its agent may be gone.
            ClassIndex::NONE
        } else {
            self.class_of(&call.request.agent, call.request.call_type)
        };
        let index = self.calls.insert(Entry {
            call: call.clone(),
            class,
            seat: None,
            lease: None,
            digest: 0,
            in_class: Links::default(),
            in_lease: Links::default(),
        });
        if let Some(lease) = call.request.lease.as_ref().filter(|_| !call.is_ended()) {
            let lease = self.leases.find(lease).expect("a live call's lease is open");
            self.leases.attach(lease, &mut self.calls, index);
        }
        index
    }

    /// Takes a call out of everything that its state has it in.
    fn leave_state(&mut self, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.call.request.ticket);
        let due = Due::Call { ticket, call: index };
        match &entry.call.state {
            CallState::Queued { .. } => {
                if let Some(tick) = entry.call.request.wait_deadline {
                    self.deadlines.clear(tick, due);
                }
                let seat = self.calls[index].seat.take().expect("a queued call has a seat");
                self.line.leave(ticket, seat);
                self.pool.dequeue(&mut self.calls, class, index);
            }
            CallState::Active { deadline, .. } => {
                if let Some(tick) = *deadline {
                    self.deadlines.clear(tick, due);
                }
                if let Some(lease) = entry.lease {
                    self.leases.remove_active(lease, entry.digest);
                }
                self.pool.free_slot(class);
            }
            CallState::Ended { .. } => {}
        }
    }

    /// Puts a call into everything that its state has it in.
    fn enter_state(&mut self, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.call.request.ticket);
        let due = Due::Call { ticket, call: index };
        match &entry.call.state {
            CallState::Queued { .. } => {
                if let Some(tick) = entry.call.request.wait_deadline {
                    self.deadlines.set(tick, due);
                }
                let calls = &mut self.calls;
                let seat =
                    self.line.join(ticket, index, |moved, seat| calls[moved].seat = Some(seat));
                calls[index].seat = Some(seat);
                self.pool.enqueue(calls, class, index);
            }
            CallState::Active { deadline, .. } => {
                if let Some(tick) = *deadline {
                    self.deadlines.set(tick, due);
                }
                if let Some(lease) = entry.lease {
                    self.leases.add_active(lease, entry.digest);
                }
                self.pool.take_slot(class);
            }
            CallState::Ended { remembered_until, .. } => {
                self.remembered.push_back((*remembered_until, index));
                self.leases.detach(&mut self.calls, index);
            }
        }
    }

    /// Learns from a change of state how fast calls are dispatched and how long they last.
    fn note_pace(&mut self, before: &CallState, after: &CallState) {
        match (before, after) {
            (CallState::Queued { .. }, CallState::Active { started_at, .. }) => {
                self.counters.pace.note_dispatch(*started_at);
            }
            (CallState::Active { started_at, .. }, CallState::Ended { ended_at, .. }) => {
                self.counters.pace.note_duration(ended_at.ms_since(*started_at));
            }
            (CallState::Queued { .. } | CallState::Active { .. } | CallState::Ended { .. }, _) => {}
        }
    }

    pub(crate) fn class_of(&self, agent: &AgentId, call_type: crate::CallType) -> ClassIndex {
        let agent = self.pool.find(agent).expect("an agent named in an event exists");
        ClassIndex { agent, call_type }
    }
}

fn is_forgettable(call: &Call, tick: Tick) -> bool {
    matches!(call.state, CallState::Ended { remembered_until, .. } if remembered_until <= tick)
}
