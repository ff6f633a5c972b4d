//! How an event changes an organisation.
//!
//! [`Org::record`] is the only way to change the state while deciding, and it does what a replay does ([`Org::apply`]):
//! so a live state and a replayed one are the same by construction. Nothing here decides or refuses.

use alloc::vec::Vec;

use crate::call::{Call, CallState, CallType};
use crate::event::{Counters, Event, Recorded};
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::{CallIndex, Found, KnownCall};
use crate::org::live_call::LiveCall;
use crate::settings::OrgSettings;
use crate::time::Tick;

impl Org {
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
                    for call_type in CallType::ALL {
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

    /// Puts a call as it now stands in the place of what was known of it.
    fn put_call(&mut self, found: Found, call: &Call) {
        self.counters.ticket = self.counters.ticket.max(call.request.ticket);
        if let Some(KnownCall::Live(index)) = found.call {
            let entry = &self.calls[index];
            assert_eq!(entry.ticket, call.request.ticket, "an id has one live call at a time");
            self.counters.wait_estimator.note(&entry.state, &call.state);
            self.leave_state(index);
        }
        if call.is_ended() {
            if let Some(KnownCall::Live(index)) = found.call {
                self.leases.detach(&mut self.calls, index);
            }
            self.calls.remember(found, call);
            return;
        }
        let index = match found.call {
            Some(KnownCall::Live(index)) => {
                self.calls[index].state = call.state.clone();
                index
            }
            Some(KnownCall::Ended(_)) | None => self.insert_call(found, call),
        };
        self.enter_state(index);
    }

    fn insert_call(&mut self, found: Found, call: &Call) -> CallIndex {
        let class = self.class_of(&call.request.agent, call.request.call_type);
        let index = self.calls.insert(found, LiveCall::new(found, call, class));
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
                self.queue.leave(ticket, seat);
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
                    self.queue.join(ticket, index, |moved, seat| calls[moved].seat = Some(seat));
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
}
