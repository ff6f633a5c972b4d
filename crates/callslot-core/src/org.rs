//! An organisation: its state, how an event changes it, and the one place where slots are given.
//!
//! [`Org::record`] is the only way to change the state while deciding, and it does what a replay does: so a live state
//! and a replayed one are the same by construction. The decisions themselves are in `decide.rs`.

pub(crate) mod calls;
pub(crate) mod deadlines;
mod ended_calls;
pub(crate) mod leases;
mod linked_calls;
pub(crate) mod pool;
mod queue_positions;
mod read;
mod snapshot;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallState, Request};
use crate::command::OrgSettings;
use crate::event::{Counters, Event, Recorded};
use crate::id::{AgentId, OrgId};
use crate::limits::DEFAULT_LEASE_TTL_MS;
use crate::org::calls::{CallIndex, Calls, Entry, Found, Known};
use crate::org::deadlines::{Deadlines, Due};
use crate::org::leases::Leases;
use crate::org::pool::{ClassIndex, Pool};
use crate::org::queue_positions::Line;
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
    /// Nothing expires before this tick.
    pub(crate) grace_until: Tick,
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
            grace_until: Tick(0),
        }
    }

    /// Starts every admissible queued call, lowest ticket first: the only place a waiting call is given a slot.
    pub(crate) fn dispatch(&mut self, now: Now, events: &mut Vec<Recorded>) {
        while let Some(class) = self.pool.next_admissible() {
            let head = self.pool.class(class).queue.head().expect("a listed class has a head");
            let CallState::Queued { misses } = self.calls[head].state else {
                unreachable!("a call in a queue is queued");
            };
            let request = self.request(head);
            let state = self.active_state(now, &request, class, Some(now.tick), misses);
            let found = self.calls.found(head);
            self.record_call(now.tick, events, found, Event::CallStarted(Call { request, state }));
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
        self.record_at(tick, events, None, event);
    }

    /// Makes a call's `event` happen. `found` is what its id was found to stand for, so that it is not searched again.
    pub(crate) fn record_call(
        &mut self,
        tick: Tick,
        events: &mut Vec<Recorded>,
        found: Found,
        event: Event,
    ) {
        self.record_at(tick, events, Some(found), event);
    }

    fn record_at(
        &mut self,
        tick: Tick,
        events: &mut Vec<Recorded>,
        found: Option<Found>,
        event: Event,
    ) {
        let sequence = event.is_public().then(|| self.counters.sequence.next());
        let recorded = Recorded { org: self.id.clone(), sequence, event };
        self.apply_at(tick, found, &recorded);
        events.push(recorded);
    }

    /// Applies an event to the state. `tick` is that of its record.
    pub(crate) fn apply(&mut self, tick: Tick, recorded: &Recorded) {
        self.apply_at(tick, None, recorded);
    }

    fn apply_at(&mut self, tick: Tick, found: Option<Found>, recorded: &Recorded) {
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
            | Event::CallEnded(call) => {
                let found = found.unwrap_or_else(|| self.calls.find(&call.request.id));
                self.put_call(found, call);
            }
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
    pub(crate) fn set_lease_expiry(
        &mut self,
        lease: crate::org::leases::LeaseIndex,
        expires: Tick,
    ) {
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
        self.calls.forget(tick, FORGOTTEN_PER_COMMAND);
    }

    /// What is known of `found` at `tick`: a call that is live, or has ended and is remembered.
    pub(crate) fn known(&self, found: Found, tick: Tick) -> Option<Known> {
        found.call.filter(|&known| match known {
            Known::Live(_) => true,
            Known::Ended(index) => self.calls.remembered_until(index) > tick,
        })
    }

    /// A call as it stands.
    pub(crate) fn call_of(&self, known: Known) -> Call {
        match known {
            Known::Live(index) => {
                Call { request: self.request(index), state: self.calls[index].state.clone() }
            }
            Known::Ended(index) => self.calls.ended(index),
        }
    }

    /// What was asked for by a live call.
    pub(crate) fn request(&self, index: CallIndex) -> Arc<Request> {
        let entry = &self.calls[index];
        Arc::new(entry.request(&self.pool.agent(entry.class.agent).id))
    }

    /// Puts a call as it now stands in the place of what was known of it.
    fn put_call(&mut self, found: Found, call: &Call) {
        self.counters.ticket = self.counters.ticket.max(call.request.ticket);
        if let Some(Known::Live(index)) = found.call {
            let entry = &self.calls[index];
            assert_eq!(entry.ticket, call.request.ticket, "an id has one live call at a time");
            self.counters.pace.note(&entry.state, &call.state);
            self.leave_state(index);
        }
        if call.is_ended() {
            if let Some(Known::Live(index)) = found.call {
                self.leases.detach(&mut self.calls, index);
            }
            self.calls.remember(found, call);
            return;
        }
        let index = match found.call {
            Some(Known::Live(index)) => {
                self.calls[index].state = call.state.clone();
                index
            }
            Some(Known::Ended(_)) | None => self.insert_call(found, call),
        };
        self.enter_state(index);
    }

    fn insert_call(&mut self, found: Found, call: &Call) -> CallIndex {
        let class = self.class_of(&call.request.agent, call.request.call_type);
        let index = self.calls.insert(found, Entry::new(found, call, class));
        if let Some(lease) = &call.request.lease {
            let lease = self.leases.find(lease).expect("a live call's lease is open");
            self.leases.attach(lease, &mut self.calls, index);
        }
        index
    }

    /// Takes a call out of everything that its state has it in.
    fn leave_state(&mut self, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.ticket);
        match &entry.state {
            CallState::Queued { .. } => {
                if let Some(tick) = entry.wait_deadline {
                    self.deadlines.clear(tick, Due::Wait { ticket, call: index });
                }
                let seat = self.calls[index].seat.take().expect("a queued call has a seat");
                self.line.leave(ticket, seat);
                self.pool.dequeue(&mut self.calls, class, index);
            }
            CallState::Active { deadline, .. } => {
                if let Some(tick) = *deadline {
                    self.deadlines.clear(tick, Due::Activity { ticket, call: index });
                }
                if let Some(lease) = entry.lease {
                    self.leases.remove_active(lease, entry.digest);
                }
                self.pool.free_slot(class);
            }
            CallState::Ended { .. } => unreachable!("a live call has not ended"),
        }
    }

    /// Puts a call into everything that its state has it in.
    fn enter_state(&mut self, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.ticket);
        match &entry.state {
            CallState::Queued { .. } => {
                if let Some(tick) = entry.wait_deadline {
                    self.deadlines.set(tick, Due::Wait { ticket, call: index });
                }
                let calls = &mut self.calls;
                let seat =
                    self.line.join(ticket, index, |moved, seat| calls[moved].seat = Some(seat));
                calls[index].seat = Some(seat);
                self.pool.enqueue(calls, class, index);
            }
            CallState::Active { deadline, .. } => {
                if let Some(tick) = *deadline {
                    self.deadlines.set(tick, Due::Activity { ticket, call: index });
                }
                if let Some(lease) = entry.lease {
                    self.leases.add_active(lease, entry.digest);
                }
                self.pool.take_slot(class);
            }
            CallState::Ended { .. } => unreachable!("a live call has not ended"),
        }
    }

    pub(crate) fn class_of(&self, agent: &AgentId, call_type: crate::CallType) -> ClassIndex {
        let agent = self.pool.find(agent).expect("an agent named in an event exists");
        ClassIndex { agent, call_type }
    }
}
