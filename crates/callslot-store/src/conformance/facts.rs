//! Events and records to store: of every kind, with every optional part present and absent.

mod alerts;
mod calls;
mod changes;
mod gates;

use std::sync::Arc;

use callslot_core::{
    Active, Adoption, AgentId, Call, CallEvent, CallFilter, CallGates, CallId, CallType, Claim,
    Claimant, ClassFigures, Counters, EndReason, Ended, Event, HeldSlots, KeyId, LeaseEvent,
    LeaseId, LeaseSum, Line, LiveState, OrgEvent, OrgSettings, PerType, PlanId, Queued, Recorded,
    Request, Sequence, SetFigures, SettingsEvent, SlotKind, StateFilter, Sweep, SweepEvent, Tick,
    Ticket, Timestamp, Version, WaitFigures,
};

use crate::conformance::facts::calls::request;
pub use crate::conformance::facts::calls::{ended_call, ended_for, now, org};

use crate::contract::record::Record;

/// A record of one organisation with `calls` queued-call events, numbered from `first`.
#[must_use]
pub fn record(name: &str, first: u64, calls: u64) -> Record {
    let events = (first..first + calls).map(|number| Recorded {
        org: org(name),
        sequence: Some(Sequence(number)),
        event: Event::Call(CallEvent::Queued(Call {
            request: request(&format!("call-{number}"), "support", CallType::Chat),
            state: Queued { misses: 0 },
        })),
    });
    Record { now: now(first), events: events.collect() }
}

/// One event of every kind.
#[must_use]
pub fn every_event() -> Vec<Event> {
    let agent = AgentId::parse("support").expect("an agent id");
    let lease = LeaseId::parse("lease-1").expect("a lease id");
    let plan = PlanId::parse("standard").expect("a plan id");
    let settings = OrgSettings {
        name: Arc::from("Größe & Söhne"),
        plan: plan.clone(),
        plan_limit: 20,
        limit_override: Some(25),
        max_call_duration_ms: 14_400_000,
        max_wait_ms: PerType([None, Some(30_000), None, Some(0)]),
        max_queued: 1_000_000,
    };
    let sparse = Arc::new(Request {
        id: CallId::parse("<a@b>;c").expect("a call id"),
        agent: agent.clone(),
        call_type: CallType::Inbound,
        ticket: Ticket(u64::MAX),
        requested_at: Timestamp(0),
        lease: None,
        wait_deadline: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::default(),
        metadata: None,
    });
    let active = Active {
        slot: SlotKind::Reserved,
        started_at: now(5).at,
        dispatched: Some(Tick(5)),
        deadline: Some(Tick(u64::MAX)),
        is_claim_due: true,
        misses: 2,
    };
    let bare = Active {
        slot: SlotKind::Shared,
        started_at: now(5).at,
        dispatched: None,
        deadline: None,
        is_claim_due: false,
        misses: 0,
    };
    let request = request("call-1", "support", CallType::Outbound);
    let counters = Counters { sequence: Sequence(3), ticket: Ticket(4), version: Version(5) };
    let put_agent = agent.clone();
    let queued = Call { request: Arc::clone(&request), state: Queued { misses: 1 } };
    let started = Call { request: Arc::clone(&request), state: active };
    let mut events: Vec<Event> = vec![
        OrgEvent::Created(Box::new(settings.clone())).into(),
        OrgEvent::Changed(Box::new(OrgSettings { limit_override: None, ..settings.clone() }))
            .into(),
        OrgEvent::Deleted.into(),
        SettingsEvent::LimitChanged { plan, plan_limit: 100, limit_override: None }.into(),
        put(agent.clone()).into(),
        SettingsEvent::AgentDeleted { agent: agent.clone() }.into(),
        SettingsEvent::ReservationsChanged {
            version: Version(9),
            reservations: vec![(agent, PerType([1, 2, 3, u32::MAX]))],
        }
        .into(),
        CallEvent::Queued(queued).into(),
        CallEvent::Started(started).into(),
        Claim { call: Call { request, state: bare }, claimant: None }.into(),
        CallEvent::Started(Call { request: Arc::clone(&sparse), state: bare }).into(),
        LeaseEvent::Opened { lease: lease.clone(), ttl_ms: 15_000, key: None }.into(),
        LeaseEvent::Ended { lease }.into(),
        OrgEvent::CountersRestored(Box::new(counters)).into(),
    ];
    for reason in EndReason::ALL.into_iter().filter(|reason| *reason != EndReason::Declined) {
        let state = Ended {
            served: None,
            ended_at: now(9).at,
            reason,
            note: None,
            remembered_until: Tick(609_000),
        };
        events.push(CallEvent::Ended(Call { request: Arc::clone(&sparse), state }).into());
    }
    events.push(CallEvent::Ended(ended_call("call-2", "support", CallType::Webcall, 100)).into());
    // The facts that version 1 of the stored form does not have come last, in the order of the versions.
    events.push(capped(CallType::Outbound).into());
    let other = LeaseId::parse("lease-2").expect("a lease id");
    let of_lease = self::request("call-3", "support", CallType::Webcall);
    let adopted = |state, from| Adoption { call: Call { request: of_lease.clone(), state }, from };
    events.push(adopted(LiveState::Queued(Queued { misses: 1 }), Some(other)).into());
    events.push(adopted(LiveState::Active(bare), None).into());
    let never_live = ended_for(EndReason::Canceled, "call-4", 100);
    events.push(CallEvent::EndedAtOnce(never_live).into());
    let early = vec![CallId::parse("call-5").expect("a call id")];
    events.push(Event::EndsRemembered(early, Tick(60_010)));
    events.extend(claimed_and_bounded(active, bare));
    events.extend(waits(put_agent));
    events.extend(sweeps());
    events.extend(CallId::parse("call-8").map(|id| OrgEvent::StartRestored(id, Tick(4)).into()));
    events.extend(pages().map(Event::from));
    let early = ["call-5", "call-9"].map(|id| CallId::parse(id).expect("a call id")).to_vec();
    events.push(Event::EndsRemembered(early, Tick(60_010)));
    events.extend(known_leases().map(Event::from));
    events.extend(gates::of_gates(active, bare));
    events.extend(since_version_5(&settings));
    events
}

/// The facts that versions 5 to 7 of the stored form added.
fn since_version_5(settings: &OrgSettings) -> Vec<Event> {
    let requested = OrgEvent::RequestsRestored(vec![Tick(4), Tick(9)]);
    let erased = Event::CallErased(CallId::parse("call-10").expect("a call id"));
    [changes::signed(settings), alerts::of_alerts(), vec![requested.into(), erased]].concat()
}

fn put(agent: AgentId) -> SettingsEvent {
    SettingsEvent::AgentPut { agent, name: Arc::from("Support"), cap: Some(3), pace: None }
}

const fn capped(call_type: CallType) -> SettingsEvent {
    SettingsEvent::TypeChanged { call_type, cap: Some(40), pace: None }
}

/// What was not kept of leases and their reconciliations at first.
fn known_leases() -> [LeaseEvent; 3] {
    let lease = || LeaseId::parse("lease-1").expect("a lease id");
    let key = KeyId::parse("key-1").expect("a key id");
    let first = Some(LeaseSum { count: 3, digest: 5 });
    [
        LeaseEvent::Opened { lease: lease(), ttl_ms: 15_000, key: Some(key) },
        LeaseEvent::PagesBegun { lease: lease(), first, is_in_doubt: true },
        LeaseEvent::PagesLost { lease: lease(), last: None, first },
    ]
}

/// Reconciliations in pages.
fn pages() -> [LeaseEvent; 4] {
    let lease = || LeaseId::parse("lease-1").expect("a lease id");
    let last = LeaseSum { count: 10_000, digest: u64::MAX };
    [
        LeaseEvent::PagesBegun { lease: lease(), first: None, is_in_doubt: false },
        LeaseEvent::PagesDecided { lease: lease(), last, until: Tick(15_010) },
        LeaseEvent::PagesLost { lease: lease(), last: Some(last), first: None },
        LeaseEvent::PagesLost { lease: lease(), last: None, first: None },
    ]
}

/// Ends of all calls that match.
fn sweeps() -> [Event; 3] {
    let sweep = |filter, ids, note: Option<&str>| {
        let note = note.map(Arc::from);
        SweepEvent::Begun(Box::new(Sweep { number: 1, filter, ids, up_to: Ticket(6), note }))
    };
    let agent = Some(AgentId::parse("support").expect("an agent id"));
    let (state, call_type) = (Some(StateFilter::Queued), Some(CallType::Chat));
    let of = CallFilter { state, agent, call_type, gate: None };
    let active = CallFilter { state: Some(StateFilter::Active), ..CallFilter::default() };
    let ids = ["call-1", "call-6"].map(|id| CallId::parse(id).expect("a call id"));
    [
        sweep(of, None, Some("the campaign is over")).into(),
        sweep(active, Some(ids.to_vec()), None).into(),
        SweepEvent::Done { number: 1, ended: 40 }.into(),
    ]
}

/// Calls that say by whom they were claimed, how long they may be active, or that they were declined.
fn claimed_and_bounded(active: Active, bare: Active) -> [Event; 5] {
    let claimed = Call { request: request("call-3", "support", CallType::Webcall), state: bare };
    let claimant = Some(Claimant::parse("worker-7/b").expect("a claimant"));
    let request = request("call-6", "support", CallType::Chat);
    let bounded = Arc::new(Request { max_duration_ms: Some(3_600_000), ..(*request).clone() });
    let (queued, started) = (Arc::clone(&bounded), Arc::clone(&bounded));
    let ended = ended_for(EndReason::MaxDuration, "call-6", 100);
    [
        Claim { call: claimed, claimant }.into(),
        CallEvent::Queued(Call { request: queued, state: Queued { misses: 0 } }).into(),
        CallEvent::Started(Call { request: started, state: active }).into(),
        CallEvent::Ended(Call { request: bounded, state: ended.state }).into(),
        CallEvent::Ended(ended_for(EndReason::Declined, "call-7", 100)).into(),
    ]
}

/// What waits are estimated from.
fn waits(agent: AgentId) -> [Event; 2] {
    let held = |freed| HeldSlots { slot_ms: 90_000 * freed, freed, until: Tick(9) };
    let set = |freed| SetFigures {
        shared: held(freed),
        line: Line { reached: Ticket(5), passed: 2, marked: Ticket(9), left: 7, given: 4 },
    };
    let waits = WaitFigures {
        slots: held(256),
        pool: set(3),
        types: PerType([set(0), set(1), SetFigures::default(), set(u64::MAX / 90_000)]),
    };
    let class = |freed| ClassFigures { slots: held(freed), shared: held(freed / 2) };
    let classes = PerType([class(1), class(0), ClassFigures::default(), class(7)]);
    [
        OrgEvent::WaitsRestored(Box::new(waits)).into(),
        OrgEvent::AgentWaitsRestored(agent, Box::new(classes)).into(),
    ]
}

/// A record with one event of every kind.
#[must_use]
pub fn record_of_everything() -> Record {
    let events = every_event().into_iter().enumerate().map(|(number, event)| Recorded {
        org: org(if number % 2 == 0 { "acme" } else { "globex" }),
        sequence: event.is_public().then_some(Sequence(number as u64 + 1)),
        event,
    });
    Record { now: now(10), events: events.collect() }
}
