//! How an event changes an organisation.
//!
//! [`Org::record`] is the only way to change the state while deciding, and it does what a replay does ([`Org::apply`]):
//! so a live state and a replayed one are the same by construction. Nothing here decides or refuses.

use alloc::vec::Vec;

use crate::call::{Active, Call, CallType, Ended, LiveState, Request, SlotKind};
use crate::event::{
    CallEvent, Claim, Counters, Event, LeaseEvent, OrgEvent, PaceOf, Recorded, SettingsEvent,
};
use crate::id::{Claimant, LeaseId};
use crate::org::Org;
use crate::org::deadlines::Due;
use crate::org::index::{CallIndex, ClassIndex, Found, KnownCall, LaneIndex};
use crate::org::live_call::LiveCall;
use crate::org::pages::{Begun, Paging};
use crate::org::pool::PacedBy;
use crate::settings::OrgSettings;
use crate::time::{Now, Tick};

impl Org {
    /// Makes `event` happen: numbers it, applies it and adds it to `events`.
    pub(crate) fn record(&mut self, now: Now, events: &mut Vec<Recorded>, event: impl Into<Event>) {
        self.record_at(now, events, None, event.into());
    }

    /// Makes a call's `event` happen. `found` is the result of looking its id up, so that it is not searched again.
    pub(crate) fn record_call(
        &mut self,
        now: Now,
        events: &mut Vec<Recorded>,
        found: Found,
        event: impl Into<Event>,
    ) {
        self.record_at(now, events, Some(found), event.into());
    }

    fn record_at(
        &mut self,
        now: Now,
        events: &mut Vec<Recorded>,
        found: Option<Found>,
        event: Event,
    ) {
        let sequence = event.is_public().then(|| self.counters.sequence.next());
        let recorded = Recorded { org: self.id.clone(), sequence, event };
        self.apply_at(now, found, &recorded);
        events.push(recorded);
    }

    /// Applies an event to the state. `now` is the time of its record.
    pub(crate) fn apply(&mut self, now: Now, recorded: &Recorded) {
        self.apply_at(now, None, recorded);
    }

    fn apply_at(&mut self, now: Now, found: Option<Found>, recorded: &Recorded) {
        let tick = now.tick;
        if let Some(sequence) = recorded.sequence {
            self.counters.sequence = sequence;
        }
        match &recorded.event {
            Event::Call(CallEvent::Queued(call)) => {
                self.put_live(now, found, &call.request, LiveState::Queued(call.state));
            }
            Event::Call(CallEvent::Started(call)) => {
                self.put_live(now, found, &call.request, LiveState::Active(call.state));
            }
            Event::CallClaimed(claim) => {
                let Claim { call, claimant } = &**claim;
                let state = LiveState::Active(call.state);
                let index = self.put_live(now, found, &call.request, state);
                self.calls[index].set_claimant(claimant.clone());
            }
            Event::Call(CallEvent::Ended(call)) => self.put_ended(tick, found, call),
            Event::Call(CallEvent::EndedAtOnce(call)) => {
                self.early_ends.remove(&call.request.id);
                self.put_ended(tick, found, call);
            }
            Event::EndsRemembered(calls, until) => {
                for call in calls {
                    self.early_ends.remember(call, *until);
                }
            }
            Event::CallErased(call) => {
                let found = found.unwrap_or_else(|| self.calls.find(call));
                if let Some(KnownCall::Ended(index)) = found.call {
                    self.calls.erase_texts(index);
                }
            }
            Event::CallAdopted(adoption) => self.move_to_lease(found, &adoption.call),
            Event::Sweep(event) => self.sweeps.apply(event),
            Event::Settings(SettingsEvent::AlertPut { alert, rule }) => {
                self.alerts.put(alert, rule);
            }
            Event::Settings(SettingsEvent::AlertDeleted { alert }) => self.alerts.remove(alert),
            Event::Settings(event) => self.apply_settings(tick, event),
            Event::Alert(event) => self.alerts.apply(event, self.bounds.past_alerts),
            Event::Lease(event) => self.apply_to_lease(tick, event),
            Event::Org(OrgEvent::Created(settings) | OrgEvent::Changed(settings)) => {
                self.settings = OrgSettings::clone(settings);
                self.pool.set_limit(settings.limit());
                self.pool.restart_lines();
            }
            Event::Org(OrgEvent::WaitsRestored(figures)) => self.pool.restore_wait_figures(figures),
            Event::Org(OrgEvent::AgentWaitsRestored(agent, figures)) => {
                self.pool.restore_class_figures(agent, figures);
            }
            Event::Org(OrgEvent::CountersRestored(counters)) => {
                self.counters = Counters::clone(counters);
            }
            Event::Org(OrgEvent::StartRestored(call, started)) => {
                let Some(KnownCall::Live(index)) = self.calls.find(call).call else {
                    panic!("a call whose start is restored is live");
                };
                self.calls[index].started = *started;
            }
            Event::Org(OrgEvent::RequestsRestored(requested)) => self.restore_requests(requested),
            Event::Org(OrgEvent::PaceRestored(of, due)) => {
                let by = self.paced_by(of);
                self.pool.restore_pace(tick, by, *due);
            }
            Event::Org(OrgEvent::GateRestored(gate, figures)) => {
                self.pool.restore_gate(gate, *figures);
            }
            // Who changes something is for readers alone; the shard drops a deleted organisation whole.
            Event::ChangedBy(_) | Event::Org(OrgEvent::Deleted) => {}
        }
    }

    fn apply_settings(&mut self, tick: Tick, event: &SettingsEvent) {
        self.pool.restart_lines();
        match event {
            SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
                self.settings.plan = plan.clone();
                self.settings.plan_limit = *plan_limit;
                self.settings.limit_override = *limit_override;
                self.pool.set_limit(self.settings.limit());
            }
            SettingsEvent::AgentPut { agent, name, cap, pace } => {
                self.pool.put_agent(tick, (agent, name), (*cap, *pace));
            }
            SettingsEvent::TypeChanged { call_type, cap, pace } => {
                self.pool.set_type(tick, *call_type, (*cap, *pace));
            }
            SettingsEvent::GatePut { gate, settings, is_within_hours } => {
                self.pool.put_gate(tick, gate, settings, *is_within_hours);
            }
            SettingsEvent::GateHours { gate, is_within_hours } => {
                self.pool.set_within_hours(gate, *is_within_hours);
            }
            SettingsEvent::GateDeleted { gate } => self.pool.remove_gate(gate),
            SettingsEvent::AgentDeleted { agent } => self.pool.remove_agent(agent),
            SettingsEvent::AlertPut { .. } | SettingsEvent::AlertDeleted { .. } => {}
            SettingsEvent::ReservationsChanged { version, reservations } => {
                self.counters.version = *version;
                for (agent, reserved) in reservations {
                    for call_type in CallType::ALL {
                        let class = self.class_of(agent, call_type);
                        self.pool.set_reserved(tick, class, reserved[call_type]);
                    }
                }
            }
        }
    }

    fn apply_to_lease(&mut self, tick: Tick, event: &LeaseEvent) {
        match event {
            LeaseEvent::Opened { lease, ttl_ms, key } => {
                let expires = tick.after_ms(*ttl_ms);
                let index = self.leases.open(lease, key.as_ref(), *ttl_ms, expires);
                let number = self.leases.lease(index).number;
                self.deadlines.set(expires, Due::Lease { number, lease: index });
            }
            LeaseEvent::Ended { lease } => {
                let index = self.leases.find(lease).expect("a lease that ends was opened");
                let ended = self.leases.lease(index);
                let due = Due::Lease { number: ended.number, lease: index };
                self.deadlines.clear(ended.expires, due);
                self.pages.drop_of(index);
                self.leases.end(index);
            }
            LeaseEvent::PagesBegun { lease, first, is_in_doubt } => {
                let begun = Begun { first: *first, is_in_doubt: *is_in_doubt };
                self.set_paging(lease, Paging::Begun(begun));
            }
            LeaseEvent::PagesDecided { lease, last, until } => {
                self.set_paging(lease, Paging::Decided { last: *last, until: *until });
            }
            LeaseEvent::PagesLost { lease, last: None, first: None } => {
                self.set_paging(lease, Paging::None);
            }
            LeaseEvent::PagesLost { lease, last, first } => {
                self.set_paging(lease, Paging::Lost { last: *last, first: *first });
            }
        }
    }

    /// The pages that are kept are those of a reconciliation that has begun.
    fn set_paging(&mut self, lease: &LeaseId, paging: Paging) {
        let index = self.leases.find(lease).expect("a lease that is reconciled is open");
        self.pages.drop_of(index);
        self.leases.set_paging(index, paging);
    }

    /// Gives a call the state it now has: one that is live already, or a new one.
    fn put_live(
        &mut self,
        now: Now,
        found: Option<Found>,
        request: &Request,
        state: LiveState,
    ) -> CallIndex {
        self.counters.ticket = self.counters.ticket.max(request.ticket);
        let found = found.unwrap_or_else(|| self.calls.find(&request.id));
        let index = match found.call {
            Some(KnownCall::Live(index)) => {
                if let (LiveState::Active(before), LiveState::Active(claimed)) =
                    (self.calls[index].state, state)
                {
                    // It was claimed: the slot is the same.
                    self.stop_activity(index, before);
                    self.calls[index].state = state;
                    self.begin_activity(index, claimed);
                    return index;
                }
                let slot = match state {
                    LiveState::Active(active) => Some(active.slot),
                    LiveState::Queued(_) => None,
                };
                self.leave_state(now.tick, index, request, slot);
                self.calls[index].wait_deadline = request.wait_deadline;
                self.calls[index].state = state;
                index
            }
            Some(KnownCall::Ended(_)) | None => self.insert_call(now, found, request, state),
        };
        self.enter_state(now.tick, index);
        index
    }

    #[cold]
    fn restore_requests(&mut self, requested: &[Tick]) {
        let live = self.live_by_ticket();
        assert_eq!(live.len(), requested.len(), "each live call was requested");
        for (index, requested) in live.into_iter().zip(requested) {
            self.calls[index].requested = *requested;
        }
    }

    /// Keeps an ended call in the place of the live one that it was.
    fn put_ended(&mut self, tick: Tick, found: Option<Found>, call: &Call<Ended>) {
        self.counters.ticket = self.counters.ticket.max(call.request.ticket);
        let found = found.unwrap_or_else(|| self.calls.find(&call.request.id));
        if let Some(KnownCall::Live(index)) = found.call {
            self.leave_state(tick, index, &call.request, None);
            self.leases.detach(&mut self.calls, index);
        }
        if !call.request.gates.is_empty() {
            self.leave_gates(found, &call.request);
        }
        self.calls.remember(found, call, self.bounds.ended_text_bytes);
    }

    /// Moves a live call from its lease, if it has one, to the one that `call` names.
    #[cold]
    fn move_to_lease(&mut self, found: Option<Found>, call: &Call<LiveState>) {
        let found = found.unwrap_or_else(|| self.calls.find(&call.request.id));
        let lease = call.request.lease.as_ref().and_then(|lease| self.leases.find(lease));
        let (Some(KnownCall::Live(index)), Some(lease)) = (found.call, lease) else {
            panic!("a call that is adopted is live, and its new lease open");
        };
        if let LiveState::Active(active) = self.calls[index].state {
            self.stop_activity(index, active);
        }
        self.leases.detach(&mut self.calls, index);
        let was_claimed_by_lease = self.calls[index].is_claimed_by_lease();
        self.calls[index].state = call.state;
        self.leases.adopt(lease, &mut self.calls, index);
        if was_claimed_by_lease {
            self.calls[index].set_claimant(call.request.lease.as_ref().map(Claimant::from));
        }
        if let LiveState::Active(active) = call.state {
            self.begin_activity(index, active);
        }
    }

    fn insert_call(
        &mut self,
        now: Now,
        found: Found,
        request: &Request,
        state: LiveState,
    ) -> CallIndex {
        let class = self.class_of(&request.agent, request.call_type);
        let lane = if request.gates.is_empty() { None } else { self.join_lane(class, request) };
        let index =
            self.calls.insert(found, LiveCall::new(now, found, request, state, (class, lane)));
        if let Some(lease) = &request.lease {
            let lease = self.leases.find(lease).expect("a live call's lease is open");
            self.leases.attach(lease, &mut self.calls, index);
        }
        index
    }

    #[cold]
    fn join_lane(&mut self, class: ClassIndex, request: &Request) -> Option<LaneIndex> {
        let gates = self.pool.gates.named(&request.gates).expect("a live call's gates exist");
        self.pool.join_lane(class, gates)
    }

    /// A call that named gates is over.
    #[cold]
    fn leave_gates(&mut self, found: Found, request: &Request) {
        if let Some(KnownCall::Live(index)) = found.call {
            self.pool.leave_lane(self.calls[index].lane);
        }
        self.pool.gates.count_ended(&request.gates);
    }

    fn paced_by(&self, of: &PaceOf) -> PacedBy {
        let found = match of {
            PaceOf::Agent(agent) => self.pool.find(agent).map(PacedBy::Agent),
            PaceOf::Type(call_type) => Some(PacedBy::Type(*call_type)),
            PaceOf::Gate(gate) => self.pool.gates.find(gate).map(PacedBy::Gate),
        };
        found.expect("what has a pace exists")
    }

    /// Takes a call out of everything that its state has it in. A queued call may leave for a slot of this kind.
    fn leave_state(
        &mut self,
        tick: Tick,
        index: CallIndex,
        request: &Request,
        slot: Option<SlotKind>,
    ) {
        let entry = &self.calls[index];
        let (class, ticket, lane) = (entry.class, entry.ticket, entry.lane);
        assert_eq!(ticket, request.ticket, "an id has one live call at a time");
        match entry.state {
            LiveState::Queued(_) => {
                if let Some(deadline) = entry.wait_deadline {
                    self.deadlines.clear(deadline, Due::Wait { ticket, call: index });
                }
                let seat = self.calls[index].seat.take().expect("a queued call has a seat");
                let given_at = (slot == Some(SlotKind::Shared))
                    .then(|| self.queue.place(ticket, seat, class.call_type));
                self.pool.leave_lines(class, ticket, given_at, self.counters.ticket);
                self.queue.leave(ticket, seat, class.call_type);
                self.queue.remove_metadata(self.calls[index].metadata_bytes());
                self.pool.dequeue(&mut self.calls, (class, lane), index);
            }
            LiveState::Active(active) => {
                self.stop_activity(index, active);
                self.pool.free_slot(tick, class, lane);
            }
        }
    }

    /// Takes an active call out of the deadlines and its lease's digest.
    #[inline]
    fn stop_activity(&mut self, index: CallIndex, Active { deadline, .. }: Active) {
        let entry = &self.calls[index];
        if let Some(tick) = deadline {
            self.deadlines.clear(tick, Due::Activity { ticket: entry.ticket, call: index });
        }
        if let Some(lease) = entry.lease {
            self.leases.remove_active(lease, entry.digest);
        }
    }

    /// Puts a call into everything that its state has it in.
    fn enter_state(&mut self, tick: Tick, index: CallIndex) {
        let entry = &self.calls[index];
        let (class, ticket, lane) = (entry.class, entry.ticket, entry.lane);
        match entry.state {
            LiveState::Queued(_) => {
                if let Some(deadline) = entry.wait_deadline {
                    self.deadlines.set(deadline, Due::Wait { ticket, call: index });
                }
                let calls = &mut self.calls;
                let seat = self.queue.join(ticket, (index, class.call_type), |moved, seat| {
                    calls[moved].seat = Some(seat);
                });
                calls[index].seat = Some(seat);
                self.queue.add_metadata(calls[index].metadata_bytes());
                self.pool.join_lines(class, ticket);
                self.pool.enqueue(calls, (class, lane), index);
            }
            LiveState::Active(active) => {
                self.calls[index].started = active.dispatched.unwrap_or(tick);
                self.begin_activity(index, active);
                self.pool.take_slot(tick, class, lane);
            }
        }
    }

    /// Puts an active call into the deadlines and its lease's digest.
    #[inline]
    fn begin_activity(&mut self, index: CallIndex, Active { deadline, .. }: Active) {
        let entry = &self.calls[index];
        if let Some(tick) = deadline {
            self.deadlines.set(tick, Due::Activity { ticket: entry.ticket, call: index });
        }
        if let Some(lease) = entry.lease {
            self.leases.add_active(lease, entry.digest);
        }
    }
}
