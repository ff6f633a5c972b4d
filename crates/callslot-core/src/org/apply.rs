//! How an event changes an organisation.
//!
//! [`Org::record`] is the only way to change the state while deciding, and it does what a replay does ([`Org::apply`]):
//! so a live state and a replayed one are the same by construction. Nothing here decides or refuses.

use alloc::vec::Vec;

use crate::call::{Active, Call, CallType, Ended, LiveState, Request};
use crate::event::{CallEvent, Counters, Event, LeaseEvent, OrgEvent, Recorded, SettingsEvent};
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::{CallIndex, Found, KnownCall};
use crate::org::live_call::LiveCall;
use crate::settings::OrgSettings;
use crate::time::Tick;

impl Org {
    /// Makes `event` happen: numbers it, applies it and adds it to `events`.
    pub(crate) fn record(
        &mut self,
        tick: Tick,
        events: &mut Vec<Recorded>,
        event: impl Into<Event>,
    ) {
        self.record_at(tick, events, None, event.into());
    }

    /// Makes a call's `event` happen. `found` is the result of looking its id up, so that it is not searched again.
    pub(crate) fn record_call(
        &mut self,
        tick: Tick,
        events: &mut Vec<Recorded>,
        found: Found,
        event: impl Into<Event>,
    ) {
        self.record_at(tick, events, Some(found), event.into());
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
            Event::Call(CallEvent::Queued(call)) => {
                self.put_live(found, &call.request, LiveState::Queued(call.state));
            }
            Event::Call(CallEvent::Started(call)) | Event::CallClaimed(call) => {
                self.put_live(found, &call.request, LiveState::Active(call.state));
            }
            Event::Call(CallEvent::Ended(call)) => self.put_ended(found, call),
            Event::Settings(event) => self.apply_settings(event),
            Event::Lease(event) => self.apply_to_lease(tick, event),
            Event::Org(OrgEvent::Created(settings) | OrgEvent::Changed(settings)) => {
                self.settings = OrgSettings::clone(settings);
                self.pool.set_limit(settings.limit());
            }
            Event::Org(OrgEvent::CountersRestored(counters)) => {
                self.counters = Counters::clone(counters);
            }
            // The shard drops the organisation whole.
            Event::Org(OrgEvent::Deleted) => {}
        }
    }

    fn apply_settings(&mut self, event: &SettingsEvent) {
        match event {
            SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
                self.settings.plan = plan.clone();
                self.settings.plan_limit = *plan_limit;
                self.settings.limit_override = *limit_override;
                self.pool.set_limit(self.settings.limit());
            }
            SettingsEvent::AgentPut { agent, name, cap } => self.pool.put_agent(agent, name, *cap),
            SettingsEvent::AgentDeleted { agent } => self.pool.remove_agent(agent),
            SettingsEvent::ReservationsChanged { version, reservations } => {
                self.counters.version = *version;
                for (agent, reserved) in reservations {
                    for call_type in CallType::ALL {
                        self.pool
                            .set_reserved(self.class_of(agent, call_type), reserved[call_type]);
                    }
                }
            }
        }
    }

    fn apply_to_lease(&mut self, tick: Tick, event: &LeaseEvent) {
        match event {
            LeaseEvent::Opened { lease, ttl_ms } => {
                let expires = tick.after_ms(*ttl_ms);
                let index = self.leases.open(lease, *ttl_ms, expires);
                let number = self.leases.lease(index).number;
                self.deadlines.set(expires, Due::Lease { number, lease: index });
            }
            LeaseEvent::Ended { lease } => {
                let index = self.leases.find(lease).expect("a lease that ends was opened");
                let ended = self.leases.lease(index);
                let due = Due::Lease { number: ended.number, lease: index };
                self.deadlines.clear(ended.expires, due);
                self.leases.remove(index, &mut self.calls);
            }
        }
    }

    /// Gives a call the state it now has: one that is live already, or a new one.
    fn put_live(&mut self, found: Option<Found>, request: &Request, state: LiveState) {
        self.counters.ticket = self.counters.ticket.max(request.ticket);
        let found = found.unwrap_or_else(|| self.calls.find(&request.id));
        let index = match found.call {
            Some(KnownCall::Live(index)) => {
                self.leave_state(index, request);
                let before = &mut self.calls[index].state;
                if let (LiveState::Queued(_), LiveState::Active(active)) = (&*before, state) {
                    self.counters.wait_estimator.note_dispatch(active.started_at);
                }
                *before = state;
                index
            }
            Some(KnownCall::Ended(_)) | None => self.insert_call(found, request, state),
        };
        self.enter_state(index);
    }

    /// Keeps an ended call in the place of the live one that it was.
    fn put_ended(&mut self, found: Option<Found>, call: &Call<Ended>) {
        self.counters.ticket = self.counters.ticket.max(call.request.ticket);
        let found = found.unwrap_or_else(|| self.calls.find(&call.request.id));
        if let Some(KnownCall::Live(index)) = found.call {
            self.leave_state(index, &call.request);
            if let LiveState::Active(active) = self.calls[index].state {
                let duration_ms = call.state.ended_at.ms_since(active.started_at);
                self.counters.wait_estimator.note_duration(duration_ms);
            }
            self.leases.detach(&mut self.calls, index);
        }
        self.calls.remember(found, call);
    }

    fn insert_call(&mut self, found: Found, request: &Request, state: LiveState) -> CallIndex {
        let class = self.class_of(&request.agent, request.call_type);
        let index = self.calls.insert(found, LiveCall::new(found, request, state, class));
        if let Some(lease) = &request.lease {
            let lease = self.leases.find(lease).expect("a live call's lease is open");
            self.leases.attach(lease, &mut self.calls, index);
        }
        index
    }

    /// Takes a call out of everything that its state has it in.
    fn leave_state(&mut self, index: CallIndex, request: &Request) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.ticket);
        assert_eq!(ticket, request.ticket, "an id has one live call at a time");
        match entry.state {
            LiveState::Queued(_) => {
                if let Some(tick) = entry.wait_deadline {
                    self.deadlines.clear(tick, Due::Wait { ticket, call: index });
                }
                let seat = self.calls[index].seat.take().expect("a queued call has a seat");
                self.queue.leave(ticket, seat);
                self.pool.dequeue(&mut self.calls, class, index);
            }
            LiveState::Active(Active { deadline, .. }) => {
                if let Some(tick) = deadline {
                    self.deadlines.clear(tick, Due::Activity { ticket, call: index });
                }
                if let Some(lease) = entry.lease {
                    self.leases.remove_active(lease, entry.digest);
                }
                self.pool.free_slot(class);
            }
        }
    }

    /// Puts a call into everything that its state has it in.
    fn enter_state(&mut self, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket) = (entry.class, entry.ticket);
        match entry.state {
            LiveState::Queued(_) => {
                if let Some(tick) = entry.wait_deadline {
                    self.deadlines.set(tick, Due::Wait { ticket, call: index });
                }
                let calls = &mut self.calls;
                let seat =
                    self.queue.join(ticket, index, |moved, seat| calls[moved].seat = Some(seat));
                calls[index].seat = Some(seat);
                self.pool.enqueue(calls, class, index);
            }
            LiveState::Active(Active { deadline, .. }) => {
                if let Some(tick) = deadline {
                    self.deadlines.set(tick, Due::Activity { ticket, call: index });
                }
                if let Some(lease) = entry.lease {
                    self.leases.add_active(lease, entry.digest);
                }
                self.pool.take_slot(class);
            }
        }
    }
}
