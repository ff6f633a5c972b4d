//! Events of gates and paces, and of calls that name gates: the facts that version 4 of the stored form has and those before do not.

use std::sync::Arc;

use callslot_core::{
    Active, Adoption, AgentId, Call, CallEvent, CallFilter, CallGates, CallType, Claim, Claimant,
    EndReason, Event, GateFigures, GateId, GateKind, GateSettings, HeldSlots, Hours, LiveState,
    OpenSpan, OrgEvent, Pace, PaceOf, Queued, Request, SettingsEvent, StateFilter, Sweep,
    SweepEvent, Tick, Ticket,
};

use crate::conformance::facts::calls::{ended_for, request};

/// One event of every kind; the calls are in the states `active` and `bare`.
pub(super) fn of_gates(active: Active, bare: Active) -> Vec<Event> {
    let mut events = settings();
    events.extend(restored());
    events.extend(sweeps());
    events.extend(calls(active, bare));
    events
}

/// The gate with this id.
fn gate(id: &str) -> GateId {
    GateId::parse(id).expect("a gate id")
}

fn settings() -> Vec<Event> {
    let agent = AgentId::parse("support").expect("an agent id");
    let pace = Some(Pace { starts: 5, per_s: 1, burst: 5 });
    let slow = Some(Pace { starts: 1, per_s: 86_400, burst: u32::MAX });
    let name = Arc::from("Support");
    let mut events: Vec<Event> = vec![
        SettingsEvent::AgentPut { agent, name, cap: None, pace }.into(),
        SettingsEvent::TypeChanged { call_type: CallType::Inbound, cap: Some(9), pace: slow }
            .into(),
    ];
    let bare = |kind| GateSettings {
        name: Arc::from(""),
        kind,
        cap: None,
        pace: None,
        is_paused: false,
        hours: None,
    };
    for kind in GateKind::ALL {
        events.push(put("trunk-1", bare(kind), true).into());
    }
    let days = [OpenSpan { days: 0b001_1111, from_min: 480, to_min: 1_260 }];
    let ends = OpenSpan { days: 0b110_0000, from_min: 0, to_min: 1_440 };
    let of = |tz: &str, open: &[OpenSpan]| {
        Some(Arc::new(Hours { tz: Arc::from(tz), open: open.to_vec() }))
    };
    let full = GateSettings {
        name: Arc::from("Frühling"),
        cap: Some(40),
        pace,
        is_paused: true,
        hours: of("America/New_York", &[days[0], ends]),
        ..bare(GateKind::Campaign)
    };
    let never = GateSettings { cap: Some(0), hours: of("UTC", &[]), ..bare(GateKind::Number) };
    events.push(put("spring", full, true).into());
    events.push(put("spring", never, false).into());
    for is_within_hours in [true, false] {
        events.push(SettingsEvent::GateHours { gate: gate("spring"), is_within_hours }.into());
    }
    events.push(SettingsEvent::GateDeleted { gate: gate("spring") }.into());
    events
}

fn put(id: &str, settings: GateSettings, is_within_hours: bool) -> SettingsEvent {
    SettingsEvent::GatePut { gate: gate(id), settings: Box::new(settings), is_within_hours }
}

/// What a snapshot has of paces and gates.
fn restored() -> [Event; 4] {
    let agent = AgentId::parse("support").expect("an agent id");
    let held = HeldSlots { slot_ms: 90_000, freed: 3, until: Tick(9) };
    let due =
        [PaceOf::Agent(agent), PaceOf::Type(CallType::Outbound), PaceOf::Gate(gate("spring"))];
    let [of_agent, of_type, of_gate] =
        due.map(|of| OrgEvent::PaceRestored(of, u64::MAX - 7).into());
    let figures = GateFigures { ended: 1_000_000, held };
    [of_agent, of_type, of_gate, OrgEvent::GateRestored(gate("spring"), figures).into()]
}

/// Ends of all calls of a gate that match.
fn sweeps() -> [Event; 2] {
    let begun = |number, filter| {
        let (ids, up_to, note) = (None, Ticket(6), Some(Arc::from("the campaign is over")));
        SweepEvent::Begun(Box::new(Sweep { number, filter, ids, up_to, note })).into()
    };
    let of_gate = CallFilter { gate: Some(gate("spring")), ..CallFilter::default() };
    let agent = AgentId::parse("support").ok();
    let state = Some(StateFilter::Queued);
    let few = CallFilter { state, agent, call_type: Some(CallType::Outbound), ..of_gate.clone() };
    [begun(2, of_gate), begun(3, few)]
}

/// Calls with a gate that may be active for as long as others, and with four that may not.
fn calls(active: Active, bare: Active) -> Vec<Event> {
    let of = |id: &str, gates: &[&str], max_duration_ms| {
        let gates = CallGates::new(gates.iter().map(|id| gate(id)).collect()).expect("up to four");
        let request = request(id, "support", CallType::Outbound);
        Arc::new(Request { gates, max_duration_ms, ..(*request).clone() })
    };
    let one = of("call-10", &["spring"], None);
    let four = of("call-11", &["spring", "trunk-1", "acme", "49301234"], Some(3_600_000));
    let claimant = Claimant::parse("worker-7/b").ok();
    let mut events = Vec::new();
    for (request, state) in [(one, bare), (four, active)] {
        let queued = Queued { misses: state.misses };
        let call = Call { request: Arc::clone(&request), state };
        let live = Call { request: Arc::clone(&request), state: LiveState::Queued(queued) };
        let ended = |reason| {
            let state = ended_for(reason, request.id.as_str(), 100).state;
            Call { request: Arc::clone(&request), state }
        };
        events.extend([
            CallEvent::Queued(Call { request: Arc::clone(&request), state: queued }).into(),
            CallEvent::Started(call.clone()).into(),
            Claim { call, claimant: claimant.clone() }.into(),
            Adoption { call: live, from: None }.into(),
            CallEvent::Ended(ended(EndReason::Completed)).into(),
            CallEvent::EndedAtOnce(ended(EndReason::MaxWait)).into(),
        ]);
    }
    events
}
